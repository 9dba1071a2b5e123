/** The processors a machine can be booted as. */
export const ARCH_NAMES = ["x86_64", "i386", "arm64", "riscv64", "s390x", "powerpc64"] as const;

/** A processor a machine can be booted as. */
export type ArchName = (typeof ARCH_NAMES)[number];

import type { ArchName } from "../../arch/arch-name.ts";
import { LIMITS, type UserLimit } from "../../mm/limits.ts";
import type { Profile } from "./profile.ts";

/**
 * Where user space ends off x86, in every era (U-12): arm64 with 48 bits of address, riscv64 with four levels of page
 * tables, powerpc64's default window. s390x has an address space for user memory alone, so a range is refused by what
 * is mapped, never by where it lies.
 */
const PORTS: Readonly<Record<Exclude<ArchName, "x86_64" | "i386">, UserLimit>> = {
  arm64: LIMITS.arm64,
  riscv64: LIMITS.riscv64,
  s390x: LIMITS.s390x,
  powerpc64: LIMITS.powerpc64,
};

/** The user addresses of a kernel's own programs in an era. */
export function userLimitOf(profile: Profile, arch: ArchName): UserLimit {
  return arch === "x86_64" || arch === "i386" ? profile.limits[arch] : PORTS[arch];
}

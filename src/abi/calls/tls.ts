/** `arch_prctl`: the bases of FS and GS of a 64-bit program, and what else x86 has of its own. */
export const arch_prctl = {
  name: "arch_prctl",
  numbers: { x86_64: 158, i386: { absent: "a 32-bit caller has one of its own, compat_arch_prctl" } },
  args: { option: { flags: "arch_prctl_options", of: "int" }, arg2: "addr" },
  returns: "int",
  ladder: [
    { include: "arch_prctl_common" },
    ["base-not-user", "EPERM", [], "the base is not a user address"],
    ["base-unwritable", "EFAULT", "U-03", "the base cannot be written"],
  ],
  effects: ["the base of FS or GS changes", "the base is written"],
  support: "partial",
  note: "ARCH_GET_CPUID came in 4.12, ARCH_*_XCOMP_* in 5.16. There is no vDSO: ARCH_MAP_VDSO_* is unknown.",
  provenance: ["arch/x86/kernel/process_64.c do_arch_prctl_64"],
} as const;

/** `compat_arch_prctl`: arch_prctl of a 32-bit caller, who has no FS and GS to set by it. */
export const compat_arch_prctl = {
  name: "compat_arch_prctl",
  since: "4.12",
  numbers: { i386: { nr: 384, called: "arch_prctl" }, x86_64: { absent: "arch_prctl is its own there" } },
  args: { option: { flags: "arch_prctl_options", of: "int" }, arg2: "addr" },
  returns: "int",
  ladder: [{ include: "arch_prctl_common" }],
  support: "full",
  provenance: ["arch/x86/kernel/process.c sys_arch_prctl"],
} as const;

/** `set_thread_area`: put a descriptor into a TLS slot of the caller; −1 takes a free one and says which. */
export const set_thread_area = {
  name: "set_thread_area",
  numbers: { i386: 243, x86_64: { absent: "the number 205 is kept for it, and answers ENOSYS" } },
  args: { u_info: { inout: "user_desc" } },
  returns: "int",
  ladder: [
    ["tls-unreadable", "EFAULT", "B-12", "the descriptor cannot be read"],
    ["tls-descriptor", "EINVAL", "P-22", "the descriptor is not one of a 32-bit data segment"],
    ["no-free-entry", "ESRCH", [], "entry −1, and none of the three slots is free"],
    ["entry-unwritable", "EFAULT", "U-03", "the number of the free entry cannot be written; nothing is set"],
    ["tls-entry", "EINVAL", "B-13", "the entry number is not one of the three TLS slots"],
  ],
  effects: ["a TLS slot is filled or emptied", "the number of a free entry is written"],
  support: "full",
  provenance: ["arch/x86/kernel/tls.c do_set_thread_area"],
} as const;

/** `get_thread_area`: tell the descriptor in a TLS slot of the caller. */
export const get_thread_area = {
  name: "get_thread_area",
  numbers: { i386: 244, x86_64: { absent: "the number 211 is kept for it, and answers ENOSYS" } },
  args: { u_info: { inout: "user_desc" } },
  returns: "int",
  ladder: [
    ["entry-unreadable", "EFAULT", "U-02", "the entry number cannot be read; nothing else is"],
    ["tls-entry", "EINVAL", "B-13", "the entry number is not one of the three TLS slots"],
    ["descriptor-unwritable", "EFAULT", "U-03", "the descriptor cannot be written to its end"],
  ],
  effects: ["the descriptor is written, or what of it lies before a fault"],
  support: "full",
  provenance: ["arch/x86/kernel/tls.c do_get_thread_area"],
} as const;

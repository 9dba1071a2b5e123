/**
 * `mmap`: map anonymous memory. trapgate has no file that can be mapped, so a mapping of one ends at the rung where the
 * kernel would ask the file.
 */
export const mmap = {
  name: "mmap",
  numbers: {
    x86_64: 9,
    i386: { absent: "i386 has old_mmap, by a struct in memory, and mmap2, by pages" },
    arm64: 222,
    s390x: { absent: "s390 has old_mmap, by a struct in memory" },
    powerpc64: 90,
  },
  args: {
    addr: "addr",
    len: "unsigned long",
    prot: { flags: "prot_flags", of: "unsigned long" },
    flags: { flags: "mmap_flags", of: "unsigned long" },
    fd: "fd",
    off: "unsigned long",
  },
  returns: "addr",
  ladder: [
    ["offset-unaligned", "EINVAL", [], "the offset is not a whole number of pages"],
    { include: "do_mmap" },
  ],
  effects: ["a mapping appears, in place of what a fixed address had"],
  support: "partial",
  note: "No huge pages, and no file that can be mapped.",
  provenance: ["arch/x86/kernel/sys_x86_64.c sys_mmap", "mm/mmap.c do_mmap"],
} as const;

/** `mmap2`: mmap whose offset counts pages. */
export const mmap2 = {
  name: "mmap2",
  numbers: { i386: 192, x86_64: { absent: "an offset fits into a register there" } },
  args: {
    addr: "addr",
    len: "unsigned long",
    prot: { flags: "prot_flags", of: "unsigned long" },
    flags: { flags: "mmap_flags", of: "unsigned long" },
    fd: "fd",
    pgoff: "unsigned long",
  },
  returns: "addr",
  ladder: [{ include: "do_mmap" }],
  effects: ["a mapping appears, in place of what a fixed address had"],
  support: "partial",
  note: "No huge pages, and no file that can be mapped.",
  provenance: ["mm/mmap.c sys_mmap_pgoff"],
} as const;

/** `old_mmap`: i386's first mmap, whose six arguments are a struct in memory. */
export const old_mmap = {
  name: "old_mmap",
  numbers: {
    i386: { nr: 90, called: "mmap" },
    x86_64: { absent: "six arguments fit into registers there" },
    s390x: { nr: 90, called: "mmap" },
  },
  args: { arg: { in: "mmap_arg_struct" } },
  returns: "addr",
  ladder: [
    ["arguments-unreadable", "EFAULT", "U-02", "the struct of arguments cannot be read"],
    ["offset-unaligned", "EINVAL", [], "the offset is not a whole number of pages"],
    { include: "do_mmap" },
  ],
  effects: ["a mapping appears, in place of what a fixed address had"],
  support: "partial",
  note: "No huge pages, and no file that can be mapped.",
  provenance: ["arch/x86/ia32/sys_ia32.c ia32_mmap"],
} as const;

/** `munmap`: unmap a range, of whatever is mapped there. */
export const munmap = {
  name: "munmap",
  numbers: { x86_64: 11, i386: 91, arm64: 215, s390x: 91, powerpc64: 91 },
  args: { addr: "addr", len: "size_t" },
  returns: "int",
  ladder: [
    ["address-unaligned", "EINVAL", [], "the address is not the first of a page"],
    ["beyond-user-space", "EINVAL", [], "the range reaches beyond user space"],
    ["length-zero", "EINVAL", [], "the length is 0"],
    ["too-many-mappings", "ENOMEM", [], "a mapping would be split, and there are max_map_count already"],
  ],
  effects: ["nothing is mapped in the range"],
  support: "full",
  provenance: ["mm/vma.c do_vmi_munmap"],
} as const;

/** `mprotect`: change the protection of a range, mapping by mapping: what lies before a hole has changed. */
export const mprotect = {
  name: "mprotect",
  numbers: { x86_64: 10, i386: 125, arm64: 226, s390x: 125, powerpc64: 125 },
  args: { start: "addr", len: "size_t", prot: { flags: "prot_flags", of: "unsigned long" } },
  returns: "int",
  ladder: [
    ["both-growths", "EINVAL", [], "PROT_GROWSDOWN and PROT_GROWSUP exclude each other"],
    ["address-unaligned", "EINVAL", [], "the address is not the first of a page"],
    ["range-wraps", "ENOMEM", [], "the range wraps around; a length of 0 has been answered with 0 before"],
    ["unknown-prot", "EINVAL", [], "a bit is not PROT_READ, PROT_WRITE, PROT_EXEC or PROT_SEM"],
    [
      "hole",
      "ENOMEM",
      [],
      "nothing is mapped at a page of the range; what lies before it has changed",
      { leaves: ["state"] },
    ],
    [
      "does-not-grow",
      "EINVAL",
      [],
      "PROT_GROWSDOWN or PROT_GROWSUP of a mapping that does not grow that way",
    ],
    ["no-memory", "ENOMEM", [], "there is less memory in the machine than would become writable"],
    ["too-many-mappings", "ENOMEM", [], "a mapping would be split, and there are max_map_count already"],
  ],
  effects: ["the protection of the range changes, up to the first hole"],
  support: "full",
  provenance: ["mm/mprotect.c do_mprotect_pkey"],
} as const;

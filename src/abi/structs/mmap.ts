/** Protection bits, as mmap and mprotect take them. Source: asm-generic/mman-common.h. */
export const prot_flags = {
  flagset: "prot_flags",
  values: { PROT_NONE: 0 },
  bits: {
    PROT_READ: 0x1,
    PROT_WRITE: 0x2,
    PROT_EXEC: 0x4,
    PROT_SEM: 0x8,
    PROT_GROWSDOWN: 0x1000000,
    PROT_GROWSUP: 0x2000000,
  },
} as const;

/**
 * What mmap is to do. The low four bits are a number, the kind of mapping (3 is MAP_SHARED_VALIDATE); the six highest
 * of the low word another, the size of huge pages as a power of two. Source: asm-generic/mman.h, asm/mman.h.
 */
export const mmap_flags = {
  flagset: "mmap_flags",
  fields: { MAP_HUGE_SHIFT: 0xfc000000 },
  bits: {
    MAP_SHARED: 0x1,
    MAP_PRIVATE: 0x2,
    MAP_DROPPABLE: { mask: 0x8, since: "6.11" },
    MAP_FIXED: 0x10,
    MAP_ANONYMOUS: 0x20,
    MAP_32BIT: 0x40,
    MAP_ABOVE4G: { mask: 0x80, since: "6.7" },
    MAP_GROWSDOWN: 0x100,
    MAP_DENYWRITE: 0x800,
    MAP_EXECUTABLE: 0x1000,
    MAP_LOCKED: 0x2000,
    MAP_NORESERVE: 0x4000,
    MAP_POPULATE: 0x8000,
    MAP_NONBLOCK: 0x10000,
    MAP_STACK: 0x20000,
    MAP_HUGETLB: { mask: 0x40000, since: "2.6.32" },
    MAP_SYNC: { mask: 0x80000, since: "4.15" },
    MAP_FIXED_NOREPLACE: { mask: 0x100000, since: "4.17" },
  },
} as const;

/** The bits of {@link mmap_flags} the kernel looks at. */
export const MAP = {
  SHARED: 0x1,
  PRIVATE: 0x2,
  SHARED_VALIDATE: 0x3,
  DROPPABLE: 0x8,
  TYPE: 0xf,
  FIXED: 0x10,
  ANONYMOUS: 0x20,
  BITS32: 0x40,
  ABOVE4G: 0x80,
  GROWSDOWN: 0x100,
  LOCKED: 0x2000,
  NORESERVE: 0x4000,
  HUGETLB: 0x40000,
  FIXED_NOREPLACE: 0x100000,
  /** LEGACY_MAP_MASK: what MAP_SHARED_VALIDATE takes of a file that knows no more. */
  LEGACY: 0x7c07f9f3,
} as const;

/** `struct mmap_arg_struct`: the six arguments of i386's first mmap, in memory. Source: asm/sys_ia32.h. */
export const mmap_arg_struct = {
  struct: "mmap_arg_struct",
  fields: {
    addr: "addr",
    len: "unsigned long",
    prot: { flags: "prot_flags", of: "unsigned long" },
    flags: { flags: "mmap_flags", of: "unsigned long" },
    fd: "unsigned long",
    offset: "unsigned long",
  },
} as const;

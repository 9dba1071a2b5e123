/** What arch_prctl is asked for. Source: asm/prctl.h. */
export const arch_prctl_options = {
  flagset: "arch_prctl_options",
  values: {
    ARCH_SET_GS: 0x1001,
    ARCH_SET_FS: 0x1002,
    ARCH_GET_FS: 0x1003,
    ARCH_GET_GS: 0x1004,
    ARCH_GET_CPUID: 0x1011,
    ARCH_SET_CPUID: 0x1012,
    ARCH_GET_XCOMP_SUPP: 0x1021,
    ARCH_GET_XCOMP_PERM: 0x1022,
    ARCH_REQ_XCOMP_PERM: 0x1023,
    ARCH_GET_XCOMP_GUEST_PERM: 0x1024,
    ARCH_REQ_XCOMP_GUEST_PERM: 0x1025,
    ARCH_MAP_VDSO_X32: 0x2001,
    ARCH_MAP_VDSO_32: 0x2002,
    ARCH_MAP_VDSO_64: 0x2003,
  },
  stranger: "ARCH_???",
} as const;

/** The options of {@link arch_prctl_options} by name. */
export const ARCH = {
  SET_GS: 0x1001,
  SET_FS: 0x1002,
  GET_FS: 0x1003,
  GET_GS: 0x1004,
  GET_CPUID: 0x1011,
  SET_CPUID: 0x1012,
  GET_XCOMP_SUPP: 0x1021,
  GET_XCOMP_PERM: 0x1022,
  REQ_XCOMP_PERM: 0x1023,
  GET_XCOMP_GUEST_PERM: 0x1024,
  REQ_XCOMP_GUEST_PERM: 0x1025,
} as const;

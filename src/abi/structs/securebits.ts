/** Whether root's number means root's capabilities, and which of these bits are locked. Source: linux/securebits.h. */
export const securebits = {
  flagset: "securebits",
  bits: {
    SECBIT_NOROOT: 0x1,
    SECBIT_NOROOT_LOCKED: 0x2,
    SECBIT_NO_SETUID_FIXUP: 0x4,
    SECBIT_NO_SETUID_FIXUP_LOCKED: 0x8,
    SECBIT_KEEP_CAPS: 0x10,
    SECBIT_KEEP_CAPS_LOCKED: 0x20,
    SECBIT_NO_CAP_AMBIENT_RAISE: { mask: 0x40, since: "4.3" },
    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED: { mask: 0x80, since: "4.3" },
    SECBIT_EXEC_RESTRICT_FILE: { mask: 0x100, since: "6.14" },
    SECBIT_EXEC_RESTRICT_FILE_LOCKED: { mask: 0x200, since: "6.14" },
    SECBIT_EXEC_DENY_INTERACTIVE: { mask: 0x400, since: "6.14" },
    SECBIT_EXEC_DENY_INTERACTIVE_LOCKED: { mask: 0x800, since: "6.14" },
  },
} as const;

/** The bits of {@link securebits} by name. */
export const SECBIT = {
  NOROOT: 0x1,
  NO_SETUID_FIXUP: 0x4,
  KEEP_CAPS: 0x10,
  KEEP_CAPS_LOCKED: 0x20,
  NO_CAP_AMBIENT_RAISE: 0x40,
  EXEC_RESTRICT_FILE: 0x100,
  EXEC_DENY_INTERACTIVE: 0x400,
} as const;

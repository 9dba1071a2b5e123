/** A capability by number. Source: linux/capability.h. */
export const capability = {
  flagset: "capability",
  values: {
    CAP_CHOWN: 0,
    CAP_DAC_OVERRIDE: 1,
    CAP_DAC_READ_SEARCH: 2,
    CAP_FOWNER: 3,
    CAP_FSETID: 4,
    CAP_KILL: 5,
    CAP_SETGID: 6,
    CAP_SETUID: 7,
    CAP_SETPCAP: 8,
    CAP_LINUX_IMMUTABLE: 9,
    CAP_NET_BIND_SERVICE: 10,
    CAP_NET_BROADCAST: 11,
    CAP_NET_ADMIN: 12,
    CAP_NET_RAW: 13,
    CAP_IPC_LOCK: 14,
    CAP_IPC_OWNER: 15,
    CAP_SYS_MODULE: 16,
    CAP_SYS_RAWIO: 17,
    CAP_SYS_CHROOT: 18,
    CAP_SYS_PTRACE: 19,
    CAP_SYS_PACCT: 20,
    CAP_SYS_ADMIN: 21,
    CAP_SYS_BOOT: 22,
    CAP_SYS_NICE: 23,
    CAP_SYS_RESOURCE: 24,
    CAP_SYS_TIME: 25,
    CAP_SYS_TTY_CONFIG: 26,
    CAP_MKNOD: 27,
    CAP_LEASE: 28,
    CAP_AUDIT_WRITE: 29,
    CAP_AUDIT_CONTROL: 30,
    CAP_SETFCAP: 31,
    CAP_MAC_OVERRIDE: 32,
    CAP_MAC_ADMIN: 33,
    CAP_SYSLOG: { value: 34, since: "2.6.37" },
    CAP_WAKE_ALARM: { value: 35, since: "3.0" },
    CAP_BLOCK_SUSPEND: { value: 36, since: "3.5" },
    CAP_AUDIT_READ: { value: 37, since: "3.16" },
    CAP_PERFMON: { value: 38, since: "5.8" },
    CAP_BPF: { value: 39, since: "5.8" },
    CAP_CHECKPOINT_RESTORE: { value: 40, since: "5.9" },
  },
  stranger: "CAP_???",
} as const;

/** The first 32 capabilities, a bit each. */
export const cap_low = {
  flagset: "cap_low",
  bits: {
    CAP_CHOWN: 0x1,
    CAP_DAC_OVERRIDE: 0x2,
    CAP_DAC_READ_SEARCH: 0x4,
    CAP_FOWNER: 0x8,
    CAP_FSETID: 0x10,
    CAP_KILL: 0x20,
    CAP_SETGID: 0x40,
    CAP_SETUID: 0x80,
    CAP_SETPCAP: 0x100,
    CAP_LINUX_IMMUTABLE: 0x200,
    CAP_NET_BIND_SERVICE: 0x400,
    CAP_NET_BROADCAST: 0x800,
    CAP_NET_ADMIN: 0x1000,
    CAP_NET_RAW: 0x2000,
    CAP_IPC_LOCK: 0x4000,
    CAP_IPC_OWNER: 0x8000,
    CAP_SYS_MODULE: 0x10000,
    CAP_SYS_RAWIO: 0x20000,
    CAP_SYS_CHROOT: 0x40000,
    CAP_SYS_PTRACE: 0x80000,
    CAP_SYS_PACCT: 0x100000,
    CAP_SYS_ADMIN: 0x200000,
    CAP_SYS_BOOT: 0x400000,
    CAP_SYS_NICE: 0x800000,
    CAP_SYS_RESOURCE: 0x1000000,
    CAP_SYS_TIME: 0x2000000,
    CAP_SYS_TTY_CONFIG: 0x4000000,
    CAP_MKNOD: 0x8000000,
    CAP_LEASE: 0x10000000,
    CAP_AUDIT_WRITE: 0x20000000,
    CAP_AUDIT_CONTROL: 0x40000000,
    CAP_SETFCAP: 0x80000000,
  },
} as const;

/** The capabilities from 32 on, a bit each. */
export const cap_high = {
  flagset: "cap_high",
  bits: {
    CAP_MAC_OVERRIDE: 0x1,
    CAP_MAC_ADMIN: 0x2,
    CAP_SYSLOG: { mask: 0x4, since: "2.6.37" },
    CAP_WAKE_ALARM: { mask: 0x8, since: "3.0" },
    CAP_BLOCK_SUSPEND: { mask: 0x10, since: "3.5" },
    CAP_AUDIT_READ: { mask: 0x20, since: "3.16" },
    CAP_PERFMON: { mask: 0x40, since: "5.8" },
    CAP_BPF: { mask: 0x80, since: "5.8" },
    CAP_CHECKPOINT_RESTORE: { mask: 0x100, since: "5.9" },
  },
} as const;

/** Versions of what capget and capset work on. Source: linux/capability.h. */
export const cap_version = {
  flagset: "cap_version",
  values: {
    _LINUX_CAPABILITY_VERSION_1: 0x19980330,
    _LINUX_CAPABILITY_VERSION_2: 0x20071026,
    _LINUX_CAPABILITY_VERSION_3: 0x20080522,
  },
  stranger: "_LINUX_CAPABILITY_VERSION_???",
} as const;

/** The values of {@link cap_version}. */
export const CAP_VERSION = { V1: 0x19980330, V2: 0x20071026, V3: 0x20080522 } as const;

/** `struct __user_cap_header_struct`: what version the caller speaks, and whose capabilities it means. */
export const cap_user_header = {
  struct: "cap_user_header",
  fields: { version: { flags: "cap_version", of: "u32" }, pid: "pid_t" },
} as const;

/** `struct __user_cap_data_struct` twice, as versions 2 and 3 have it; version 1 has the first half. */
export const cap_user_data = {
  struct: "cap_user_data",
  fields: {
    effective: { flags: "cap_low", of: "u32" },
    permitted: { flags: "cap_low", of: "u32" },
    inheritable: { flags: "cap_low", of: "u32" },
    effective_hi: { flags: "cap_high", of: "u32" },
    permitted_hi: { flags: "cap_high", of: "u32" },
    inheritable_hi: { flags: "cap_high", of: "u32" },
  },
  note: "two structs of three words in a row; version 1 has only the first",
} as const;

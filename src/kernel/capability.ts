/** Capability numbers by name. Source: linux/capability.h. */
export const CAP = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  DAC_READ_SEARCH: 2,
  FOWNER: 3,
  FSETID: 4,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  LINUX_IMMUTABLE: 9,
  NET_BIND_SERVICE: 10,
  NET_BROADCAST: 11,
  NET_ADMIN: 12,
  NET_RAW: 13,
  IPC_LOCK: 14,
  IPC_OWNER: 15,
  SYS_MODULE: 16,
  SYS_RAWIO: 17,
  SYS_CHROOT: 18,
  SYS_PTRACE: 19,
  SYS_PACCT: 20,
  SYS_ADMIN: 21,
  SYS_BOOT: 22,
  SYS_NICE: 23,
  SYS_RESOURCE: 24,
  SYS_TIME: 25,
  SYS_TTY_CONFIG: 26,
  MKNOD: 27,
  LEASE: 28,
  AUDIT_WRITE: 29,
  AUDIT_CONTROL: 30,
  SETFCAP: 31,
  MAC_OVERRIDE: 32,
  MAC_ADMIN: 33,
  SYSLOG: 34,
  WAKE_ALARM: 35,
  BLOCK_SUSPEND: 36,
  AUDIT_READ: 37,
  PERFMON: 38,
  BPF: 39,
  CHECKPOINT_RESTORE: 40,
} as const;

/** The name of a capability without its CAP_ prefix, as {@link CAP} spells it. */
export type CapabilityName = keyof typeof CAP;

/** A set of capabilities: two unsigned 32-bit words, immutable. */
export interface CapabilitySet {
  readonly lo: number;
  readonly hi: number;
}

/** No capability at all. */
export const NO_CAPABILITIES: CapabilitySet = Object.freeze({ lo: 0, hi: 0 });

/** Every capability from 0 to `last`, by default CAP_CHECKPOINT_RESTORE (40). */
export function allCapabilities(last: number = CAP.CHECKPOINT_RESTORE): CapabilitySet {
  const lo = last >= 31 ? 0xffffffff : 2 ** (last + 1) - 1;
  const hi = last >= 32 ? 2 ** (last - 31) - 1 : 0;
  return Object.freeze({ lo: lo >>> 0, hi: hi >>> 0 });
}

/**
 * A set from names, with or without the CAP_ prefix, in either case.
 * @throws RangeError naming the first name that is no capability.
 */
export function capabilities(names: Iterable<string>): CapabilitySet {
  let lo = 0;
  let hi = 0;
  for (const name of names) {
    const cap = CAP[name.toUpperCase().replace(/^CAP_/, "") as CapabilityName];
    if (cap === undefined) throw new RangeError(`no capability is called ${name}`);
    if (cap < 32) lo |= 1 << cap;
    else hi |= 1 << (cap - 32);
  }
  return Object.freeze({ lo: lo >>> 0, hi: hi >>> 0 });
}

/** Whether `set` holds capability number `cap`. */
export function hasCapability(set: CapabilitySet, cap: number): boolean {
  return cap < 32 ? ((set.lo >>> cap) & 1) === 1 : ((set.hi >>> (cap - 32)) & 1) === 1;
}

/** `set` without the capabilities in `gone`. */
export function withoutCapabilities(set: CapabilitySet, gone: CapabilitySet): CapabilitySet {
  return Object.freeze({ lo: (set.lo & ~gone.lo) >>> 0, hi: (set.hi & ~gone.hi) >>> 0 });
}

/** What is in both sets. */
export function commonCapabilities(a: CapabilitySet, b: CapabilitySet): CapabilitySet {
  return Object.freeze({ lo: (a.lo & b.lo) >>> 0, hi: (a.hi & b.hi) >>> 0 });
}

/** What is in either set. */
export function joinedCapabilities(a: CapabilitySet, b: CapabilitySet): CapabilitySet {
  return Object.freeze({ lo: (a.lo | b.lo) >>> 0, hi: (a.hi | b.hi) >>> 0 });
}

/** Whether every capability of `some` is in `all` (cap_issubset). */
export function isSubset(some: CapabilitySet, all: CapabilitySet): boolean {
  return (some.lo & ~all.lo) === 0 && (some.hi & ~all.hi) === 0;
}

/** The set of capability number `cap` alone. */
export function onlyCapability(cap: number): CapabilitySet {
  return cap < 32 ? { lo: (1 << cap) >>> 0, hi: 0 } : { lo: 0, hi: (1 << (cap - 32)) >>> 0 };
}

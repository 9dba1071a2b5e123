import type { Operation, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG } from "../clone3-wish.ts";
import { hex, sys } from "../draft.ts";
import { ACTION, at, FDS, GROUPS, LIMITS, SLOTS } from "./memory.ts";

/** What a program does before the call. */
export interface Stage {
  operations(arch: VectorArch): readonly Operation[];
  /** It takes capabilities, or gives some: a caller that is to have none gives them back. */
  readonly capable?: "takes" | "gives";
}

const SIGPIPE = 13;
const F_SETPIPE_SZ = 1031;
const RLIMIT = { NOFILE: 7, MEMLOCK: 8, AS: 9 } as const;

const limited =
  (resource: keyof typeof RLIMIT, limit: keyof typeof LIMITS): Stage["operations"] =>
  (arch) => [sys(arch, `limit-${resource}`, "prlimit64", [0, RLIMIT[resource], at(LIMITS[limit]), 0])];

const beside =
  (label: string, flags: bigint): Stage["operations"] =>
  (arch) => [
    sys(arch, label, "clone", [hex(flags), 0, 0, 0, 0], {
      child: [sys(arch, `${label}-p`, "pause")],
      ...((flags & FLAG.VM) === 0n ? {} : { childSharesVm: true }),
    }),
  ];

/** The stages by name. A plan says in which order they are played. */
export const STAGES: Readonly<Record<string, Stage>> = {
  groups: { operations: (arch) => [sys(arch, "sg", "setgroups", [2, at(GROUPS)])] },
  /** In a new user namespace no number stands for anybody, and the caller has every capability. */
  unmapped: {
    operations: (arch) => [sys(arch, "ns", "unshare", [hex(FLAG.NEWUSER)])],
    capable: "gives",
  },
  "new-pids": {
    operations: (arch) => [sys(arch, "nspid", "unshare", [hex(FLAG.NEWPID)])],
    capable: "takes",
  },
  "other-user": { operations: (arch) => [sys(arch, "uid", "setresuid", [5, 5, 5])], capable: "takes" },
  session: { operations: (arch) => [sys(arch, "sid", "setsid")] },
  group: { operations: (arch) => [sys(arch, "pg", "setpgid", [0, 0])] },
  thread: { operations: beside("t", FLAG.VM | FLAG.SIGHAND | FLAG.THREAD) },
  "shared-memory": { operations: beside("vm", FLAG.VM | 17n) },
  "shared-fs": { operations: beside("fs", FLAG.FS | 17n) },
  /** Descriptor 3 reads what is written to 4, and neither waits. */
  pipe: { operations: (arch) => [sys(arch, "pipe", "pipe2", [FDS, 0x800])] },
  /** Behind a pipe it is descriptor 5. */
  "own-pidfd": {
    operations: (arch) => [sys(arch, "me", "getpid"), sys(arch, "pidfd", "pidfd_open", [{ ret: "me" }, 0])],
  },
  data: { operations: (arch) => [sys(arch, "fill", "write", [4, at(0), 64])] },
  drained: { operations: (arch) => [sys(arch, "drain", "read", [3, at(0), 64])] },
  /** A page is all that fits, and there it is. */
  full: {
    operations: (arch) => [
      sys(arch, "short", "fcntl", [4, F_SETPIPE_SZ, 4096]),
      sys(arch, "fill", "write", [4, at(0), 4096]),
    ],
  },
  "two-pages": {
    operations: (arch) => ["fill", "fill2"].map((label) => sys(arch, label, "write", [4, at(0), 4096])),
  },
  /** Who writes to nobody gets EPIPE, and no signal. */
  "no-reader": {
    operations: (arch) => [
      sys(arch, "deaf", "rt_sigaction", [SIGPIPE, at(ACTION), 0, 8]),
      sys(arch, "close", "close", [3]),
    ],
  },
  "three-descriptors": { operations: limited("NOFILE", "three") },
  "no-locking": { operations: limited("MEMLOCK", "none") },
  "little-locking": { operations: limited("MEMLOCK", "page") },
  "little-memory": { operations: limited("AS", "page") },
  /** Something is mapped where it takes a capability. */
  low: {
    operations: (arch) => [sys(arch, "low", "mmap", [0, 4096, 3, 0x32, 0, 0])],
    capable: "takes",
  },
  "full-slots": {
    operations: (arch) => SLOTS.map((slot, i) => sys(arch, `slot${i}`, "set_thread_area", [at(slot)])),
  },
};

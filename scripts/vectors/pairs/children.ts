import type { Operation, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG } from "../clone3-wish.ts";
import { hex, sys } from "../draft.ts";
import { at, HEADERS, SETS } from "./memory.ts";

/** A process beside the caller: the child numbered 2, unless it says otherwise. */
export type Child =
  | "none"
  | "exited"
  | "alive"
  | "other-user"
  | "session"
  | "grandparent"
  | "session-below"
  | "group"
  | "pidfd"
  | "gone"
  | "zombie"
  | "zombie-stranger"
  | "stranger"
  | "in-user-namespace"
  | "stranger-in-user-namespace"
  | "above"
  | "above-capable";

interface Beside {
  operations(arch: VectorArch): readonly Operation[];
  /** Making it takes capabilities: a caller that is to have none gives them back. */
  readonly takes?: true;
  /** The caller is not the main task: what a case does up to its call is done in here. */
  around?(arch: VectorArch, inner: readonly Operation[], capable: boolean): readonly Operation[];
}

const WALL = 0x40000000;
const SIGSTOP = 19;
/** WSTOPPED, and __WALL to wait for any kind of child; WEXITED and WNOWAIT to look at one that has exited. */
const STOPPED = hex(WALL | 2);
const LOOK = "0x1000004";

/** A child that has done what it does, and stopped, by the time its parent goes on. */
function ready(arch: VectorArch, label: string, does: readonly Operation[]): Operation[] {
  const me = `${label}-me`;
  const stop = sys(arch, `${label}-s`, "kill", [{ ret: me }, SIGSTOP]);
  return [
    sys(arch, label, "fork", [], { child: [sys(arch, me, "getpid"), ...does, stop] }),
    sys(arch, `${label}-z`, "waitid", [1, { ret: label }, 0, STOPPED, 0]),
  ];
}

const pause = (arch: VectorArch): Operation => sys(arch, "p", "pause");
const paused = (arch: VectorArch): Operation => sys(arch, "k", "fork", [], { child: [pause(arch)] });
const exited = (arch: VectorArch): Operation => sys(arch, "k", "fork", [], { child: [], childExit: 3 });
const stranger = (arch: VectorArch): Operation => sys(arch, "k-u", "setresuid", [5, 5, 5]);
const newUser = (arch: VectorArch): Operation => sys(arch, "k-ns", "unshare", [hex(FLAG.NEWUSER)]);
const lookAt = (arch: VectorArch): Operation => sys(arch, "z", "waitid", [1, { ret: "k" }, 0, LOOK, 0]);
const pidfd = (arch: VectorArch, flags = 0): Operation =>
  sys(arch, "fd", "pidfd_open", [{ ret: "k" }, flags]);

/** Gives every capability back. */
export function drop(arch: VectorArch, label = "give"): Operation {
  return sys(arch, label, "capset", [at(HEADERS.right), at(SETS.none)]);
}

/** The caller is in a pid namespace of its own, and descriptor 3 is the main task, which is above. */
function below(keeps: boolean): NonNullable<Beside["around"]> {
  return (arch, inner, capable) => [
    sys(arch, "me", "getpid"),
    sys(arch, "fd", "pidfd_open", [{ ret: "me" }, 0]),
    sys(arch, "b", "clone", [hex(FLAG.NEWPID | 17n), 0, 0, 0, 0], { child: inner }),
    ...(capable || keeps ? [] : [drop(arch, "give-too")]),
    sys(arch, "bw", "wait4", [{ ret: "b" }, 0, WALL, 0]),
  ];
}

const CHILDREN: Readonly<Record<Child, Beside>> = {
  none: { operations: () => [] },
  exited: { operations: (arch) => [exited(arch), lookAt(arch)] },
  alive: { operations: (arch) => [paused(arch)] },
  /** The caller is another user as well, and has no capability left. */
  "other-user": {
    operations: (arch) => [...ready(arch, "k", [stranger(arch)]), sys(arch, "mine", "setresuid", [7, 7, 7])],
  },
  session: { operations: (arch) => ready(arch, "k", [sys(arch, "k-sid", "setsid")]) },
  /** Its child is 3. */
  grandparent: {
    operations: (arch) => ready(arch, "k", [sys(arch, "g", "fork", [], { child: [pause(arch)] })]),
  },
  "session-below": {
    operations: (arch) => ready(arch, "k", ready(arch, "g", [sys(arch, "g-sid", "setsid")])),
  },
  /** Nobody is 2 any more, but for a process group. */
  group: {
    operations: (arch) => [
      sys(arch, "k", "fork", [], {
        child: [
          sys(arch, "k-pg", "setpgid", [0, 0]),
          sys(arch, "g", "fork", [], { child: [pause(arch)], noPdeathsig: true }),
        ],
      }),
      sys(arch, "z", "wait4", [{ ret: "k" }, 0, WALL, 0]),
    ],
  },
  // Those that follow are descriptor 3.
  pidfd: { operations: (arch) => [paused(arch), pidfd(arch, 0x800)] },
  gone: {
    operations: (arch) => [exited(arch), pidfd(arch), sys(arch, "z", "wait4", [{ ret: "k" }, 0, WALL, 0])],
  },
  zombie: { operations: (arch) => [exited(arch), lookAt(arch), pidfd(arch)] },
  "zombie-stranger": {
    operations: (arch) => [
      sys(arch, "k", "fork", [], { child: [stranger(arch)] }),
      lookAt(arch),
      pidfd(arch),
    ],
    takes: true,
  },
  stranger: { operations: (arch) => [...ready(arch, "k", [stranger(arch)]), pidfd(arch)], takes: true },
  "in-user-namespace": { operations: (arch) => [...ready(arch, "k", [newUser(arch)]), pidfd(arch)] },
  "stranger-in-user-namespace": {
    operations: (arch) => [...ready(arch, "k", [stranger(arch), newUser(arch)]), pidfd(arch)],
    takes: true,
  },
  above: { operations: () => [], around: below(false), takes: true },
  "above-capable": { operations: () => [], around: below(true), takes: true },
};

/** The child of a kind, whatever it has. */
export function besides(child: Child): Beside {
  return CHILDREN[child];
}

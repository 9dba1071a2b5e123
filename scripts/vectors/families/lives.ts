import type { Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG, SCRATCH } from "../clone3-wish.ts";
import { hex, page, sys, words32, words64 } from "../draft.ts";
import { draft, MINUS_1, WALL } from "./setting.ts";

const STRUCT = SCRATCH + 0x800;
const TIDS = SCRATCH + 0x900;

/** A clone3 call that asks for one number; the struct lies in the case's memory. */
function asking(arch: VectorArch, label: string, child: readonly Operation[] = []): Operation {
  return sys(arch, label, "clone3", [hex(STRUCT), 88], { child });
}

function withTid(tid: number, flags = 0n, signal = 17): Partial<Vector> {
  const fields = words64([flags, 0, 0, 0, signal, 0, 0, 0, TIDS, 1, 0]);
  return {
    regions: [
      page(SCRATCH, "rw-", [
        { off: 0x800, hex: fields },
        { off: 0x900, hex: words32([tid]) },
      ]),
    ],
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
  };
}

/** A number that is taken although nobody alive has it: a zombie, a group, a session; and when it is free (T-07, T-21). */
export function taken(arch: VectorArch): Vector[] {
  const wait = (label: string, pid: string): Operation =>
    sys(arch, label, "wait4", [{ ret: pid }, hex(SCRATCH), WALL, 0]);
  const pause = (label: string): Operation => sys(arch, label, "pause");
  return [
    draft(
      arch,
      "pid.taken",
      "by-a-zombie",
      [
        sys(arch, "z", "fork", [], { child: [] }),
        sys(arch, "y", "waitid", [1, { ret: "z" }, 0, 0x1000004, 0]),
        asking(arch, "c"),
        wait("w", "z"),
        asking(arch, "c2"),
        wait("w2", "c2"),
      ],
      withTid(2),
    ),
    draft(
      arch,
      "pid.taken",
      "by-a-group",
      [
        sys(arch, "g", "fork", [], {
          child: [
            sys(arch, "pg", "setpgid", [0, 0]),
            sys(arch, "m", "fork", [], { child: [pause("mp")], noPdeathsig: true }),
          ],
        }),
        wait("w", "g"),
        asking(arch, "c"),
        sys(arch, "k", "kill", [3, 9]),
        sys(arch, "w3", "wait4", [3, hex(SCRATCH), WALL, 0]),
        asking(arch, "c2"),
        wait("w2", "c2"),
      ],
      withTid(2),
    ),
    draft(
      arch,
      "pid.taken",
      "by-a-session",
      [
        sys(arch, "g", "fork", [], {
          child: [
            sys(arch, "ss", "setsid"),
            sys(arch, "m", "fork", [], {
              child: [sys(arch, "pg", "setpgid", [0, 0]), sys(arch, "sid", "getsid", [0]), pause("mp")],
              noPdeathsig: true,
            }),
          ],
        }),
        wait("w", "g"),
        asking(arch, "c"),
        sys(arch, "sid2", "getsid", [3]),
        sys(arch, "k", "kill", [3, 9]),
        sys(arch, "w3", "wait4", [3, hex(SCRATCH), WALL, 0]),
        asking(arch, "c2"),
        wait("w2", "c2"),
      ],
      withTid(2),
    ),
    draft(arch, "pid.taken", "by-oneself", [asking(arch, "c")], withTid(1)),
    draft(
      arch,
      "pid.taken",
      "free-again-at-once",
      [
        asking(arch, "c"),
        wait("w", "c"),
        asking(arch, "c2"),
        wait("w2", "c2"),
        sys(arch, "f", "fork", [], { child: [] }),
      ],
      withTid(777),
    ),
  ];
}

/** Children whose parent is gone: the init of their namespace takes them, or they die of it (PR_SET_PDEATHSIG). */
export function orphans(arch: VectorArch): Vector[] {
  const gone = (loose: boolean): Operation => {
    const more = loose ? { noPdeathsig: true as const } : {};
    return sys(arch, "c", "fork", [], {
      child: [
        sys(arch, "g", "fork", [], {
          child: [
            // Until the last copy of the other end is closed by its parent's end.
            sys(arch, "g_close", "close", [4]),
            sys(arch, "g_read", "read", [3, hex(SCRATCH + 0x100), 1]),
            sys(arch, "g_ppid", "getppid"),
            sys(arch, "g_pid", "getpid"),
            { op: "nspid", of: "g" },
          ],
          ...more,
        }),
      ],
      ...more,
    });
  };
  const out: Vector[] = [];
  for (const nsInit of [true, false])
    for (const nsLevel of [1, 2])
      for (const loose of [true, false])
        out.push(
          draft(
            arch,
            "orphan",
            `L${nsLevel}${nsInit ? "" : "n"}-${loose ? "lives" : "dies"}`,
            [
              sys(arch, "p", "pipe2", [hex(SCRATCH), 0]),
              gone(loose),
              sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH + 0x10), 0, 0]),
              sys(arch, "cl", "close", [4]),
              // An init has the orphan for a child now; anybody else has none.
              sys(arch, "w2", "wait4", [MINUS_1, hex(SCRATCH + 0x14), 0, 0]),
              sys(arch, "w3", "wait4", [MINUS_1, 0, 0, 0]),
            ],
            { nsLevel, nsInit },
          ),
        );
  return out;
}

/** Sessions and groups: who may make one, of whom, and what others see of it. */
export function sessions(arch: VectorArch): Vector[] {
  const show = (tag: string, pid: number): Operation[] => [
    sys(arch, `${tag}_pgid`, "getpgid", [pid]),
    sys(arch, `${tag}_sid`, "getsid", [pid]),
  ];
  const out = [true, false].map((nsInit) =>
    draft(
      arch,
      "session",
      nsInit ? "init" : "task",
      [
        ...show("start", 0),
        sys(arch, "s", "setsid"),
        ...show("then", 0),
        sys(arch, "again", "setsid"),
        sys(arch, "pg", "setpgid", [0, 0]),
        sys(arch, "c", "fork", [], {
          child: [...show("c", 0), sys(arch, "c_s", "setsid"), ...show("c2", 0)],
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
        ...show("end", 1),
        ...show("nobody", 99),
        ...show("minus", -1),
      ],
      { nsInit },
    ),
  );
  const targets: [string, bigint, bigint][] = [
    ["self", 0n, 0n],
    ["own-number", 1n, 1n],
    ["nobody", 99n, 0n],
    ["to-nobody", 0n, 99n],
    ["negative", 0n, -1n],
    ["negative-pid", -5n, 0n],
    ["child", 2n, 0n],
    ["child-to-me", 2n, 1n],
  ];
  for (const [name, pid, pgid] of targets)
    out.push(
      draft(arch, "session", `setpgid-${name}`, [
        sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
        sys(arch, "mine", "setpgid", [0, 0]),
        sys(arch, "x", "setpgid", [hex(pid), hex(pgid)]),
        ...show("me", 0),
        ...show("c", 2),
        sys(arch, "stranger", "setpgid", [{ ret: "c" }, { ret: "c" }]),
        ...show("c2", 2),
      ]),
    );
  return out;
}

/** Ends: exit of a thread and of a group, what wait says of each, and of a child that made others. */
export function ends(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const status = hex(SCRATCH + 0x40);
  for (const code of [0, 1, 255, 256, 511, -1])
    for (const how of ["exit", "exit_group"] as const)
      out.push(
        draft(arch, "exit", `${how}-${code}`, [
          sys(arch, "c", "fork", [], { child: [sys(arch, "x", how, [code < 0 ? MINUS_1 : code])] }),
          sys(arch, "w", "wait4", [{ ret: "c" }, status, 0, 0]),
        ]),
      );
  const thread = hex(FLAG.VM | FLAG.SIGHAND | FLAG.THREAD | FLAG.VFORK);
  const made = (label: string, list: readonly Operation[]): Operation =>
    sys(arch, label, "clone", [thread, 0, 0, 0, 0], { child: list, childSharesVm: true });
  out.push(
    draft(arch, "exit", "of-a-thread", [
      made("t", [sys(arch, "t_pid", "getpid"), sys(arch, "t_tid", "gettid"), sys(arch, "t_x", "exit", [3])]),
      sys(arch, "g", "getpid"),
      sys(arch, "w", "wait4", [MINUS_1, 0, WALL, 0]),
    ]),
    draft(arch, "exit", "of-the-group-by-a-thread", [
      sys(arch, "c", "fork", [], {
        child: [made("t", [sys(arch, "t_x", "exit_group", [3])]), sys(arch, "never", "getpid")],
      }),
      sys(arch, "w", "wait4", [{ ret: "c" }, status, 0, 0]),
    ]),
    draft(arch, "exit", "of-an-init-kills-its-namespace", [
      sys(arch, "c", "clone", [hex(FLAG.NEWPID | 17n), 0, 0, 0, 0], {
        child: [
          sys(arch, "g", "fork", [], { child: [sys(arch, "p", "pause")], noPdeathsig: true }),
          sys(arch, "c_pid", "getpid"),
        ],
        childExit: 6,
      }),
      sys(arch, "w", "wait4", [{ ret: "c" }, status, 0, 0]),
      sys(arch, "gone", "kill", [3, 0]),
      sys(arch, "f", "fork", [], { child: [] }),
    ]),
  );
  for (const sig of [9, 15])
    out.push(
      draft(arch, "exit", `init-killed-from-outside-sig${sig}`, [
        sys(arch, "c", "clone", [hex(FLAG.NEWPID | 17n), 0, 0, 0, 0], { child: [sys(arch, "p", "pause")] }),
        sys(arch, "k", "kill", [{ ret: "c" }, sig]),
        sys(arch, "w", "wait4", [{ ret: "c" }, status, 1, 0]),
      ]),
    );
  return out;
}

/** Parents and children that speak through a pipe: who runs when, and what each sees of the other. */
export function talks(arch: VectorArch): Vector[] {
  const at = (off: number): string => hex(SCRATCH + off);
  return [true, false].map((nsInit) =>
    draft(
      arch,
      "talk",
      nsInit ? "init" : "task",
      [
        sys(arch, "p", "pipe2", [at(0), 0]),
        sys(arch, "q", "pipe2", [at(8), 0]),
        sys(arch, "c", "fork", [], {
          child: [
            sys(arch, "c_read", "read", [3, at(0x100), 4]),
            sys(arch, "c_ppid", "getppid"),
            sys(arch, "c_write", "write", [6, at(0x200), 8]),
            sys(arch, "c_read2", "read", [3, at(0x108), 4]),
          ],
          childDump: true,
        }),
        sys(arch, "not-yet", "wait4", [{ ret: "c" }, 0, 1, 0]),
        sys(arch, "write", "write", [4, at(0x300), 4]),
        sys(arch, "read", "read", [5, at(0x180), 8]),
        sys(arch, "still", "wait4", [{ ret: "c" }, 0, 1, 0]),
        sys(arch, "write2", "write", [4, at(0x310), 4]),
        sys(arch, "w", "wait4", [{ ret: "c" }, at(0x40), 0, 0]),
      ],
      { nsInit },
    ),
  );
}

/** What a task is on level 0 and below: its numbers at every level. */
export function identities(arch: VectorArch): Vector[] {
  return [
    [0, false],
    [1, true],
    [1, false],
    [4, true],
    [4, false],
  ].map(([nsLevel, nsInit]) =>
    draft(
      arch,
      "identity",
      `level${nsLevel}${nsInit ? "-init" : ""}`,
      [
        sys(arch, "pid", "getpid"),
        sys(arch, "tid", "gettid"),
        sys(arch, "ppid", "getppid"),
        { op: "nspid", of: "main" },
        sys(arch, "sta", "set_tid_address", [0]),
        sys(arch, "c", "fork", [], {
          child: [sys(arch, "c_pid", "getpid"), sys(arch, "c_ppid", "getppid"), { op: "nspid", of: "c" }],
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
      ],
      { nsLevel: Number(nsLevel), nsInit: nsInit === true },
    ),
  );
}

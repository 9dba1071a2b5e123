import type { Arg, Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG, SCRATCH } from "../clone3-wish.ts";
import { arg, hex, page, sys, words32, words64 } from "../draft.ts";
import { draft, MINUS_1, PLACES, READ_ONLY, WALL } from "./setting.ts";

const SIG_IGN = 1;
const CHLD = 17;
const OLD = SCRATCH + 0x200;

/** struct sigaction as the kernel reads it: handler, flags, restorer, mask; in words of the program's own. */
function action(arch: VectorArch, handler: number, flags = 0, mask = 0): string {
  if (arch === "x86_64") return words64([handler, flags, 0, mask]);
  return words32([handler, flags, 0, mask, 0]);
}

function withAction(arch: VectorArch, handler: number, flags = 0): Partial<Vector> {
  return {
    regions: [
      page(SCRATCH, "rw-", [{ off: 0, hex: action(arch, handler, flags, 0x200) }]),
      ...draft(arch, "", "", []).regions.slice(1),
    ],
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
  };
}

/** rt_sigaction: numbers, sizes, places; that what is set is what is read. */
export function actions(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const act = (label: string, sig: Arg, next: Arg, old: Arg, size: Arg): Operation =>
    sys(arch, label, "rt_sigaction", [sig, next, old, size]);
  for (const sig of [0, 1, 9, 10, 17, 19, 31, 32, 33, 64, 65, MINUS_1])
    out.push(
      draft(
        arch,
        "rt_sigaction",
        `sig${sig}`,
        [act("r", sig, 0, hex(OLD), 8), act("s", sig, hex(SCRATCH), 0, 8), act("g", sig, 0, hex(OLD), 8)],
        withAction(arch, SIG_IGN),
      ),
    );
  for (const size of [0, 4, 7, 9, 128]) {
    const bad = "0x13370000";
    out.push(draft(arch, "rt_sigaction", `size${size}`, [act("s", 0, bad, bad, size)]));
  }
  for (const [name, at] of PLACES)
    out.push(
      draft(
        arch,
        "rt_sigaction",
        `new-${name}`,
        [act("s", 10, arg(at), hex(OLD), 8), act("g", 10, 0, hex(OLD), 8)],
        withAction(arch, SIG_IGN),
      ),
      draft(
        arch,
        "rt_sigaction",
        `old-${name}`,
        [act("s", 10, hex(SCRATCH), arg(at), 8), act("g", 10, 0, hex(OLD), 8)],
        withAction(arch, SIG_IGN),
      ),
    );
  // SA_NOCLDSTOP, SA_NOCLDWAIT, SA_SIGINFO, SA_UNSUPPORTED, SA_EXPOSE_TAGBITS, SA_RESTORER, SA_ONSTACK … SA_RESETHAND, and none.
  for (const flags of [
    1, 2, 4, 0x400, 0x800, 0x4000000, 0x8000000, 0x10000000, 0x40000000, 0x80000000, 0x100,
  ])
    out.push(
      draft(
        arch,
        "rt_sigaction",
        `flags${hex(flags)}`,
        [act("s", 10, hex(SCRATCH), 0, 8), act("g", 10, 0, hex(OLD), 8)],
        withAction(arch, 0x12345678, flags),
      ),
    );
  return out;
}

/** rt_sigprocmask: what is read first, what can be blocked, and that a child starts with it. */
export function masks(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const mask = (label: string, how: Arg, next: Arg, old: Arg, size: Arg = 8): Operation =>
    sys(arch, label, "rt_sigprocmask", [how, next, old, size]);
  const set = (value: bigint): Partial<Vector> => ({
    regions: [
      page(SCRATCH, "rw-", [{ off: 0, hex: words64([value, 1n << 11n]) }]),
      ...draft(arch, "", "", []).regions.slice(1),
    ],
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
  });
  const sets: [string, bigint][] = [
    ["usr1", 1n << 9n],
    ["all", (1n << 64n) - 1n],
    ["kill-and-stop", (1n << 8n) | (1n << 18n)],
  ];
  for (const how of [0, 1, 2, 3, MINUS_1])
    for (const [name, value] of sets)
      out.push(
        draft(
          arch,
          "rt_sigprocmask",
          `how${how}-${name}`,
          [
            mask("first", 0, hex(SCRATCH + 8), 0),
            mask("s", how, hex(SCRATCH), hex(OLD)),
            mask("g", 0, 0, hex(OLD + 8)),
            sys(arch, "c", "fork", [], { child: [mask("cg", 0, 0, hex(OLD + 16))], childDump: true }),
            sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
          ],
          set(value),
        ),
      );
  for (const size of [0, 4, 7, 9, 16])
    out.push(draft(arch, "rt_sigprocmask", `size${size}`, [mask("s", 9, 1, 1, size)]));
  for (const [name, at] of PLACES)
    out.push(
      draft(arch, "rt_sigprocmask", `new-${name}`, [
        mask("s", 9, arg(at), hex(OLD)),
        mask("t", 0, arg(at), hex(OLD)),
      ]),
      draft(
        arch,
        "rt_sigprocmask",
        `old-${name}`,
        [mask("s", 0, hex(SCRATCH), arg(at)), mask("g", 0, 0, hex(OLD))],
        set(1n << 9n),
      ),
    );
  return out;
}

/** Blocked and ignored signals: they wait, or are gone; a child that nobody waits for is not kept (SIGCHLD). */
export function waiting(arch: VectorArch): Vector[] {
  const block = { off: 0x100, hex: words64([1n << 14n, 0n]) };
  const setting = (handler: number, flags = 0): Partial<Vector> => ({
    nsInit: false,
    regions: [page(SCRATCH, "rw-", [{ off: 0, hex: action(arch, handler, flags) }, block])],
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
  });
  const me = sys(arch, "me", "getpid");
  const term = sys(arch, "k", "kill", [{ ret: "me" }, 15]);
  const child = (exit: number): Operation => sys(arch, "c", "fork", [], { child: [], childExit: exit });
  const reap = [
    sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH + 0x180), 0, 0]),
    sys(arch, "w2", "wait4", [MINUS_1, hex(SCRATCH + 0x184), WALL, 0]),
  ];
  const ignoreChildren = sys(arch, "i", "rt_sigaction", [CHLD, hex(SCRATCH), 0, 8]);
  return [
    draft(
      arch,
      "signal",
      "blocked",
      [sys(arch, "b", "rt_sigprocmask", [0, hex(SCRATCH + 0x100), 0, 8]), me, term, sys(arch, "g", "getpid")],
      setting(0),
    ),
    draft(
      arch,
      "signal",
      "blocked-then-not",
      [
        sys(arch, "b", "rt_sigprocmask", [0, hex(SCRATCH + 0x100), 0, 8]),
        me,
        term,
        sys(arch, "u", "rt_sigprocmask", [2, hex(SCRATCH + 0x108), hex(OLD), 8]),
        sys(arch, "g", "getpid"),
      ],
      setting(0),
    ),
    draft(
      arch,
      "signal",
      "ignored",
      [sys(arch, "i", "rt_sigaction", [15, hex(SCRATCH), 0, 8]), me, term, sys(arch, "g", "getpid")],
      setting(SIG_IGN),
    ),
    draft(arch, "signal", "default", [me, term, sys(arch, "g", "getpid")], setting(0)),
    draft(arch, "signal", "children-ignored", [ignoreChildren, child(4), ...reap], setting(SIG_IGN)),
    draft(arch, "signal", "children-not-kept", [ignoreChildren, child(4), ...reap], setting(0, 2)),
    draft(
      arch,
      "signal",
      "child-inherits-ignoring",
      [
        sys(arch, "i", "rt_sigaction", [15, hex(SCRATCH), 0, 8]),
        sys(arch, "c", "fork", [], {
          child: [sys(arch, "cg", "rt_sigaction", [15, 0, hex(OLD), 8])],
          childDump: true,
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
      ],
      setting(SIG_IGN),
    ),
    draft(
      arch,
      "signal",
      "clear-sighand",
      [
        sys(arch, "i", "rt_sigaction", [15, hex(SCRATCH), 0, 8]),
        sys(arch, "h", "rt_sigaction", [10, hex(SCRATCH + 0x40), 0, 8]),
        sys(arch, "c", "clone3", [hex(SCRATCH + 0x300), 64], {
          child: [
            sys(arch, "cg", "rt_sigaction", [15, 0, hex(OLD), 8]),
            sys(arch, "ch", "rt_sigaction", [10, 0, hex(OLD + 0x40), 8]),
          ],
          childDump: true,
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
      ],
      {
        regions: [
          page(SCRATCH, "rw-", [
            { off: 0, hex: action(arch, SIG_IGN) },
            { off: 0x40, hex: action(arch, 0x12345678) },
            { off: 0x300, hex: words64([FLAG.CLEAR_SIGHAND, 0, 0, 0, 17, 0, 0, 0]) },
          ]),
        ],
        dump: [{ addr: hex(SCRATCH), size: 4096 }],
      },
    ),
    draft(
      arch,
      "signal",
      "broken-pipe",
      [
        sys(arch, "p", "pipe2", [hex(SCRATCH + 0x200), 0]),
        sys(arch, "c", "close", [3]),
        sys(arch, "w", "write", [4, hex(SCRATCH), 1]),
        sys(arch, "g", "getpid"),
      ],
      setting(0),
    ),
    draft(arch, "signal", "broken-pipe-init", [
      sys(arch, "p", "pipe2", [hex(SCRATCH + 0x200), 0]),
      sys(arch, "c", "close", [3]),
      sys(arch, "w", "write", [4, hex(SCRATCH), 1]),
      sys(arch, "g", "getpid"),
    ]),
  ];
}

/** tkill and tgkill: which thread of which group. */
export function threadKills(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const [name, tgid, tid, sig] of [
    ["self", 1n, 1n, 0],
    ["no-group", 0n, 1n, 0],
    ["no-thread", 1n, 0n, 0],
    ["negative", -1n, 1n, 0],
    ["other-group", 1n, 2n, 0],
    ["nobody", 1n, 99n, 0],
    ["bad-signal", 1n, 1n, 65],
    ["bad-signal-nobody", 99n, 99n, 65],
    ["wide", 0x100000001n, 0x100000001n, 0],
  ] as [string, bigint, bigint, number][])
    out.push(
      draft(arch, "tgkill", name, [
        sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
        sys(arch, "tg", "tgkill", [arg(tgid), arg(tid), sig]),
        sys(arch, "t", "tkill", [arg(tid), sig]),
      ]),
    );
  out.push(
    draft(arch, "tgkill", "a-child", [
      sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
      sys(arch, "k", "tgkill", [{ ret: "c" }, { ret: "c" }, 10]),
      sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), 0, 0]),
      sys(arch, "gone", "tkill", [{ ret: "c" }, 0]),
    ]),
    draft(arch, "tgkill", "read-only-is-never-looked-at", [
      sys(arch, "x", "tgkill", [1, 1, 0, hex(READ_ONLY)]),
    ]),
  );
  return out;
}

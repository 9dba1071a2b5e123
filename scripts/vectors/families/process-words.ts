import type { Arg, Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { SCRATCH } from "../clone3-wish.ts";
import { arg, hex, page, sys, words32, words64 } from "../draft.ts";
import { draft, MINUS_1, PLACES } from "./setting.ts";

const EDGE = SCRATCH + 4096;
const ACTIONS = SCRATCH + 0x800;
const IN = SCRATCH + 0x900;
/** WEXITED | WNOWAIT, WSTOPPED, WCONTINUED. */
const PEEK = 0x1000004;

/** A number by hand, for calls that have no name here. */
function raw(label: string, nr: number, args: readonly Arg[]): Operation {
  return { op: "sys", label, name: "nr", nr, args };
}

/** waitid: how much of the siginfo is there, what each kind of change says, and a pidfd in place of a number. */
export function waitidInfo(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const wait = (label: string, type: number, id: Arg, info: Arg, options: number): Operation =>
    sys(arch, label, "waitid", [type, id, info, arg(options), 0]);
  for (const left of [0, 2, 4, 8, 12, 16, 20, 24, 26, 28, 127, 128])
    out.push(
      draft(arch, "waitid.info", `cut-${left}`, [
        sys(arch, "c", "fork", [], { child: [], childExit: 77 }),
        wait("first", 1, { ret: "c" }, 0, PEEK),
        wait("w", 1, { ret: "c" }, hex(EDGE - left), 4),
        wait("again", 1, { ret: "c" }, hex(SCRATCH), 5),
      ]),
      draft(arch, "waitid.info", `fails-${left}`, [wait("w", 0, 0, hex(EDGE - left), 4)]),
    );
  const steps: Operation[] = [
    sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
    sys(arch, "stop", "kill", [{ ret: "c" }, 19]),
    wait("s", 1, { ret: "c" }, hex(SCRATCH), 0x1000002),
    wait("s2", 1, { ret: "c" }, hex(SCRATCH + 0x80), 2),
    wait("s3", 1, { ret: "c" }, hex(SCRATCH + 0x100), 3),
    sys(arch, "cont", "kill", [{ ret: "c" }, 18]),
    wait("g", 1, { ret: "c" }, hex(SCRATCH + 0x180), 0x1000008),
    wait("g2", 1, { ret: "c" }, hex(SCRATCH + 0x200), 8),
    wait("g3", 1, { ret: "c" }, hex(SCRATCH + 0x280), 9),
    sys(arch, "k", "kill", [{ ret: "c" }, 9]),
    wait("z", 1, { ret: "c" }, hex(SCRATCH + 0x300), PEEK),
    wait("z2", 1, { ret: "c" }, hex(SCRATCH + 0x380), 2),
    wait("z3", 1, { ret: "c" }, hex(SCRATCH + 0x400), 4),
  ];
  out.push(draft(arch, "waitid.info", "stop-continue-kill", steps));
  for (const flags of [0, 0x800])
    for (const options of [4, 5, 2, 0])
      out.push(
        draft(arch, "waitid.info", `pidfd-${hex(flags)}-${options}`, [
          sys(arch, "c", "fork", [], { child: [], childExit: 5 }),
          sys(arch, "fd", "pidfd_open", [{ ret: "c" }, arg(flags)]),
          wait("first", 1, { ret: "c" }, 0, PEEK),
          wait("w", 3, { ret: "fd" }, hex(SCRATCH), options),
          wait("again", 3, { ret: "fd" }, hex(SCRATCH + 0x80), options),
        ]),
      );
  for (const fd of [-1, 0, 99])
    out.push(draft(arch, "waitid.info", `pidfd-of-${fd}`, [wait("w", 3, arg(fd), hex(SCRATCH), 4)]));
  out.push(
    draft(arch, "waitid.info", "pidfd-nonblock-alive", [
      sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
      sys(arch, "fd", "pidfd_open", [{ ret: "c" }, 0x800]),
      wait("w", 3, { ret: "fd" }, hex(SCRATCH), 4),
      wait("h", 3, { ret: "fd" }, hex(SCRATCH + 0x80), 5),
    ]),
  );
  return out;
}

/** Actions and masks where a page ends, and the calls only i386 has. */
export function signalWords(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const wide = arch === "x86_64";
  const action = wide ? words64([1, 0x10000000, 0x777, -1]) : words32([1, 0x10000000, 0x777, -1, -1]);
  const memory: Partial<Vector> = {
    regions: [
      page(SCRATCH, "rw-", [
        { off: 0x800, hex: action },
        { off: 0x900, hex: words32([0x10001, 0x80000001]) },
        { off: 0x940, hex: words32([1, 0x12345, 0x10000000, 0x777]) },
      ]),
    ],
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
  };
  const set = sys(arch, "set", "rt_sigaction", [10, hex(ACTIONS), 0, 8]);
  const block = sys(arch, "block", "rt_sigprocmask", [2, hex(IN), 0, 8]);
  for (const left of [0, 3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23, 24, 28, 31, 32])
    out.push(
      draft(
        arch,
        "signal.edge",
        `old-action-${left}`,
        [set, sys(arch, "o", "rt_sigaction", [10, 0, hex(EDGE - left), 8])],
        memory,
      ),
    );
  for (const left of [0, 1, 4, 7, 8]) {
    out.push(
      draft(
        arch,
        "signal.edge",
        `old-mask-${left}`,
        [block, sys(arch, "o", "rt_sigprocmask", [0, 0, hex(EDGE - left), 8])],
        memory,
      ),
    );
    for (const size of [0, 1, 4, 8, 9])
      out.push(
        draft(
          arch,
          "signal.edge",
          `pending-${left}-${size}`,
          [block, sys(arch, "o", "rt_sigpending", [hex(EDGE - left), size])],
          memory,
        ),
      );
  }
  if (wide) return out;
  const masks = [0, 1, 0x10100, 0x80000000, -1];
  for (const [name, at] of PLACES) {
    const where = arg(at);
    const given: readonly (readonly [string, readonly Operation[]])[] = [
      [
        "sigaction-new",
        [raw("a", 67, [10, where, hex(SCRATCH)]), raw("g", 67, [10, 0, hex(SCRATCH + 0x40)])],
      ],
      ["sigaction-old", [set, raw("a", 67, [10, hex(SCRATCH + 0x940), where])]],
      ["sigprocmask-new", [raw("m", 126, [2, where, hex(SCRATCH)]), raw("g", 68, [])]],
      ["sigprocmask-old", [block, raw("m", 126, [0, hex(IN), where]), raw("g", 68, [])]],
      ["sigpending", [block, raw("p", 73, [where])]],
    ];
    for (const [call, program] of given)
      out.push(draft(arch, "signal.i386", `${call}-${name}`, program, memory));
  }
  for (const left of [4, 8, 12, 15])
    out.push(
      draft(
        arch,
        "signal.i386",
        `sigaction-cut-${left}`,
        [set, raw("a", 67, [10, 0, hex(EDGE - left)])],
        memory,
      ),
    );
  for (const mask of masks)
    out.push(
      draft(
        arch,
        "signal.i386",
        `ssetmask-${hex(mask)}`,
        [
          raw("s", 69, [arg(mask)]),
          raw("g", 68, []),
          raw("s2", 69, [0]),
          sys(arch, "r", "rt_sigprocmask", [0, 0, hex(SCRATCH), 8]),
          raw("s3", 69, [arg(mask)]),
          sys(arch, "r2", "rt_sigprocmask", [0, 0, hex(SCRATCH + 8), 8]),
        ],
        memory,
      ),
    );
  for (const how of [0, 1, 2, 3, -1])
    out.push(
      draft(
        arch,
        "signal.i386",
        `sigprocmask-how${how}`,
        [
          block,
          raw("m", 126, [arg(how), hex(SCRATCH + 0x944), hex(SCRATCH)]),
          sys(arch, "r", "rt_sigprocmask", [0, 0, hex(SCRATCH + 8), 8]),
        ],
        memory,
      ),
    );
  for (const sig of [0, 1, 9, 19, 64, 65, -1])
    for (const handler of [0, 1])
      out.push(
        draft(
          arch,
          "signal.i386",
          `signal-${sig}-${handler}`,
          [raw("s", 48, [arg(sig), handler]), raw("s2", 48, [arg(sig), 0])],
          memory,
        ),
      );
  return out;
}

/** prctl: every option that says something about the caller, with the arguments that matter to it. */
export function processOptions(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const option = (label: string, ...args: Arg[]): Operation => sys(arch, label, "prctl", args);
  const words: readonly Arg[] = [0, 1, 2, 9, 64, 65, "0x80000000", "0xffffffff", "0x100000001", MINUS_1];
  for (const [set, get] of [
    [1, 2],
    [4, 3],
    [8, 7],
    [14, 13],
    [28, 27],
    [36, 37],
    [38, 39],
  ] as const)
    for (const word of words) {
      const place: Arg = get === 2 || get === 37 ? hex(SCRATCH) : 0;
      out.push(
        draft(
          arch,
          "prctl.options",
          `set${set}-${word}`,
          [
            option("s", set, word, 0, 0, 0),
            option("g", get, place, 0, 0, 0),
            option("junk", set, word, 1, 1, 1),
            option("junk2", get, place, 1, 0, 1),
          ],
          { caps: ["CAP_SETPCAP"] },
        ),
      );
    }
  for (const how of [0, 1, 2, 3, 4, 5, MINUS_1])
    for (const cap of [0, 5, 40, 41, MINUS_1])
      out.push(
        draft(
          arch,
          "prctl.options",
          `ambient-${how}-${cap}`,
          [
            option("a", 47, how, cap, 0, 0),
            option("b", 47, how, cap, 1, 0),
            option("c", 47, 1, 5, 0, 0),
            option("d", 47, how, 0, 0, 1),
          ],
          { caps: ["CAP_KILL"] },
        ),
      );
  for (const [name, at] of PLACES)
    for (const get of [2, 37, 40])
      out.push(
        draft(arch, "prctl.options", `get${get}-${name}`, [
          sys(arch, "t", "set_tid_address", [hex(SCRATCH + 0x10)]),
          option("s", 36, 1),
          option("g", get, arg(at), 0, 0, 0),
        ]),
      );
  for (const number of [0, 5, 6, 9, 10, 11, 12, 17, 18, 19, 20, 31, 32, 45, 46, 9999, MINUS_1])
    out.push(draft(arch, "prctl.options", `option-${number}`, [option("p", number, 0, 0, 0, 0)]));
  out.push(
    draft(arch, "prctl.options", "dumpable-follows-rights", [
      option("s", 1, 9),
      sys(arch, "u", "setresuid", [MINUS_1, 1000, MINUS_1]),
      option("d", 3),
      option("g", 2, hex(SCRATCH)),
      option("d1", 4, 1),
      sys(arch, "u2", "setresuid", [MINUS_1, MINUS_1, 1000]),
      option("d2", 3),
      sys(arch, "g2", "setresgid", [MINUS_1, 5, MINUS_1]),
      option("d3", 3),
    ]),
  );
  return out;
}

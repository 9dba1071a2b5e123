import type { Vector, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG, SCRATCH } from "../clone3-wish.ts";
import { arg, hex, page, sys, words32, words64 } from "../draft.ts";
import { draft, NOTHING, PLACES, READ_ONLY, WALL } from "./setting.ts";

const STRUCT = 0x10040000;

/** A clone3 call with some fields of its struct, by position, and what its child does. */
function call(
  arch: VectorArch,
  group: string,
  name: string,
  fields: Readonly<Record<number, number | bigint>>,
  child: Vector["program"],
  more: Partial<Vector> = {},
): Vector {
  const words = Array.from({ length: 11 }, (_, i) => fields[i] ?? (i === 4 ? 17 : 0));
  const regions = [
    page(SCRATCH, "rw-", [{ off: 0x200, hex: words32([12, 0x12345000, 0xfffff, 0x51]) }]),
    page(READ_ONLY, "r--", []),
    page(NOTHING, "---", []),
    page(STRUCT, "r--", [{ off: 0, hex: words64(words) }], "00"),
  ];
  const program = [
    sys(arch, "c", "clone3", [hex(STRUCT), 88], { child, childDump: true }),
    sys(arch, "w", "wait4", [{ ret: "c" }, 0, WALL]),
    sys(arch, "nextfd", "dup", [0]),
    sys(arch, "f", "fork", [], { child: [] }),
    sys(arch, "w_f", "wait4", [{ ret: "f" }, 0, 0]),
  ];
  return draft(arch, group, name, program, { regions, ...more });
}

/** Where the numbers and the descriptor may be written, and what a failure uses up (P-25, P-29, P-30, P-31). */
export function writeback(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const kinds: [string, bigint, number[]][] = [
    ["PIDFD", FLAG.PIDFD, [1]],
    ["CHILD_SETTID", FLAG.CHILD_SETTID, [2]],
    ["CHILD_CLEARTID", FLAG.CHILD_CLEARTID, [2]],
    ["PARENT_SETTID", FLAG.PARENT_SETTID, [3]],
    ["both-SETTIDs", FLAG.CHILD_SETTID | FLAG.PARENT_SETTID, [2, 3]],
  ];
  const child = [sys(arch, "c_pid", "getpid"), { op: "nspid", of: "c" } as const];
  for (const [place, at] of PLACES)
    for (const [kind, flags, fields] of kinds) {
      const where = Object.fromEntries(fields.map((field) => [field, at]));
      out.push(call(arch, "clone3.writeback", `${kind}-${place}`, { 0: flags, ...where }, child));
    }
  const { PIDFD, PARENT_SETTID } = FLAG;
  const same = { 0: PIDFD | PARENT_SETTID, 1: SCRATCH + 0x300, 3: SCRATCH + 0x300 };
  out.push(call(arch, "clone3.writeback", "PIDFD-and-PARENT_SETTID-same", same, child));
  out.push(call(arch, "clone3.writeback", "PIDFD-and-PARENT_SETTID", { ...same, 3: SCRATCH + 0x304 }, child));
  return out;
}

/** The TLS word of clone3: a base, or a descriptor (P-22, P-23). */
export function tls(arch: VectorArch): Vector[] {
  const show =
    arch === "x86_64"
      ? [sys(arch, "fs", "arch_prctl", [0x1003, hex(SCRATCH + 0x300)])]
      : [sys(arch, "g", "get_thread_area", [hex(SCRATCH + 0x200)])];
  const words: (number | bigint)[] = [0, 1, SCRATCH, SCRATCH + 0x200, READ_ONLY, NOTHING, SCRATCH + 4096 - 8];
  const wide = [
    1n << 32n,
    0x7fffffffefffn,
    0x7ffffffff000n,
    1n << 47n,
    0x900000000000n,
    1n << 63n,
    (1n << 64n) - 1n,
  ];
  return [...words, ...wide].map((word) =>
    call(arch, "clone3.tls", hex(word), { 0: FLAG.SETTLS, 7: word }, show),
  );
}

/** A thread with a number of its own, which the call answers (T-22), and what a taken one says. */
export function threads(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const flags = FLAG.VM | FLAG.SIGHAND | FLAG.THREAD | FLAG.VFORK;
  for (const nsLevel of [1, 2])
    for (const tids of [[500], [1], [2], [0], [500, 501], [500, 501, 20_502]].filter(
      (t) => t.length <= nsLevel + 1,
    )) {
      if (tids.length > nsLevel) continue;
      const made = call(
        arch,
        "clone3.set_tid.thread",
        `L${nsLevel}-${tids.join(",")}`,
        { 0: flags, 4: 0, 8: SCRATCH + 0x100, 9: tids.length },
        [sys(arch, "c_pid", "getpid"), sys(arch, "c_tid", "gettid"), { op: "nspid", of: "c" }],
        { nsLevel },
      );
      const [scratch, ...rest] = made.regions;
      const patched = { ...scratch, data: [{ off: 0x100, hex: words32(tids) }] };
      const program = made.program.map((o) => (o.op === "sys" && o.label === "c" ? shared(o) : o));
      out.push({ ...made, regions: [patched as Vector["regions"][number], ...rest], program });
    }
  return out;
}

function shared<T extends { childDump?: boolean }>(
  operation: T,
): Omit<T, "childDump"> & { childSharesVm: true } {
  const { childDump: _, ...rest } = operation;
  return { ...rest, childSharesVm: true };
}

/** The exit signal a child has after all: THREAD none, PARENT that of the caller's leader (P-32). */
export function parentsSignal(arch: VectorArch): Vector[] {
  return [0n, 10n, 17n].map((signal) =>
    draft(
      arch,
      "clone3.parent",
      `caller-sig${signal}`,
      [
        sys(arch, "c", "clone", [arg(signal), 0, 0, 0, 0], {
          child: [
            sys(arch, "g", "clone", [hex(FLAG.PARENT | 9n), 0, 0, 0, 0], { child: [], noPdeathsig: true }),
            sys(arch, "g_none", "wait4", ["0xffffffffffffffff", 0, WALL, 0]),
          ],
          noPdeathsig: true,
        }),
        sys(arch, "w_plain", "wait4", ["0xffffffffffffffff", hex(SCRATCH), 0, 0]),
        sys(arch, "w_all", "wait4", ["0xffffffffffffffff", hex(SCRATCH + 4), WALL, 0]),
        sys(arch, "w_rest", "wait4", ["0xffffffffffffffff", hex(SCRATCH + 8), WALL, 0]),
        sys(arch, "w_none", "wait4", ["0xffffffffffffffff", hex(SCRATCH + 12), WALL, 0]),
      ],
      { nsInit: false },
    ),
  );
}

import { RECORDING_PROFILE } from "../../conform/on-emulator.ts";
import type { Arg, Operation, Region, SysOperation, Vector } from "../../conform/vector.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { CELL, RETURNED } from "../cells.ts";
import type { Lab } from "../lab.ts";
import type { StepSeen } from "../observation.ts";
import type { Plan, PlanStep } from "../plan.ts";
import { FUZZ_ARCHS, type FuzzArch } from "../program.ts";
import { NS_LEVEL, PRELUDE } from "../stand.ts";
import { ARENA, ARENA_MAP, ARENAS, FILL, WORLD_AT } from "../world.ts";

/** Bytes that are as the fill has them may stand between two patches; fewer are told with them. */
const GAP = 16;

/**
 * A program as a case of `trapgate conform`: the lab's memory as it is before the first call, what is done before every
 * program, and the calls with their words. What comes of it nobody has said: `trapgate record` asks a kernel.
 */
export function caseOf(lab: Lab, plan: Plan, about: Pick<Vector, "id" | "group">): Vector {
  const arch = FUZZ_ARCHS[plan.arch] as FuzzArch;
  const records = lab.lay(plan);
  const { profile } = lab.machine;
  const arenas = records.reduce((n, { firstSlot, call }) => Math.max(n, firstSlot + call.objects.length), 0);
  const regions = [...Array.from({ length: arenas }, (_, i) => i), ARENAS - 1].flatMap((arena) =>
    regionsOf(lab, arena),
  );
  const rest = [...records];
  return {
    ...about,
    arch,
    ...(profile.name === RECORDING_PROFILE ? {} : { profile: profile.name }),
    caps: plan.capable ? "all" : "none",
    nsLevel: NS_LEVEL,
    nsInit: false,
    regions,
    dump: regions.filter(({ prot }) => prot.startsWith("r")).map(({ addr, size }) => ({ addr, size })),
    program: [
      ...prelude(lab, arch),
      ...plan.steps.map((step, i) => {
        const earlier = plan.steps.length > 1 ? i : null;
        return operationOf(lab, { step, label: `s${i}`, earlier }, rest, arch);
      }),
    ],
  };
}

function prelude(lab: Lab, arch: FuzzArch): Operation[] {
  const path = lab.standOf(arch).path(arch);
  return PRELUDE.flatMap(({ call, words }, i): Operation[] => {
    const nr = lab.machine.numberOf(call, path);
    if (nr === undefined) return [];
    const child = CHILDREN[call];
    const label = `before${i}`;
    const operation = { op: "sys", label, name: call, nr, args: words } as const;
    if (child === undefined) return [operation];
    return [{ ...operation, child: child.map((name) => waiting(name, `${label}-${name}`, lab, arch)) }];
  });
}

/** What the tasks do that are there before a program: one ends at once, the other waits. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = { vfork: [], fork: ["pause"] };

function waiting(name: string, label: string, lab: Lab, arch: FuzzArch): SysOperation {
  const nr = lab.machine.numberOf(name, lab.standOf(arch).path(arch)) ?? 0;
  return { op: "sys", label, name, nr, args: [] };
}

/** Calls that make a task, which has a list of its own even if there is nothing on it. Nobody runs the list of another. */
const MAKERS: ReadonlySet<string> = new Set([
  "fork",
  "vfork",
  "clone",
  "clone3",
  "clone_with_pids",
  "eclone",
]);

/** Takes the records of a step and of what its children do from `rest`. */
function operationOf(
  lab: Lab,
  { step, label, earlier }: { step: PlanStep; label: string; earlier: number | null },
  rest: StepSeen[],
  arch: FuzzArch,
): SysOperation {
  const record = rest.shift() as StepSeen;
  const wide = lab.standOf(arch).path(arch).wide;
  const child = step.child.map((inner, i) =>
    operationOf(lab, { step: inner, label: `${label}-${i}`, earlier: null }, rest, arch),
  );
  return {
    op: "sys",
    label,
    name: step.call.name,
    nr: record.call.nr,
    args: record.call.registers.map((axis) => wordAt(record, axis, wide, earlier)),
    ...(MAKERS.has(step.call.name) ? { child } : {}),
  };
}

/** @param earlier calls whose results can be had; null where there are none, and what asks for one is a number */
function wordAt(
  { step, call, values }: StepSeen,
  axis: number | undefined,
  wide: boolean,
  earlier: number | null,
): Arg {
  if (axis === undefined || axis < 0) return 0;
  const at = axis * CELL;
  if (earlier !== null && step.cells[at] === RETURNED && call.objectOf[axis] === null) {
    const which = step.cells[at + 1] as number;
    return which < earlier ? { ret: `s${which}` } : 0;
  }
  const lo = BigInt((values.lo[axis] as number) >>> 0);
  const hi = wide ? BigInt((values.hi[axis] as number) >>> 0) : 0n;
  const word = (hi << 32n) | lo;
  return word < 4096n ? Number(word) : `0x${word.toString(16)}`;
}

function regionsOf(lab: Lab, arena: number): Region[] {
  return ARENA_MAP.map(({ page, pages, prot }): Region => {
    const addr = WORLD_AT + arena * ARENA + page * PAGE_SIZE;
    const size = pages * PAGE_SIZE;
    const data = patchesOf(lab.bytes(addr, size));
    return {
      addr: `0x${addr.toString(16)}`,
      size,
      prot: `${prot & 1 ? "r" : "-"}${prot & 2 ? "w" : "-"}-`,
      fill: FILL.toString(16),
      data,
    };
  });
}

/** Where bytes are not the fill. */
function patchesOf(bytes: Uint8Array): { off: number; hex: string }[] {
  const patches: { off: number; hex: string }[] = [];
  for (let from = 0; from < bytes.length; from++) {
    if (bytes[from] === FILL) continue;
    let end = from + 1;
    for (let at = end; at < Math.min(bytes.length, end + GAP); at++) if (bytes[at] !== FILL) end = at + 1;
    patches.push({ off: from, hex: hexOf(bytes.subarray(from, end)) });
    from = end;
  }
  return patches;
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

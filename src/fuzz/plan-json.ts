import type { Axis, CallAxes } from "./axes.ts";
import {
  CELL,
  defaultCells,
  isDefault,
  LITERAL,
  RETURNED,
  SCRATCH,
  SIZEOF,
  setWord,
  TEXTS,
} from "./cells.ts";
import type { Plan, PlanStep } from "./plan.ts";
import { FUZZ_ARCHS, type FuzzProgram, type FuzzStep, type FuzzValue } from "./program.ts";
import { PLACE, PLACEMENTS } from "./torture.ts";

/** A plan in its portable form. */
export function programOf({ arch, capable, steps }: Plan): FuzzProgram {
  return {
    arch: FUZZ_ARCHS[arch] ?? "x86_64",
    ...(capable ? {} : { caps: "none" }),
    steps: steps.map(stepOf),
  };
}

function stepOf({ call, cells, child }: PlanStep): FuzzStep {
  const defaults = defaultCells(call);
  const told = call.axes.filter((axis) => !isDefault(axis, cells, defaults));
  return {
    call: call.name,
    ...(call.form === null ? {} : { form: call.form }),
    args: Object.fromEntries(told.map((axis) => [axis.path, fuzzValueOf(axis, call, cells)])),
    ...(child.length === 0 ? {} : { child: child.map(stepOf) }),
  };
}

function fuzzValueOf(axis: Axis, { axes }: CallAxes, cells: Int32Array): FuzzValue {
  const at = axis.index * CELL;
  const [kind, lo, hi] = [cells[at] as number, cells[at + 1] as number, cells[at + 2] as number];
  if (axis.kind === "pointer") {
    const placement = PLACEMENTS[kind] as (typeof PLACEMENTS)[number];
    return { at: placement.name, ...("alias" in placement.where ? { of: axes[lo]?.path ?? "" } : {}) };
  }
  if (axis.kind === "bytes") return { bytes: TEXTS[lo] ?? "text", length: hi };
  if (kind === SIZEOF) return { sizeof: axes[axis.measures]?.path ?? "", ...(lo === 0 ? {} : { plus: lo }) };
  if (kind === RETURNED) return { ret: lo };
  if (kind === SCRATCH) return { scratch: lo };
  const value = hi * 2 ** 32 + (lo >>> 0);
  if (Number.isSafeInteger(value)) return value;
  return `0x${(hi >>> 0).toString(16)}${(lo >>> 0).toString(16).padStart(8, "0")}`;
}

/**
 * Reads a program.
 * @param calls the calls of a lab
 * @throws RangeError naming the first thing that is no call, no path and no value
 */
export function planFrom({ arch, caps, steps }: FuzzProgram, calls: readonly CallAxes[]): Plan {
  const index = FUZZ_ARCHS.indexOf(arch);
  if (index < 0)
    throw new RangeError(`no architecture is called ${arch}: there are ${FUZZ_ARCHS.join(", ")}`);
  return { arch: index, capable: caps !== "none", steps: steps.map((step) => planStepFrom(step, calls)) };
}

function planStepFrom(
  { call: name, form, args, child = [] }: FuzzStep,
  calls: readonly CallAxes[],
): PlanStep {
  const call = calls.find((c) => c.name === name && c.form === (form ?? null));
  if (call === undefined)
    throw new RangeError(`no call under test is called ${form === undefined ? name : `${name} ${form}`}`);
  const cells = defaultCells(call);
  for (const [path, value] of Object.entries(args)) {
    const axis = call.byPath.get(path);
    if (axis === undefined) throw new RangeError(`${name} has nothing called ${path}`);
    setValue(axis, call, cells, value);
  }
  return { call, cells, child: child.map((step) => planStepFrom(step, calls)) };
}

function setValue(axis: Axis, { name, byPath }: CallAxes, cells: Int32Array, value: FuzzValue): void {
  const at = axis.index * CELL;
  const put = (kind: number, lo = 0, hi = 0): void => {
    cells[at] = kind;
    cells[at + 1] = lo;
    cells[at + 2] = hi;
  };
  const wrong = (): RangeError =>
    new RangeError(`${name}: ${JSON.stringify(value)} is no value of ${axis.path}`);
  if (axis.kind === "pointer") {
    const place = typeof value === "object" && "at" in value ? PLACE.get(value.at) : undefined;
    if (place === undefined) throw wrong();
    put(place, byPath.get((value as { of?: string }).of ?? "")?.index ?? 0);
  } else if (axis.kind === "bytes") {
    if (typeof value !== "object" || !("bytes" in value)) throw wrong();
    put(LITERAL, TEXTS.indexOf(value.bytes), value.length);
  } else if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw wrong();
    setWord(cells, axis.index, value);
  } else if (typeof value === "string") {
    if (!/^0x[0-9a-f]{1,16}$/i.test(value)) throw wrong();
    const word = BigInt(value);
    put(LITERAL, Number(BigInt.asIntN(32, word)), Number(BigInt.asIntN(32, word >> 32n)));
  } else if ("sizeof" in value) put(SIZEOF, value.plus ?? 0);
  else if ("ret" in value) put(RETURNED, value.ret);
  else if ("scratch" in value) put(SCRATCH, value.scratch);
  else throw wrong();
}

import { SCALARS } from "../../abi/ctype.ts";
import { FieldAccessor, type FieldWidth } from "../../abi/field-accessor.ts";
import { layoutOf } from "../../abi/struct.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { CELL, LITERAL, SIZEOF } from "../cells.ts";
import type { Detector } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import type { Lab } from "../lab.ts";
import { failed, type Observation, type StepSeen } from "../observation.ts";
import type { PlacedObject } from "../placed-call.ts";
import { copyPlan, type Plan, type PlanStep } from "../plan.ts";
import { FUZZ_ARCHS } from "../program.ts";
import { PLACEMENTS } from "../torture.ts";
import { withCell } from "../variation.ts";
import { ARENA_MAP } from "../world.ts";

const NAME = "compat-drift";
const NATIVE = FUZZ_ARCHS.indexOf("x86_64");
const COMPAT = FUZZ_ARCHS.indexOf("i386");

/** What stands in the upper half of a register whose lower half is all there is to an argument. */
const RUBBISH = 0x5eed_0001;

/**
 * The same typed program through the 64-bit and the 32-bit layout of its structs comes to the same: the same rung, the
 * same value, the same fields written. Only programs are compared whose every value both can say, and only where neither
 * ends at a rung that its declaration gives to one architecture alone. And what stands in the upper half of a 64-bit
 * register changes nothing for an argument of 32 bits.
 */
export const compatDrift: Detector = {
  name: NAME,
  about: "a 32-bit program gets another answer than a 64-bit one that asks for the same",
  active({ lab, plan }, found) {
    const [step] = plan.steps;
    if (plan.steps.length !== 1 || step === undefined || plan.arch !== NATIVE || step.child.length > 0)
      return;
    const native = answerOf(lab, plan);
    const rubbish = withRubbish(lab, plan);
    if (rubbish !== null)
      report(step, native, answerOf(lab, rubbish), "with rubbish in the upper halves of its ints", found);
    if (lab.placed(step.call, "i386") === null || native.below || !bothCanSay(step)) return;
    const compat = answerOf(lab, { ...plan, arch: COMPAT });
    if (!meetsAnEdge(step, native) && !meetsAnEdge(step, compat))
      report(step, native, compat, "on i386", found);
  },
  explore({ plan, seen }, propose) {
    const [step] = plan.steps;
    if (plan.steps.length !== 1 || step === undefined || plan.arch !== NATIVE || failedFirst(seen)) return;
    for (const { index, type, measures } of step.call.axes) {
      if (type === null || measures >= 0) continue;
      if (SCALARS[type].size === 4) propose(withCell(plan, 0, index, LITERAL, EVERY_BYTE, 0));
      if (SCALARS[type].size !== "long") continue;
      // Where the sign of 32 bits is, and of 64.
      if (SCALARS[type].signed) propose(withCell(plan, 0, index, LITERAL, -1, -1));
      else propose(withCell(plan, 0, index, LITERAL, SIGN, 0));
    }
  },
};

/** Another byte in every place of 32 bits, so that none can be dropped unseen. */
const EVERY_BYTE = 0x1234_5678;

/** The sign bit of 32 bits. */
const SIGN = 0x8000_0000 | 0;

function failedFirst({ steps }: Observation): boolean {
  const [first] = steps;
  return first === undefined || !first.returned || failed(first);
}

function report({ call }: PlanStep, native: Answer, other: Answer, where: string, found: Suspicion[]): void {
  const drift = differenceOf(native, other);
  if (found.length > 0 || drift === null || call.call.decl.differs?.includes(drift.site) === true) return;
  found.push({
    detector: NAME,
    call: call.name,
    rung: native.rung,
    site: drift.site,
    title: `${call.name} ${drift.text}: ${drift.native} on x86_64, ${drift.compat} ${where}`,
    step: 0,
  });
}

/** The program with something in every half register that no argument uses; null when there is none. */
function withRubbish(lab: Lab, plan: Plan): Plan | null {
  const copy = copyPlan(plan);
  const { call, cells } = copy.steps[0] as PlanStep;
  // A form's arguments are narrower than the registers the call itself looks at.
  if (call.form !== null) return null;
  let any = false;
  for (const [axis, isHalf] of (lab.placed(call, "x86_64")?.halves ?? []).entries()) {
    const at = axis * CELL;
    if (!isHalf || cells[at] !== LITERAL) continue;
    cells[at + 2] = RUBBISH;
    any = true;
  }
  return any ? copy : null;
}

interface Answer {
  readonly returned: boolean;
  readonly rung: string | null;
  /** The rung stands on one architecture alone. */
  readonly only: boolean;
  readonly result: number;
  /** A measure tells of fewer bytes than none: as an unsigned number not the same one in 32 bits. */
  readonly below: boolean;
  /** Values written, by path. */
  readonly fields: ReadonlyMap<string, Told>;
  /** Bytes of every object, by axis; infinite for one whose end nobody knows. */
  readonly sizes: readonly number[];
}

/** A value, and the bytes there are for it. */
interface Told {
  readonly value: bigint;
  readonly width: number;
}

interface Drift {
  readonly site: string;
  readonly text: string;
  readonly native: string;
  readonly compat: string;
}

function differenceOf(native: Answer, compat: Answer): Drift | null {
  if (!native.returned || !compat.returned || native.only || compat.only || compat.below) return null;
  if (native.rung !== compat.rung) {
    const said = (rung: string | null): string => rung ?? "success";
    return {
      site: said(compat.rung),
      text: "ends differently",
      native: said(native.rung),
      compat: said(compat.rung),
    };
  }
  if (native.rung === null && native.result !== compat.result && Math.abs(native.result) < 2 ** 31)
    return { site: "result", text: "returns", native: String(native.result), compat: String(compat.result) };
  for (const [path, value] of native.fields) {
    const other = compat.fields.get(path);
    if (other === undefined || isSame(value, other)) continue;
    return { site: path, text: `writes ${path}`, native: `${value.value}`, compat: `${other.value}` };
  }
  return null;
}

/** The same number; what does not fit the narrower of two longs is told as that can. */
function isSame(a: Told, b: Told): boolean {
  if (a.value === b.value) return true;
  if (a.width === b.width) return false;
  const [narrow, wide] = a.width < b.width ? [a, b] : [b, a];
  return BigInt.asIntN(narrow.width * 8, wide.value) !== wide.value;
}

function answerOf(lab: Lab, plan: Plan): Answer {
  const seen = lab.run(plan);
  const step = seen.steps[0] as StepSeen;
  const bad = failed(step);
  const fields = new Map<string, Told>();
  if (!bad && step.returned)
    for (const object of step.call.objects) if (object.written) readFields(lab, step, object, fields);
  const { cells, call } = plan.steps[0] as PlanStep;
  const below = call.axes.some(
    ({ index }) => cells[index * CELL] === SIZEOF && (step.values.hi[index] as number) < 0,
  );
  const only = step.rung?.only !== undefined || (bad && step.rung === null);
  return {
    returned: step.returned && seen.oops === null,
    rung: step.rung?.id ?? null,
    only,
    below,
    result: step.result,
    fields,
    sizes: [...step.values.size].map((size, axis) =>
      step.values.open[axis] === 1 ? Number.POSITIVE_INFINITY : size,
    ),
  };
}

const ROOM = new DataView(new ArrayBuffer(8));

/** The values of an object that was written, those of padding left out. */
function readFields(lab: Lab, step: StepSeen, object: PlacedObject, fields: Map<string, Told>): void {
  const { index, path } = object.axis;
  const start = step.values.address[index] as number;
  if (start < 0) return;
  const { struct } = object.to;
  const read = (name: string, offset: number, width: number, signed: boolean): void => {
    if (!wasWritten(lab, index, start + offset, width)) return;
    for (let i = 0; i < 8; i++) ROOM.setUint8(i, i < width ? lab.peek(start + offset + i) : 0);
    const value = new FieldAccessor(0, width, width as FieldWidth, signed, true).big(ROOM, 0);
    fields.set(name, { value, width });
  };
  if (struct === null) {
    if (!object.to.buffer && object.to.unit === null) read(path, 0, object.elementSize, true);
    return;
  }
  const layout = layoutOf(struct, lab.model, lab.machine.registry.types);
  for (const field of layout.fields) {
    const { width, signed } = layout.field(field.name);
    if (width !== 0) read(`${path}.${field.name}`, field.offset, width, signed);
  }
}

function wasWritten({ tape }: Lab, site: number, address: number, width: number): boolean {
  for (let i = 0; i < tape.length; i++) {
    const start = tape.address[i] as number;
    if (
      tape.write[i] === 1 &&
      tape.site[i] === site &&
      address >= start &&
      address + width <= start + (tape.done[i] as number)
    )
      return true;
  }
  return false;
}

/** Whether an object that begins or ends somewhere in a page goes on past the pages there: one of other size may not. */
function meetsAnEdge({ call, cells }: PlanStep, { sizes }: Answer): boolean {
  return call.axes.some(({ index, pointer }) => {
    const where = pointer === null ? undefined : PLACEMENTS[cells[index * CELL] as number]?.where;
    // One of more bytes than there is room for lies where it would if it were a small one, and so goes on past the page.
    if (where !== undefined && "before" in where) return sizes[index] === Number.POSITIVE_INFINITY;
    if (where === undefined || !("page" in where)) return false;
    const here = ARENA_MAP.find(({ page, pages }) => where.page >= page && where.page < page + pages);
    if (here === undefined) return false;
    return where.offset + (sizes[index] as number) > (here.page + here.pages - where.page) * PAGE_SIZE;
  });
}

/** Whether every value of a step means the same in 32 bits: places in the arenas, numbers that fit a signed int. */
function bothCanSay({ call, cells }: PlanStep): boolean {
  for (const axis of call.axes) {
    const at = axis.index * CELL;
    const kind = cells[at] as number;
    if (axis.pointer !== null) {
      const where = PLACEMENTS[kind]?.where ?? { wraps: true };
      if (!("page" in where || "before" in where) && !("from" in where && where.from === "null"))
        return false;
    } else if (axis.kind !== "bytes" && kind === LITERAL) {
      const lo = cells[at + 1] as number;
      const hi = cells[at + 2] as number;
      if (lo < 0 && hi === 0 && axis.type === "unsigned long" && axis.measures < 0) continue;
      if (hi !== lo >> 31) return false;
      // A negative number of an unsigned long is another number in 32 bits.
      if (lo < 0 && axis.type !== null && !SCALARS[axis.type].signed) return false;
    }
  }
  return true;
}

import { FieldAccessor } from "../../abi/field-accessor.ts";
import { layoutOf } from "../../abi/struct.ts";
import { CELL, LITERAL } from "../cells.ts";
import type { Detector } from "../detector.ts";
import type { Lab } from "../lab.ts";
import { failed, type StepSeen } from "../observation.ts";
import type { PlacedObject } from "../placed-call.ts";
import type { Plan, PlanStep } from "../plan.ts";
import { FUZZ_ARCHS } from "../program.ts";
import { PLACEMENTS } from "../torture.ts";
import { withCell } from "../variation.ts";

const NAME = "compat-drift";
const NATIVE = FUZZ_ARCHS.indexOf("x86_64");
const COMPAT = FUZZ_ARCHS.indexOf("i386");

/**
 * The same typed program through the 64-bit and the 32-bit layout of its structs comes to the same: the same rung, the
 * same value, the same fields written. Only programs are compared whose every value both can say, and only where neither
 * ends at a rung that its declaration gives to one architecture alone.
 */
export const compatDrift: Detector = {
  name: NAME,
  about: "a 32-bit program gets another answer than a 64-bit one that asks for the same",
  active({ lab, plan }, found) {
    const [step] = plan.steps;
    if (plan.steps.length !== 1 || step === undefined || plan.arch !== NATIVE || step.child.length > 0)
      return;
    if (lab.placed(step.call, "i386") === null || !bothCanSay(step)) return;
    const native = answerOf(lab, plan);
    const compat = answerOf(lab, { ...plan, arch: COMPAT });
    const drift = differenceOf(native, compat);
    if (drift === null || step.call.call.decl.differs?.includes(drift.site) === true) return;
    const { name } = step.call;
    found.push({
      detector: NAME,
      call: name,
      rung: native.rung,
      site: drift.site,
      title: `${name} ${drift.text}: ${drift.native} on x86_64, ${drift.compat} on i386`,
      step: 0,
    });
  },
  explore({ plan, seen }, propose) {
    const [step] = plan.steps;
    if (plan.steps.length !== 1 || step === undefined || plan.arch !== NATIVE || seen.steps[0]?.rung !== null)
      return;
    // A value that is cut or widened wrongly shows where it fills its type.
    for (const axis of step.call.axes)
      if (axis.kind === "scalar" && axis.measures < 0)
        propose(withCell(plan, 0, axis.index, LITERAL, TELLING, 0));
  },
};

/** A number whose halves and bytes all differ. */
const TELLING = 0x1234_5678;

interface Answer {
  readonly returned: boolean;
  readonly rung: string | null;
  /** The rung stands on one architecture alone. */
  readonly only: boolean;
  readonly result: number;
  /** Values written, by path; NaN for one that does not fit 32 bits. */
  readonly fields: ReadonlyMap<string, number>;
}

interface Drift {
  readonly site: string;
  readonly text: string;
  readonly native: string;
  readonly compat: string;
}

function differenceOf(native: Answer, compat: Answer): Drift | null {
  if (!native.returned || !compat.returned || native.only || compat.only) return null;
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
    if (Number.isNaN(value) || other === undefined || other === value) continue;
    return { site: path, text: `writes ${path}`, native: String(value), compat: String(other) };
  }
  return null;
}

function answerOf(lab: Lab, plan: Plan): Answer {
  const seen = lab.run(plan);
  const step = seen.steps[0] as StepSeen;
  const bad = failed(step);
  const fields = new Map<string, number>();
  if (!bad && step.returned)
    for (const object of step.call.objects) if (object.written) readFields(lab, step, object, fields);
  const only = step.rung?.only !== undefined || (bad && step.rung === null);
  return {
    returned: step.returned && seen.oops === null,
    rung: step.rung?.id ?? null,
    only,
    result: step.result,
    fields,
  };
}

const ROOM = new DataView(new ArrayBuffer(8));

/** The values of an object that was written, those of padding left out. */
function readFields(lab: Lab, step: StepSeen, object: PlacedObject, fields: Map<string, number>): void {
  const { index, path } = object.axis;
  const start = step.values.address[index] as number;
  if (start < 0) return;
  const { struct } = object.to;
  const read = (name: string, offset: number, width: number, signed: boolean): void => {
    if (!wasWritten(lab, index, start + offset, width)) return;
    for (let i = 0; i < 8; i++) ROOM.setUint8(i, i < width ? lab.peek(start + offset + i) : 0);
    const value = new FieldAccessor(0, width, width as 1 | 2 | 4 | 8, signed, true).int(ROOM, 0);
    fields.set(name, value > 0x7fff_ffff || value < -0x8000_0000 ? Number.NaN : value);
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
      if ((cells[at + 2] as number) !== lo >> 31) return false;
      // A negative number of an unsigned long is another number in 32 bits.
      if (lo < 0 && !/^(int|short|signed char|s8|s16|s32|pid_t|fd|signal)$/.test(axis.type ?? ""))
        return false;
    }
  }
  return true;
}

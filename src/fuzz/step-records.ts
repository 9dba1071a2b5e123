import type { CallAxes } from "./axes.ts";
import { CELL } from "./cells.ts";
import type { StepSeen } from "./observation.ts";
import type { PlacedCall } from "./placed-call.ts";
import type { Plan, PlanStep } from "./plan.ts";
import { FUZZ_ARCHS, type FuzzArch } from "./program.ts";
import { Resolved } from "./resolve.ts";
import { FIRST_TANGLED } from "./torture.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Records of steps of one call on one architecture, and how many of them the present program has. */
interface Room {
  program: number;
  used: number;
  readonly records: Writable<StepSeen>[];
}

/**
 * What is noted of the steps of a program. The records are those of the program before it: to make new ones, with the
 * words they hold, would cost as much as to run a call.
 */
export class StepRecords {
  private readonly placed: (call: CallAxes, arch: FuzzArch) => PlacedCall | null;
  private readonly rooms: Room[] = [];
  private readonly steps: StepSeen[] = [];
  private program = 0;

  constructor(placed: (call: CallAxes, arch: FuzzArch) => PlacedCall | null) {
    this.placed = placed;
  }

  /** A record for every step, children's after the one that makes them. Good until this is asked again. */
  of(plan: Plan): StepSeen[] {
    this.program++;
    this.steps.length = 0;
    let slot = 0;
    for (const step of plan.steps) slot = this.add(step, plan.arch, slot);
    return this.steps;
  }

  /** @returns the first arena that is free */
  private add(step: PlanStep, arch: number, slot: number): number {
    const record = this.record(step, arch);
    record.step = step;
    record.firstSlot = slot;
    record.ran = false;
    record.returned = false;
    record.result = 0;
    record.from = 0;
    record.to = 0;
    record.rung = null;
    record.rungIndex = -1;
    record.changed = false;
    record.tangled = isTangled(step);
    this.steps.push(record);
    let next = slot + record.call.objects.length;
    for (const inner of step.child) next = this.add(inner, arch, next);
    return next;
  }

  private record(step: PlanStep, arch: number): Writable<StepSeen> {
    const key = step.call.id * FUZZ_ARCHS.length + arch;
    const room = (this.rooms[key] ??= { program: 0, used: 0, records: [] });
    if (room.program !== this.program) {
      room.program = this.program;
      room.used = 0;
    }
    return (room.records[room.used++] ??= this.make(step, FUZZ_ARCHS[arch] as FuzzArch));
  }

  private make(step: PlanStep, arch: FuzzArch): StepSeen {
    const call = this.placed(step.call, arch);
    if (call === null) throw new RangeError(`${step.call.name} has no number on ${arch}`);
    return {
      step,
      call,
      values: new Resolved(step.call.axes.length, call.halves),
      firstSlot: 0,
      ran: false,
      returned: false,
      result: 0,
      rung: null,
      rungIndex: -1,
      from: 0,
      to: 0,
      changed: false,
      tangled: false,
    };
  }
}

/** Whether objects lie on one another. */
function isTangled({ call, cells }: PlanStep): boolean {
  for (const { index, pointer } of call.axes)
    if (pointer !== null && (cells[index * CELL] as number) >= FIRST_TANGLED) return true;
  return false;
}

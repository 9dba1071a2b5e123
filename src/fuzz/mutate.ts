import type { Axis } from "./axes.ts";
import { CELL, defaultCells, LITERAL, NULL } from "./cells.ts";
import type { Lab } from "./lab.ts";
import type { Plan, PlanStep } from "./plan.ts";
import { FUZZ_ARCHS } from "./program.ts";
import type { Rng } from "./rng.ts";
import { type Candidates, candidatesOf, countOf } from "./values.ts";

/** Changes programs in the terms of their declarations: an axis at a time, a value of its type. */
export class Mutator {
  private readonly lab: Lab;
  private readonly rng: Rng;
  private readonly tables: (readonly Candidates[])[] = [];
  private readonly defaults: Int32Array[] = [];
  private readonly pids: readonly number[];

  constructor(lab: Lab, rng: Rng) {
    this.lab = lab;
    this.rng = rng;
    const archs = lab.target.archs;
    this.pids = archs.flatMap((arch) => lab.standOf(arch).pids);
    for (const call of lab.calls) {
      this.tables[call.id] = call.axes.map((axis) => candidatesOf(axis, call, this.pids));
      this.defaults[call.id] = defaultCells(call);
    }
  }

  /** Changes a step in one to four places. */
  change(step: PlanStep): void {
    const { rng } = this;
    const { axes, fixed } = step.call;
    if (axes.length === 0) return;
    let changes = 1;
    while (changes < 5 && (rng.bits() & 1) === 0) changes++;
    for (let i = 0; i < changes; i++) {
      const axis = axes[rng.below(axes.length)] as Axis;
      if (fixed === null || fixed.axis !== axis.index) this.changeAxis(step, axis);
    }
  }

  /** Another way in, or another right to do things, now and then. */
  changeSetting(plan: Plan): void {
    const { rng, lab } = this;
    const dice = rng.bits() & 31;
    if (dice === 0) plan.capable = !plan.capable;
    if (dice > 2) return;
    const arch = FUZZ_ARCHS.indexOf(rng.pick(lab.target.archs));
    const name = FUZZ_ARCHS[arch] ?? "x86_64";
    if (plan.steps.every((step) => this.exists(step, name))) plan.arch = arch;
  }

  private exists(step: PlanStep, arch: (typeof FUZZ_ARCHS)[number]): boolean {
    return this.lab.placed(step.call, arch) !== null && step.child.every((inner) => this.exists(inner, arch));
  }

  private changeAxis({ call, cells }: PlanStep, axis: Axis): void {
    const { rng } = this;
    // What lies behind no pointer is nowhere: the pointer comes first.
    if (axis.holder >= 0 && cells[axis.holder * CELL] === NULL) cells[axis.holder * CELL] = 0;
    const at = axis.index * CELL;
    const dice = rng.bits() & 15;
    if (dice === 0) {
      const defaults = this.defaults[call.id] as Int32Array;
      for (let i = 0; i < CELL; i++) cells[at + i] = defaults[at + i] as number;
      return;
    }
    const table = (this.tables[call.id] as readonly Candidates[])[axis.index] as Candidates;
    const from = rng.below(countOf(table)) * CELL;
    if (axis.kind === "flags" && cells[at] === LITERAL && dice > 4) {
      // Bits come and go one by one.
      cells[at + 1] = (cells[at + 1] as number) ^ (table[from + 1] as number);
      cells[at + 2] = (cells[at + 2] as number) ^ (table[from + 2] as number);
    } else if (dice === 1 && axis.kind === "scalar") this.disturb(cells, at);
    else for (let i = 0; i < CELL; i++) cells[at + i] = table[from + i] as number;
  }

  /** A little more, a little less, a bit, or anything at all. */
  private disturb(cells: Int32Array, at: number): void {
    const { rng } = this;
    if (cells[at] !== LITERAL) cells[at + 2] = 0;
    cells[at] = LITERAL;
    const lo = cells[at + 1] as number;
    switch (rng.bits() & 3) {
      case 0:
        cells[at + 1] = lo + 1;
        break;
      case 1:
        cells[at + 1] = lo - 1;
        break;
      case 2:
        cells[at + 1] = lo ^ (1 << (rng.bits() & 31));
        break;
      default:
        cells[at + 1] = rng.bits();
        cells[at + 2] = (rng.bits() & 3) === 0 ? rng.bits() : 0;
    }
  }
}

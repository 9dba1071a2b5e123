import type { EntryPath } from "../arch/entry-path.ts";
import type { Task } from "../kernel/task/task.ts";
import { CELL, RETURNED } from "./cells.ts";
import type { StepSeen } from "./observation.ts";

/** The result register as a signed number. */
export function resultOf(task: Task, path: EntryPath): number {
  const { regs } = task;
  const at = regs.base + path.resultIndex;
  const lo = regs.i32[at] as number;
  if (!path.wide) return lo;
  return (regs.i32[at + 1] as number) * 2 ** 32 + (lo >>> 0);
}

/** Loads a step's words; every other register that carries one is 0. */
export function load(
  task: Task,
  path: EntryPath,
  { call, values, step }: StepSeen,
  results: readonly number[] | null,
): void {
  const { i32, base } = task.regs;
  const wide = task.regs.layout.wordSize === 8;
  const { argIndex } = path;
  const { registers } = call;
  const nr = base + path.nrIndex;
  i32[nr] = call.nr;
  if (wide) i32[nr + 1] = 0;
  for (let i = 0; i < argIndex.length; i++) {
    const to = base + (argIndex[i] as number);
    const axis = registers[i];
    let lo = 0;
    let hi = 0;
    if (axis !== undefined) {
      lo = values.lo[axis] as number;
      hi = values.hi[axis] as number;
      if (results !== null && step.cells[axis * CELL] === RETURNED && call.objectOf[axis] === null) {
        const value = results[step.cells[axis * CELL + 1] as number] ?? 0;
        lo = value | 0;
        hi = Math.floor(value / 2 ** 32) | 0;
      }
    }
    i32[to] = lo;
    if (wide) i32[to + 1] = hi;
  }
}

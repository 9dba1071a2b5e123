import type { Rung } from "../../abi/ladder.ts";
import type { Lab } from "../lab.ts";
import type { StepSeen } from "../observation.ts";
import { NOBODY, SEVERAL, type Tape } from "../tape.ts";

/** What a failed call has left behind. */
export interface Trace {
  /** A pointer's path, or `state`. */
  readonly site: string;
  /** "writes 4 bytes at to", "has changed task.comm". */
  readonly what: string;
}

/**
 * The first thing a failed step leaves behind that its declaration does not allow; null for none.
 * @param thorough compare the kernel's whole state, which takes some microseconds; else only a quick look
 */
export function tracesOf(lab: Lab, step: StepSeen, thorough: boolean): Trace | null {
  return writtenBy(lab.tape, step) ?? changedBy(lab, step, thorough);
}

function writtenBy(tape: Tape, step: StepSeen): Trace | null {
  const { rung } = step;
  const { axes } = step.step.call;
  let passed = -3;
  for (let i = step.tangled ? step.to : step.from; i < step.to; i++) {
    if (tape.write[i] !== 1 || tape.done[i] === 0) continue;
    const site = tape.site[i] as number;
    if (site === SEVERAL || site === passed) continue;
    passed = site;
    const path = site === NOBODY ? "" : (axes[site]?.path ?? "");
    if (leaves(rung, path) || isFault(step, tape, site)) continue;
    return {
      site: path,
      what: `writes ${tape.done[i]} bytes at ${path === "" ? "memory of no argument" : path}`,
    };
  }
  return null;
}

function changedBy(lab: Lab, step: StepSeen, thorough: boolean): Trace | null {
  if ((!step.changed && !thorough) || leaves(step.rung, "state")) return null;
  if (!thorough) return { site: "state", what: "has changed the kernel's state" };
  const difference = lab.stateDifference();
  return difference === null ? null : { site: "state", what: `has changed ${difference}` };
}

/** What the declaration says a call that fails there leaves behind. */
function leaves(rung: Rung | null, what: string): boolean {
  const left = rung?.leaves ?? [];
  return left.some((name) => what === name || what.startsWith(`${name}.`) || what.startsWith(`${name}[`));
}

/** What is written of an object stays written when another byte of it cannot be (U-03), before it or behind. */
function isFault({ rung, from, to }: StepSeen, { done, size, site: sites }: Tape, site: number): boolean {
  if (rung?.errno !== "EFAULT") return false;
  for (let i = from; i < to; i++)
    if ((sites[i] === site || sites[i] === SEVERAL) && (done[i] as number) < (size[i] as number)) return true;
  return false;
}

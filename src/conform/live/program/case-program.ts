import { capabilitySet } from "../../capability-set.ts";
import type { Vector } from "../../vector.ts";
import { addressOfWord } from "../../words.ts";
import type { Bits } from "../asm/encodings.ts";
import { Emitter } from "./emitter.ts";
import { CaseTooLarge, LAYOUT, type Layout } from "./layout.ts";
import { type Plan, planOf } from "./plan.ts";
import { emitCapabilities, emitEntry, emitLevels, emitRegions, NEWPID, SIGCHLD, Steps } from "./stage.ts";
import { emitTasks } from "./task.ts";

/** The status of the task that reads it; in a namespace too, where /proc is that of level 0. */
const STATUS = "/proc/thread-self/status\0";

/** A case as machine code. */
export interface CaseProgram {
  readonly bits: Bits;
  /** What lies at the layout's blob. */
  readonly code: Uint8Array;
  /** Where it starts. */
  readonly entry: number;
  readonly plan: Plan;
  /** The flags its first task is made with. */
  readonly firstFlags: number;
  /** What has to work before the case begins; a failure has the number of one, from 1. */
  readonly steps: readonly string[];
  /** The instruction after each trap, by label. */
  readonly ips: ReadonlyMap<string, number>;
}

/** The width of the program that a case is run by. */
export function bitsOf(vector: Vector): Bits {
  return vector.arch === "i386" ? 32 : 64;
}

/** How a case is compiled. */
export interface CompileOptions {
  /** Descriptors of the surroundings, which no task of the case may have. */
  readonly pipes: readonly number[];
  /** Tasks of a lower priority run only when all others sleep. */
  readonly strict: boolean;
  /** The case's memory is there already. */
  readonly mapped?: true;
}

/** Compiles a case. @throws CaseTooLarge when there is no room for it */
export function compileCase(vector: Vector, options: CompileOptions): CaseProgram {
  const bits = bitsOf(vector);
  const layout = LAYOUT[bits];
  const out = new Emitter(bits, layout.blob);
  const plan = planOf(vector, layout.report);
  const status = out.data(new TextEncoder().encode(STATUS));
  const steps = new Steps(out);
  const ips = new Map<string, number>();
  const entry = emitEntry(out, options.pipes);
  emitLevels(out, vector, steps);
  if (options.mapped !== true) emitRegions(out, vector.regions, steps);
  if (vector.caps !== "all") emitCapabilities(out, capabilitySet(vector), steps);
  emitTasks({ out, vector, plan, steps, status, strict: options.strict, ips });
  const code = out.finish();
  checkRoom(vector, layout, code.length, plan.size);
  const firstFlags = SIGCHLD | (vector.nsLevel > 0 ? NEWPID : 0);
  return { bits, code, entry, plan, firstFlags, steps: steps.names, ips };
}

function checkRoom({ regions }: Vector, layout: Layout, code: number, report: number): void {
  if (code > layout.blobSize || report > layout.reportSize)
    throw new CaseTooLarge("it is too large for the program that runs cases: map or dump less");
  const taken = regions.find(({ addr, size }) => {
    const start = addressOfWord(addr);
    return start < layout.end && layout.start < start + size;
  });
  if (taken !== undefined)
    throw new CaseTooLarge(`its memory at ${taken.addr} is where the program that runs cases lies`);
}

import type { EnterRecord, ExitRecord, TraceRung } from "../kernel/trace/record.ts";
import { TextTrace } from "../kernel/trace/text.ts";
import { type Answer, isSkipped, type Skipped } from "./answer.ts";
import type { EmulatedKernel } from "./on-emulator.ts";
import type { Vector } from "./vector.ts";

/** What one operation of a case looked like on the emulated kernel. */
export interface TranscriptLine {
  /** In strace's dialect: `getpid() = 1`. */
  readonly text: string;
  /** The rung that decided a failure; null where none did. */
  readonly rung: TraceRung | null;
}

/** A case as it ran. */
export interface Transcript {
  readonly outcome: Answer | Skipped;
  /** By label; an operation that was never reached is absent. */
  readonly lines: ReadonlyMap<string, TranscriptLine>;
}

/** Runs a case on the emulated kernel once more, and writes down each of its calls. */
export function transcriptOf(kernel: EmulatedKernel, vector: Vector): Transcript {
  const entered = new Map<number, { readonly label: string; readonly record: EnterRecord }>();
  const lines = new Map<string, TranscriptLine>();
  const outcome = kernel.run(vector, (record, label) => {
    if (record.kind === "enter" && label !== null) {
      entered.set(record.seq, { label, record });
      lines.set(label, lineOf(record, null));
    }
    if (record.kind !== "exit") return;
    const call = entered.get(record.enter);
    if (call !== undefined) lines.set(call.label, lineOf(call.record, record));
  });
  return { outcome, lines: isSkipped(outcome) ? new Map() : lines };
}

/** One call on a line of its own, whatever happened between its entry and its exit. */
function lineOf(enter: EnterRecord, exit: ExitRecord | null): TranscriptLine {
  const text = new TextTrace({ prefix: false, align: 0 });
  const line = text.push(enter) + (exit === null ? text.flush() : text.push(exit));
  const outcome = exit?.outcome;
  return { text: line.trimEnd(), rung: outcome?.kind === "error" ? outcome.rung : null };
}

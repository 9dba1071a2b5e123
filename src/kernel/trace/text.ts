import { oneLine } from "./escape.ts";
import { callName, exitedText, outcomeText, signalLine } from "./line-text.ts";
import type { EnterRecord, ExitRecord, TraceOut, TraceRecord, TraceTask } from "./record.ts";
import { ansi, type Paint, plain, width } from "./style.ts";
import type { TraceValue } from "./value.ts";
import { valueText } from "./value-text.ts";

/** Whose pid numbers stand in front of a line. */
export type PidView = "own" | "root" | "all";

/** How records are written. */
export interface TextOptions {
  /** `[pid 99]` in front of every line. Default true. */
  readonly prefix?: boolean;
  /**
   * The number in the prefix: the task's own namespace's (default), the initial namespace's, or one a level, as
   * `[pid 5/77/99]`. Numbers inside arguments and results are always those the guest used.
   */
  readonly pids?: PidView;
  /** On failure the rung, its rules and the reason behind the errno. Default false. */
  readonly reasons?: boolean;
  /** Names in front of the arguments. Default false. */
  readonly names?: boolean;
  /** Shorten long arrays, strings and structs. Default true. */
  readonly abbreviate?: boolean;
  /** Column the ` = ` is moved to, 0 for none. Default 40. */
  readonly align?: number;
  /** ANSI colours. Default false. */
  readonly color?: boolean;
}

/** What of an argument list waits for the exit. */
interface Waiting {
  /** The part of the first waiting argument that was written at entry. */
  readonly begun: string;
  readonly waiting: readonly ArgumentText[];
}

/** A line begun at entry. */
interface Started extends Waiting {
  readonly record: EnterRecord;
  /** The argument list so far. */
  readonly written: string;
}

const NOTHING_WAITS: Waiting = { begun: "", waiting: [] };

interface ArgumentText {
  readonly name: string;
  readonly value: TraceValue;
}

/**
 * Writes records in strace's dialect: a call's arguments as far as they are known at entry, the rest and the result
 * at exit, `<unfinished ...>` and `<... wait4 resumed>` where another task comes between.
 *
 * @example
 * ```ts
 * import { boot, Guest, TextTrace } from "trapgate";
 * const text = new TextTrace({ prefix: false, align: 0 });
 * let lines = "";
 * const machine = boot({ trace: (record) => (lines += text.push(record)) });
 * new Guest(machine, machine.init).call("getpid");
 * console.log(lines + text.flush()); // getpid() = 1
 * ```
 */
export class TextTrace {
  private readonly paint: Paint;
  private readonly prefix: boolean;
  private readonly pids: PidView;
  private readonly reasons: boolean;
  private readonly names: boolean;
  private readonly align: number;
  private readonly style: { readonly abbreviate: boolean };
  /** The line that has no end yet; at most one. */
  private held: Started | null = null;
  /** Calls whose line was ended by `<unfinished ...>`, by the sequence number of their enter record. */
  private readonly unfinished: Map<number, Started> = new Map();

  constructor(options: TextOptions = {}) {
    this.paint = options.color === true ? ansi : plain;
    this.prefix = options.prefix ?? true;
    this.pids = options.pids ?? "own";
    this.reasons = options.reasons ?? false;
    this.names = options.names ?? false;
    this.align = options.align ?? 40;
    this.style = { abbreviate: options.abbreviate ?? true };
  }

  /** The lines that are complete once `record` is known, each with its newline; often none, at times two. */
  push(record: TraceRecord): string {
    switch (record.kind) {
      case "enter": {
        const before = this.flush();
        this.held = this.start(record);
        return before;
      }
      case "exit":
        return this.exit(record);
      case "signal":
        return this.flush() + this.line(record.task, this.paint("signal", signalLine(record)));
      case "exited":
        return this.flush() + this.line(record.task, this.paint("end", exitedText(record)));
      case "oops":
        return (
          this.flush() +
          this.line(record.task, this.paint("error", `!!! oops: ${oneLine(firstLine(record.error))} !!!`))
        );
    }
  }

  /** Ends the line that waits for its call to end, with `<unfinished ...>`. To be called at the end of a trace. */
  flush(): string {
    const { held } = this;
    if (held === null) return "";
    this.held = null;
    this.unfinished.set(held.record.seq, held);
    return this.line(held.record.task, `${this.opening(held)}${this.paint("faint", " <unfinished ...>")}`);
  }

  private exit(record: ExitRecord): string {
    const { held } = this;
    if (held?.record.seq === record.enter) {
      this.held = null;
      return this.finish(record, this.opening(held), held);
    }
    const before = this.flush();
    const started = this.unfinished.get(record.enter);
    this.unfinished.delete(record.enter);
    const resumed = `${this.paint("faint", "<...")} ${this.paint("call", callName(record.call))} ${this.paint("faint", "resumed>")}`;
    // An argument list that was open ends with ", " before <unfinished ...>; the next argument follows at once.
    return before + this.finish(record, resumed, started ?? NOTHING_WAITS);
  }

  private finish(record: ExitRecord, opening: string, { begun, waiting }: Waiting): string {
    let rest = waiting.map((arg) => this.argument(arg, record.outs)).join(", ");
    if (rest.startsWith(begun)) rest = rest.slice(begun.length);
    const start = `${this.before(record.task)}${opening}${rest})`;
    return `${start}${this.gap(start)}${outcomeText(record.outcome, this.paint, this.reasons)}\n`;
  }

  /** What is known at entry is written: every argument before the first the call may write to, and its in-half. */
  private start(record: EnterRecord): Started {
    const { args } = record;
    const first = args.findIndex((arg) => waits(arg.value));
    const known = first < 0 ? args : args.slice(0, first);
    let written = known.map((arg) => this.argument(arg, [])).join(", ");
    const open = first < 0 ? undefined : args[first];
    if (open === undefined) return { record, written, begun: "", waiting: [] };
    if (first > 0) written += ", ";
    const begun = open.value.kind === "pointer" && open.value.to === undefined ? "" : this.argument(open, []);
    // The bracket stays open for ` => `.
    const half = begun.endsWith("]") ? begun.slice(0, -1) : begun;
    return { record, written: written + half, begun: half, waiting: args.slice(first) };
  }

  private opening({ record, written }: Started): string {
    return `${this.paint("call", callName(record.call))}(${written}`;
  }

  private argument({ name, value }: ArgumentText, outs: readonly TraceOut[]): string {
    const own = outs.filter((out) => out.at[0] === name);
    const text = this.withOuts(value, own);
    return this.names ? `${name}=${text}` : text;
  }

  /** A value and what the call made of it: `[77]`, `[16 => 12]`, `{…} => {parent_tid=[77]}`. */
  private withOuts(value: TraceValue, outs: readonly TraceOut[]): string {
    const text = valueText(value, this.style);
    const whole = outs.find((out) => out.at.length === 1);
    if (whole !== undefined) {
      const after = valueText(whole.value, this.style);
      if (value.kind !== "pointer" || value.to === undefined || after === text) return after;
      if (text.startsWith("[") && after.startsWith("[")) return `${text.slice(0, -1)} => ${after.slice(1)}`;
      return `${text} => ${after}`;
    }
    if (outs.length === 0) return text;
    const fields = outs.map((out) => `${out.at.slice(1).join(".")}=${valueText(out.value, this.style)}`);
    return `${text} => {${fields.join(", ")}}`;
  }

  private line(task: TraceTask, text: string): string {
    return `${this.before(task)}${text}\n`;
  }

  private before(task: TraceTask): string {
    if (!this.prefix) return "";
    const number =
      this.pids === "all" ? task.pids.join("/") : this.pids === "root" ? (task.pids[0] ?? 0) : task.tid;
    return `${this.paint("task", `[pid ${number}]`)} `;
  }

  /** What stands before `= `: at least one space, more up to the column. */
  private gap(start: string): string {
    return " ".repeat(Math.max(1, this.align - width(start)));
  }
}

/** Whether the exit record may add something to a value. */
function waits(value: TraceValue): boolean {
  switch (value.kind) {
    case "pointer":
      return value.state === "pending" || value.inout === true || (value.to !== undefined && waits(value.to));
    case "struct":
      return value.fields.some((field) => waits(field.value));
    case "array":
      return value.items.some(waits);
    default:
      return false;
  }
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
}

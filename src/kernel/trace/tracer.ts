import { hiOf, loOf } from "../../abi/address.ts";
import type { CompiledSyscall } from "../../abi/compile.ts";
import { type ErrnoFamily, type ErrnoName, errnoMeaning, errnoName, errnoNumber } from "../../abi/errno.ts";
import type { Rung } from "../../abi/ladder.ts";
import { FLAG_SETS, STRUCTS } from "../../abi/structs/index.ts";
import { Types } from "../../abi/types.ts";
import type { EntryPath } from "../../arch/entry-path.ts";
import type { PtRegs } from "../../arch/pt-regs.ts";
import type { AddressSpace } from "../../mm/address-space.ts";
import { decodeArgs, decodeOuts } from "./arguments.ts";
import type { DecodeLimits, PendingOut, TypeLookup } from "./decode-context.ts";
import type { EnterRecord, RestartCode, SignalInfo, TraceHead, TraceResult, TraceSink } from "./record.ts";
import type { TraceRole } from "./value.ts";
import { namedSignal } from "./wait-status.ts";
import { wordHex } from "./word.ts";

/** What a tracer needs of a task. */
export interface TracedTask {
  readonly regs: PtRegs;
  /** Null once the task has let go of its memory. */
  readonly mm: AddressSpace | null;
  /** The task's pid number at every level, level 0 first. */
  pidNumbers(): readonly number[];
  readonly comm: string;
}

/** How a call ended, as the gate knows it. */
export type TraceOutcome =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "error"; readonly errno: ErrnoName; readonly rung: Rung | null }
  | { readonly kind: "restart"; readonly code: RestartCode }
  | { readonly kind: "noreturn" };

/** How a task ended: its exit code, or the signal that killed it. */
export interface ExitStatus {
  readonly code?: number | undefined;
  readonly signal?: number | undefined;
}

/** What a tracer is told once. */
export interface TracerOptions {
  /** Where declarations' structs and flag sets are found. Default: trapgate's own. */
  readonly types?: TypeLookup;
  /** Comparable kernel version: names of flags that belong to another era are left out. Default: the newest. */
  readonly kernel?: number;
  /** Whose errno numbers hold. Default generic. */
  readonly errnos?: ErrnoFamily;
  /** How much is recorded of one call. */
  readonly limits?: DecodeLimits;
  /** Meanings beyond the declared type, by `call.argument`. Default: {@link ARGUMENT_ROLES}. */
  readonly roles?: Readonly<Record<string, TraceRole>>;
  /**
   * Whether the call that ends now has written at an address. Without it every out-pointer of a call that succeeded
   * counts as written, but for a pid of 0, which says that there was nothing to report.
   */
  readonly written?: (address: number) => boolean;
}

/** The arguments whose C type does not tell what they are: the wait calls' status word. */
export const ARGUMENT_ROLES: Readonly<Record<string, TraceRole>> = {
  "wait4.stat_addr": "wait-status",
  "waitpid.stat_addr": "wait-status",
};

interface OpenCall {
  readonly record: EnterRecord;
  readonly call: CompiledSyscall | null;
  readonly path: EntryPath;
  readonly pending: readonly PendingOut[];
}

/**
 * Makes {@link TraceRecord}s of what the gate reports. Arguments are decoded when a call is entered, what it wrote
 * when it ends; memory is only peeked at. A machine without a tracer pays for one test of a null field a call.
 */
export class Tracer {
  private readonly sink: TraceSink;
  private readonly options: TracerOptions;
  private readonly types: TypeLookup;
  private readonly open: Map<TracedTask, OpenCall> = new Map();
  private seq = 0;

  constructor(sink: TraceSink, options: TracerOptions = {}) {
    this.sink = sink;
    this.options = options;
    this.types = options.types ?? new Types(STRUCTS, FLAG_SETS);
  }

  /**
   * A task has entered the kernel. To be called after {@link EntryPath.begin} and before the handler.
   * @param call null for a number that is in no table; one without any number counts as such
   * @param nr the table index asked for, −1 beyond every table
   * @param sixth the sixth argument where it was read from the user's stack
   */
  enter(task: TracedTask, call: CompiledSyscall | null, path: EntryPath, nr: number, sixth: number): void {
    const known = call !== null && Object.keys(call.decl.numbers).length > 0 ? call : null;
    const { args, pending } = decodeArgs(task, known, path, sixth, {
      types: this.types,
      kernel: this.options.kernel,
      limits: this.options.limits,
      roles: this.options.roles ?? ARGUMENT_ROLES,
    });
    const record: EnterRecord = {
      kind: "enter",
      ...this.head(task),
      call: {
        name: known?.nameIn(path.table) ?? null,
        nr,
        nrWord: wordHex({
          lo: task.regs.lo(path.convention.number),
          hi: task.regs.hi(path.convention.number),
        }),
        path: path.name,
        table: path.table,
        model: path.model.name,
      },
      args,
    };
    this.open.set(task, { record, call: known, path, pending });
    this.sink(record);
  }

  /** The call the task is in has ended. Ignored when its entry was not traced. */
  exit(task: TracedTask, outcome: TraceOutcome): void {
    const open = this.open.get(task);
    if (open === undefined) return;
    this.open.delete(task);
    const result = this.result(open.call, outcome);
    const outs = decodeOuts(task, open.call, open.path, open.pending, result, {
      types: this.types,
      kernel: this.options.kernel,
      limits: this.options.limits,
      roles: this.options.roles ?? ARGUMENT_ROLES,
      written: this.options.written,
    });
    const { record } = open;
    this.sink({
      kind: "exit",
      ...this.head(task),
      enter: record.seq,
      call: record.call,
      outcome: result,
      outs,
    });
  }

  /** A signal is delivered to the task. */
  signal(task: TracedTask, signo: number, info: SignalInfo): void {
    this.sink({ kind: "signal", ...this.head(task), signal: signo, name: namedSignal(signo), info });
  }

  /** The task is gone; the call it was in, if any, does not return. */
  exited(task: TracedTask, status: ExitStatus): void {
    this.exit(task, { kind: "noreturn" });
    const signal = status.signal ?? null;
    this.sink({
      kind: "exited",
      ...this.head(task),
      code: signal === null ? (status.code ?? 0) : null,
      signal,
      signalName: signal === null ? null : namedSignal(signal),
    });
  }

  /** A handler threw: a defect of trapgate. */
  oops(task: TracedTask, error: string): void {
    this.sink({ kind: "oops", ...this.head(task), error });
  }

  /** Remembers which calls are under way, and how many records there were; what is returned goes back there. */
  snapshot(): () => void {
    const { seq } = this;
    const open = [...this.open];
    return () => {
      this.seq = seq;
      this.open.clear();
      for (const [task, call] of open) this.open.set(task, call);
    };
  }

  private head(task: TracedTask): TraceHead {
    const pids = [...task.pidNumbers()];
    return { seq: ++this.seq, task: { pids, tid: pids[pids.length - 1] ?? 0, comm: task.comm } };
  }

  private result(call: CompiledSyscall | null, outcome: TraceOutcome): TraceResult {
    const family = this.options.errnos ?? "generic";
    switch (outcome.kind) {
      case "error":
        return failed(outcome.errno, outcome.rung, family);
      case "value": {
        const { value } = outcome;
        const errno = value < 0 ? errnoName(-value, family) : undefined;
        if (errno !== undefined) return failed(errno, null, family);
        if (call?.decl.returns !== "addr") return { kind: "value", value };
        return { kind: "value", value, address: wordHex({ lo: loOf(value), hi: hiOf(value) }) };
      }
      default:
        return outcome;
    }
  }
}

function failed(errno: ErrnoName, rung: Rung | null, family: ErrnoFamily): TraceResult {
  return {
    kind: "error",
    errno,
    number: errnoNumber(errno, family),
    meaning: errnoMeaning(errno),
    rung: rung === null ? null : { id: rung.id, rules: [...rung.rules], reason: rung.reason },
  };
}

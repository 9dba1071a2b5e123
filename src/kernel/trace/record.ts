import type { Hex, TraceValue } from "./value.ts";

/**
 * One thing that happened at the boundary. A record holds everything that was seen and is plain JSON: numbers,
 * strings, and 64-bit words in hexadecimal. What of it is shown, and how, is decided when it is rendered.
 */
export type TraceRecord = EnterRecord | ExitRecord | SignalRecord | ExitedRecord | OopsRecord;

/** Where records go, one call a record, in order. */
export type TraceSink = (record: TraceRecord) => void;

/** The task a record is about. */
export interface TraceTask {
  /** Its pid number at every level, the initial namespace first. */
  readonly pids: readonly number[];
  /** Its pid number in its own namespace: the last of `pids`. */
  readonly tid: number;
  /** Its name. */
  readonly comm: string;
}

/** What every record has. */
export interface TraceHead {
  /** Position in the trace, from 1, without gaps. */
  readonly seq: number;
  readonly task: TraceTask;
}

/** Which call, and the way it came in. */
export interface TraceCall {
  /** The call's name; null for a number that is in no table here. */
  readonly name: string | null;
  /** The number as the table was asked for it; −1 for one beyond every table. */
  readonly nr: number;
  /** The number register as it was. */
  readonly nrWord: Hex;
  /** The entry path: `x86_64/syscall`, `ia32/int80`, … */
  readonly path: string;
  /** The table that path uses. */
  readonly table: string;
  /** The data model of the caller's structs. */
  readonly model: string;
}

/** One argument: as a word, and as what the declaration makes of it. */
export interface TraceArg {
  readonly name: string;
  /** Its C type. */
  readonly type: string;
  /** The register word. */
  readonly raw: Hex;
  readonly value: TraceValue;
}

/** A task enters the kernel; in-arguments are decoded. */
export interface EnterRecord extends TraceHead {
  readonly kind: "enter";
  readonly call: TraceCall;
  readonly args: readonly TraceArg[];
}

/** A call ends; out-arguments are decoded. Every enter record has exactly one of these once its call is over. */
export interface ExitRecord extends TraceHead {
  readonly kind: "exit";
  /** `seq` of the enter record. */
  readonly enter: number;
  readonly call: TraceCall;
  readonly outcome: TraceResult;
  /** What the call wrote, in the order of the arguments. */
  readonly outs: readonly TraceOut[];
}

/** Something a call wrote, or would have written. */
export interface TraceOut {
  /** Argument name, then the names of the struct fields that lead to the out-pointer. */
  readonly at: readonly string[];
  readonly value: TraceValue;
}

/** How a call ended. */
export type TraceResult = TraceReturned | TraceFailed | TraceRestarted | TraceNoReturn;

/** The call returned a value. */
export interface TraceReturned {
  readonly kind: "value";
  readonly value: number;
  /** Present where the declared return type is an address. */
  readonly address?: Hex;
}

/** The call failed. */
export interface TraceFailed {
  readonly kind: "error";
  readonly errno: string;
  /** The errno's number, positive. */
  readonly number: number;
  readonly meaning: string;
  /** The rung of the call's ladder that decided it; null where no rung did. */
  readonly rung: TraceRung | null;
}

/** Why a call failed. */
export interface TraceRung {
  readonly id: string;
  /** Rule ids, possibly none. */
  readonly rules: readonly string[];
  readonly reason: string;
}

/** A signal interrupted the call; it may start again. */
export interface TraceRestarted {
  readonly kind: "restart";
  readonly code: RestartCode;
}

/** The codes that never reach a register. */
export type RestartCode = "ERESTARTSYS" | "ERESTARTNOINTR" | "ERESTARTNOHAND" | "ERESTART_RESTARTBLOCK";

/** The call does not return: the task is gone. */
export interface TraceNoReturn {
  readonly kind: "noreturn";
}

/** A signal is delivered to a task. */
export interface SignalRecord extends TraceHead {
  readonly kind: "signal";
  readonly signal: number;
  /** `SIGCHLD`; null for a number that is no signal. */
  readonly name: string | null;
  readonly info: SignalInfo;
}

/** What is known of a signal besides its number; numbers are those the receiver sees. */
export interface SignalInfo {
  /** Pid number of the sender, 0 for the kernel and for a sender the receiver cannot see. */
  readonly from?: number;
  /** `CLD_EXITED`, `SI_USER`, … */
  readonly code?: string;
  readonly uid?: number;
  /** Exit code or signal of the child, for SIGCHLD. */
  readonly status?: number;
}

/** A task is gone. Exactly one of `code` and `signal` is not null. */
export interface ExitedRecord extends TraceHead {
  readonly kind: "exited";
  /** Exit code, 0 … 255. */
  readonly code: number | null;
  /** The signal that killed it. */
  readonly signal: number | null;
  readonly signalName: string | null;
}

/** A defect of trapgate itself: a handler threw. Never an errno. */
export interface OopsRecord extends TraceHead {
  readonly kind: "oops";
  /** Message and stack, as thrown. */
  readonly error: string;
}

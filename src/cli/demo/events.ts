import type { ArchName } from "../../arch/arch-name.ts";
import type { TraceArg } from "../../kernel/trace/index.ts";

/** One step of the demonstration. Plain data: `--json` prints it as it is, the page is made from it. */
export type DemoEvent = DemoHead &
  (BootEvent | NamespaceEvent | MemoryEvent | RegistersEvent | CallEvent | ChildEvent);

/** What every event has. */
export interface DemoHead {
  readonly arch: Arch;
  readonly profile: string;
}

/** The architectures the demonstration runs on. */
export type Arch = ArchName;

/** A machine has been booted. */
export interface BootEvent {
  readonly event: "boot";
  /** What the profile stands for. */
  readonly title: string;
  readonly kernel: string;
  /** The entry path every call of the demonstration takes. */
  readonly path: string;
  /** The data model of its structs. */
  readonly model: string;
  /** clone_with_pids' number there. */
  readonly number: number;
  /** Where the number is trapgate's own choice: why. */
  readonly remark: string | null;
}

/** A pid namespace exists, seen by its init. */
export interface NamespaceEvent {
  readonly event: "namespace";
  readonly level: number;
  /** The numbers of its init, level 0 first. */
  readonly pids: readonly number[];
}

/** Something has been laid out in guest memory. */
export interface MemoryEvent {
  readonly event: "memory";
  readonly what: string;
  readonly address: string;
  readonly size: number;
  readonly align: number;
  /** The raw bytes, two hexadecimal digits each. */
  readonly bytes: string;
  readonly fields: readonly MemoryField[];
  readonly holes: readonly { readonly offset: number; readonly size: number }[];
}

/** A named piece of a {@link MemoryEvent}. */
interface MemoryField {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
  readonly size: number;
  /** A number; an address in hexadecimal. */
  readonly value: number | string;
}

/** The registers are loaded; the trap comes next. */
export interface RegistersEvent {
  readonly event: "registers";
  readonly instruction: string;
  readonly registers: readonly {
    readonly register: string;
    /** "number", or the argument's name. */
    readonly role: string;
    readonly value: string;
  }[];
}

/** A call was made. It has a `result`, or an `errno` and what belongs to it. */
export interface CallEvent {
  readonly event: "call";
  /** A short id, unique within an architecture. */
  readonly case: string;
  /** What is special about it, in a few words. */
  readonly about: string;
  /** The caller's numbers, level 0 first. */
  readonly caller: readonly number[];
  readonly call: string;
  /** The arguments as the trace decoded them. */
  readonly args: readonly TraceArg[];
  /** The strace-like line. */
  readonly line: string;
  readonly result?: number;
  readonly errno?: string;
  /** The rung of the call's ladder that refused. */
  readonly rung?: string;
  /** The rule behind the outcome: the rung's, or the one a success is an example of. */
  readonly rule?: string;
  /** All rules of the rung, where it has more than one. */
  readonly rules?: readonly string[];
  readonly reason?: string;
  /** The rung's place in the ladder, counted from 1, and the ladder's length. */
  readonly place?: readonly [number, number];
  /** The access to user memory that failed. */
  readonly fault?: { readonly address: string; readonly access: string; readonly reason: string };
}

/** A child exists. */
export interface ChildEvent {
  readonly event: "child";
  /** The call that made it. */
  readonly case: string;
  /** Its numbers, level 0 first. */
  readonly pids: readonly number[];
}

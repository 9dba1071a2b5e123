/**
 * The portable case format: one case a line of JSON, pure data. The same file runs on the emulated kernel, on a live
 * one, and on anything else that has an adapter. These types are the JSON as it is written; `parseVectors` reads it.
 */

/** A 64-bit pattern: an integer, or "0x" and up to 16 hex digits. Negative integers are in two's complement. */
export type Word = number | string;

/** An argument: a word, or the value that an earlier operation returned. */
export type Arg = Word | { readonly ret: string };

/** Programs of x86, and the way they trap. */
export type X86Arch = "x86_64" | "i386" | "int80";

/** Programs of other processors, each with a kernel of its own and one way in. */
export type PortArch = "arm64" | "riscv64" | "s390x" | "powerpc64";

/** Which program, and the way it traps. */
export type VectorArch = X86Arch | PortArch;

/** Whether a case's program runs on an x86. */
export function isX86(arch: VectorArch): arch is X86Arch {
  return arch === "x86_64" || arch === "i386" || arch === "int80";
}

/** What the kernel or the machine must be like for the recorded answer to hold. */
export type Need =
  | "init-user-ns-caps"
  | "init-pid-ns"
  | "no-pku"
  | "no-cpuid-faulting"
  | "ia32-compat"
  | "per-ns-pid_max"
  | "4-level-paging"
  | "pidfd-thread"
  | "init-pid_max-32768"
  | "uprobe-syscalls";

/** Bytes in a region that differ from its fill: written out, or one byte many times. */
export type Patch =
  | { readonly off: number; readonly hex: string }
  | { readonly off: number; readonly len: number; readonly fill: string };

/** Memory mapped before the start, at exactly this address. */
export interface Region {
  /** On a page. */
  readonly addr: Word;
  /** Bytes, whole pages. */
  readonly size: number;
  /** `rwx`, with `-` for what is not allowed. */
  readonly prot: string;
  /** The byte the region is filled with, two hex digits. */
  readonly fill: string;
  readonly data?: readonly Patch[];
}

/**
 * A range whose bytes are compared with their start state. A byte that was not mapped at the start counts as 0 then,
 * one that cannot be read at the end as unchanged.
 */
export interface Range {
  readonly addr: Word;
  readonly size: number;
}

/** Load the number and the arguments, enter the kernel. */
export interface SysOperation {
  readonly op: "sys";
  /** Names the result; unique in the case. */
  readonly label: string;
  /** A comment: the number counts. */
  readonly name?: string;
  readonly nr: Word;
  /** At most six. */
  readonly args: readonly Arg[];
  /** What the created task runs when the call returns 0 to it. */
  readonly child?: readonly Operation[];
  /** The created task's exit code at the end of its list. Default 0. */
  readonly childExit?: number;
  /** The created task runs on the same memory. */
  readonly childSharesVm?: boolean;
  /** The created task's memory is compared with its start state before it exits. */
  readonly childDump?: boolean;
  /** The created task outlives its parent. */
  readonly noPdeathsig?: boolean;
  /** Values of the other registers before entry: `ax bx cx dx si di bp sp 8 … 15`, or as the case's processor calls them. */
  readonly regs?: Readonly<Record<string, Word>>;
  /** The flags register of x86 before entry. */
  readonly flags?: Word;
  /** Ask for every register after the return. */
  readonly captureRegs?: boolean;
  /** Ask for every register as the created task starts with them. */
  readonly captureChildRegs?: boolean;
}

/** Record a task's number at every level. */
export interface NspidOperation {
  readonly op: "nspid";
  /** `main`, or the label of the operation that made the task. */
  readonly of: string;
}

/** One step of a program. */
export type Operation = SysOperation | NspidOperation;

/** A number in an expectation: itself, a symbol (`@self`, `@parent`, `@rip`, `@label`), or `*` for any. */
export type ExpectedNumber = Word;

/** What an operation answered. */
export type ExpectedResult =
  | { readonly ret: ExpectedNumber; readonly errno?: string }
  | { readonly notReached: true };

/** Memory that differs from its start state; whole 32-bit words. */
export type ExpectedMemory =
  | { readonly addr: Word; readonly hex: string }
  | { readonly addr: Word; readonly len: number; readonly fill: string }
  | { readonly addr: Word; readonly pid: ExpectedNumber };

/** What the kernel answered. */
export interface Expect {
  readonly results: Readonly<Record<string, ExpectedResult>>;
  /** By task: `main`, or the label that made it. */
  readonly memory: Readonly<Record<string, readonly ExpectedMemory[]>>;
  /** Numbers by task, level 0 first. */
  readonly pids?: Readonly<Record<string, readonly ExpectedNumber[]>>;
  /** Registers by label, or by `child:` and the label that made the task. */
  readonly regs?: Readonly<Record<string, Readonly<Record<string, ExpectedNumber>>>>;
  /** The main task came to the end of its program. */
  readonly mainCompleted: boolean;
  /** Its wait status; null for a task that never ended and was put down. */
  readonly mainWaitStatus: number | null;
}

/** Where an expectation comes from, and what the case is there to show. */
export interface Provenance {
  /** `kernel`: a kernel answered it. `rules`: written from the numbered rules, for a kernel that nobody can ask any more. */
  readonly by: "kernel" | "rules";
  /** The rules it shows, by id. */
  readonly rules: readonly string[];
  /** By the label of a call, the rungs of its ladder that it breaks at once; the first of them speaks. */
  readonly breaks?: Readonly<Record<string, readonly string[]>>;
  /** How the expectation follows from the rules. */
  readonly note?: string;
}

/** One case. */
export interface Vector {
  /** Unique in its file. */
  readonly id: string;
  /** Its family. */
  readonly group: string;
  readonly arch: VectorArch;
  /** A 32-bit kernel, for an i386 program; a 64-bit one when left out. */
  readonly kernel?: "i386";
  /** The era by name; the recording kernel's when left out. */
  readonly profile?: string;
  readonly provenance?: Provenance;
  /** Effective and permitted capabilities of the main task. */
  readonly caps: "all" | "none" | readonly string[];
  /** {@link caps} again, as bits. */
  readonly capMask?: Word;
  /** Depth of the main task's pid namespace; 0 is the machine's own. */
  readonly nsLevel: number;
  /** The main task is pid 1 of its namespace; otherwise a child of that. */
  readonly nsInit: boolean;
  readonly regions: readonly Region[];
  readonly dump: readonly Range[];
  readonly program: readonly Operation[];
  readonly needs?: readonly Need[];
  /** What the case could damage on a live kernel, and where it may run. */
  readonly hazard?: string;
  readonly expect?: Expect;
}

/** Every operation of a program, those of children after the one that makes them. */
export function* operationsOf(program: readonly Operation[]): Generator<Operation> {
  for (const operation of program) {
    yield operation;
    if (operation.op === "sys" && operation.child !== undefined) yield* operationsOf(operation.child);
  }
}

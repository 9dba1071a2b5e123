import type { CompiledSyscall } from "../abi/compile.ts";
import type { ErrnoName } from "../abi/errno.ts";
import type { Rung } from "../abi/ladder.ts";
import type { Ladders } from "../abi/ladders/index.ts";
import type { StructDecl, StructLayout } from "../abi/struct.ts";
import type { ArgsOf, CheckedDecl, RungsOf, SyscallDecl } from "../abi/syscall.ts";
import type { Word64 } from "../abi/word64.ts";
import type { EntryPath } from "../arch/entry-path.ts";
import type { Args } from "../arch/words.ts";
import type { Uaccess } from "../mm/uaccess.ts";
import type { Machine } from "./machine.ts";
import type { Result } from "./outcome.ts";
import type { Profile } from "./profile/profile.ts";
import type { Task } from "./task/task.ts";

/**
 * What a handler works with: the calling task, user memory, and the ladder of its own call.
 * `R` is the union of the rungs the call declares; failing with any other does not compile.
 */
export interface Call<R extends string = string> {
  readonly machine: Machine;
  readonly profile: Profile;
  /** The calling task. */
  readonly task: Task;
  /** The way the task came in. */
  readonly path: EntryPath;
  /** User memory of the calling task. */
  readonly uaccess: Uaccess;
  /** Kernel memory, where {@link kalloc}'s offsets point. */
  readonly view: DataView;
  /** Answers with the errno of a declared rung; returns the negative number for the register. */
  fail(rung: R): Result;
  /** As {@link fail} for a rung whose errno somebody else decides (a security hook). */
  failWith(rung: R, errno: ErrnoName): Result;
  /** Kernel scratch memory of `bytes`, gone when the call ends; 0 when there is none. */
  kalloc(bytes: number): number;
  /** A local variable of `bytes` on the kernel stack, gone when the call ends; it is always there. */
  kstack(bytes: number): number;
  /** The layout of a struct as the caller's ABI sees it. */
  layout(struct: StructDecl): StructLayout;
  /** Argument `name` as the raw register word. */
  word(name: string): Word64;
  /**
   * Asks for a kernel object at a named site; false when a fault plan refuses it.
   */
  allocate(site: string): boolean;
  /** Puts the caller to sleep; `resume` is asked again whenever the task is woken. */
  block<S>(resume: Resume<R, S>, state: S, how: Waiting<S>): Result;
}

/** How a call waits. */
export interface Waiting<S> {
  /** A signal ends the wait; without it only what the call waits for does. */
  readonly interruptible: boolean;
  /** SIGKILL ends it even where no other signal does (TASK_KILLABLE). */
  readonly killable?: boolean;
  /** What becomes of the call when a signal ends the wait. By default ERESTARTSYS: it depends on the handler. */
  readonly restart?: RestartCode;
  /** After a signal without a handler the call begins anew, with what it was given, instead of waiting on. */
  readonly anew?: boolean;
  /** Which child's change of state wakes it; without it, whatever is waited for does so itself. */
  readonly hears?: (child: Task) => boolean;
  /** Lets go of what the call holds, when the wait ends without its resume function being asked again. */
  readonly abandon?: (machine: Machine, task: Task, state: S) => void;
}

/** What a call that a signal cut short answers inside the kernel; no program sees it. Source: linux/errno.h. */
export type RestartCode = "ERESTARTSYS" | "ERESTARTNOINTR" | "ERESTARTNOHAND";

/** A call that a signal cut short. */
export interface Restart {
  readonly code: RestartCode;
  readonly path: EntryPath;
  /** The wait that goes on where it was; null for a call that begins anew. */
  readonly blocked: BlockedCall | null;
  /** What the first handler made of it: it ends with EINTR, or starts again; null while none has run. */
  outcome: "interrupted" | "restarted" | null;
}

/** Continues a call that blocked. It may block again, by returning `BLOCKED`. */
export type Resume<R extends string, S> = (k: Call<R>, state: S) => Result;

/** A call that waits: which one, and how it goes on. */
export interface BlockedCall {
  /** Its number in the table of {@link path}. */
  readonly nr: number;
  readonly path: EntryPath;
  readonly resume: (k: never, state: never) => Result;
  readonly state: unknown;
  readonly how: Waiting<never>;
}

/** A handler as the gate sees it. */
export type Handler = (k: Call, args: never) => Result;

/** A declaration and the function that answers it. */
export interface Implementation {
  readonly decl: SyscallDecl;
  readonly handler: Handler;
}

/** The rungs of a declaration, its shared ladders included. */
export type Rungs<D extends SyscallDecl> = RungsOf<D, Ladders>;

/**
 * Joins a declaration and its handler; hand the result to `boot({ calls: […] })`.
 * The handler's arguments are typed by the declaration, and it can fail with declared rungs only.
 *
 * @example
 * ```ts
 * import { boot, Guest, implement } from "trapgate";
 * const answer = {
 *   name: "answer", numbers: { x86_64: 1000 }, args: { plus: "int" }, returns: "int",
 *   ladder: [["negative", "EINVAL", [], "plus is negative"]], support: "full", provenance: ["an example"],
 * } as const;
 * const call = implement(answer, (k, { plus }) => (plus < 0 ? k.fail("negative") : 42 + plus));
 * const machine = boot({ calls: [call] });
 * console.log(new Guest(machine, machine.init).call("answer", { plus: 1 })); // 43
 * ```
 */
export function implement<const D extends SyscallDecl>(
  decl: CheckedDecl<D>,
  handler: (k: Call<Rungs<D>>, args: ArgsOf<D>) => Result,
): Implementation {
  return { decl, handler: handler as unknown as Handler };
}

/** A compiled call and its handler, as the gate's tables hold it. */
export interface TableRow {
  readonly call: CompiledSyscall;
  readonly handler: Handler;
  /** Rung and register value by rung id, the errno decided by profile and architecture. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** The typed arguments of whoever is making the call. */
  readonly args: Args;
}

/** What a rung means here. */
export interface Failure {
  readonly rung: Rung;
  readonly errno: ErrnoName;
  readonly value: Result;
}

import { Label } from "../asm/assembler.ts";
import type { Emitter } from "../program/emitter.ts";
import { HEAD, TURN } from "../program/layout.ts";
import { PUT_DOWN, REPLY, REQUEST, STATE } from "./state.ts";

const SIGCHLD = 17;
const SIGKILL = 9;
const WALL = 0x4000_0000;
const WNOHANG = 1;
/** WEXITED, WNOHANG, WNOWAIT, __WALL. */
const IS_MINE = 4 | WNOHANG | 0x0100_0000 | WALL;
const P_PID = 1;
const FUTEX_WAKE = 1;

/** Priorities: a case's tasks go before the program that waits for them to sleep. */
const FIRST = 90;
const LAST = 10;

/** How long a program that may not order its tasks by priority lets them go on before it thinks that they sleep. */
const GRACE_MICROSECONDS = 300;
/** One of the naps after which a case that does nothing is given up. */
export const NAP_MILLISECONDS = 1;

/** Naps a killed task has for dying. */
const NAPS_TO_DIE = 500;

/** Where the constants lie that running a case takes. */
export interface Constants {
  readonly chld: number;
  readonly grace: number;
  readonly nap: number;
  readonly first: number;
  readonly last: number;
}

/** Writes them. */
export function emitConstants(out: Emitter): Constants {
  return {
    chld: out.words(1 << (SIGCHLD - 1), 0),
    grace: out.longs(0, GRACE_MICROSECONDS * 1000),
    nap: out.longs(0, NAP_MILLISECONDS * 1_000_000),
    first: out.words(FIRST),
    last: out.words(LAST),
  };
}

/** Runs the case that the request describes, to its end: the reply says how it ended, and nothing of it is left. */
export function emitCase(out: Emitter, constants: Constants): void {
  const state = STATE(out.layout);
  const failed = new Label();
  const done = new Label();
  emitFork(out, constants, failed);
  emitWatch(out, constants, done);
  out.place(failed);
  out.store(state.reply + REPLY.forkError, "ax");
  out.place(done);
  emitCleaning(out);
}

/** Makes the case's first task, in a process group whose leader nobody can signal to any effect. */
function emitFork(out: Emitter, { first, last }: Constants, failed: Label): void {
  const { report } = out.layout;
  const state = STATE(out.layout);
  const parent = new Label();
  emitPriority(out, first);
  out.call("clone", { at: state.request + REQUEST.flags }, 0, 0, 0, 0);
  out.jump("jae", failed);
  out.arithmetic("cmp", "ax", 0);
  out.jump("jne", parent);
  out.load("ax", state.request + REQUEST.entry);
  out.jumpTo("ax");
  out.place(parent);
  out.store(state.child, "ax");
  out.call("setpgid", { at: state.child }, { at: state.anchor });
  out.put32(report + HEAD.go, 1);
  emitPriority(out, last);
}

/** Without the right to a priority there is none. */
function emitPriority(out: Emitter, parameter: number): void {
  const state = STATE(out.layout);
  const none = new Label();
  out.compare32(state.hello, 0);
  out.jump("jne", none);
  out.call("sched_setparam", 0, parameter);
  out.place(none);
}

/**
 * Until the first task has ended: whenever every task sleeps, the oldest of those that could go on does. When none could, for
 * as many naps as were asked for, all are put down.
 */
function emitWatch(out: Emitter, { chld, grace, nap }: Constants, done: Label): void {
  const { report } = out.layout;
  const state = STATE(out.layout);
  out.put32(state.naps, 0);
  const turn = out.place();
  out.call("wait4", { at: state.child }, state.reply + REPLY.status, WALL | WNOHANG, 0);
  out.arithmetic("cmp", "ax", 0);
  out.jump("jne", done);
  const quiet = new Label();
  out.compare32(state.hello, 0);
  out.jump("je", quiet);
  out.call("rt_sigtimedwait", chld, 0, grace, 8);
  out.jump("jb", turn);
  out.place(quiet);
  out.set("bp", report + HEAD.turns);
  const scan = out.place();
  const idle = new Label();
  const other = new Label();
  out.load("ax", report + HEAD.nextTurn);
  out.combine("cmp", "bp", "ax");
  out.jump("jae", idle);
  out.compare32({ base: "bp", off: TURN.ready }, 0);
  out.jump("je", other);
  out.put32({ base: "bp", off: TURN.go }, 1);
  out.call("futex", { bp: TURN.go }, FUTEX_WAKE, 1);
  const asleep = new Label();
  out.arithmetic("cmp", "ax", 1);
  out.jump("jne", asleep);
  out.put32(state.naps, 0);
  out.jump("jmp", turn);
  // It is dead, or stopped.
  out.place(asleep);
  out.put32({ base: "bp", off: TURN.go }, 0);
  out.place(other);
  out.arithmetic("add", "bp", TURN.size);
  out.jump("jmp", scan);
  out.place(idle);
  const late = new Label();
  out.load("bp", state.naps);
  out.load("ax", state.request + REQUEST.patience);
  out.combine("cmp", "bp", "ax");
  out.jump("jae", late);
  out.arithmetic("add", "bp", 1);
  out.store(state.naps, "bp");
  out.call("rt_sigtimedwait", chld, 0, nap, 8);
  out.jump("jmp", turn);
  out.place(late);
  out.put32(state.reply + REPLY.putDown, PUT_DOWN.killed);
  out.call("kill", { at: state.child }, SIGKILL);
  emitLastWait(out, { nap }, chld, done);
}

/**
 * Waits for a first task that was killed. One that waits itself, for a number that its process group keeps in use, is put
 * into another group; one that does not end even then is left to the kernel.
 */
function emitLastWait(out: Emitter, { nap }: Pick<Constants, "nap">, chld: number, done: Label): void {
  const state = STATE(out.layout);
  out.put32(state.naps, 0);
  const wait = out.place();
  out.call("wait4", { at: state.child }, state.reply + REPLY.status, WALL | WNOHANG, 0);
  out.arithmetic("cmp", "ax", 0);
  out.jump("jne", done);
  const early = new Label();
  const some = new Label();
  out.load("bp", state.naps);
  out.arithmetic("add", "bp", 1);
  out.store(state.naps, "bp");
  out.arithmetic("cmp", "bp", NAPS_TO_DIE);
  out.jump("jb", early);
  out.call("setpgid", { at: state.child }, { at: state.anchor });
  out.arithmetic("cmp", "bp", 2 * NAPS_TO_DIE);
  out.jump("jb", some);
  out.put32(state.reply + REPLY.putDown, PUT_DOWN.inVain);
  out.jump("jmp", done);
  out.place(early);
  out.place(some);
  out.call("rt_sigtimedwait", chld, 0, nap, 8);
  out.jump("jmp", wait);
}

/** Puts down what a case on level 0 has left behind: nothing else does. A second time for the children of those. */
function emitCleaning(out: Emitter): void {
  const state = STATE(out.layout);
  for (let pass = 0; pass < 2; pass++) {
    const end = new Label();
    out.load("bp", state.request + REQUEST.tids);
    const scan = out.place();
    const other = new Label();
    out.load("ax", state.request + REQUEST.tidsEnd);
    out.combine("cmp", "bp", "ax");
    out.jump("jae", end);
    out.compare32({ base: "bp", off: 0 }, 0);
    out.jump("je", other);
    const tid = { at: { base: "bp", off: 0 } } as const;
    // A number that is no child of ours may be anybody's by now.
    out.call("waitid", P_PID, tid, 0, IS_MINE, 0);
    out.jump("jae", other);
    out.call("kill", tid, SIGKILL);
    out.call("wait4", tid, 0, WALL, 0);
    out.place(other);
    out.arithmetic("add", "bp", 8);
    out.jump("jmp", scan);
    out.place(end);
  }
}

import { Label } from "../asm/assembler.ts";
import { LIMITS } from "../limits.ts";
import type { Emitter, OwnArg, OwnCall } from "../program/emitter.ts";
import type { Constants } from "./run-case.ts";
import { HELLO, STATE } from "./state.ts";

const O_RDWR = 2;
const SIG_BLOCK = 0;
const SCHED_FIFO = 1;
const P_PID = 1;
/** WEXITED, WNOWAIT. */
const SEE_ENDED = 4 | 0x0100_0000;
const PR_SET_CHILD_SUBREAPER = 36;
/** PROT_READ, PROT_WRITE, PROT_EXEC. */
export const RWX = 7;
const MAP_SHARED_HERE = 0x31;
/** A step of the start: a call that may fail, or one that has to work. */
export type Step = readonly [need: "try" | "must", call: OwnCall, ...args: OwnArg[]];

/** What a start is made of. */
export interface Start {
  /** The processor to keep to. */
  readonly cpu: number;
  readonly constants: Constants;
  /** What is done with the memory the program was started with: what is not its own is to go. */
  readonly memory: readonly Step[];
  /** What is done with the descriptors the program was started with: 0, 1 and 2 are /dev/null after it. */
  readonly descriptors: readonly Step[];
}

/**
 * Makes a program ready to run cases: nothing of its process is left but its own memory, /dev/null three times and what it
 * has kept of its descriptors, and every limit, mask and group is what cases start with.
 */
export function emitStart(out: Emitter, { cpu, constants, memory, descriptors }: Start): void {
  const { layout } = out;
  const { chld, last } = constants;
  const state = STATE(layout);
  const over = new Label();
  out.jump("jmp", over);
  const devNull = out.data(new TextEncoder().encode("/dev/null\0"));
  const root = out.data(new TextEncoder().encode("/\0"));
  const mask = new Uint8Array(128);
  mask[cpu >> 3] = 1 << (cpu & 7);
  const cpus = out.data(mask);
  const limits = LIMITS.map(([resource, soft, hard]) => [resource, out.words(...soft, ...hard)] as const);
  out.place(over);
  const steps: Step[] = [
    ...descriptors,
    ["try", "close", 0],
    ["must", "open", devNull, O_RDWR, 0],
    ["must", "dup2", 0, 1],
    ["must", "dup2", 0, 2],
    ...memory,
    ["must", "mmap", layout.report, layout.reportSize, RWX, MAP_SHARED_HERE, -1, 0],
    ["must", "rt_sigprocmask", SIG_BLOCK, chld, 0, 8],
    ["must", "prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0],
    ["must", "chdir", root],
    ["must", "umask", 0o22],
    ["try", "setgroups", 0, 0],
    ...limits.map(([resource, at]): Step => ["try", "prlimit64", 0, resource, at, 0]),
    ["try", "sched_setaffinity", 0, 128, cpus],
  ];
  for (const [i, [need, call, ...args]] of steps.entries()) {
    out.call(call, ...args);
    if (need === "try") continue;
    const ok = new Label();
    out.jump("jb", ok);
    out.call("exit_group", 100 + i);
    out.place(ok);
  }
  out.call("sched_setscheduler", 0, SCHED_FIFO, last);
  out.store(state.hello + HELLO.priority, "ax");
  emitAnchor(out);
}

/** A task that has ended and is never waited for: the leader of the process group of cases. A signal to it does nothing. */
function emitAnchor(out: Emitter): void {
  const state = STATE(out.layout);
  const parent = new Label();
  out.call("clone", 17, 0, 0, 0, 0);
  out.arithmetic("cmp", "ax", 0);
  out.jump("jne", parent);
  out.call("setpgid", 0, 0);
  out.call("exit_group", 0);
  out.place(parent);
  out.store(state.anchor, "ax");
  out.call("waitid", P_PID, { at: state.anchor }, 0, SEE_ENDED, 0);
}

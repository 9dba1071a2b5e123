import { Label } from "../asm/assembler.ts";
import { LIMITS } from "../limits.ts";
import type { Emitter, OwnArg, OwnCall } from "../program/emitter.ts";
import { HELLO, STATE } from "./state.ts";

const O_RDWR = 2;
const SIG_BLOCK = 0;
const SCHED_FIFO = 1;
const P_PID = 1;
/** WEXITED, WNOWAIT. */
const SEE_ENDED = 4 | 0x0100_0000;
const PR_SET_CHILD_SUBREAPER = 36;
const RWX = 7;
const MAP_SHARED_HERE = 0x31;
const MAP_PRIVATE_HERE = 0x32;
/** A step of the start: a call that may fail, or one that has to work. */
type Step = readonly [need: "try" | "must", call: OwnCall, ...args: OwnArg[]];

/**
 * Makes the server ready: nothing of its process is left but its own memory, /dev/null three times and its two pipes, and
 * every limit, mask and group is what cases start with. Says so on the pipe of answers.
 */
export function emitStart(
  out: Emitter,
  { cpu, last, chld }: { readonly cpu: number; readonly last: number; readonly chld: number },
): void {
  const { layout } = out;
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
    ["must", "dup2", 0, 3],
    ["must", "dup2", 1, 4],
    ["try", "close_range", 5, 0xffff_ffff, 0],
    ["must", "open", devNull, O_RDWR, 0],
    ["must", "dup2", 5, 0],
    ["must", "dup2", 5, 1],
    ["must", "dup2", 5, 2],
    ["must", "close", 5],
    ["must", "munmap", 0, layout.start],
    ["must", "munmap", layout.end, layout.top - layout.end],
    ["must", "mmap", layout.state, 4096, RWX, MAP_PRIVATE_HERE, -1, 0],
    ["must", "mmap", layout.blob, layout.blobSize, RWX, MAP_PRIVATE_HERE, -1, 0],
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
  out.call("write", 4, state.hello, HELLO.size);
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

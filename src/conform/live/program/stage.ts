import type { CapabilitySet } from "../../../kernel/capability.ts";
import { bytesOf } from "../../../kernel/trace/escape.ts";
import type { Region, Vector } from "../../vector.ts";
import { addressOfWord } from "../../words.ts";
import { Label, type Memory } from "../asm/assembler.ts";
import type { Emitter } from "./emitter.ts";
import { HEAD } from "./layout.ts";

/** What a parent is told by. */
export const SIGCHLD = 17;
const SIGKILL = 9;
/** CLONE_NEWPID. */
export const NEWPID = 0x2000_0000;
const PR_SET_PDEATHSIG = 1;
const WALL = 0x4000_0000;
const SIG_SETMASK = 2;
const PROT = { r: 1, w: 2, x: 4 } as const;
const READ_WRITE = PROT.r | PROT.w;
/** MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS. */
const MAP_HERE = 0x32;
const CAPABILITY_VERSION_3 = 0x2008_0522;

/** What has to work before a case can begin, in order: a failure names one of them. */
export class Steps {
  readonly names: string[] = [];
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  /** Ends everything when the call just made has failed, and reports that it has. */
  need(name: string): void {
    this.unless("jb", name);
  }

  /** Ends everything unless the jump is taken. What is in ax is reported where it is an error. */
  unless(jump: "jb" | "je", name: string): void {
    const { out } = this;
    const { report } = out.layout;
    const ok = new Label();
    out.jump(jump, ok);
    out.store(report + HEAD.failure, "ax");
    out.put32(report + HEAD.failedStep, this.names.push(name));
    out.call("exit_group", 1);
    out.place(ok);
  }
}

/** Waits until the case may begin, and takes on what every task of one starts with. Returns where it starts. */
export function emitEntry(out: Emitter, pipes: readonly number[]): number {
  const { report } = out.layout;
  const noSignals = out.words(0, 0);
  const entry = out.here;
  const wait = out.place();
  const go = new Label();
  out.compare32(report + HEAD.go, 0);
  out.jump("jne", go);
  out.call("sched_yield");
  out.jump("jmp", wait);
  out.place(go);
  out.call("rt_sigprocmask", SIG_SETMASK, noSignals, 0, 8);
  for (const fd of pipes) out.call("close", fd);
  return entry;
}

/**
 * Makes the tasks between this one, which lives on level 1 (on 0 for a case of that level), and the main task, which goes on
 * behind this. Each waits for the one below it; the last reports how the main task ended.
 */
export function emitLevels(
  out: Emitter,
  { nsLevel, nsInit }: Pick<Vector, "nsLevel" | "nsInit">,
  steps: Steps,
): void {
  const { report } = out.layout;
  const last = nsLevel === 0 ? 0 : nsLevel - 1 + (nsInit ? 0 : 1);
  for (let i = 1; i <= last; i++) {
    const level = Math.min(i + 1, nsLevel);
    const flags = SIGCHLD | (i < nsLevel ? NEWPID : 0);
    const child = new Label();
    out.call("prctl", PR_SET_PDEATHSIG, SIGKILL);
    out.call("clone", flags, 0, 0, 0, 0);
    steps.need(`a task on level ${level} cannot be made`);
    out.arithmetic("cmp", "ax", 0);
    out.jump("je", child);
    out.copy("bp", "ax");
    const wait = out.place();
    out.call("wait4", { bp: 0 }, i === last ? report + HEAD.status : 0, WALL, 0);
    // Nothing but a signal can come between.
    out.jump("jae", wait);
    if (i === last) out.put32(report + HEAD.statusKnown, 1);
    out.call("exit_group", 0);
    out.place(child);
  }
}

/** Maps the case's memory, and fills it. */
export function emitRegions(out: Emitter, regions: readonly Region[], steps: Steps): void {
  for (const region of regions) {
    const addr = addressOfWord(region.addr);
    const prot = protBits(region.prot);
    out.call("mmap", addr, region.size, READ_WRITE, MAP_HERE, -1, 0);
    steps.need(`memory at 0x${addr.toString(16)} cannot be mapped`);
    const fill = Number.parseInt(region.fill, 16);
    if (fill !== 0) fillMemory(out, addr, region.size, fill);
    for (const patch of region.data ?? []) {
      if ("hex" in patch) copyBytes(out, addr + patch.off, [...bytesOf(patch.hex)]);
      else fillMemory(out, addr + patch.off, patch.len, Number.parseInt(patch.fill, 16));
    }
    if (prot === READ_WRITE) continue;
    out.call("mprotect", addr, region.size, prot);
    steps.need(`memory at 0x${addr.toString(16)} cannot be protected`);
  }
}

function protBits(prot: string): number {
  return [...prot].reduce((bits, letter) => bits | (PROT[letter as keyof typeof PROT] ?? 0), 0);
}

function fillMemory(out: Emitter, addr: number, size: number, byte: number): void {
  out.set("di", addr);
  out.set("cx", size);
  out.set("ax", byte);
  out.bare("rep stosb");
}

/** Bytes that stand in the code, jumped over, to where they belong. */
function copyBytes(out: Emitter, addr: number, bytes: readonly number[]): void {
  const over = new Label();
  out.jump("jmp", over);
  const from: Memory = out.data(bytes);
  out.place(over);
  out.set("si", from);
  out.set("di", addr);
  out.set("cx", bytes.length);
  out.bare("rep movsb");
}

/** Takes on the capabilities of the case: effective and permitted. */
export function emitCapabilities(out: Emitter, set: CapabilitySet, steps: Steps): void {
  const over = new Label();
  out.jump("jmp", over);
  const header = out.words(CAPABILITY_VERSION_3, 0);
  const data = out.words(set.lo, set.lo, 0, set.hi, set.hi, 0);
  out.place(over);
  out.call("capset", header, data);
  steps.need("its capabilities cannot be taken on");
}

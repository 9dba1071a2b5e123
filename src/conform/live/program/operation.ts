import { PLAIN_FLAGS } from "../../emulator/registers.ts";
import { isX86, type VectorArch, type X86Arch } from "../../vector.ts";
import { wordOf } from "../../words.ts";
import { Label } from "../asm/assembler.ts";
import { REGISTERS, type Register } from "../asm/encodings.ts";
import type { Emitter } from "./emitter.ts";
import { HEAD, TURN } from "./layout.ts";
import type { CallPlan } from "./plan.ts";

/** Registers a way in takes its arguments from, and the instruction it is. */
const WAYS_IN: Readonly<Record<X86Arch, { args: readonly Register[]; trap: "syscall" | "int 0x80" }>> = {
  x86_64: { args: ["di", "si", "dx", "10", "8", "9"], trap: "syscall" },
  i386: { args: ["bx", "cx", "dx", "si", "di", "bp"], trap: "int 0x80" },
  int80: { args: ["bx", "cx", "dx", "si", "di", "bp"], trap: "int 0x80" },
};

/** Times a task steps back after a call: as long a chain of tasks that wake one another comes to its end. */
const SETTLING = 4;

/** Where an operation's answer went, as far as only the code knows. */
export interface Emitted {
  /** The instruction after the trap. */
  readonly ip: number;
  /** The new task starts here. */
  readonly child: Label;
}

/** The general registers of a program, in the order they are captured. */
export function capturedRegisters(bits: 32 | 64): readonly Register[] {
  return REGISTERS.slice(0, bits === 64 ? 16 : 8);
}

/**
 * One call of a case: registers, trap, and what came of it into the report. What the case does not say of a register is 0.
 * The caller goes on behind this; a new task at `child`, with its registers as the kernel gave them.
 * @param alone the case has no other task
 * @param addressOfRet where the result of an earlier operation is
 */
export function emitOperation(
  out: Emitter,
  arch: VectorArch,
  plan: CallPlan,
  alone: boolean,
  addressOfRet: (label: string) => number,
): Emitted {
  const { operation } = plan;
  if (!isX86(arch)) throw new Error(`a case of ${arch} ought to have been refused`);
  const { args, trap } = WAYS_IN[arch];
  if (plan.child !== null) emitNewTurn(out, plan.child.turn);
  const values = new Map<Register, bigint | string>();
  const seen = plan.regs !== null || plan.childRegs !== null;
  for (const register of seen ? capturedRegisters(out.bits) : args) values.set(register, 0n);
  const has = capturedRegisters(out.bits);
  for (const [name, word] of Object.entries(operation.regs ?? {}))
    if (has.includes(name as Register)) values.set(name as Register, wordOf(word));
  for (const [i, arg] of operation.args.entries())
    values.set(args[i] as Register, typeof arg === "object" ? arg.ret : wordOf(arg));
  values.set("ax", wordOf(operation.nr));
  if (seen || operation.flags !== undefined)
    loadFlags(out, plan.stack + 16, Number(BigInt.asIntN(32, wordOf(operation.flags ?? PLAIN_FLAGS))));
  for (const [register, value] of values) {
    if (typeof value === "string") out.load(register, addressOfRet(value));
    else out.set(register, value);
  }
  out.bare(trap);
  const ip = out.here;
  const child = new Label();
  if (plan.child !== null) {
    // Which of the two this is must be found out without a flag, and without losing a register.
    out.hideCx();
    out.copy("cx", "ax");
    out.jumpIfCxZero(child);
    out.bringCx();
  }
  if (plan.regs !== null) emitCapture(out, plan.regs);
  emitFlagsBack(out, plan);
  if (alone) out.store(plan.ret, "ax");
  else {
    // Whoever the call has woken goes on first, and whoever that wakes: it may be the end of this task.
    out.copy("bp", "ax");
    for (let i = 0; i < SETTLING; i++) out.call("sched_yield");
    out.store(plan.ret, "bp");
  }
  out.put32(plan.done, 1);
  return { ip, child };
}

/** What a new task does first: its registers, where they are asked for. */
export function emitBirth(out: Emitter, plan: CallPlan): void {
  out.bringCx();
  if (plan.childRegs !== null) emitCapture(out, plan.childRegs);
  emitFlagsBack(out, plan);
}

/** The turn of the task to be made: the next there is. */
function emitNewTurn(out: Emitter, turn: number): void {
  const next = out.layout.report + HEAD.nextTurn;
  out.load("ax", next);
  out.store(turn, "ax");
  out.arithmetic("add", "ax", TURN.size);
  out.store(next, "ax");
}

/** @param stack the end of a stack of two words */
function loadFlags(out: Emitter, stack: number, flags: number): void {
  out.set("sp", stack);
  out.push(flags);
  out.bare("popf");
}

/** The direction flag and the like are nothing our own code could live with. */
function emitFlagsBack(out: Emitter, { operation, regs, childRegs, stack }: CallPlan): void {
  if (operation.flags === undefined && regs === null && childRegs === null) return;
  loadFlags(out, stack + 16, PLAIN_FLAGS);
}

/** Every register, then the flags, by way of a stack behind them. ax is left as it was. */
function emitCapture(out: Emitter, at: number): void {
  const registers = capturedRegisters(out.bits);
  for (const [i, register] of registers.entries()) out.store(at + 8 * i, register);
  out.set("sp", at + 8 * 20);
  out.bare("pushf");
  out.pop("cx");
  out.store(at + 8 * 16, "cx");
}

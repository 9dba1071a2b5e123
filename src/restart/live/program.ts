import { CLONE } from "../../abi/structs/index.ts";
import { Label } from "../../conform/live/asm/assembler.ts";
import type { Bits, Register } from "../../conform/live/asm/encodings.ts";
import { elfOf } from "../../conform/live/elf.ts";
import { Emitter, type OwnArg } from "../../conform/live/program/emitter.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";
import { PLACES, type Shared } from "./shared.ts";
import { RECORD, type Table } from "./table.ts";

const PROT_READ_WRITE = 3;
const MAP_SHARED_ANONYMOUS_HERE = 0x31;
const RLIMIT_CORE = 4;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;

/** What a program needs beside its table. */
export interface ProgramOptions {
  /** Pid namespaces around the one the restarter is in: it is in this many and one more. */
  readonly depth: number;
  /** A user namespace of its own, for who has no capability outside of one. */
  readonly userns: boolean;
}

/**
 * A static program that follows a schedule: its first task waits for its standard input to end, and ends all; the innermost
 * init of the namespaces it makes is the restarter. Each task does what its records say, each when its turn has come, and has
 * no memory but registers: bp has the record.
 */
export function programOf(table: Table, bits: Bits, { depth, userns }: ProgramOptions): Uint8Array {
  const out = new Emitter(bits, PLACES.code);
  const { shared } = table;
  const act = new Label();
  const entry = out.here;
  out.call("close_range", 3, 0xffff_ffff, 0);
  out.call(
    "mmap",
    PLACES.shared,
    Math.ceil(shared.size / PAGE) * PAGE,
    PROT_READ_WRITE,
    MAP_SHARED_ANONYMOUS_HERE,
    -1,
    0,
  );
  dieOnError(out);
  // Who is killed by a signal that would write a core file writes none.
  out.call("prlimit64", 0, RLIMIT_CORE, shared.zeros, 0);
  dieOnError(out);
  out.put32(shared.go(0), 1);
  for (let level = 0; level <= depth; level++) {
    const child = new Label();
    out.call("clone", CLONE.NEWPID | SIG.CHLD | (userns && level === 0 ? CLONE.NEWUSER : 0), 0, 0, 0, 0);
    dieOnError(out);
    out.arithmetic("cmp", "ax", 0);
    out.jump("je", child);
    if (level === 0) emitWarden(out, shared);
    out.set("bp", table.park);
    out.jump("jmp", act);
    out.place(child);
  }
  out.set("bp", table.first);
  emitActor(out, table, act);
  return elfOf(bits, entry, [
    { addr: PLACES.code, prot: "r-x", bytes: out.finish() },
    { addr: PLACES.table, prot: "r--", bytes: table.bytes },
  ]);
}

/** Waits for the end of standard input, kills the outermost init and with it everybody, and ends when all are gone. */
function emitWarden(out: Emitter, { init, spare }: Shared): void {
  out.store32(init, "ax");
  const wait = out.place();
  out.call("read", 0, spare, 1);
  out.arithmetic("cmp", "ax", 0);
  out.jump("jne", wait);
  out.call("kill", { at: init }, SIG.KILL);
  out.call("wait4", -1, 0, 0, 0);
  out.call("exit_group", 0);
}

/** What every task but the first is: one deed after the other, as its records say. bp has the record. */
function emitActor(out: Emitter, table: Table, act: Label): void {
  const { bits } = out;
  const { shared } = table;
  const [deed, perform, parent, fail] = [new Label(), new Label(), new Label(), new Label()];

  out.place(act);
  field(out, "cx", RECORD.go);
  out.compare32({ base: "cx", off: 0 }, 0);
  out.jump("jne", deed);
  out.call("futex", at(RECORD.go), FUTEX_WAIT, 0, 0);
  out.jump("jmp", act);

  out.place(deed);
  out.compare32({ base: "bp", off: RECORD.early }, 0);
  out.jump("je", perform);
  letNextGo(out);

  out.place(perform);
  for (const [i, register] of ARGS[bits].entries()) field(out, register, RECORD.args + i * 8);
  field(out, "ax", RECORD.nr);
  out.bare(bits === 64 ? "syscall" : "int 0x80");
  out.arithmetic("cmp", "ax", 0);
  out.jump("jne", parent);
  out.compare32({ base: "bp", off: RECORD.child }, 0);
  out.jump("je", parent);
  // A child, and 0 is what it knows of it.
  field(out, "bp", RECORD.child);
  out.jump("jmp", act);

  out.place(parent);
  field(out, "cx", RECORD.result);
  out.store32({ base: "cx", off: 0 }, "ax");
  out.arithmetic("cmp", "ax", FIRST_ERROR);
  out.jump("jae", fail);
  letNextGo(out);
  field(out, "bp", RECORD.next);
  out.jump("jmp", act);

  // The restarter tells of it, and nobody does anything any more.
  out.place(fail);
  field(out, "cx", RECORD.index);
  out.store32(shared.failed, "cx");
  out.put32(shared.report, 1);
  out.call("futex", shared.report, FUTEX_WAKE, 1, 0);
  out.set("bp", table.park);
  out.jump("jmp", act);
}

/** Whoever comes next may go. */
function letNextGo(out: Emitter): void {
  field(out, "cx", RECORD.goNext);
  out.put32({ base: "cx", off: 0 }, 1);
  out.call("futex", at(RECORD.goNext), FUTEX_WAKE, 1, 0);
}

function field(out: Emitter, register: Register, off: number): void {
  out.load(register, { base: "bp", off });
}

function at(off: number): OwnArg {
  return { at: { base: "bp", off } };
}

function dieOnError(out: Emitter): void {
  const ok = new Label();
  out.jump("jb", ok);
  out.call("exit_group", 1);
  out.place(ok);
}

/** Registers of a deed's arguments. */
const ARGS: Readonly<Record<Bits, readonly Register[]>> = {
  64: ["di", "si", "dx", "10", "8"],
  32: ["bx", "cx", "dx", "si", "di"],
};
const FIRST_ERROR = -4095;
const PAGE = 4096;

import { Label } from "../asm/assembler.ts";
import type { Bits } from "../asm/encodings.ts";
import { elfOf } from "../elf.ts";
import { Emitter, type OwnArg } from "../program/emitter.ts";
import { LAYOUT } from "../program/layout.ts";
import { type Constants, emitCase, emitConstants } from "./run-case.ts";
import { emitStart, RWX, type Step } from "./start.ts";
import { HELLO, REPLY, REQUEST, STATE } from "./state.ts";

/** Descriptors of a server, out of the way of the three that every task has. */
export const PIPES = { requests: 3, replies: 4 } as const;

const WALL = 0x4000_0000;
const EIO = 5;
const MAP_PRIVATE_HERE = 0x32;

/**
 * The server: a program that takes cases on one pipe and gives answers on the other, one after the other, for as long as
 * the pipe is open. Each case is a child of its own.
 * @param cpu the processor it keeps to, with every task it makes
 */
export function serverElf(bits: Bits, cpu: number): Uint8Array {
  const layout = LAYOUT[bits];
  const out = new Emitter(bits, layout.text);
  const constants = emitConstants(out);
  const entry = out.here;
  const descriptors: Step[] = [
    ["must", "dup2", 0, PIPES.requests],
    ["must", "dup2", 1, PIPES.replies],
    ["try", "close_range", PIPES.replies + 1, 0xffff_ffff, 0],
  ];
  const memory: Step[] = [
    ["must", "munmap", 0, layout.start],
    ["must", "munmap", layout.end, layout.top - layout.end],
    ["must", "mmap", layout.state, 4096, RWX, MAP_PRIVATE_HERE, -1, 0],
    ["must", "mmap", layout.blob, layout.blobSize, RWX, MAP_PRIVATE_HERE, -1, 0],
  ];
  emitStart(out, { cpu, constants, memory, descriptors });
  out.call("write", PIPES.replies, STATE(layout).hello, HELLO.size);
  emitServing(out, constants);
  return elfOf(bits, entry, [{ addr: layout.text, prot: "r-x", bytes: out.finish() }]);
}

/** One case after the other, for ever. */
function emitServing(out: Emitter, constants: Constants): void {
  const { blob, report } = out.layout;
  const state = STATE(out.layout);
  const next = out.place();
  emitTransfer(out, "read", PIPES.requests, state.request, REQUEST.size);
  emitTransfer(out, "read", PIPES.requests, blob, { at: state.request + REQUEST.length });
  out.set("di", report);
  out.load("cx", state.request + REQUEST.zeroed);
  out.set("ax", 0);
  out.bare("rep stosb");
  for (let off = 0; off < REPLY.size; off += 4) out.put32(state.reply + off, 0);
  emitCase(out, constants);
  emitTransfer(out, "write", PIPES.replies, state.reply, REPLY.size);
  emitTransfer(out, "write", PIPES.replies, report, { at: state.request + REQUEST.reply });
  out.jump("jmp", next);
}

/** Reads or writes all of something. The program ends with its pipes. */
function emitTransfer(
  out: Emitter,
  call: "read" | "write",
  fd: number,
  at: number,
  size: number | { at: number },
): void {
  const state = STATE(out.layout);
  if (typeof size === "number") out.set("bp", size);
  else out.load("bp", size.at);
  out.store(state.left, "bp");
  out.set("ax", at);
  out.store(state.cursor, "ax");
  const end = new Label();
  const again = out.place();
  out.arithmetic("cmp", "bp", 0);
  out.jump("je", end);
  out.call(call, fd, { at: state.cursor }, { at: state.left } satisfies OwnArg);
  const some = new Label();
  const over = new Label();
  out.jump("jae", over);
  out.arithmetic("cmp", "ax", 0);
  out.jump("jne", some);
  out.place(over);
  // Who inherits the anchor may never look at it.
  out.call("wait4", { at: state.anchor }, 0, WALL, 0);
  out.call("exit_group", call === "read" ? 0 : EIO);
  out.place(some);
  out.load("bp", state.cursor);
  out.combine("add", "bp", "ax");
  out.store(state.cursor, "bp");
  out.load("bp", state.left);
  out.combine("sub", "bp", "ax");
  out.store(state.left, "bp");
  out.jump("jmp", again);
  out.place(end);
}

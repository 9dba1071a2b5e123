import type { Vector } from "../../vector.ts";
import { addressOfWord, regionImage } from "../../words.ts";
import { elfOf, type Segment } from "../elf.ts";
import { bitsOf, compileCase } from "../program/case-program.ts";
import { Emitter } from "../program/emitter.ts";
import { LAYOUT, type Layout } from "../program/layout.ts";
import { requestOf } from "./request.ts";
import { emitCase, emitConstants } from "./run-case.ts";
import { emitStart, type Step } from "./start.ts";
import { REPLY, STATE } from "./state.ts";

/** Where a report goes, if this is open when the program starts; and where it is kept from the case. */
const REPORT_FD = 3;
const KEPT_FD = 4;
/** Naps a case may do nothing in: whoever steps through it is slow. */
const PATIENCE = 1000;

/**
 * A case as a program of its own, to be run under a tracer or a debugger: the case's memory is loaded from the file, to the
 * case's addresses. It writes what a server would answer to descriptor 3, where that is open.
 */
export function singleElf(vector: Vector): Uint8Array {
  const bits = bitsOf(vector);
  const layout = LAYOUT[bits];
  const program = compileCase(vector, { pipes: [KEPT_FD], strict: false, mapped: true });
  const out = new Emitter(bits, layout.text);
  const constants = emitConstants(out);
  const entry = out.here;
  const regions = vector.regions.map(
    (region): Segment => ({
      addr: addressOfWord(region.addr),
      prot: region.prot,
      bytes: regionImage(region),
    }),
  );
  emitStart(out, {
    cpu: 0,
    constants,
    memory: gaps(layout, regions).map(([from, to]): Step => ["must", "munmap", from, to - from]),
    descriptors: [
      ["try", "dup2", REPORT_FD, KEPT_FD],
      ["try", "close", REPORT_FD],
    ],
  });
  const state = STATE(layout);
  emitCase(out, constants);
  out.call("write", KEPT_FD, state.reply, REPLY.size);
  out.call("write", KEPT_FD, layout.report, program.plan.size);
  out.call("exit_group", 0);
  const variables = new Uint8Array(4096);
  variables.set(requestOf(program, PATIENCE), state.request - layout.state);
  const own: Segment[] = [
    { addr: layout.text, prot: "r-x", bytes: out.finish() },
    { addr: layout.state, prot: "rw-", bytes: variables },
    { addr: layout.blob, prot: "rwx", bytes: program.code },
  ];
  return elfOf(
    bits,
    entry,
    [...own, ...regions].sort((a, b) => a.addr - b.addr),
  );
}

/** What of user memory is neither the program's nor the case's. */
function gaps(layout: Layout, regions: readonly Segment[]): [from: number, to: number][] {
  const kept = [
    { addr: layout.start, end: layout.end },
    ...regions.map(({ addr, bytes }) => ({ addr, end: addr + bytes.length })),
  ].sort((a, b) => a.addr - b.addr);
  const found: [number, number][] = [];
  let from = 0;
  for (const { addr, end } of [...kept, { addr: layout.top, end: layout.top }]) {
    if (from < addr) found.push([from, Math.min(addr, layout.top)]);
    from = Math.max(from, end);
  }
  return found;
}

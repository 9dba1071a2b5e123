import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compare } from "../../../src/conform/compare.ts";
import { decodeReport } from "../../../src/conform/live/decode.ts";
import { compileCase } from "../../../src/conform/live/program/case-program.ts";
import { singleElf } from "../../../src/conform/live/server/single-program.ts";
import { REPLY } from "../../../src/conform/live/server/state.ts";
import { recorded } from "../cases.ts";
import { answerOf, kernel } from "./machine.ts";

afterAll(() => kernel.close());

/** Namespaces, children, memory with and without rights, registers, a child that speaks to its parent. */
const IDS = [
  "clone3.set_tid.level/L1-n1/i386",
  "clone3.set_tid.value/L2-tid-32768/x86_64",
  "write/pipe16-write-only/x86_64",
  "identity/orphan-reparents-to-ns-init/x86_64",
  "regs/all-args-flags-DF/x86_64",
  "vfork/L3-noninit/i386",
  "clone.stack/zero/int80",
];

const CASES = recorded();

test.for(IDS)("%s answers as a program of its own what it answers on a server", async (id, context) => {
  const vector = CASES.find((placed) => placed.vector.id === id)?.vector;
  if (vector?.expect === undefined) throw new Error(`${id} is not recorded`);
  expect(compare(vector, vector.expect, await answerOf(vector, context))).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), "trapgate-single-"));
  try {
    const file = join(folder, "case");
    writeFileSync(file, singleElf(vector), { mode: 0o755 });
    const { status, output } = spawnSync(file, [], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    expect(status).toBe(0);
    const bytes = output[3] as unknown as Uint8Array;
    const view = (from: number): DataView =>
      new DataView(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
    const program = compileCase(vector, { pipes: [4], strict: false, mapped: true });
    const head = view(0);
    const reply = {
      status: head.getUint32(REPLY.status, true),
      putDown: head.getUint32(REPLY.putDown, true) !== 0,
      stuck: false,
      forkError: head.getInt32(REPLY.forkError, true),
      report: view(REPLY.size),
    };
    expect(compare(vector, vector.expect, decodeReport(vector, program, reply, 0))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

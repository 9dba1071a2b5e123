import { EmulatedKernel } from "../src/conform/on-emulator.ts";
import { parseVector } from "../src/conform/parse.ts";
import { judge } from "../src/conform/verdict.ts";
import type { BenchRow, Work } from "./harness.ts";

export const title = "Cases against the emulated kernel, read already";

const PLACE = { arch: "x86_64", caps: "all", nsLevel: 1, nsInit: true };

/** A child that asks who it is, and its parent that waits for it. */
const light = {
  ...PLACE,
  id: "light",
  group: "bench",
  regions: [],
  dump: [],
  program: [
    {
      op: "sys",
      label: "c",
      nr: 56,
      args: [17, 0, 0, 0, 0],
      child: [{ op: "sys", label: "me", nr: 39, args: [] }],
    },
    { op: "sys", label: "w", nr: 61, args: [-1, 0, 0, 0] },
  ],
  expect: {
    results: { c: { ret: 2 }, me: { ret: 2 }, w: { ret: 2 } },
    memory: {},
    mainCompleted: true,
    mainWaitStatus: 0,
  },
};

/** The same with a page that is looked at before and after. */
const page = {
  ...light,
  id: "page",
  regions: [{ addr: "0x10000000", size: 4096, prot: "rw-", fill: "aa" }],
  dump: [{ addr: "0x10000000", size: 4096 }],
  expect: { ...light.expect, memory: { main: [] } },
};

function cases(vector: object): () => Work {
  return () => {
    const kernel = new EmulatedKernel();
    const read = parseVector(JSON.stringify(vector), "the benchmark");
    const verdict = judge(read, kernel.run(read));
    if (verdict.status !== "passed") throw new Error(JSON.stringify(verdict));
    return (n) => {
      let passed = 0;
      for (let i = 0; i < n; i++) if (judge(read, kernel.run(read)).status === "passed") passed++;
      return passed;
    };
  };
}

export const rows: BenchRow[] = [
  { title: "conformance case, light", setup: cases(light), goal: 50_000 },
  { title: "conformance case, with a page", setup: cases(page), goal: 50_000 },
];

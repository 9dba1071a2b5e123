import { expect, test } from "vitest";
import { needsOf } from "../../src/conform/needs.ts";
import type { Operation, Region, Vector } from "../../src/conform/vector.ts";

const PAGE: Region = { addr: 0x1000_0000, size: 4096, prot: "rw-", fill: "00" };

function caseOf(change: Partial<Vector>): Vector {
  return {
    id: "a",
    group: "a",
    arch: "x86_64",
    caps: "all",
    nsLevel: 0,
    nsInit: false,
    regions: [PAGE],
    dump: [],
    program: [],
    ...change,
  };
}

function call(nr: number, ...args: (number | { ret: string })[]): Operation {
  return { op: "sys", label: "x", nr, args };
}

const mmapArguments: Region = {
  ...PAGE,
  data: [{ off: 16, hex: "0000001000100000040000002200000000000000000000000" }],
};

test.each<[string, Partial<Vector>, boolean]>([
  ["nothing but writable memory", {}, false],
  ["a region that may only be executed", { regions: [{ ...PAGE, prot: "--x" }] }, true],
  ["one that may be read too", { regions: [{ ...PAGE, prot: "r-x" }] }, false],
  ["mmap for execution alone", { program: [call(9, 0, 4096, 4, 0x22, -1, 0)] }, true],
  ["mmap for reading and execution", { program: [call(9, 0, 4096, 5, 0x22, -1, 0)] }, false],
  [
    "mprotect in a child",
    { program: [{ op: "sys", label: "c", nr: 57, args: [], child: [call(10, 0, 4096, 4)] }] },
    true,
  ],
  ["mprotect by what a call returned", { program: [call(10, 0, 4096, { ret: "y" })] }, false],
  ["mmap2", { arch: "i386", program: [call(192, 0, 4096, 4, 0x22, -1, 0)] }, true],
  ["i386's first mmap", { arch: "int80", regions: [mmapArguments], program: [call(90, 0x1000_0010)] }, true],
  ["the same with other arguments", { arch: "int80", program: [call(90, 0x1000_0010)] }, false],
])("what is executable only is a matter of the processor: %s", (_, change, needs) => {
  expect(needsOf(caseOf(change))).toEqual(needs ? ["no-pku"] : []);
});

test.each<[string, Partial<Vector>, boolean]>([
  ["arch_prctl(ARCH_SET_CPUID)", { program: [call(158, 0x1012, 0)] }, true],
  ["asking whether it is on", { program: [call(158, 0x1011)] }, false],
  ["i386's arch_prctl", { arch: "i386", program: [call(384, 0x1012, 1)] }, true],
  ["the same number of another call", { arch: "i386", program: [call(158, 0x1012, 1)] }, false],
])("whether cpuid can fault is a matter of the processor: %s", (_, change, needs) => {
  expect(needsOf(caseOf(change))).toEqual(needs ? ["no-cpuid-faulting"] : []);
});

test("what a case says already is not said twice", () => {
  const said = caseOf({ needs: ["no-pku", "init-pid-ns"], regions: [{ ...PAGE, prot: "--x" }] });
  expect(needsOf(said)).toEqual(["no-pku", "init-pid-ns"]);
});

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parseVectors, VectorError, vectorSchema } from "../../src/conform/index.ts";
import { caseWith, recorded } from "./cases.ts";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(vectorSchema);
const call = (parts: object = {}): object => ({ op: "sys", label: "me", nr: 39, args: [], ...parts });
const page = (parts: object = {}): object => ({
  addr: "0x10000000",
  size: 4096,
  prot: "rw-",
  fill: "aa",
  ...parts,
});
const answered = (parts: object = {}): object => ({
  results: { me: { ret: 1 } },
  memory: {},
  mainCompleted: true,
  mainWaitStatus: 0,
  ...parts,
});

/** What the parser says of one line; "" when it is right. */
function complaint(line: unknown): string {
  try {
    parseVectors(typeof line === "string" ? line : JSON.stringify(line), "f.jsonl");
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(VectorError);
    return (error as Error).message;
  }
}

/** Fields of a case, and what is said of them. Those above the line a JSON Schema sees too. */
const BY_SCHEMA: readonly (readonly [object, string])[] = [
  [{ id: "" }, 'id: "" is not a text: write a string'],
  [
    { idd: 1 },
    "idd: is not known here: there are id, group, arch, kernel, profile, provenance, caps, capMask, nsLevel, nsInit, regions, dump, program, needs, hazard, expect",
  ],
  [
    { arch: "arm" },
    'arch: "arm" is not an architecture: write "x86_64" (syscall), "i386" (int 0x80), "int80" (a 64-bit program through int 0x80), or "arm64", "riscv64", "s390x", "powerpc64"',
  ],
  [
    { kernel: "arm" },
    'kernel: "arm" is not a kernel: write "i386" for a 32-bit kernel, or leave it out for a 64-bit one',
  ],
  [{ provenance: { by: "rules" } }, 'provenance.rules: is missing: write {"by", "rules"}'],
  [
    { provenance: { by: "hearsay", rules: [] } },
    'provenance.by: "hearsay" is not a source: write "kernel" for a recorded answer, "rules" for one written from the rules',
  ],
  [
    { provenance: { by: "rules", rules: ["A7"] } },
    'provenance.rules[0]: "A7" is not a rule id: write it as "A-07"',
  ],
  [{ caps: "some" }, 'caps: "some" is not a set of capabilities: write "all", "none" or a list of names'],
  [{ nsLevel: 33 }, "nsLevel: 33 is not a depth of pid namespaces: write an integer from 0 to 32"],
  [{ nsLevel: 0.5 }, "nsLevel: 0.5 is not a depth of pid namespaces: write an integer from 0 to 32"],
  [{ nsInit: 1 }, "nsInit: 1 is not a switch: write true or false"],
  [{ regions: {} }, "regions: {} is not the regions: write a list"],
  [
    { regions: [page({ prot: "rwz" })] },
    'regions[0].prot: "rwz" is not a protection: write "rw-": r, w and x, or - for absent',
  ],
  [
    { regions: [page({ fill: "a" })] },
    'regions[0].fill: "a" is not a byte: write two hex digits, such as "aa"',
  ],
  [
    { regions: [page({ data: [{ off: 0 }] })] },
    'regions[0].data[0]: {"off":0} is not a patch: write {"off", "hex"} or {"off", "len", "fill"}',
  ],
  [{ regions: [{ addr: 0 }] }, 'regions[0].size: is missing: write {"addr", "size", "prot", "fill"}'],
  [
    { dump: [{ addr: "x", size: 4 }] },
    'dump[0].addr: "x" is not a 64-bit word: write an integer or a string such as "0x1f"',
  ],
  [
    { program: [{ op: "call" }] },
    'program[0]: {"op":"call"} is not an operation: write {"op":"sys", …} or {"op":"nspid", …}',
  ],
  [
    { program: [call({ nr: "39" })] },
    'program[0].nr: "39" is not a 64-bit word: write an integer or a string such as "0x1f"',
  ],
  [
    { program: [call({ args: ["0xZZ"] })] },
    'program[0].args[0]: "0xZZ" is not an argument: write an integer, a string such as "0x1f", or {"ret":"label"}',
  ],
  [
    { program: [call({ args: [1, 2, 3, 4, 5, 6, 7] })] },
    "program[0].args: [1,2,3,4,5,6,7] is not the arguments of a call: write a list of at most six",
  ],
  [
    { program: [call({ child: [call({ label: "1" })] })] },
    'program[0].child[0].label: "1" is not a label: write letters, digits and _ . -',
  ],
  [
    { program: [call({ regs: { "16": 1 } })] },
    'program[0].regs["16"]: is not known here: write an object of ax bx cx dx si di bp sp 8 … 15, or of the processor\'s own names',
  ],
  [
    { program: [call({ child: [], childExit: 256 })] },
    "program[0].childExit: 256 is not an exit code: write an integer from 0 to 255",
  ],
  [
    { needs: ["luck"] },
    'needs[0]: "luck" is not a need: write init-user-ns-caps, init-pid-ns, no-pku, no-cpuid-faulting, ia32-compat, per-ns-pid_max, 4-level-paging, pidfd-thread, init-pid_max-32768 or uprobe-syscalls',
  ],
  [
    { expect: answered({ results: { me: {} } }) },
    'expect.results.me: {} is not a result: write {"ret"}, {"errno", "ret"} or {"notReached":true}',
  ],
  [
    { expect: { results: {} } },
    'expect.memory: is missing: write {"results", "memory", "mainCompleted", "mainWaitStatus"}, or let trapgate record write it',
  ],
  [
    { expect: answered({ mainWaitStatus: "0" }) },
    'expect.mainWaitStatus: "0" is not a wait status: write an integer, or null for a task that never ended',
  ],
];

const BY_CHECK: readonly (readonly [object, string])[] = [
  [{ regions: [page({ addr: 1 })] }, "regions[0].addr: is not on a page: write a multiple of 0x1000"],
  [{ regions: [page({ size: 100 })] }, "regions[0].size: 100 is not whole pages: write a multiple of 4096"],
  [
    { regions: [page({ addr: "0x7ffffffff000", size: 8192 })] },
    "regions[0].addr: ends above 0x800000000000, where no user memory is",
  ],
  [
    { arch: "i386", regions: [page({ addr: "0x100000000" })] },
    "regions[0].addr: ends above 0x100000000, where no user memory is",
  ],
  [{ regions: [page(), page()] }, "regions[1].addr: overlaps regions[0]: keep them apart"],
  [
    { regions: [page({ size: 2 ** 25 })] },
    "regions[0].size: makes more than 16777216 bytes together: map less",
  ],
  [
    { regions: [page({ data: [{ off: 4095, hex: "0000" }] })] },
    "regions[0].data[0]: ends beyond the region's 4096 bytes: shorten or move it",
  ],
  [
    { regions: [page()], dump: [{ addr: "0x10000002", size: 4 }] },
    "dump[0]: is not whole 32-bit words: write multiples of 4",
  ],
  [{ caps: ["CAP_FLY"] }, "caps[0]: no capability is called CAP_FLY: write it as CAP_SYS_ADMIN"],
  [{ caps: ["CAP_SYS_ADMIN"], capMask: 1 }, "capMask: is not what caps says, 0x200000: leave it out"],
  [{ nsLevel: 0 }, "nsInit: pid 1 of level 0 is the machine's own: write false, or nsLevel 1"],
  [{ kernel: "i386" }, 'kernel: an i386 kernel runs no x86_64 program: write "arch":"i386"'],
  [{ arch: "s390x", kernel: "i386" }, 'kernel: an i386 kernel runs no s390x program: write "arch":"i386"'],
  [
    { arch: "s390x", program: [call({ regs: { ax: 1 } })] },
    "program[0].regs.ax: is no register here: write psw_addr r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15",
  ],
  [
    { program: [call({ regs: { rax: 1 } })] },
    "program[0].regs.rax: is no register here: write 8 9 10 11 12 13 14 15 ax bx cx dx si di bp sp",
  ],
  [
    { program: [call({ regs: { r3: 1 } })] },
    "program[0].regs.r3: is no register here: write 8 9 10 11 12 13 14 15 ax bx cx dx si di bp sp",
  ],
  [
    { arch: "arm64", program: [call({ flags: 0 })] },
    "program[0].flags: is x86's: arm64 has no such register, take it out",
  ],
  [
    { provenance: { by: "rules", rules: ["A-07"], breaks: { it: ["set-unreadable"] } } },
    "provenance.breaks.it: is about no operation of the program: take it out",
  ],
  [{ program: [call(), call()] }, "program[1].label: me is taken: every result has a name of its own"],
  [
    { program: [call({ label: "main" })] },
    "program[0].label: main is taken: every result has a name of its own",
  ],
  [
    { program: [call({ childExit: 1 })] },
    'program[0].childExit: is about a child that is not there: add "child":[]',
  ],
  [
    { program: [call({ args: [{ ret: "c" }] })] },
    "program[0].args[0].ret: nothing before this is called c: name an earlier label",
  ],
  [
    { program: [call({ args: [{ ret: "me" }] })] },
    "program[0].args[0].ret: nothing before this is called me: name an earlier label",
  ],
  [
    { program: [call(), { op: "nspid", of: "me" }] },
    "program[1].of: no operation called me makes a task: write main or its label",
  ],
  [{ expect: answered({ results: {} }) }, "expect.results.me: is missing: every operation has a result"],
  [
    { expect: answered({ pids: { x: [] } }) },
    "expect.pids.x: is about no operation of the program: take it out",
  ],
  [
    { expect: answered({ regs: { "child:x": {} } }) },
    "expect.regs.child:x: is about no operation of the program: take it out",
  ],
  [
    { expect: answered({ results: { me: { errno: "EPERM", ret: -2 } } }) },
    'expect.results.me: EPERM and -2 do not go together: write {"ret"} alone',
  ],
  [
    { expect: answered({ results: { me: { errno: "EFOO", ret: -2 } } }) },
    'expect.results.me: EFOO and -2 do not go together: write {"ret"} alone',
  ],
  [
    { expect: answered({ memory: { main: [{ addr: "0x10000002", hex: "00000000" }] } }) },
    "expect.memory.main[0]: is not whole 32-bit words: write multiples of 4 bytes",
  ],
];

describe("a file of cases", () => {
  test("the recorded ones are read, and are right by the schema", () => {
    const cases = recorded();
    expect(cases.length).toBeGreaterThan(6000);
    expect(new Set(cases.map(({ vector }) => vector.id)).size).toBe(cases.length);
    for (const { vector } of cases.filter((_, i) => i % 8 === 0)) expect(ajv(vector), vector.id).toBe(true);
  });

  test("empty lines and comments are passed over, and count as lines", () => {
    const text = `# two cases\n\n${JSON.stringify(caseWith())}\r\n${JSON.stringify(caseWith({ id: "b" }))}`;
    expect(parseVectors(text, "f").map((p) => [p.vector.id, p.line])).toEqual([
      ["a/1", 3],
      ["b", 4],
    ]);
    expect(parseVectors("", "f")).toEqual([]);
  });

  test.each(BY_SCHEMA)("%j: %s", (parts, message) => {
    const line = { ...caseWith(), ...parts };
    expect(complaint(line)).toBe(`f.jsonl:1: ${message}`);
    expect(ajv(line)).toBe(false);
  });

  test.each(BY_CHECK)("%j: %s", (parts, message) => {
    const line = { ...caseWith(), ...parts };
    expect(complaint(line)).toBe(`f.jsonl:1: ${message}`);
    expect(ajv(line)).toBe(true);
  });

  test("what is not JSON, no object, or there twice", () => {
    expect(complaint("{")).toMatch(/^f\.jsonl:1: not JSON: .*: one object a line$/);
    expect(complaint("[]")).toMatch(/^f\.jsonl:1: \[\] is not a case: write \{"id", /);
    expect(complaint("7")).toMatch(/^f\.jsonl:1: 7 is not a case: write \{"id", /);
    expect(complaint("{}")).toMatch(/^f\.jsonl:1: id: is missing: write \{"id", /);
    expect(complaint(`${JSON.stringify(caseWith())}\n${JSON.stringify(caseWith())}`)).toBe(
      "f.jsonl:2: id: line 1 is called a/1 too: every case has a name of its own",
    );
  });

  test("a message is one line, whatever the case has in it", () => {
    const message = complaint({ ...caseWith(), arch: "a\nb\u001b[31m" });
    expect(message).toContain('"a\\nb\\u001b[31m"');
    for (const line of [{ ...caseWith(), "a\u001b\n": 1 }, '{"id": \u001b'])
      expect(complaint(line)).not.toMatch(/\p{Cc}/u);
  });
});

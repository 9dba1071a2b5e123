import { describe, expect, test } from "vitest";
import { Registry, type StructDecl, type SyscallDecl } from "../../src/abi/index.ts";
import { type Finding, KNOWN_CALLS, knownRegistry, REVIEW_RULES, reviewCall } from "../../src/atlas/index.ts";

const registry = knownRegistry();

async function rulesOn(name: string): Promise<string[]> {
  const call = registry.get(name);
  if (call === undefined) throw new Error(name);
  return (await reviewCall(call, registry.types)).map(({ rule }) => rule);
}

const SOUND = {
  name: "thing",
  numbers: { x86_64: 600 },
  args: { what: { in: "thing", size: "size" }, size: "size_t", flags: "unsigned int" },
  returns: "int",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag is not known"],
    ["tail-not-zero", "E2BIG", [], "the unknown tail is not zero"],
  ],
  support: "declared",
  provenance: ["this test"],
} as const satisfies SyscallDecl;
const STRUCT = {
  struct: "thing",
  fields: { flags: "u64", a: "u32", b: "u32" },
} as const satisfies StructDecl;

/** What is found on the sound declaration with something changed. */
async function found(call: Partial<SyscallDecl>, struct: Partial<StructDecl> = {}): Promise<Finding[]> {
  const own = new Registry({ calls: [{ ...SOUND, ...call }], structs: [{ ...STRUCT, ...struct }] });
  const compiled = own.get("thing");
  return compiled === undefined ? [] : reviewCall(compiled, own.types);
}

describe("the three generations", () => {
  test("clone_with_pids: what its reviewers found", async () => {
    expect(await rulesOn("clone_with_pids")).toEqual([
      ...["word-in-struct", "implicit-hole", "signed-count", "not-extensible", "flags-unchecked"],
      ...["flags-width", "flags-exhausted", "six-arguments", "argument-order", "pid-viewpoint"],
      ...["late-capability", "number-taken", "number-taken", "number-taken", "no-compat-entry"],
    ]);
  });

  test("eclone: fewer, and none about its layout", async () => {
    const rules = await rulesOn("eclone");
    expect(new Set(rules)).toEqual(
      new Set(["signed-count", "exact-size", "flags-unchecked", "late-capability", "number-taken"]),
    );
    expect(new Set(rules).size).toBeLessThan(new Set(await rulesOn("clone_with_pids")).size / 2);
  });

  test("clone3: nearly none", async () => {
    expect(await rulesOn("clone3")).toEqual(["early-write"]);
  });
});

describe("well-known calls", () => {
  test.each([
    ["openat2", []],
    ["futex_waitv", []],
    ["mount_setattr", []],
    ["fallocate", []],
    ["io_uring_setup", []],
    ["statx", []],
    ["epoll_ctl", ["packed-on-some", "not-extensible"]],
    ["preadv", ["no-flags", "split-by-hand"]],
    ["sync_file_range", ["too-many-words"]],
  ])("%s: %j", async (name, expected) => {
    expect(await rulesOn(name)).toEqual(expected);
  });

  test("every call trapgate knows can be reviewed, and a rule is told of every finding", async () => {
    for (const { name } of KNOWN_CALLS)
      for (const rule of await rulesOn(name))
        expect(
          REVIEW_RULES.map((one) => one.rule),
          name,
        ).toContain(rule);
  });
});

describe("one thing wrong at a time", () => {
  test("nothing wrong, nothing found", async () => {
    expect(await found({})).toEqual([]);
  });

  const args = (more: SyscallDecl["args"]): Partial<SyscallDecl> => ({ args: { ...SOUND.args, ...more } });
  const fields = (more: StructDecl["fields"]): Partial<StructDecl> => ({
    fields: { ...STRUCT.fields, ...more },
  });
  const without = (id: string): Partial<SyscallDecl> => ({
    ladder: SOUND.ladder.filter((row) => row[0] !== id),
  });
  // On 32 bit a lone word after the u64 leaves padding at the end: a finding of its own.
  const CASES: readonly (readonly [string, Partial<SyscallDecl>, Partial<StructDecl>, string[]])[] = [
    ["a pointer in the struct", {}, fields({ p: { in: "u8" } }), ["word-in-struct", "implicit-hole"]],
    ["a long in the struct", {}, fields({ l: "long" }), ["word-in-struct", "implicit-hole"]],
    ["an array of longs", {}, fields({ l: { array: "unsigned long", length: 2 } }), ["word-in-struct"]],
    ["an address kept in 64 bits", {}, fields({ p: { in: "u8", of: "u64" } }), []],
    ["a u64 at an odd place", {}, fields({ c: "u32", d: "u64" }), ["layout-differs", "implicit-hole"]],
    [
      "a u64 at the end of an odd struct",
      {},
      { fields: { flags: "u32", d: "aligned_u64" } },
      ["implicit-hole"],
    ],
    [
      "packed on one architecture",
      {},
      { ...fields({ c: "u32" }), packed: ["x86_64"] },
      ["layout-differs", "packed-on-some"],
    ],
    ["padding at the end", {}, fields({ c: "u32" }), ["layout-differs", "implicit-hole"]],
    ["a signed size", args({ size: "int" }), {}, ["signed-count"]],
    ["no size", { args: { what: { in: "thing" }, flags: "unsigned int" } }, {}, ["not-extensible"]],
    [
      "no size, and reserved room",
      { args: { what: { in: "thing" }, flags: "unsigned int" } },
      { fields: { flags: "u32", reserved: "u32" } },
      ["reserved-unchecked"],
    ],
    [
      "no size, and reserved room that is checked",
      {
        args: { what: { in: "thing" }, flags: "unsigned int" },
        ladder: [...SOUND.ladder, ["reserved-set", "EINVAL", [], "it is not 0"]],
      },
      { fields: { flags: "u32", reserved: "u32" } },
      [],
    ],
    [
      "reserved room of what only comes out",
      { args: { what: { out: "thing" }, flags: "unsigned int" } },
      { fields: { flags: "u32", reserved: "u32" } },
      [],
    ],
    ["one size alone", without("tail-not-zero"), {}, ["exact-size"]],
    ["flags nobody checks", without("unknown-flag"), {}, ["flags-unchecked"]],
    ["flags in a long", args({ flags: "unsigned long" }), {}, ["flags-width"]],
    ["no flags anywhere", { args: { path: { string: "in" } } }, {}, ["no-flags"]],
    ["an operation in their place", { args: { path: { string: "in" }, op: "int" } }, {}, []],
    ["nothing that could need any", { args: { pid: "pid_t" } }, {}, []],
    ["six arguments", args({ a: "int", b: "int", c: "int" }), {}, ["six-arguments"]],
    ["a pair at an odd place", args({ offset: "s64" }), {}, ["pair-misaligned"]],
    ["two of them", args({ offset: "s64", length: "s64" }), {}, ["too-many-words"]],
    ["a value in two longs", args({ pos_l: "unsigned long", pos_h: "unsigned long" }), {}, ["split-by-hand"]],
    ["a low half alone", args({ pos_lo: "u32" }), {}, []],
    ["an order of its own", { order: { backwards: ["size", "what", "flags"] } }, {}, ["argument-order"]],
    ["pids in a list", args({ pids: { in: "pid_t", count: "size" } }), {}, ["pid-viewpoint"]],
    [
      "pids in a list, and which is which",
      { ...args({ pids: { in: "pid_t", count: "size" } }), note: "innermost namespace first" },
      {},
      [],
    ],
    [
      "privilege asked late",
      {
        ladder: [
          ...SOUND.ladder,
          ["array-no-memory", "ENOMEM", [], "none"],
          ["not-capable", "EPERM", [], "no"],
        ],
      },
      {},
      ["late-capability"],
    ],
    [
      "privilege asked when memory has been read",
      {
        ladder: [
          ...SOUND.ladder,
          ["what-unreadable", "EFAULT", [], "no"],
          ["not-capable", "EPERM", [], "no"],
        ],
      },
      {},
      ["late-capability"],
    ],
    [
      "privilege that depends on what was read",
      {
        ladder: [
          ...SOUND.ladder,
          ["what-unreadable", "EFAULT", [], "no"],
          ["pid-not-capable", "EPERM", [], "no"],
        ],
      },
      {},
      [],
    ],
    [
      "privilege asked in time",
      {
        ladder: [
          ...SOUND.ladder,
          ["not-capable", "EPERM", [], "no"],
          ["array-no-memory", "ENOMEM", [], "none"],
          ["array-unreadable", "EFAULT", [], "no"],
        ],
      },
      {},
      [],
    ],
    [
      "written before it can fail",
      { ladder: [["fd-unwritable", "EFAULT", [], "no"], ...SOUND.ladder] },
      {},
      ["early-write"],
    ],
    ["a number somebody has", { numbers: { x86_64: 435 } }, {}, ["number-taken"]],
    ["a number of mips, base included", { numbers: { mips_n64: 5435 } }, {}, ["number-taken"]],
    ["no row in the compat table", { numbers: { ia32: { absent: "forgotten" } } }, {}, ["no-compat-entry"]],
  ];
  test.each(CASES)("%s", async (_, call, struct, expected) => {
    expect((await found(call, struct)).map(({ rule }) => rule)).toEqual(expected);
  });

  test("together they break every rule there is but flags that have run out", () => {
    const broken = new Set(CASES.flatMap(([, , , rules]) => rules));
    expect(REVIEW_RULES.map(({ rule }) => rule).filter((rule) => !broken.has(rule))).toEqual([
      "flags-exhausted",
    ]);
  });

  test("bytes are shown for both widths, and where it bites", async () => {
    const [finding] = await found({}, { fields: { n: "u32", p: { in: "u8" } } });
    expect(finding?.what).toBe(
      "a pointer inside a struct needs a compat entry: x86_64 16 bytes (n at 0, 4 unused, p at 8); i386 8 bytes (n at 0, p at 4)",
    );
    expect(finding?.abis).toContain("arm on arm64");
    expect(finding?.where).toBe("struct thing.p");
  });
});

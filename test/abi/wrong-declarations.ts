import type { RegistryParts } from "../../src/abi/index.ts";

/** A declaration with one thing wrong, as plain data: the compiler would refuse many of them. */
export interface WrongDeclaration {
  readonly label: string;
  readonly parts: Readonly<Record<keyof RegistryParts, readonly object[]>>;
}

type Data = Readonly<Record<string, unknown>>;

const PAIR = { struct: "pair", fields: { a: "int", b: "int" } };
const MODES = { flagset: "modes", bits: { M_ONE: 1, M_TWO: 2 } };
const SHARED = { ladder: "shared", rungs: [["not-capable", "EPERM", "A-13", "it takes a capability"]] };

const GOOD = {
  name: "good",
  numbers: { x86_64: 900, i386: 901 },
  args: { buf: { in: "u8", count: "n" }, n: "size_t", mode: { flags: "modes", of: "int" } },
  returns: "int",
  ladder: [["bad-mode", "EINVAL", "A-09", "a mode is not known"], { include: "shared" }],
  support: "full",
  provenance: ["a test"],
};

const parts = (more: Partial<WrongDeclaration["parts"]>): WrongDeclaration["parts"] => ({
  calls: [],
  structs: [PAIR],
  flagsets: [MODES],
  ladders: [SHARED],
  ...more,
});

/** The declaration all others are one step away from. */
export const RIGHT: WrongDeclaration["parts"] = parts({ calls: [GOOD] });

const call = (label: string, change: Data): WrongDeclaration => ({
  label,
  parts: parts({ calls: [{ ...GOOD, ...change }] }),
});
const arg = (label: string, type: unknown, more: Data = {}): WrongDeclaration =>
  call(label, { args: { it: type, n: "size_t", ...more } });
const number = (label: string, spec: unknown): WrongDeclaration => call(label, { numbers: { x86_64: spec } });
const ladder = (label: string, rungs: unknown): WrongDeclaration => call(label, { ladder: rungs });
const shared = (label: string, ...ladders: object[]): WrongDeclaration => ({
  label,
  parts: parts({ ladders }),
});
const struct = (label: string, ...structs: object[]): WrongDeclaration => ({
  label,
  parts: parts({ structs }),
});
const fields = (label: string, of: Data, more: Data = {}): WrongDeclaration =>
  struct(label, { struct: "it", fields: of, ...more });
const flags = (label: string, of: Data): WrongDeclaration => ({
  label,
  parts: parts({ flagsets: [{ flagset: "it", bits: {}, ...of }] }),
});
const two = (label: string, first: Data, second: Data): WrongDeclaration => ({
  label,
  parts: parts({
    calls: [
      { ...GOOD, name: "first", ...first },
      { ...GOOD, name: "second", ...second },
    ],
  }),
});
const rung = (...row: unknown[]): unknown[] => row;

/** Every way to write a declaration down wrong that trapgate looks for. */
export const WRONG: readonly WrongDeclaration[] = [
  // The call.
  call("name with a blank", { name: "no name" }),
  call("name missing", { name: undefined }),
  call("unknown key", { suport: "full" }),
  call("unknown support", { support: "mostly" }),
  call("no provenance", { provenance: [] }),
  call("since after until", { since: "5.3", until: "2.6.30" }),
  call("since equal to until", { since: "5.3", until: "5.3" }),
  call("since that is no version", { since: "v5.3-rc1" }),
  call("until that is no version", { until: "2.6.1000" }),
  call("returns a struct", { returns: { struct: "pair" } }),
  call("returns an unknown type", { returns: "integer" }),

  call("numbers forgotten", { numbers: undefined }),
  call("arguments forgotten", { args: undefined }),
  call("ladder forgotten", { ladder: undefined }),

  // Arguments.
  arg("unknown scalar", "integer"),
  arg("type that is a number", 4),
  arg("type that is null", null),
  arg("unknown flag set", { flags: "moods", of: "int" }),
  arg("flags of no scalar", { flags: "modes", of: "pair" }),
  arg("pointer to nothing known", { in: "pear" }),
  arg("pointer without direction", { to: "pair" }),
  arg("pointer with two directions", { in: "pair", out: "pair" }),
  arg("pointer with an unknown key", { in: "pair", optoinal: true }),
  arg("optional that is false", { in: "pair", optional: false }),
  arg("count that names no sibling", { in: "u8", count: "m" }),
  arg("size that names no sibling", { out: "u8", size: "len" }),
  arg("size of a string that names no sibling", { string: "out", size: "len" }),
  arg("count and size at once", { in: "u8", count: "n", size: "n" }),
  arg("count that names itself", { in: "u8", count: "it" }),
  arg("size that is a pointer to a struct", { out: "u8", size: "p" }, { p: { in: "pair" } }),
  arg("size that is an out-pointer", { out: "u8", size: "p" }, { p: { out: "int" } }),
  arg("size that is a string", { out: "u8", size: "p" }, { p: { string: "in" } }),
  arg("string that goes both ways", { string: "inout" }),
  arg("string without room", { string: "in", max: 0 }),
  arg("struct by value", { struct: "pair" }),
  arg("array by value", { array: "int", length: 4 }),
  arg("array of an unknown struct", { array: { struct: "pear" }, length: 4 }),
  call("argument name that is a number", { args: { 0: "int" } }),
  call("seven arguments", { args: Object.fromEntries([..."abcdefg"].map((c) => [c, "int"])) }),
  call("order that leaves one out", { order: { backwards: ["buf", "n"] } }),
  call("order that repeats one", { order: { backwards: ["buf", "n", "n"] } }),
  call("order as text", { order: { backwards: "buf n mode" } }),
  call("order of an unknown kind", { order: { sideways: ["buf", "n", "mode"] } }),

  // Numbers.
  number("negative number", -1),
  number("number with a fraction", 1.5),
  number("huge number", 1e9),
  number("number that is none", Number.NaN),
  number("number as text", "900"),
  number("assigned without a reason", { nr: 900, assigned: "" }),
  number("number with a key too many", { nr: 900, assigned: "free", displaces: "read" }),
  number("number without a remark", { nr: 900 }),
  number("negative number in a profile", { profiles: { "cwp-v2": 900, "cwp-v3": -900 } }),
  number("called without a name", { nr: 900, called: "" }),
  number("absence without a reason", { absent: "" }),
  number("profiles as a list", { profiles: [900] }),
  call("unknown table", { numbers: { vax: 900 } }),
  two("same name", { name: "good" }, { name: "good", numbers: {} }),
  two("same number", {}, {}),
  two("same number through ia32", { numbers: { i386: 7 } }, { numbers: { ia32: 7 } }),
  two(
    "same number under one profile",
    { numbers: { x86_64: { profiles: { "cwp-v2": 1, "cwp-v3": 2 } } } },
    { numbers: { x86_64: { profiles: { "cwp-v2": 2, "cwp-v3": 2 } } } },
  ),
  two("same number in overlapping eras", { until: "5.4" }, { since: "5.3" }),
  two(
    "displaces someone else",
    { numbers: { x86_64: 900 } },
    { numbers: { x86_64: { nr: 900, displaces: "third" } } },
  ),

  // Ladders.
  ladder("rung twice", [rung("a", "EINVAL", [], "one"), rung("a", "EPERM", [], "two")]),
  ladder("rung twice through an include", [rung("not-capable", "EPERM", [], "mine"), { include: "shared" }]),
  ladder("rung twice in eras that meet", [
    rung("a", "EINVAL", [], "one", { until: "5.17" }),
    rung("a", "EPERM", [], "two", { since: "5.3" }),
  ]),
  ladder("rung of an era that ends before it begins", [
    rung("a", "EINVAL", [], "one", { since: "5.3", until: "4.9" }),
  ]),
  ladder("rung whose era is a text", [rung("a", "EINVAL", [], "one", "5.3")]),
  ladder("rung with an unknown key in its era", [rung("a", "EINVAL", [], "one", { from: "5.3" })]),
  ladder("include of an era its rungs do not reach", [{ include: "shared", since: "5.3", until: "5.3" }]),
  ladder("unknown errno", [rung("a", "EWRONG", [], "a reason")]),
  ladder("errno as a number", [rung("a", 22, [], "a reason")]),
  ladder("rung id with blanks", [rung("Not A Word", "EINVAL", [], "a reason")]),
  ladder("rung without a reason", [rung("a", "EINVAL", [], "")]),
  ladder("rung too short", [rung("a", "EINVAL", "A-09")]),
  ladder("rule that is a number", [rung("a", "EINVAL", [9], "a reason")]),
  ladder("unknown ladder", [{ include: "sheared" }]),
  ladder("row that is text", ["a"]),
  ladder("include with a key too many", [{ include: "shared", errno: "EPERM" }]),
  shared("ladder that includes itself", { ladder: "it", rungs: [{ include: "it" }] }),
  shared(
    "ladders in a circle",
    { ladder: "a", rungs: [{ include: "b" }] },
    { ladder: "b", rungs: [{ include: "c" }] },
    { ladder: "c", rungs: [{ include: "b" }] },
  ),
  shared("unknown errno in a shared ladder", { ladder: "it", rungs: [rung("a", "EWRONG", [], "a reason")] }),
  shared("rungs forgotten", { ladder: "it" }),
  shared("ladder twice", SHARED, SHARED),
  shared("ladder with an unknown key", { ladder: "it", rungs: [], rules: [] }),

  // Structs.
  fields("no fields", {}),
  struct("fields forgotten", { struct: "it" }),
  fields("field of unknown type", { a: "integer" }),
  fields("field of an unknown struct", { a: { struct: "pear" } }),
  fields("field name that is a number", { a: "int", 1: "int" }),
  fields("field that contains its own struct", { a: "int", self: { struct: "it" } }),
  struct("struct that contains itself after another", PAIR, {
    struct: "it",
    fields: { pair: { struct: "pair" }, self: { array: { struct: "it" }, length: 1 } },
  }),
  struct(
    "structs that contain each other",
    { struct: "a", fields: { b: { array: { struct: "b" }, length: 2 } } },
    { struct: "b", fields: { a: { struct: "a" } } },
  ),
  fields("array of no elements", { a: { array: "int", length: 0 } }),
  fields("array of less than none", { a: { array: "int", length: -3 } }),
  fields("array of half an element", { a: { array: "int", length: 0.5 } }),
  fields("array without length", { a: { array: "int" } }),
  fields("count that names no field", { a: { in: "int", count: "n" } }),
  fields("size that is a struct", { a: { in: "int", size: "n" }, n: { struct: "it" } }),
  fields("packed under an unknown model", { a: "int" }, { packed: ["lp46"] }),
  fields("version of no bytes", { a: "int" }, { versions: { VER0: 0 } }),
  fields("version that cuts a field", { a: "int", b: "u64" }, { versions: { VER0: 12 } }),
  fields("size of no bytes", { a: "int" }, { size: 0 }),
  struct("anonymous that is no field", PAIR, {
    struct: "it",
    fields: { a: { struct: "pair" } },
    anonymous: ["b"],
  }),
  fields("anonymous that is no struct", { a: "int" }, { anonymous: ["a"] }),
  fields("anonymous as text", { a: "int" }, { anonymous: "a" }),
  fields("struct with an unknown key", { a: "int" }, { align: 16 }),
  struct("struct twice", PAIR, PAIR),
  struct("struct named like a scalar", { struct: "pid_t", fields: { a: "int" } }),

  // Flag sets.
  flags("mask of two bits", { bits: { F_A: 3 } }),
  flags("mask of nothing", { bits: { F_A: 0 } }),
  flags("negative mask", { bits: { F_A: -1 } }),
  flags("mask too high for a number", { bits: { F_A: 2 ** 53 } }),
  flags("mask of half a bit", { bits: { F_A: 0.5 } }),
  flags("mask across both words", { bits: { F_A: [1, 1] } }),
  flags("mask with a word too wide", { bits: { F_A: [0, 2 ** 32] } }),
  flags("mask that is text", { bits: { F_A: "1" } }),
  flags("bits forgotten", { bits: undefined }),
  flags("bit with an unknown key", { bits: { F_A: { mask: 4, form: "4.6" } } }),
  flags("same bit twice", { bits: { F_A: 4, F_B: 4 } }),
  flags("same bit in overlapping eras", {
    bits: { F_A: { mask: 4, until: "4.7" }, F_B: { mask: 4, since: "4.6" } },
  }),
  flags("since after until of a bit", { bits: { F_A: { mask: 4, since: "4.6", until: "2.6.38" } } }),
  flags("bit inside a field", { fields: { F_LOW: 0xff }, bits: { F_A: 0x80 } }),
  flags("fields that overlap", { fields: { F_LOW: 0xff, F_MID: 0x180 } }),
  flags("field wider than a word", { fields: { F_LOW: 2 ** 32 } }),
  flags("field with an unknown role", { fields: { F_LOW: { mask: 0xff, role: "colour" } } }),
  flags("bit named like a field", { fields: { F_A: 0xff }, bits: { F_A: 0x100 } }),
  flags("bit name that is a number", { bits: { 1: 4 } }),
  flags("values that are the same", { values: { F_A: 4, F_B: 4 } }),
  flags("values that are the same in overlapping eras", {
    values: { F_A: { value: 4, until: "4.7" }, F_B: { value: 4, since: "4.6" } },
  }),
  flags("negative value", { values: { F_A: -1 } }),
  flags("value wider than a word", { values: { F_A: 2 ** 32 } }),
  flags("value forgotten", { values: { F_A: null } }),
  flags("value with an unknown key", { values: { F_A: { value: 4, form: "4.6" } } }),
  flags("value name that is a number", { values: { 1: 4 } }),
  flags("values as a list", { values: [1, 2] }),
  { label: "flag set twice", parts: parts({ flagsets: [MODES, MODES] }) },
];

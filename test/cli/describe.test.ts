import { describe, expect, test } from "vitest";
import { Registry, type StructDecl, type SyscallDecl } from "../../src/abi/index.ts";
import { Witness } from "../../src/cli/demo/call-event.ts";
import { describe as describeCall } from "../../src/cli/explain/describe.ts";
import type { Explanation } from "../../src/cli/explain/explanation.ts";
import { ExplanationPage } from "../../src/cli/explain/page.ts";
import { paintFor } from "../../src/cli/paint.ts";
import { boot, Guest, implement, PROFILES, type Profile, profileNamed } from "../../src/kernel/index.ts";

/** A struct with a hole in the middle and padding at its end on both models. */
const ragged = {
  struct: "ragged",
  fields: { flag: "u8", count: "u32", name: { string: "in" }, last: "u16" },
} as const satisfies StructDecl;

const call = {
  name: "frob",
  since: "2.6.30",
  until: "2.6.31",
  numbers: { i386: 400, x86_64: { nr: 401, displaces: "nobody" } },
  args: { buf: { inout: "ragged" }, len: "size_t" },
  returns: "ssize_t",
  ladder: [["odd", "EINVAL", ["Z-01", "Z-02"], "it is odd"]],
  support: "partial",
  provenance: ["a test"],
} as const satisfies SyscallDecl;

function explanation(profiles: readonly Profile[], decl: SyscallDecl = call): Explanation {
  const registry = new Registry({ calls: [decl], structs: [ragged] });
  const compiled = registry.get(decl.name);
  if (compiled === undefined) throw new Error("it was just added");
  return describeCall(registry, compiled, { archs: ["x86_64", "i386"], profiles });
}

const pageOf = (it: Explanation): string =>
  new ExplanationPage({ paint: paintFor(false), columns: 100 }).render(it);

describe("a declaration of one's own", () => {
  test("its era decides where it has a number; the version it was gone in has none", () => {
    const { numbers } = explanation([profileNamed("cwp-v2"), profileNamed("cwp-v3")]);
    expect(profileNamed("cwp-v3").kernel).toBe("2.6.31");
    expect(numbers.find((n) => n.table === "i386")?.profiles).toEqual({
      "cwp-v2": { nr: 400, remark: null },
      "cwp-v3": { nr: null, absent: "it was gone in 2.6.31" },
    });
    const later = explanation([profileNamed("cwp-v2")], { ...call, since: "5.3", until: "6.0" });
    expect(later.numbers[0]?.profiles).toEqual({ "cwp-v2": { nr: null, absent: "it came in 5.3" } });
  });

  test("ia32 has i386's number, and a displaced call is named", () => {
    const { numbers } = explanation([profileNamed("cwp-v2")]);
    expect(numbers.find((n) => n.table === "ia32")?.profiles).toEqual({
      "cwp-v2": { nr: 400, remark: null },
    });
    expect(numbers.find((n) => n.table === "x86_64")?.profiles).toEqual({
      "cwp-v2": { nr: 401, remark: "displaces nobody" },
    });
  });

  test("one era's errno speaks when one era is asked for", () => {
    const strict: Profile = { ...profileNamed("cwp-v2"), name: "strict", errno: { odd: "ERANGE" } };
    expect(explanation([strict]).ladder[0]?.errno).toBe("ERANGE");
    expect(explanation([strict, profileNamed("cwp-v2")]).ladder[0]?.errno).toBe("EINVAL");
  });

  test("holes and padding stand where they lie, side by side", () => {
    const lines = pageOf(explanation(Object.values(PROFILES))).split("\n");
    const at = lines.findIndex((line) => line.startsWith("struct ragged: x86_64 24 bytes"));
    expect(lines.slice(at + 3, at + 9)).toEqual([
      "  u8      flag            0     1       0     1",
      "          (hole)          1     3       1     3",
      "  u32     count           4     4       4     4",
      "  char *  name            8     8       8     4  in",
      "  u16     last           16     2      12     2",
      "          (padding)      18     6      14     2",
    ]);
  });

  test("an argument's direction and relation, and several rules of a rung, are on the page", () => {
    const page = pageOf(explanation([profileNamed("cwp-v2")]));
    expect(page).toMatch(/^ssize_t frob\(struct ragged \*buf, size_t len\)$/m);
    expect(page).toMatch(/^ {2}struct ragged \* {2}buf {7}inout {2}rdi/m);
    expect(page).toMatch(/^ {2}1 {2}EINVAL {2}Z-01 Z-02 {2}odd {2}it is odd$/m);
    expect(page).toContain("since 2.6.30, gone in 2.6.31, support: partial");
  });
});

describe("a defect met on the way", () => {
  test("is thrown, not told as a call", () => {
    const witness = new Witness();
    const broken = implement({ ...call, name: "broken", args: {}, ladder: [] }, () => {
      throw new Error("a handler's own");
    });
    const machine = boot({ arch: "i386", profile: "cwp-v2", calls: [broken], trace: witness.sink });
    new Guest(machine, machine.init).call("broken");
    expect(() => witness.tell(machine, { id: "x", about: "y" })).toThrow("a handler's own");
  });
});

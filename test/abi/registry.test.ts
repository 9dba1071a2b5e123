import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CALLS,
  FLAG_SETS,
  kernelVersion,
  LADDERS,
  Registry,
  STRUCTS,
  type SyscallDecl,
  TABLES,
  type TableEra,
  type TableId,
} from "../../src/abi/index.ts";

const house = (): Registry =>
  new Registry({ calls: CALLS, structs: STRUCTS, flagsets: FLAG_SETS, ladders: LADDERS });
const era = (name: string, kernel: string): TableEra => ({ name, kernel: kernelVersion(kernel) });

const V2 = era("cwp-v2", "2.6.30");
const V3 = era("cwp-v3", "2.6.31");
const TODAY = era("clone3-7x", "6.18");

const call = (name: string, more: Partial<SyscallDecl>): SyscallDecl => ({
  name,
  numbers: {},
  args: {},
  returns: "int",
  ladder: [],
  support: "declared",
  provenance: ["a test"],
  ...more,
});

describe("trapgate's own declarations", () => {
  const registry = house();

  test("name → number → name, in every table of every era", () => {
    for (const table of TABLES) {
      for (const when of [V2, V3, TODAY]) {
        for (const { name } of registry.calls()) {
          const nr = registry.number(name, table, when);
          if (nr !== undefined) expect(registry.byNumber(nr, table, when)?.name).toBe(name);
        }
        for (const [nr, { name }] of registry.entries(table, when))
          expect(registry.number(name, table, when)).toBe(nr);
      }
    }
  });

  test("entries are ascending and have no number twice", () => {
    const numbers = registry.entries("i386", V3).map(([nr]) => nr);
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test("§3.1 the numbers of clone_with_pids belong to a tree", () => {
    expect(registry.number("clone_with_pids", "i386", V3)).toBe(337);
    expect(registry.resolve("clone_with_pids", "i386", V3)).toMatchObject({ assigned: false, remark: null });
    expect(registry.resolve("clone_with_pids", "i386", V2)).toMatchObject({ nr: 335, assigned: true });
    expect(registry.byNumber(337, "i386", V2)).toBeUndefined();
  });

  test("§3.1 x86_64 never had one: the number says that trapgate chose it", () => {
    const number = registry.resolve("clone_with_pids", "x86_64", V2);
    expect(number).toMatchObject({ nr: 297, assigned: true });
    expect(number?.remark).toMatch(/^assigned by trapgate: /);
  });

  test("§3.1 the series left the ia32 table alone", () => {
    expect(registry.number("clone_with_pids", "ia32", V3)).toBeUndefined();
    expect(registry.byNumber(337, "ia32", V3)).toBeUndefined();
  });

  test("ia32 has i386's numbers unless the declaration says otherwise", () => {
    for (const { name } of registry.calls())
      if (name !== "clone_with_pids")
        expect(registry.number(name, "ia32", V3)).toBe(registry.number(name, "i386", V3));
  });

  test("§8 clone is 56 on x86_64 and 120 on i386", () => {
    expect([registry.number("clone", "x86_64", V2), registry.number("clone", "i386", V2)]).toEqual([56, 120]);
  });

  test("out of its era a call has no number, and its number nobody", () => {
    for (const when of [era("cwp-v3", "2.6.29"), era("cwp-v3", "2.6.33"), TODAY]) {
      expect(registry.number("clone_with_pids", "i386", when)).toBeUndefined();
      expect(registry.byNumber(337, "i386", when)).toBeUndefined();
    }
    expect(registry.number("clone_with_pids", "i386", era("cwp-v3", "2.6.32"))).toBe(337);
  });

  test("a profile the declaration does not name has no number", () => {
    expect(registry.number("clone_with_pids", "i386", era("eclone", "2.6.31"))).toBeUndefined();
    expect(registry.resolve("clone_with_pids", "i386", era("constructor", "2.6.31"))).toBeNull();
  });

  test("what is not there is undefined", () => {
    expect(registry.get("clone4")).toBeUndefined();
    expect(registry.number("clone4", "i386", V2)).toBeUndefined();
    expect(registry.resolve("clone4", "i386", V2)).toBeNull();
    for (const nr of [-1, 0.5, 9999, Number.NaN]) expect(registry.byNumber(nr, "i386", V2)).toBeUndefined();
  });

  test("it prints everything, and a registry made of the print answers the same", () => {
    const text = JSON.stringify(registry);
    const again = new Registry(JSON.parse(text));
    expect(JSON.stringify(again)).toBe(text);
    expect(JSON.parse(text)).toEqual({
      calls: CALLS,
      structs: STRUCTS,
      flagsets: FLAG_SETS,
      ladders: LADDERS,
    });
    const names = (r: Registry, table: TableId): unknown =>
      r.entries(table, V3).map(([nr, { name }]) => [nr, name]);
    for (const table of TABLES) expect(names(again, table)).toEqual(names(registry, table));
  });
});

describe("declarations from outside", () => {
  test("a call added later is found both ways, at once", () => {
    const registry = house();
    expect(registry.byNumber(1000, "x86_64", V2)).toBeUndefined();
    const added = registry.add(call("answer", { numbers: { x86_64: 1000 } }));
    expect(registry.byNumber(1000, "x86_64", V2)).toBe(added);
    expect(registry.get("answer")).toBe(added);
    expect([...registry.calls()].at(-1)).toBe(added);
  });

  test("compile checks a call and adds nothing", () => {
    const registry = house();
    expect(registry.compile(call("answer", {})).name).toBe("answer");
    expect(registry.get("answer")).toBeUndefined();
  });

  test("one number may pass from call to call through the ages", () => {
    const registry = new Registry({
      calls: [
        call("old", { numbers: { arm: 7 }, until: "2.6.33" }),
        call("young", { numbers: { arm: 7 }, since: "5.3" }),
      ],
    });
    expect(registry.byNumber(7, "arm", era("x", "2.6.32"))?.name).toBe("old");
    expect(registry.byNumber(7, "arm", era("x", "3.0"))).toBeUndefined();
    expect(registry.byNumber(7, "arm", era("x", "5.3"))?.name).toBe("young");
    expect(registry.number("old", "arm", era("x", "5.3"))).toBeUndefined();
  });

  test("a tree's call displaces a mainline one: under that profile the other has no number", () => {
    const mainline = call("recvmmsg", { numbers: { i386: 337 } });
    const tree = call("clone_with_pids", {
      numbers: { i386: { profiles: { "cwp-v3": { nr: 337, displaces: "recvmmsg" } } } },
    });
    for (const calls of [
      [mainline, tree],
      [tree, mainline],
    ]) {
      const registry = new Registry({ calls });
      expect(registry.byNumber(337, "i386", V3)?.name).toBe("clone_with_pids");
      expect(registry.number("recvmmsg", "i386", V3)).toBeUndefined();
      expect(registry.resolve("clone_with_pids", "i386", V3)).toMatchObject({
        displaces: "recvmmsg",
        remark: "displaces recvmmsg",
      });
      expect(registry.byNumber(337, "i386", TODAY)?.name).toBe("recvmmsg");
      expect(registry.number("clone_with_pids", "i386", TODAY)).toBeUndefined();
    }
  });

  test("absence under one profile is no number there", () => {
    const spec = { profiles: { old: 5, young: { absent: "removed" } } };
    const registry = new Registry({ calls: [call("gone", { numbers: { arm: spec } })] });
    expect(registry.number("gone", "arm", era("old", "3.0"))).toBe(5);
    expect(registry.number("gone", "arm", era("young", "3.0"))).toBeUndefined();
  });

  test("registries that take a set of calls answer both ways; those that would not are refused", () => {
    const version = fc.constantFrom("2.6.30", "2.6.33", "4.0", "5.3");
    const nr = fc.nat({ max: 3 });
    const spec = fc.oneof(
      nr,
      fc.record({ nr, displaces: fc.constantFrom("c0", "c1", "c2") }),
      fc.record({ absent: fc.constant("none") }),
      fc.record({ profiles: fc.dictionary(fc.constantFrom("p", "q"), nr) }),
    );
    const one = fc.record(
      {
        since: version,
        until: version,
        numbers: fc.record({ i386: spec, ia32: spec }, { requiredKeys: [] }),
      },
      { requiredKeys: ["numbers"] },
    );
    const eras = ["2.6.29", "2.6.30", "2.6.33", "4.0", "5.3"].flatMap((v) =>
      ["p", "q", "r"].map((p) => era(p, v)),
    );
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 3 }), (drafts) => {
        const calls = drafts.map((draft, i) => call(`c${i}`, draft as Partial<SyscallDecl>));
        let registry: Registry;
        try {
          registry = new Registry({ calls });
        } catch {
          refused++;
          return;
        }
        taken++;
        for (const table of ["i386", "ia32"] as const) {
          for (const when of eras) {
            const named = calls.flatMap(({ name }) => {
              const number = registry.number(name, table, when);
              return number === undefined ? [] : [[number, name]];
            });
            const listed = registry.entries(table, when).map(([number, { name }]) => [number, name]);
            expect(listed).toEqual(named.sort((a, b) => Number(a[0]) - Number(b[0])));
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(taken).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });
});

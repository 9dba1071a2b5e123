import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLONE, clone_args, eclone_args, target_pid_set } from "../../../src/abi/structs/index.ts";
import {
  boot,
  Guest,
  isPidRefusal,
  type PidSpelling,
  type PidViewpoint,
  type PidWish,
  readPids,
  SIG,
  spellPids,
  translatePids,
} from "../../../src/kernel/index.ts";

const OF_2009 = ["cwp-v2", "cwp-v2-newpid", "cwp-v3", "eclone"] as const;
const ALL: readonly PidSpelling[] = [...OF_2009, "clone3"];

const spelling = fc.constantFrom<PidSpelling[]>(...ALL);
const of2009 = fc.constantFrom(...OF_2009);
const viewpoint: fc.Arbitrary<PidViewpoint> = fc.record({ level: fc.nat(5), newpid: fc.boolean() });
/** Numbers of an array: often 0, and often 1, which have meanings of their own. */
const pids = fc.array(fc.oneof(fc.constantFrom(0, 0, 1, -5), fc.integer({ min: 2, max: 99 })), {
  maxLength: 8,
});

/** What a wish comes to: the new namespace's first number is 1, whoever chooses it. */
function meaning({ numbers, newpid }: PidWish): readonly (number | null)[] {
  return newpid && numbers.at(-1) === null ? [...numbers.slice(0, -1), 1] : numbers;
}

/** A wish, or undefined where the array is none. */
function wishOf(array: readonly number[], said: PidSpelling, at: PidViewpoint): PidWish | undefined {
  const wish = readPids(array, said, at);
  return isPidRefusal(wish) ? undefined : wish;
}

function refused(result: object): string | null {
  return isPidRefusal(result) ? result.refused : null;
}

const withoutLeadingZeros = (array: readonly number[]): readonly number[] => {
  const first = array.findIndex((nr) => nr !== 0);
  return first < 0 ? [] : array.slice(first);
};

describe("law: one wish, three spellings", () => {
  test("A-20 T-15 a translation means the same: the same number at every level", () => {
    fc.assert(
      fc.property(spelling, spelling, pids, viewpoint, (from, to, array, at) => {
        const said = translatePids(array, { from, to, ...at });
        const wish = wishOf(array, from, at);
        if (isPidRefusal(said)) return;
        const again = wishOf(said, to, at);
        expect(again && meaning(again)).toEqual(wish && meaning(wish));
      }),
    );
  });

  test("A-21 there and back it is the same array but for leading zeros", () => {
    fc.assert(
      fc.property(of2009, pids, viewpoint, (from, array, at) => {
        const there = translatePids(array, { from, to: "clone3", ...at });
        if (isPidRefusal(there)) return;
        const back = translatePids(there, { from: "clone3", to: from, ...at });
        // Where the array has a number for the new namespace, 0 there is 1, and alone it says nothing.
        const own = at.newpid && from === "cwp-v2-newpid";
        const levels = withoutLeadingZeros(own ? array.slice(0, -1) : array);
        expect(back).toEqual(own && levels.length > 0 ? [...levels, 1] : levels);
      }),
    );
  });

  test("T-19 a set_tid there and back is the same, unless it asks for the new namespace's 1 alone", () => {
    fc.assert(
      fc.property(of2009, pids, viewpoint, (to, array, at) => {
        const there = translatePids(array, { from: "clone3", to, ...at });
        if (isPidRefusal(there)) return;
        const back = translatePids(there, { from: to, to: "clone3", ...at });
        expect(back).toEqual(at.newpid && array.length === 1 ? [] : array);
      }),
    );
  });

  test("a wish is as short as it can be said: one number less says another", () => {
    fc.assert(
      fc.property(spelling, spelling, pids, viewpoint, (from, to, array, at) => {
        const wish = wishOf(array, from, at);
        const said = wish === undefined ? undefined : spellPids(wish, to);
        if (wish === undefined || said === undefined || isPidRefusal(said) || said.length === 0) return;
        const shorter = [said.slice(1), said.slice(0, -1)].map((cut) => wishOf(cut, to, at));
        for (const other of shorter) expect(other && meaning(other)).not.toEqual(meaning(wish));
      }),
    );
  });

  test("T-14 in set_tid a zero behind the first number cannot be said: a gap, or the caller's own level free", () => {
    fc.assert(
      fc.property(of2009, pids, viewpoint, (from, array, at) => {
        const wish = wishOf(array, from, at);
        if (wish === undefined) return;
        const levels = at.newpid ? wish.numbers.slice(0, -1) : wish.numbers;
        const chosen = levels.slice(levels.findIndex((nr) => nr !== null));
        const free = levels.every((nr) => nr === null) || !chosen.includes(null);
        const why = free ? null : chosen.at(-1) === null ? "own-free" : "gap";
        expect(refused(spellPids(wish, "clone3"))).toBe(why);
      }),
    );
  });

  test("T-03 a number that is wrong for everybody is translated all the same: it is refused where it is used", () => {
    for (const nr of [-1, -5, 32_768, 4_194_304])
      for (const from of ALL)
        for (const to of ALL)
          expect(translatePids([nr], { from, to, level: 1, newpid: false })).toEqual([nr]);
  });

  test("A-14 cwp-v2 says nothing but a plain clone together with CLONE_NEWPID", () => {
    fc.assert(
      fc.property(spelling, pids, fc.nat(5), (from, array, level) => {
        const at = { level, newpid: true };
        const wish = wishOf(array, from, at);
        if (wish === undefined) return;
        const said = spellPids(wish, "cwp-v2");
        const free = wish.numbers.slice(0, -1).every((nr) => nr === null);
        if (free && !isPidRefusal(said)) expect(said).toEqual([]);
        else expect(["newpid-with-pids", "newpid-not-init", "zero"]).toContain(refused(said));
      }),
    );
  });

  test("a refusal gives its reason, its rules and the spelling that has no word for the wish", () => {
    fc.assert(
      fc.property(spelling, spelling, pids, viewpoint, (from, to, array, at) => {
        const said = translatePids(array, { from, to, ...at });
        if (!isPidRefusal(said)) return;
        expect([from, to]).toContain(said.spelling);
        expect(said.reason).not.toBe("");
        for (const rule of said.rules) expect(rule).toMatch(/^[AECT]-\d\d$/);
      }),
    );
  });
});

describe("law: the same wish makes the same child", () => {
  const said = {
    "cwp-v3": (caller: Guest, at: number, array: readonly number[]) => {
      caller.writeStruct(at, target_pid_set, { num_pids: array.length, target_pids: at + 256 });
      return caller.call("clone_with_pids", { flags: SIG.CHLD, pid_set: at });
    },
    eclone: (caller: Guest, at: number, array: readonly number[]) => {
      caller.writeStruct(at, eclone_args, { nr_pids: array.length });
      return caller.call("eclone", { flags_low: SIG.CHLD, args: at, args_size: 48, pids: at + 256 });
    },
    clone3: (caller: Guest, at: number, array: readonly number[]) => {
      const set_tid = array.length === 0 ? 0 : at + 256;
      caller.writeStruct(at, clone_args, { exit_signal: SIG.CHLD, set_tid, set_tid_size: array.length });
      return caller.call("clone3", { uargs: at, size: 88 });
    },
  } as const;

  /** The child's numbers, or null where the call was refused. */
  function made(to: keyof typeof said, array: readonly number[], level: number): readonly number[] | null {
    const machine = boot({ profile: to === "clone3" ? "clone3-614" : to, frames: 64 });
    let caller = new Guest(machine, machine.init);
    for (let i = 0; i < level; i++)
      caller = caller.child(caller.call("clone", { flags: CLONE.NEWPID | SIG.CHLD }));
    const at = caller.map(4096);
    caller.writeInts(at + 256, array);
    const nr = said[to](caller, at, array);
    return caller.errno(nr) === null ? caller.child(nr).task.pidNumbers() : null;
  }

  test("A-20 E-15 T-15 on a machine of each time", () => {
    const level = fc.nat(3);
    fc.assert(
      fc.property(pids, level, (array, depth) => {
        const at = { level: depth, newpid: false };
        const outcomes = (["cwp-v3", "eclone", "clone3"] as const).map((to) => {
          const spelt = translatePids(array, { from: "eclone", to, ...at });
          return isPidRefusal(spelt) ? "refused" : JSON.stringify(made(to, spelt, depth));
        });
        expect(new Set(outcomes.filter((outcome) => outcome !== "refused")).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});

/** Rules §9.1: a caller at level 2. */
const WISHES: readonly (readonly [
  wish: string,
  of2009: readonly number[],
  clone3: readonly number[] | string,
])[] = [
  ["own level 99", [99], [99]],
  ["level 1 = 77, own = 99", [77, 99], [99, 77]],
  ["the same with a leading zero", [0, 77, 99], [99, 77]],
  ["level 0 = 500, 77, 99", [500, 77, 99], [99, 77, 500]],
  ["a gap", [500, 0, 99], "gap"],
  ["own free", [77, 0], "own-free"],
  ["a gap and own free", [500, 0, 0], "own-free"],
  ["everything free", [], []],
  ["everything free in zeros", [0, 0, 0], []],
];

describe("the wishes of rules §9.1", () => {
  const at = { level: 2, newpid: false };

  test.each(WISHES)("%s", (_, array, tids) => {
    for (const from of OF_2009) {
      const said = translatePids(array, { from, to: "clone3", ...at });
      if (typeof tids === "string") expect(refused(said)).toBe(tids);
      else {
        expect(said).toEqual(tids);
        expect(translatePids(tids, { from: "clone3", to: from, ...at })).toEqual(withoutLeadingZeros(array));
      }
    }
  });

  test("A-14 A-25 A-27 T-19 a new namespace under an own number of 99", () => {
    const newpid = { level: 2, newpid: true };
    for (const from of ["cwp-v3", "eclone"] as const)
      expect(translatePids([99], { from, to: "clone3", ...newpid })).toEqual([1, 99]);
    for (const last of [0, 1])
      expect(translatePids([99, last], { from: "cwp-v2-newpid", to: "clone3", ...newpid })).toEqual([1, 99]);
    expect(refused(translatePids([99], { from: "cwp-v2", to: "clone3", ...newpid }))).toBe(
      "newpid-with-pids",
    );
    expect(refused(translatePids([1, 99], { from: "clone3", to: "cwp-v2", ...newpid }))).toBe(
      "newpid-with-pids",
    );
    expect(translatePids([1, 99], { from: "clone3", to: "eclone", ...newpid })).toEqual([99]);
    expect(translatePids([1, 99], { from: "clone3", to: "cwp-v2-newpid", ...newpid })).toEqual([99, 1]);
  });

  test("A-26 T-20 another number than 1 in the new namespace is said in clone3 alone", () => {
    const newpid = { level: 1, newpid: true };
    for (const to of OF_2009)
      expect(refused(translatePids([7, 99], { from: "clone3", to, ...newpid }))).toBe("newpid-not-init");
    expect(translatePids([7, 99], { from: "clone3", to: "clone3", ...newpid })).toEqual([7, 99]);
  });

  test("T-14 a zero is said in clone3 alone, where it is a number like any other wrong one", () => {
    for (const to of OF_2009)
      expect(refused(translatePids([0, 99], { from: "clone3", to, ...at }))).toBe("zero");
  });

  test("A-10 E-08 T-01 more numbers than levels are no wish", () => {
    for (const from of OF_2009)
      expect(translatePids([1, 2, 3, 4], { from, to: "clone3", ...at })).toMatchObject({
        refused: "count-too-deep",
        spelling: from,
      });
    expect(translatePids([4, 3, 2, 1], { from: "clone3", to: "eclone", ...at })).toMatchObject({
      refused: "count-too-deep",
      rules: ["T-01"],
    });
  });

  test("C-07 set_tid has no room for 33 numbers, which 2009 has", () => {
    const deep = { level: 32, newpid: false };
    const array = Array.from({ length: 33 }, (_, i) => 100 + i);
    expect(refused(translatePids(array, { from: "eclone", to: "clone3", ...deep }))).toBe("array-too-long");
    expect(translatePids(array.slice(1), { from: "eclone", to: "clone3", ...deep })).toHaveLength(32);
    expect(refused(translatePids(array, { from: "clone3", to: "eclone", ...deep }))).toBe("array-too-long");
  });
});

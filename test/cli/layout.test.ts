import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pad, table, unbroken, widthOfText, wrap } from "../../src/cli/layout.ts";
import { nearest } from "../../src/cli/nearest.ts";
import { paintFor } from "../../src/cli/paint.ts";

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 30 });

describe("wrap", () => {
  test("loses no word, and no line is too wide but for a word that is", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 14, max: 60 }), fc.nat({ max: 6 }), (list, width, hang) => {
        const lines = wrap(list.join(" "), width, hang);
        expect(lines.join(" ").split(/ +/)).toEqual(list);
        for (const line of lines) {
          if (line.length > width) expect(line.trim()).not.toContain(" ");
        }
        for (const line of lines.slice(1)) expect(line.search(/\S/)).toBe(hang);
      }),
    );
  });

  test("fills its lines: the first word of a line would not have fitted on the one before", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 14, max: 60 }), (list, width) => {
        const lines = wrap(list.join(" "), width, 0);
        for (const [i, line] of lines.entries()) {
          const next = lines[i + 1]?.split(" ")[0];
          if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(width);
        }
      }),
    );
  });

  test("keeps what is unbroken together, and colours take no room", () => {
    expect(wrap(`one ${unbroken("{two three}")} four`, 9, 1)).toEqual(["one", " {two three}", " four"]);
    const red = paintFor(true)("errno", "one two");
    expect(widthOfText(red)).toBe(7);
    expect(wrap(red, 7, 0)).toHaveLength(1);
  });
});

describe("table", () => {
  const cell = fc.stringMatching(/^[a-z0-9]{0,8}$/);
  test("cells of a column begin, or end, in one column of the screen", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, fc.constant("|")), { minLength: 1, maxLength: 8 }),
        (rows) => {
          const lines = table(rows, { right: [1] });
          expect(lines).toHaveLength(rows.length);
          const bars = lines.map((line) => line.indexOf("|"));
          expect(new Set(bars).size).toBe(1);
          for (const [i, row] of rows.entries()) {
            expect(lines[i]?.slice(0, bars[0]).trimEnd().endsWith(row[1])).toBe(true);
            expect(lines[i]?.startsWith(`  ${row[0]}`)).toBe(true);
          }
        },
      ),
    );
  });

  test("breaks the last column", () => {
    expect(table([["a", "twenty letters at the most here"]], { width: 25 })).toEqual([
      "  a  twenty letters at",
      "     the most here",
    ]);
  });

  test("pad fills on either side", () => {
    expect([pad("ab", 4), pad("ab", 4, "left"), pad("abcde", 4)]).toEqual(["ab  ", "  ab", "abcde"]);
  });
});

describe("nearest", () => {
  const CALLS = ["clone", "clone_with_pids", "fork", "vfork", "getpid", "getppid", "wait4", "waitpid"];
  test.each([
    ["clone_with_pid", "clone_with_pids"],
    ["clone-with-pids", "clone_with_pids"],
    ["clone_w", "clone_with_pids"],
    ["colne", "clone"],
    ["GETPID", "getpid"],
    ["get_pid", "getpid"],
    ["forkk", "fork"],
    ["wait", "wait4"],
    ["read", null],
    ["", null],
    ["x", null],
  ])("%j is %j", (given, expected) => {
    expect(nearest(given, CALLS)).toBe(expected);
  });

  test("a name is nearest to itself, and to itself with two letters swapped", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CALLS), fc.nat({ max: 14 }), (name, at) => {
        expect(nearest(name, CALLS)).toBe(name);
        const i = at % (name.length - 1);
        const swapped = name.slice(0, i) + name.charAt(i + 1) + name.charAt(i) + name.slice(i + 2);
        expect(nearest(swapped, CALLS)).not.toBeNull();
      }),
    );
  });
});

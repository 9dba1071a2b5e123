import { errnoName, MAX_ERRNO } from "../abi/errno.ts";
import type { Answer, RawResult } from "./answer.ts";
import { expectedWords, littleEndianOf } from "./memory-words.ts";
import { ANY, isSymbol, valueOfSymbol } from "./symbols.ts";
import type { Expect, ExpectedNumber, ExpectedResult, Vector } from "./vector.ts";
import { hexWord, signedOf, wordOf } from "./words.ts";

/** One place where an answer is not what was expected. */
export interface Difference {
  /** `c`, `memory.main 0x10000300`, `pids.c[1]`, `regs.x.cx`, `mainWaitStatus`. */
  readonly where: string;
  /** What was recorded, where three answers are held together and the expected one is another. */
  readonly recorded?: string;
  readonly expected: string;
  readonly got: string;
}

/** Width of the result register of an entry. */
export function resultBits(vector: Vector): 32 | 64 {
  return vector.arch === "i386" ? 32 : 64;
}

/**
 * Holds an answer against an expectation. Results, memory and pids have to be the same on both sides; of registers
 * those that are named.
 * @returns what differs, in the order of the expectation; nothing when the answer is as expected
 */
export function compare(vector: Vector, expect: Expect, answer: Answer): Difference[] {
  return [
    ...compareResults(vector, expect, answer),
    ...compareMemory(vector, expect, answer),
    ...comparePids(expect, answer),
    ...compareRegs(expect, answer),
    ...compareEnd(expect, answer),
    ...(answer.defect === undefined ? [] : [{ where: "kernel", expected: "an answer", got: answer.defect }]),
  ];
}

function compareResults(vector: Vector, expect: Expect, answer: Answer): Difference[] {
  const bits = resultBits(vector);
  const labels = new Set([...Object.keys(expect.results), ...Object.keys(answer.results)]);
  return [...labels].flatMap((label) => {
    const expected = expect.results[label];
    const got = answer.results[label];
    if (expected !== undefined && got !== undefined && resultFits(expected, got, bits, answer)) return [];
    return [
      {
        where: label,
        expected: expected === undefined ? "nothing" : expectedText(expected),
        got: got === undefined ? "nothing" : resultText(got),
      },
    ];
  });
}

function resultFits(expected: ExpectedResult, got: RawResult, bits: 32 | 64, answer: Answer): boolean {
  if ("notReached" in expected || "notReached" in got) return "notReached" in expected && "notReached" in got;
  return numberFits(expected.ret, got.ret, bits, answer, null);
}

/** Whether a value of `bits` is the one expected; a symbol that stands for nothing fits nothing. */
function numberFits(
  expected: ExpectedNumber,
  got: bigint,
  bits: 32 | 64,
  answer: Answer,
  place: string | null,
): boolean {
  if (expected === ANY) return true;
  const value = isSymbol(expected) ? valueOfSymbol(expected, answer, place) : wordOf(expected);
  return value !== null && signedOf(value, bits) === signedOf(got, bits);
}

function compareMemory(vector: Vector, expect: Expect, answer: Answer): Difference[] {
  const tasks = new Set([...Object.keys(expect.memory), ...Object.keys(answer.memory)]);
  return [...tasks].flatMap((task) => {
    const items = expect.memory[task];
    const changed = answer.memory[task];
    if (items === undefined || changed === undefined)
      return [
        {
          where: `memory.${task}`,
          expected: items === undefined ? "no dump" : "a dump",
          got: changed === undefined ? "no dump" : "a dump",
        },
      ];
    const expected = expectedWords(items, littleEndianOf(vector));
    const got = new Map(changed.map((word) => [word.addr, BigInt(word.value)]));
    const addresses = [...new Set([...expected.keys(), ...got.keys()])].sort((a, b) => a - b);
    return addresses.flatMap((addr) => {
      const want = expected.get(addr);
      const have = got.get(addr);
      if (want !== undefined && have !== undefined && numberFits(want, have, 32, answer, null)) return [];
      return [
        {
          where: `memory.${task} ${hexWord(addr)}`,
          expected: want === undefined ? "unchanged" : wordText32(want),
          got: have === undefined ? "unchanged" : wordText32(hexWord(have)),
        },
      ];
    });
  });
}

function wordText32(word: ExpectedNumber): string {
  return isSymbol(word) ? word : `0x${wordOf(word).toString(16).padStart(8, "0")}`;
}

function comparePids(expect: Expect, answer: Answer): Difference[] {
  const tasks = new Set([...Object.keys(expect.pids ?? {}), ...Object.keys(answer.pids)]);
  return [...tasks].flatMap((task) => {
    const want = expect.pids?.[task];
    const have = answer.pids[task];
    const fits =
      want !== undefined &&
      have !== undefined &&
      want.length === have.length &&
      want.every((number, level) => numberFits(number, BigInt(have[level] ?? 0), 64, answer, null));
    if (fits) return [];
    const text = (numbers: readonly ExpectedNumber[] | undefined): string =>
      numbers === undefined ? "no such task" : `[${numbers.join(", ")}]`;
    return [{ where: `pids.${task}`, expected: text(want), got: text(have) }];
  });
}

function compareRegs(expect: Expect, answer: Answer): Difference[] {
  const keys = new Set([...Object.keys(expect.regs ?? {}), ...Object.keys(answer.regs)]);
  return [...keys].flatMap((key) => {
    const want = expect.regs?.[key];
    const have = answer.regs[key];
    if (want === undefined || have === undefined)
      return [
        {
          where: `regs.${key}`,
          expected: want === undefined ? "not captured" : "captured",
          got: have === undefined ? "not captured" : "captured",
        },
      ];
    return Object.entries(want).flatMap(([name, value]) => {
      const got = have[name];
      if (got !== undefined && numberFits(value, got, 64, answer, key)) return [];
      return [
        {
          where: `regs.${key}.${name}`,
          expected: String(value),
          got: got === undefined ? "no such register" : hexWord(got),
        },
      ];
    });
  });
}

function compareEnd(expect: Expect, answer: Answer): Difference[] {
  const parts = ["mainCompleted", "mainWaitStatus"] as const;
  return parts.flatMap((where) =>
    expect[where] === answer[where]
      ? []
      : [{ where, expected: String(expect[where]), got: String(answer[where]) }],
  );
}

function expectedText(expected: ExpectedResult): string {
  if ("notReached" in expected) return "not reached";
  return expected.errno === undefined ? String(expected.ret) : `${expected.ret} ${expected.errno}`;
}

/** A result as strace has it: `2`, `-14 EFAULT`, `not reached`. */
export function resultText(result: RawResult): string {
  if ("notReached" in result) return "not reached";
  const errno = errnoOf(result.ret);
  return errno === undefined ? String(result.ret) : `${result.ret} ${errno}`;
}

/** The errno a result stands for; undefined for a value. */
export function errnoOf(ret: bigint): string | undefined {
  return ret < 0n && ret >= BigInt(-MAX_ERRNO) ? errnoName(-Number(ret)) : undefined;
}

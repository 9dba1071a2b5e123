import type { Answer, ChangedWord, RawResult } from "./answer.ts";
import { errnoOf } from "./compare.ts";
import { littleEndianOf, memoryItems } from "./memory-words.ts";
import { ANY, symbolsOf, valueOfSymbol } from "./symbols.ts";
import type { Expect, ExpectedMemory, ExpectedNumber, ExpectedResult, Vector } from "./vector.ts";
import { hexWord, signedOf, wordText } from "./words.ts";

/** An expectation made of answers, and the places where they do not agree. */
export interface Recording {
  readonly expect: Expect;
  /** Empty when the case is stable; otherwise the expectation is worth nothing. */
  readonly unstable: readonly string[];
}

/**
 * Makes an expectation of answers to one case. A number that is the same in all of them is written as it is, one that
 * is the same symbol in all of them as that symbol, the register `@rip` and numbers on level 0 always; the number that
 * a nested task has on level 0 may differ and is `*`. Whatever else differs is unstable. One answer alone does not
 * show what depends on the run: then every level 0 number is taken to.
 */
export function expectationOf(vector: Vector, answers: readonly [Answer, ...Answer[]]): Recording {
  return new Recorder(vector, answers).recording();
}

class Recorder {
  private readonly unstable: string[] = [];
  private readonly vector: Vector;
  private readonly answers: readonly [Answer, ...Answer[]];

  constructor(vector: Vector, answers: readonly [Answer, ...Answer[]]) {
    this.vector = vector;
    this.answers = answers;
  }

  recording(): Recording {
    const [first] = this.answers;
    const pids = this.pids();
    const regs = this.regs();
    const expect: Expect = {
      results: this.results(),
      memory: this.memory(),
      ...(Object.keys(pids).length > 0 ? { pids } : {}),
      ...(Object.keys(regs).length > 0 ? { regs } : {}),
      mainCompleted: first.mainCompleted,
      mainWaitStatus: first.mainWaitStatus,
    };
    for (const part of ["mainCompleted", "mainWaitStatus"] as const)
      if (this.answers.some((answer) => answer[part] !== first[part])) this.unstable.push(part);
    return { expect, unstable: this.unstable };
  }

  /** One number as the expectation writes it; null, and unstable, when it is no number of the case. */
  private number(where: string, values: readonly bigint[], place: string | null): ExpectedNumber | null {
    const [first = 0n] = values;
    const { nsLevel } = this.vector;
    const same = values.every((value) => value === first) && (values.length > 1 || nsLevel > 0);
    const symbol = symbolsOf(this.vector, place).find((candidate) =>
      this.answers.every((answer, i) => {
        const value = valueOfSymbol(candidate, answer, place);
        return value !== null && signedOf(value, 64) === signedOf(values[i] ?? 0n, 64);
      }),
    );
    // On level 0 the same number twice is luck: whoever runs the cases has it for as long as it lives.
    if (symbol === "@rip" || (symbol !== undefined && nsLevel === 0 && first > 1n)) return symbol;
    const plain = place === null ? wordText(first) : hexWord(first);
    if (same) return plain;
    if (symbol === undefined && values.length === 1) return plain;
    if (symbol === undefined) this.unstable.push(where);
    return symbol ?? null;
  }

  /** Answers have to have the same keys: those of the first. */
  private keys(part: "memory" | "pids" | "regs"): string[] {
    const [first, ...others] = this.answers.map((answer) => Object.keys(answer[part]));
    for (const other of others)
      if (other.length !== first?.length || !first.every((key) => other.includes(key)))
        this.unstable.push(part);
    return first ?? [];
  }

  private results(): Record<string, ExpectedResult> {
    const results: Record<string, ExpectedResult> = {};
    for (const label of Object.keys(this.answers[0].results)) {
      const all = this.answers.map((answer) => answer.results[label] as RawResult);
      const returned = all.filter((result) => "ret" in result);
      if (returned.length === 0) results[label] = { notReached: true };
      else if (returned.length < all.length) this.unstable.push(label);
      else {
        const values = returned.map((result) => result.ret);
        const ret = this.number(label, values, null);
        const errno = errnoOf(values[0] ?? 0n);
        results[label] = { ...(errno === undefined ? {} : { errno }), ret: ret ?? ANY };
      }
    }
    return results;
  }

  private memory(): Record<string, readonly ExpectedMemory[]> {
    const memory: Record<string, readonly ExpectedMemory[]> = {};
    for (const task of this.keys("memory")) {
      const all = this.answers.map((answer) => answer.memory[task] ?? []);
      memory[task] = this.words(task, all);
    }
    return memory;
  }

  private words(task: string, all: readonly (readonly ChangedWord[])[]): readonly ExpectedMemory[] {
    const [first = []] = all;
    const addresses = (words: readonly ChangedWord[]): string => words.map((word) => word.addr).join();
    if (all.some((words) => addresses(words) !== addresses(first))) {
      this.unstable.push(`memory.${task}`);
      return [];
    }
    const symbols = new Map<number, string>();
    for (const [i, { addr }] of first.entries()) {
      const values = all.map((words) => BigInt(words[i]?.value ?? 0));
      const number = this.number(`memory.${task} ${hexWord(addr)}`, values, null);
      if (typeof number === "string") symbols.set(addr, number);
    }
    return memoryItems(first, symbols, littleEndianOf(this.vector));
  }

  private pids(): Record<string, readonly ExpectedNumber[]> {
    const pids: Record<string, readonly ExpectedNumber[]> = {};
    for (const task of this.keys("pids")) {
      const all = this.answers.map((answer) => answer.pids[task] ?? []);
      const [first = []] = all;
      if (all.some((numbers) => numbers.length !== first.length)) this.unstable.push(`pids.${task}`);
      pids[task] = first.map((_, level) => {
        const values = all.map((numbers) => BigInt(numbers[level] ?? 0));
        const outside = level === 0 && this.vector.nsLevel > 0;
        if (outside && (values.length === 1 || values.some((value) => value !== values[0]))) return ANY;
        return this.number(`pids.${task}[${level}]`, values, null) ?? ANY;
      });
    }
    return pids;
  }

  private regs(): Record<string, Readonly<Record<string, ExpectedNumber>>> {
    const regs: Record<string, Record<string, ExpectedNumber>> = {};
    for (const key of this.keys("regs")) {
      const all = this.answers.map((answer) => answer.regs[key] ?? {});
      const named: Record<string, ExpectedNumber> = {};
      for (const name of Object.keys(all[0] ?? {})) {
        if (name === "ip") continue;
        const values = all.map((image) => image[name] ?? 0n);
        named[name] = this.number(`regs.${key}.${name}`, values, key) ?? ANY;
      }
      regs[key] = named;
    }
    return regs;
  }
}

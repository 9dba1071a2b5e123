import type { Answer } from "./answer.ts";
import type { Operation, Vector } from "./vector.ts";
import { operationsOf } from "./vector.ts";

/** Stands for any value. */
export const ANY = "*";

/** Whether an expected number is a symbol, `*` included. */
export function isSymbol(expected: unknown): expected is string {
  return typeof expected === "string" && (expected.startsWith("@") || expected === ANY);
}

/**
 * What a symbol stands for in an answer; null when that is not known, such as the pid of a task that was never made.
 * @param place the registers a number stands in, which `@rip` is about: their key, or null elsewhere
 */
export function valueOfSymbol(symbol: string, answer: Answer, place: string | null): bigint | null {
  if (symbol === "@self") return BigInt(answer.self);
  if (symbol === "@parent") return BigInt(answer.parent);
  if (symbol === "@rip") return place === null ? null : (answer.regs[place]?.ip ?? null);
  const result = answer.results[symbol.slice(1)];
  return result !== undefined && "ret" in result && result.ret > 0n ? result.ret : null;
}

/** The symbols a number of a case could be written as, the one that says most first. */
export function symbolsOf(vector: Vector, place: string | null): string[] {
  const makers = [...operationsOf(vector.program)].filter(makesTask).map((o) => `@${o.label}`);
  return [...(place === null ? [] : ["@rip"]), "@self", "@parent", ...makers];
}

function makesTask(operation: Operation): operation is Operation & { label: string } {
  return operation.op === "sys" && operation.child !== undefined;
}

import { oneLine } from "../kernel/trace/escape.ts";
import { checkVector } from "./check-vector.ts";
import { vectorSchema } from "./schema.ts";
import { firstMisfit } from "./schema-check.ts";
import type { Vector } from "./vector.ts";

/** A file of cases has a mistake: one line that names file, line and field, and says the way out. */
export class VectorError extends Error {}

/** A case and where it stands. */
export interface PlacedVector {
  readonly vector: Vector;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Reads a file of cases: one JSON object a line; empty lines and lines that begin with `#` are passed over.
 * @param file its name, for messages
 * @throws VectorError for the first mistake: `cases.jsonl:3: program[0].nr: …`
 * @example
 * ```ts
 * import { parseVectors } from "trapgate/conform";
 * const line = `{"id":"a/1","group":"a","arch":"x86_64","caps":"all","nsLevel":1,"nsInit":true,"regions":[],"dump":[],
 *   "program":[{"op":"sys","label":"me","nr":39,"args":[]}]}`;
 * console.log(parseVectors(line.replace("\n", ""), "a.jsonl")[0]?.vector.id); // a/1
 * ```
 */
export function parseVectors(text: string, file: string): PlacedVector[] {
  const placed: PlacedVector[] = [];
  const lines = new Map<string, number>();
  for (const [i, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const where = `${file}:${i + 1}`;
    const vector = parseVector(trimmed, where);
    const before = lines.get(vector.id);
    if (before !== undefined)
      throw new VectorError(
        oneLine(`${where}: id: line ${before} is called ${vector.id} too: every case has a name of its own`),
      );
    lines.set(vector.id, i + 1);
    placed.push({ vector, file, line: i + 1 });
  }
  return placed;
}

/**
 * Reads one case.
 * @param where what stands before a message: `cases.jsonl:3`
 * @throws VectorError as {@link parseVectors}
 */
export function parseVector(line: string, where: string): Vector {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw new VectorError(oneLine(`${where}: not JSON: ${(error as Error).message}: one object a line`));
  }
  const misfit = firstMisfit(json, vectorSchema) ?? checkVector(json as Vector);
  if (misfit === null) return json as Vector;
  const field = misfit.path === "" ? "" : `${misfit.path}: `;
  throw new VectorError(oneLine(`${where}: ${field}${misfit.message}`));
}

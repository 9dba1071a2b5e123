import { isDeepStrictEqual } from "node:util";
import { needsOf } from "../../conform/needs.ts";
import type { PlacedVector } from "../../conform/parse.ts";
import type { Recorded } from "../../conform/record.ts";
import type { Expect, Vector } from "../../conform/vector.ts";

/** A case, and what the kernel said to it now. */
export interface RecordedCase {
  readonly placed: PlacedVector;
  readonly recorded: Recorded;
}

/** How the new answer stands to the one in the file. */
export type Change = "new" | "changed" | "same" | "unstable" | "skipped";

/** What recording a case changes. */
export function changeOf({ placed, recorded }: RecordedCase): Change {
  if (recorded.status !== "recorded") return recorded.status;
  const { expect } = placed.vector;
  if (expect === undefined) return "new";
  return isDeepStrictEqual(expect, recorded.expect) ? "same" : "changed";
}

/** The line of a case with what its answer depends on, and its answer, which is its last field. */
export function lineWith(vector: Vector, expect: Expect): string {
  const { expect: _, ...question } = vector;
  const needs = needsOf(vector);
  return JSON.stringify({ ...question, ...(needs.length > 0 ? { needs } : {}), expect });
}

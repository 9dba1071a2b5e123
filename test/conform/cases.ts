import { readFileSync } from "node:fs";
import { type PlacedVector, parseVectors, type Vector } from "../../src/conform/index.ts";

/** The recorded cases of the repository. */
export function recorded(): PlacedVector[] {
  const file = new URL("../../vectors/recorded/examples.jsonl", import.meta.url);
  return parseVectors(readFileSync(file, "utf8"), "examples.jsonl");
}

/** A small case that is right, with parts of one's own. */
export function caseWith(parts: Partial<Vector> = {}): Vector {
  return {
    id: "a/1",
    group: "a",
    arch: "x86_64",
    caps: "all",
    nsLevel: 1,
    nsInit: true,
    regions: [],
    dump: [],
    program: [{ op: "sys", label: "me", nr: 39, args: [] }],
    ...parts,
  };
}

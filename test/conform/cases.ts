import { readdirSync, readFileSync } from "node:fs";
import { type PlacedVector, parseVectors, type Vector } from "../../src/conform/index.ts";

const RECORDED = new URL("../../vectors/recorded/", import.meta.url);

/** Every recorded case of the repository. */
export function recorded(): PlacedVector[] {
  const files = readdirSync(RECORDED).filter((name) => name.endsWith(".jsonl"));
  return files.sort().flatMap((name) => parseVectors(readFileSync(new URL(name, RECORDED), "utf8"), name));
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

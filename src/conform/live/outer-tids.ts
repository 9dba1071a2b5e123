import { existsSync } from "node:fs";
import { operationsOf, type SysOperation, type Vector } from "../vector.ts";
import { addressOfWord } from "../words.ts";
import { constant, nameOf } from "./refusal.ts";
import { memoryAt } from "./start-text.ts";

/** Offsets in struct clone_args. */
const SET_TID = 64;
const SET_TID_SIZE = 72;
const KNOWN = 80;
/** Tasks every machine has: to ask for their numbers is to ask for what is taken. */
const ALWAYS_TAKEN: ReadonlySet<number> = new Set([1, 2]);

/**
 * A number that a case asks for on level 0, where others live, and that one of them has: the case would be answered
 * differently for that alone. Null when there is none.
 * @param taken whether a number is
 */
export function takenOutside(
  vector: Vector,
  taken: (tid: number) => boolean = (tid) => existsSync(`/proc/${tid}`),
): number | null {
  for (const operation of operationsOf(vector.program)) {
    if (operation.op !== "sys" || nameOf(operation, vector) !== "clone3") continue;
    const found = outermost(operation, vector).find((tid) => tid > 0 && !ALWAYS_TAKEN.has(tid) && taken(tid));
    if (found !== undefined) return found;
  }
  return null;
}

/** The numbers a call may ask for on level 0: the one for the caller's level 0, and the next for one made in a new level. */
function outermost(call: SysOperation, vector: Vector): number[] {
  const at = constant(call.args[0]);
  const args = at === null ? null : memoryAt(vector, addressOfWord(`0x${at.toString(16)}`), KNOWN);
  if (args === null) return [];
  const fields = new DataView(args.buffer, args.byteOffset, args.length);
  const array = Number(fields.getBigUint64(SET_TID, true));
  const count = fields.getBigUint64(SET_TID_SIZE, true);
  return [vector.nsLevel, vector.nsLevel + 1].flatMap((index) => {
    const bytes = BigInt(index) < count && count <= 33n ? memoryAt(vector, array + 4 * index, 4) : null;
    return bytes === null ? [] : [new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true)];
  });
}

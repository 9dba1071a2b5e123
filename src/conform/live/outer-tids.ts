import { existsSync } from "node:fs";
import { CLONE } from "../../abi/structs/index.ts";
import { operationsOf, type SysOperation, type Vector } from "../vector.ts";
import { constant, nameOf } from "./call-words.ts";
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

/**
 * The numbers a call asks for on level 0. A list that is longer than the new task has levels is refused whole, and one that
 * is shorter does not reach level 0.
 */
function outermost(call: SysOperation, vector: Vector): number[] {
  const at = constant(call.args[0]);
  const args = at === null ? null : memoryAt(vector, Number(at), KNOWN);
  if (args === null) return [];
  const fields = new DataView(args.buffer, args.byteOffset, args.length);
  const array = Number(fields.getBigUint64(SET_TID, true));
  const count = Number(fields.getBigUint64(SET_TID_SIZE, true));
  const levels = vector.nsLevel + ((fields.getUint32(0, true) & CLONE.NEWPID) === 0 ? 1 : 2);
  const bytes =
    count === levels || (count === levels + 1 && moves(vector))
      ? memoryAt(vector, array + 4 * (count - 1), 4)
      : null;
  return bytes === null ? [] : [new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true)];
}

/** Whether a task's children may come to live on another level than it. */
function moves(vector: Vector): boolean {
  return [...operationsOf(vector.program)].some(
    (o) => o.op === "sys" && ["unshare", "setns"].includes(nameOf(o, vector) ?? ""),
  );
}

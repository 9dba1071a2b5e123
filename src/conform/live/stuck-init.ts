import { CLONE } from "../../abi/structs/index.ts";
import { type Operation, operationsOf, type SysOperation, type Vector } from "../vector.ts";
import { constant, nameOf } from "./call-words.ts";
import { memoryAt } from "./start-text.ts";

/** A number that no task of a case has, where none asks for one. */
const NOBODY = 64n;

/**
 * Why a case could leave a process behind that nobody can end; null when it could not. A namespace's init that is in the
 * process group of another task of the namespace keeps that task's number for as long as it lives, and waits for ever, when it
 * exits, for the last of the numbers to be free.
 */
export function stuckInit(vector: Vector): string | null {
  const moves = [...operationsOf(vector.program)].some(
    (o) => o.op === "sys" && ["unshare", "setns"].includes(nameOf(o, vector) ?? ""),
  );
  const asks = [...operationsOf(vector.program)].some(
    (o) => o.op === "sys" && nameOf(o, vector) === "clone3",
  );
  const visit = (list: readonly Operation[], init: boolean): string | null => {
    for (const operation of list) {
      if (operation.op !== "sys") continue;
      if (init && nameOf(operation, vector) === "setpgid" && joins(operation, asks))
        return "setpgid may put an init into a process group that it would wait for in vain when it exits";
      const below = visit(operation.child ?? [], moves || makesInit(operation, vector));
      if (below !== null) return below;
    }
    return null;
  };
  return visit(vector.program, vector.nsInit);
}

/** Whether a call of an init's may put itself into the group of somebody else. */
function joins({ args: [who = 0, group = 0] }: SysOperation, asks: boolean): boolean {
  // A group of one's own, whoever that is.
  if (typeof who === "object" && typeof group === "object" && who.ret === group.ret) return false;
  const target = constant(who);
  const other = constant(group);
  if (target !== null && target !== 0n && target !== 1n) return false;
  if (other === null) return true;
  const number = BigInt.asIntN(32, other);
  return number > 1n && (asks || number < NOBODY);
}

/** Whether a call may make the init of a namespace. */
function makesInit(call: SysOperation, vector: Vector): boolean {
  if (call.child === undefined) return false;
  const name = nameOf(call, vector);
  const word = constant(call.args[0]);
  if (name === "clone") return word === null || (word & BigInt(CLONE.NEWPID)) !== 0n;
  if (name !== "clone3") return false;
  const flags = word === null ? null : memoryAt(vector, Number(word), 8);
  return (
    flags === null ||
    (new DataView(flags.buffer, flags.byteOffset, 4).getUint32(0, true) & CLONE.NEWPID) !== 0
  );
}

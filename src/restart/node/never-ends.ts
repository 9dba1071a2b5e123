import { familyOf, type Member, sees } from "../tree/family.ts";
import type { Tree } from "../tree/tree.ts";

/**
 * Why a kernel could not get rid of a tree; null when it can. An init that is in the process group of another task of its
 * namespace keeps that task's number while it lives, and waits for ever, when it exits, for the last number to be free
 * (zap_pid_ns_processes).
 */
export function neverEnds(tree: Tree): string | null {
  const stuck = familyOf(tree).tasks.find((task) => isInit(task) && waitsInVain(task));
  if (stuck === undefined) return null;
  return `init ${stuck.pid.join("/")} is in a process group of its own namespace that it does not lead: a kernel would never see it end`;
}

function isInit(task: Member): boolean {
  return task.pid.at(-1) === 1;
}

function waitsInVain({ group, ns, ...task }: Member): boolean {
  return group !== null && group.pid !== task.pid && sees(ns, group.ns);
}

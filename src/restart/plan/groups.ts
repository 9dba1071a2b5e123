import { type Family, keyOf, knows, type Member } from "../tree/family.ts";
import type { Stage } from "./stage.ts";
import type { Actor, Refusal } from "./step.ts";

/**
 * Everybody joins its group. Leaders that have a group of their own, and end in another one, go last; where a group has
 * no member but such leaders, a holder keeps it until all have moved.
 */
export function joinGroups(
  stage: Stage,
  family: Family,
  leaders: ReadonlySet<Member>,
  late: ReadonlyMap<Member, Member>,
): Refusal | null {
  const moving: Member[] = [];
  const settled = new Set<Member | null>();
  for (const task of family.tasks) {
    if (leaders.has(task) && task.group !== task) {
      moving.push(task);
      continue;
    }
    const refusal = join(stage, task, late.get(task));
    if (refusal !== null) return refusal;
    settled.add(task.group);
  }
  const holders: [holder: Actor, maker: Actor][] = [];
  for (const task of moving) {
    if (settled.has(task)) continue;
    const maker = stage.actor(task);
    holders.push([stage.help(maker, "holder", task.ns), maker]);
  }
  for (const task of moving) {
    const refusal = join(stage, task, late.get(task));
    if (refusal !== null) return refusal;
  }
  for (const [holder, maker] of holders) stage.leave(holder, maker);
  return null;
}

/** @param maker who puts it there, if it cannot go itself */
function join(stage: Stage, task: Member, maker: Member | undefined): Refusal | null {
  const actor = stage.actor(task);
  const { group } = task;
  if (stage.groupOf(actor) === group) return null;
  if (knows(task.ns, group)) {
    stage.setpgid(actor, actor, group);
    return null;
  }
  if (maker !== undefined) {
    stage.setpgid(stage.actor(maker), actor, group);
    return null;
  }
  const whose =
    group === null
      ? "its group is from outside the tree"
      : `group ${keyOf(group)} has no number in its namespace`;
  return {
    refused: "group-out-of-reach",
    task,
    reason: `${whose}, and task ${keyOf(task)} is not born in it`,
  };
}

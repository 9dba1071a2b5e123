import { type Family, keyOf, knows, type Member } from "../tree/family.ts";
import type { Stage } from "./stage.ts";
import type { Actor, Refusal } from "./step.ts";

/** Helpers that keep groups from ending. */
export class Holders {
  private readonly stage: Stage;
  private readonly all: [holder: Actor, maker: Actor][] = [];

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** A task makes one in the group it is in. */
  keepFor(task: Member): void {
    const maker = this.stage.actor(task);
    this.all.push([this.stage.help(maker, "holder", task.ns), maker]);
  }

  /** All of them go. */
  leave(): void {
    for (const [holder, maker] of this.all) this.stage.leave(holder, maker);
  }
}

/**
 * Everybody joins its group. Leaders that have a group of their own, and end in another one, go last; where a group has
 * no member but such leaders, a holder keeps it until all have moved.
 */
export function joinGroups(
  stage: Stage,
  family: Family,
  leaders: ReadonlySet<Member>,
  late: ReadonlyMap<Member, Member>,
  holders: Holders,
): Refusal | null {
  const moving: Member[] = [];
  const settled = new Set<Member | null>();
  for (const task of family.tasks) {
    if (leaders.has(task) && task.group !== task && stage.groupOf(stage.actor(task)) === task) {
      moving.push(task);
      continue;
    }
    const refusal = join(stage, task, late.get(task));
    if (refusal !== null) return refusal;
    settled.add(task.group);
  }
  for (const task of moving) if (!settled.has(task)) holders.keepFor(task);
  for (const task of moving) {
    const refusal = join(stage, task, late.get(task));
    if (refusal !== null) return refusal;
  }
  holders.leave();
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

import { SIG } from "../../kernel/task/signal-queue.ts";
import { type Family, familyOf, type Member } from "../tree/family.ts";
import type { Tree } from "../tree/tree.ts";
import { adopts, type Birth, type Births, birthsOf, type Choice } from "./birth.ts";
import { type BirthGroups, birthGroupsOf, type Group, groupLeaders, type Misplaced } from "./birth-group.ts";
import { choicesOf } from "./choices.ts";
import { Holders, joinGroups } from "./groups.ts";
import { type Moment, orderOf } from "./order.ts";
import { Stage } from "./stage.ts";
import { type Actor, isRefusal, type Refusal, type Schedule } from "./step.ts";

/** Ways for inits to be born that are tried before a tree is refused. */
const MOST_CHOICES = 256;

/** What a plan has to know of where the tree comes back. */
export interface PlanOptions {
  /** Numbers at level 0 that somebody else has there: helpers keep off them. */
  readonly taken?: Iterable<number>;
}

/**
 * Devises the schedule that brings a tree back: who makes whom with which numbers, when it begins its session and joins
 * its group, and which helpers live for a moment to be a parent, a leader or a member. After it every task has its number
 * at every level, its parent, its session, its group and its namespace.
 *
 * @param tree one that {@link parseTree} accepts
 * @returns the schedule, or the task and the rule of the kernel that forbid it
 * @example
 * ```ts
 * import { planRestart } from "trapgate/restart";
 * const plan = planRestart({ format: "trapgate-tree-1", tasks: [
 *   { pid: [1], parent: 0, session: 1, group: 1 },
 *   { pid: [40], parent: 1, session: 40, group: 40 },
 *   { pid: [77], parent: 40, session: 1, group: 1 },
 * ] });
 * if ("steps" in plan) console.log(plan.steps.map((step) => step.do).join()); // clone,setsid,clone,clone,setsid
 * ```
 */
export function planRestart(tree: Tree, options: PlanOptions = {}): Schedule | Refusal {
  const family = familyOf(tree);
  let first: Refusal | null = null;
  // What every dialect can say is tried before what needs a subreaper.
  for (const subreapers of [false, true]) {
    let tried = 0;
    for (const choice of choicesOf(family)) {
      if (++tried > MOST_CHOICES) break;
      const plan = planBy(family, { ...choice, subreapers }, options);
      if (!isRefusal(plan)) return plan;
      first ??= plan;
    }
  }
  const { refused, task, reason } = first as Refusal;
  return { refused, task, reason };
}

/** Plans by a choice; who cannot be made by its parent in its group is made by another, as long as there is one like that. */
function planBy(family: Family, choice: Omit<Choice, "adopted">, options: PlanOptions): Schedule | Refusal {
  const adopted = new Set<Member>();
  for (;;) {
    const births = birthsOf(family, { ...choice, adopted });
    const plan = isRefusal(births) ? births : scheduleOf(family, births, options);
    const misplaced = isMisplaced(plan) ? plan.misplaced : [];
    const known = adopted.size;
    for (const member of misplaced) adopted.add(member);
    if (adopted.size === known) return plan;
  }
}

function isMisplaced(plan: Schedule | Refusal | Misplaced): plan is Misplaced {
  return "misplaced" in plan;
}

function scheduleOf(family: Family, births: Births, options: PlanOptions): Schedule | Refusal | Misplaced {
  const groups = birthGroupsOf(family, births);
  if (isRefusal(groups)) return groups;
  const moments = orderOf(family, births, groups);
  if (isRefusal(moments)) return moments;
  const stage = new Stage(family, options.taken ?? []);
  const leaders = groupLeaders(family);
  const holders = new Holders(stage);
  for (const moment of moments) {
    const { who, what } = moment;
    // A leader that is put back leaves a group that others have not joined yet.
    if (what === "return" && leaders.has(who)) holders.keepFor(who);
    if (what === "birth") bear(stage, who, births, groups);
    else act(stage, moment, births);
  }
  const refusal = joinGroups(stage, family, leaders, groups.late, holders);
  if (refusal !== null) return refusal;
  end(stage, family, births, moments);
  return { steps: stage.steps, helpers: stage.helpers };
}

/** Somebody that is there begins a session or a group, or is put into one by its maker. */
function act(stage: Stage, moment: Exclude<Moment, { what: "birth" }>, births: Births): void {
  const actor = stage.actor(moment.who);
  if (moment.what === "setsid") stage.setsid(actor);
  else if (moment.what === "lead") stage.setpgid(actor, actor, moment.who);
  else {
    const { maker } = births.of.get(moment.who) as Birth;
    putByHand(stage, stage.actor(maker as Member), actor, moment.to);
  }
}

/** Somebody is born, and put into a group by hand where it cannot join it. */
function bear(stage: Stage, who: Member, births: Births, { byHand }: BirthGroups): void {
  const { maker, how } = births.of.get(who) as Birth;
  if (maker === null) {
    stage.bear(null, who);
    return;
  }
  const by = stage.actor(maker);
  const sister = how === "sister";
  const midwife = how === "midwife" ? stage.help(by, "midwife", (who.parent as Member).ns) : null;
  if (midwife !== null) putByHand(stage, by, midwife, byHand.get(who));
  const mother = midwife ?? by;
  const around = who.ns.init === who ? who.ns.parent : null;
  if (around === null || around === mother.ns) {
    const child = stage.bear(mother, who, sister);
    if (midwife === null) putByHand(stage, by, child, byHand.get(who));
  } else {
    // A namespace is made by who is in the one around it (copy_pid_ns): by a helper there, for the mother's account.
    const insider = stage.help(mother, "midwife", around, sister);
    if (midwife === null) putByHand(stage, by, insider, byHand.get(who));
    stage.bear(insider, who, true);
    stage.leave(insider, sister ? stage.actor(who.parent as Member) : mother);
  }
  if (midwife !== null) {
    const parent = who.parent as Member;
    const heir = adopts(parent) ? null : stage.actor(parent);
    if (heir !== null) stage.adopt(heir, true);
    stage.leave(midwife, by);
    if (heir !== null) stage.adopt(heir, false);
  }
}

function putByHand(stage: Stage, by: Actor, child: Actor, group: Group | undefined): void {
  if (group !== undefined && stage.groupOf(child) !== group) stage.setpgid(by, child, group);
}

/**
 * Leaders that have gone go, the youngest first; threads are made; children will be born where they are to be; who is a
 * zombie becomes one, and who is stopped stops, a child before its parent, which may have to stop it.
 */
function end(stage: Stage, family: Family, births: Births, moments: readonly Moment[]): void {
  for (const { who, what } of [...moments].reverse()) {
    if (what !== "birth" || !who.gone) continue;
    const { maker } = births.of.get(who) as { maker: Member };
    stage.leave(stage.actor(who), stage.actor(maker));
  }
  for (const task of family.tasks) for (const pid of task.threads) stage.thread(stage.actor(task), pid);
  for (const task of family.tasks) if (task.end === null) stage.settle(stage.actor(task), task.childNs);
  for (const task of family.tasks) {
    if (task.end === null) continue;
    if ("code" in task.end) stage.exit(stage.actor(task), task.end.code);
    else stage.kill(stage.actor(task), task.end.signal);
  }
  for (const task of [...family.tasks].reverse()) if (task.stopped) stage.kill(stage.actor(task), SIG.STOP);
}

import { signalName } from "../../abi/signal.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";
import { type Actor, beginsNamespace, type Step } from "../../restart/plan/step.ts";
import type { Member } from "../../restart/tree/family.ts";

/** Numbers level by level: `40`, `40/7/1`. */
export function numbersText(pid: readonly number[]): string {
  return pid.join("/");
}

/** How a task has ended, or what else is not as usual with it. */
export function stateWords({ end, stopped, childNs, ns }: Member): string[] {
  const words: string[] = [];
  if (end !== null)
    words.push(
      "code" in end ? `zombie, exit code ${end.code}` : `zombie, killed by ${signalName(end.signal)}`,
    );
  if (stopped) words.push("stopped");
  if (childNs === null) words.push("next child in a new namespace");
  else if (childNs !== ns && childNs.init !== null)
    words.push(`next child in ${numbersText(childNs.init.pid)}'s namespace`);
  return words;
}

const HELPERS = {
  leader: "leader",
  midwife: "midwife",
  holder: "holder",
} as const;

/** Somebody in a schedule, by number, and what for where it is a helper. */
export function actorText(actor: Actor | null): string {
  if (actor === null) return "restarter";
  const number = numbersText(actor.pid);
  return actor.role === "task" ? number : `${number} ${HELPERS[actor.role]}`;
}

/** What somebody does in a step. */
export function deedText(step: Step): string {
  switch (step.do) {
    case "clone": {
      const own = beginsNamespace(step.makes);
      const outermost = own && step.makes.ns.level === 0;
      const where = own ? `, init of a pid namespace${outermost ? "" : " of its own"}` : "";
      return `makes ${actorText(step.makes)}${step.sister ? ", a sister" : ""}${where}`;
    }
    case "thread":
      return `makes its thread ${numbersText(step.pid)}`;
    case "enter":
      return step.through === step.by
        ? "has its children in its own namespace again"
        : `has its children in the namespace of ${numbersText(step.through.pid)}`;
    case "unshare":
      return "has its next child in a new pid namespace";
    case "adopt":
      return step.on ? "adopts orphans from now on" : "adopts no orphans any more";
    case "kill": {
      const stops = step.signal === SIG.STOP;
      if (step.who === step.by) return stops ? "stops" : `kills itself with ${signalName(step.signal)}`;
      return `${stops ? "stops" : "kills"} ${actorText(step.who)}`;
    }
    case "setsid":
      return "begins a session";
    case "setpgid": {
      if (step.who === step.group) return "begins a group";
      const group = step.group === null ? "of the restarter" : numbersText(step.group.pid);
      return step.who === step.by
        ? `joins group ${group}`
        : `puts ${actorText(step.who)} into group ${group}`;
    }
    case "exit":
      return step.by.role === "task" ? `exits with ${step.code}, a zombie` : "exits";
    case "wait":
      return `reaps ${actorText(step.child)}`;
  }
}

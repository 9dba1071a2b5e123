import { CLONE, PR, WAIT } from "../../abi/structs/index.ts";
import { spellPids } from "../../kernel/pid/spelling.ts";
import { isPidRefusal } from "../../kernel/pid/wish.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";
import { clone3Signal, flagsOf } from "../follow/request.ts";
import { type Actor, beginsNamespace, numberFor, type Schedule, type Step } from "../plan/step.ts";
import type { Member } from "../tree/family.ts";

/** A call of a schedule's step, its arguments known beforehand. */
export interface StepCall {
  readonly step: Step;
  /** Who makes it; null for the restarter. */
  readonly by: Actor | null;
  readonly name: CallName;
  /** The task does nothing any more once it is made: whoever is next goes before. */
  readonly last: boolean;
  /** Of clone3 none: they are {@link clone}'s. */
  readonly args: readonly number[];
  readonly clone: CloneCall | null;
}

type CallName =
  | "clone3"
  | "setsid"
  | "setpgid"
  | "exit_group"
  | "wait4"
  | "waitid"
  | "pidfd_open"
  | "setns"
  | "unshare"
  | "prctl"
  | "kill"
  | "close";

/** What clone3 is asked for. */
export interface CloneCall {
  readonly flags: number;
  readonly exitSignal: number;
  /** set_tid: the innermost first. */
  readonly setTid: readonly number[];
  /** Who the child is; null for a thread, which acts no more. */
  readonly makes: Actor | null;
}

type CloneStep = Extract<Step, { do: "clone" }>;

/** The first descriptor that is free in every task of a restart: 0, 1 and 2 are taken. */
const FREE_FD = 3;

/** The calls of a schedule in the dialect of clone3, in order. */
export function callsOf({ steps }: Schedule): readonly StepCall[] {
  const actors = new Map<Member, Actor>();
  for (const step of steps)
    if (step.do === "clone" && step.makes.member !== null) actors.set(step.makes.member, step.makes);
  const calls = steps.flatMap((step) => [...callsOfStep(step), ...seenToEnd(step, actors)]);
  const joining = steps.find((step) => step.do === "setpgid" && step.group === null);
  if (joining === undefined) return calls;
  // The group from outside has to have a number inside: the restarter's own has.
  return [{ step: joining, by: null, name: "setpgid", args: [0, 0], last: false, clone: null }, ...calls];
}

function callsOfStep(step: Step): readonly StepCall[] {
  const { by } = step;
  const plain = (name: StepCall["name"], ...args: number[]): StepCall => ({
    step,
    by,
    name,
    args,
    last: name === "exit_group" || (step.do === "kill" && step.who === step.by),
    clone: null,
  });
  switch (step.do) {
    case "clone":
      return [cloneOf(step, step.makes.pid, beginsNamespace(step.makes), step)];
    case "thread":
      return [cloneOf(step, step.pid, false, null)];
    case "enter":
      return [
        plain("pidfd_open", numberFor(step.through, step.by), 0),
        plain("setns", FREE_FD, CLONE.NEWPID),
        plain("close", FREE_FD),
      ];
    case "setsid":
      return [plain("setsid")];
    case "setpgid": {
      const who = step.who === step.by ? 0 : numberFor(step.who, step.by);
      return [plain("setpgid", who, step.group === null ? RESTARTER : numberFor(step.group, step.by))];
    }
    case "unshare":
      return [plain("unshare", CLONE.NEWPID)];
    case "adopt":
      return [plain("prctl", PR.SET_CHILD_SUBREAPER, Number(step.on), 0, 0, 0)];
    case "kill":
      return [plain("kill", step.by === null ? ROOT : numberFor(step.who, step.by), step.signal)];
    case "exit":
      return [plain("exit_group", step.code)];
    case "wait":
      return [plain("wait4", numberFor(step.child, step.by), 0, 0, 0)];
  }
}

/**
 * The parent of a task that ends waits for that, and leaves it a zombie: what comes next may be somebody's stop, which the end
 * of another must not find already (a group that is orphaned by it would go on: kill_orphaned_pgrp).
 */
function seenToEnd(step: Step, actors: ReadonlyMap<Member, Actor>): StepCall[] {
  const ends = step.do === "exit" || (step.do === "kill" && step.signal !== SIG.STOP);
  if (!ends) return [];
  const who = step.do === "kill" ? step.who : step.by;
  const parent = who.role === "task" ? who.member?.parent : null;
  if (parent === null || parent === undefined) return [];
  const by = actors.get(parent) as Actor;
  const args = [P_PID, numberFor(who, by), 0, WAIT.WEXITED | WAIT.WNOWAIT, 0];
  return [{ step, by, name: "waitid", args, last: false, clone: null }];
}

function cloneOf(step: Step, pid: readonly number[], newpid: boolean, child: CloneStep | null): StepCall {
  // Whatever is outside of the tree's level 0 is left to the kernel, however many levels that is.
  const outside = step.by === null && newpid ? ROOT : null;
  const setTid = spellPids({ numbers: [outside, ...pid], newpid }, "clone3");
  if (isPidRefusal(setTid)) throw new Error(`clone3 says every number of a tree: ${setTid.reason}`);
  const kind = { newpid, thread: child === null, sister: child?.sister === true };
  const makes = child?.makes ?? null;
  return {
    step,
    by: step.by,
    name: "clone3",
    args: [],
    last: false,
    clone: { flags: flagsOf(kind), exitSignal: clone3Signal(kind), setTid, makes },
  };
}

/** idtype_t of one process. */
const P_PID = 1;

/** The restarter's number in its own namespace, and its group's. */
const RESTARTER = 1;

/** The number there of a root that is init of a namespace of its own. */
const ROOT = 2;

import type { Machine } from "../../src/kernel/index.ts";
import type { PidNamespace } from "../../src/kernel/pid/namespace.ts";
import type { Pid } from "../../src/kernel/pid/pid.ts";
import type { Task } from "../../src/kernel/task/task.ts";
import { type ProcTask, UNSHARED } from "../../src/restart/capture/proc-task.ts";

/** What `/proc` of a machine's first pid namespace would show: every process, with numbers from there inwards. */
export function procOf(machine: Machine): ProcTask[] {
  return [...machine.tasks].filter((task) => task.groupLeader === task).map(viewOf);
}

function viewOf(task: Task): ProcTask {
  const { pid, signal } = task;
  const byLevel = (other: Pid): number[] => chainOf(pid.ns).map((ns) => other.nrIn(ns));
  return {
    pid: pid.numbers,
    parent: task.realParent.groupLeader.pid.numbers[0] ?? 0,
    session: byLevel(signal.session),
    group: byLevel(signal.pgrp),
    threads: signal.threads.filter((thread) => thread !== task).map((thread) => thread.pid.numbers),
    state: signal.live === 0 ? "Z" : signal.stopped ? "T" : "S",
    exitStatus: task.exitStatus,
    ns: `pid:[${pid.ns.id}]`,
    childNs: signal.live === 0 ? null : nurseryOf(task.nsproxy.pidNs),
  };
}

function nurseryOf(ns: PidNamespace): string {
  return ns.reaper === null && !ns.dying ? UNSHARED : `pid:[${ns.id}]`;
}

/** The first namespace first. */
function chainOf(ns: PidNamespace): PidNamespace[] {
  return ns.parent === null ? [ns] : [...chainOf(ns.parent), ns];
}

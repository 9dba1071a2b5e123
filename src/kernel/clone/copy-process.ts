import { CLONE, CLONE_HIGH } from "../../abi/structs/index.ts";
import { List } from "../list.ts";
import type { Result } from "../outcome.ts";
import { Task } from "../task/task.ts";
import type { Fork } from "./fork.ts";
import { installPidfd } from "./pidfd.ts";
import type { CopyStep } from "./step-names.ts";
import { STEPS, type Step } from "./steps.ts";

/**
 * `copy_process`: walks the era's steps in order. Returns the child, or the negative result of the step that ended
 * it, after everything taken has been given back.
 */
export function copyProcess(f: Fork): Task | Result {
  for (const step of stepsOf(f.k.profile.copyProcess)) {
    const result = step(f);
    if (result !== 0) {
      f.abort();
      return result;
    }
  }
  return publish(f);
}

/** The steps an era names, looked up once. */
function stepsOf(names: readonly CopyStep[]): readonly Step[] {
  let steps = compiled.get(names);
  if (steps === undefined) {
    steps = names.map((name) => STEPS[name]);
    compiled.set(names, steps);
  }
  return steps;
}

const compiled: WeakMap<readonly CopyStep[], readonly Step[]> = new WeakMap();

/** P-32: a thread has none, a sibling that of the caller's leader; in 2009 what was passed (B-19). */
function exitSignalOf(f: Fork): number {
  if (f.has(CLONE.THREAD)) return -1;
  const leaders = f.has(CLONE.PARENT) && f.k.profile.siblingExitSignal === "leader";
  return leaders ? f.current.groupLeader.exitSignal : f.request.exitSignal;
}

/** From here on nothing fails: the child becomes visible in every namespace it has a number in. */
function publish(f: Fork): Task {
  const { k, current, request } = f;
  const { regs, signal, sighand, files, fs, pid } = f;
  if (regs === null || signal === null || sighand === null || files === null || fs === null || pid === null) {
    throw new Error("copy_process published a child with a part missing");
  }
  const thread = f.has(CLONE.THREAD);
  const parent = f.some(CLONE.PARENT | CLONE.THREAD) ? current.realParent : current;
  const child = new Task({
    regs,
    path: current.path,
    bits: current.bits,
    mm: f.mm,
    pid,
    signal,
    sighand,
    files,
    fs,
    nsproxy: f.nsproxy,
    cred: f.cred,
    comm: current.comm,
    realParent: parent,
    groupLeader: thread ? current.groupLeader : null,
  });
  child.exitSignal = exitSignalOf(f);
  child.fsBase = f.fsBase;
  child.gsBase = current.gsBase;
  child.tls = f.tls;
  child.fresh = true;
  child.setChildTid = f.has(CLONE.CHILD_SETTID) ? request.childTid : 0;
  child.clearChildTid = f.has(CLONE.CHILD_CLEARTID) ? request.childTid : 0;
  // B-22: a task that shares memory but not its parent's wait would run on the parent's alternate stack.
  if (!f.has(CLONE.VM) || f.has(CLONE.VFORK)) {
    child.altStackAddress = current.altStackAddress;
    child.altStackSize = current.altStackSize;
  }

  signal.addThread(child);
  signal.live++;
  pid.attach(child);
  if (!thread) {
    child.sibling = (parent.children ??= new List()).push(child);
    signal.join(child);
    if (f.has(CLONE.NEWPID) || pid.ns.reaper === null) {
      pid.ns.reaper = child;
      signal.unkillable = true;
    }
  }
  if (f.hasHigh(CLONE_HIGH.AUTOREAP)) signal.autoreap = true;
  child.sigmask = current.sigmask;
  child.personality = current.personality;
  child.timerSlack = current.timerSlack;
  child.defaultTimerSlack = current.timerSlack;
  child.noNewPrivs = current.noNewPrivs || f.hasHigh(CLONE_HIGH.NNP);
  installPidfd(f);
  k.machine.nrThreads++;
  child.link = k.machine.tasks.push(child);
  return child;
}

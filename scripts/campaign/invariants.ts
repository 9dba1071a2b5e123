import { strict as assert } from "node:assert";
import type { OpenFile } from "../../src/kernel/file/open-file.ts";
import type { Machine, Task } from "../../src/kernel/index.ts";

/** What must hold between any two entries. */
export function checkInvariants(machine: Machine): void {
  assert.deepEqual(machine.oopses, [], "an oops");
  assert.equal(machine.nrThreads, machine.tasks.size, "thread count");
  let threads = 0;
  const groups = new Set<Task>();
  for (const task of machine.tasks) {
    threads++;
    checkVisibility(task);
    checkFamily(machine, task);
    groups.add(task.groupLeader);
  }
  assert.equal(threads, machine.tasks.size);
  checkFiles(machine);
  for (const leader of groups) checkGroup(leader);
  checkAccounts(machine);
}

/** Every user account counts the tasks that are its own, and those of the namespaces its owner made. */
function checkAccounts(machine: Machine): void {
  const counts = new Map<Task["cred"]["user"], number>();
  for (const task of machine.tasks) {
    for (let user: Task["cred"]["user"] | null = task.cred.user; user !== null; user = user.above)
      counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  for (const [user, count] of counts) assert.equal(user.processes, count, `processes of uid ${user.uid}`);
}

/** A task is visible, under its number, in its namespace and every ancestor, and nowhere else. */
function checkVisibility(task: Task): void {
  for (let ns: Task["pidNs"] | null = task.pidNs; ns !== null; ns = ns.parent) {
    const nr = task.nrIn(ns);
    assert.ok(nr > 0, "a number is positive");
    assert.equal(ns.find(nr), task.pid, "the number finds its struct pid");
    assert.equal(task.pid.task("pid"), task, "the struct pid finds its task");
  }
}

function checkFamily(machine: Machine, task: Task): void {
  assert.ok(task.state !== "dead", "released tasks are not listed");
  assert.equal(
    task.state === "blocked",
    task.blocked !== null && task.state !== "stopped",
    "blocked in a call",
  );
  if (task.isGroupLeader && task !== machine.idle) {
    assert.ok(task.realParent.children?.has(task), "the parent knows its child");
    assert.ok(
      task.realParent === machine.idle || task.realParent.state !== "dead",
      "the parent has not been released",
    );
  }
  assert.ok(task.mm === null || task.mm.users > 0, "memory in use has users");
}

function checkGroup(leader: Task): void {
  const { signal } = leader;
  assert.equal(signal.live, signal.threads.filter((t) => t.mm !== null).length, "live threads");
  assert.ok(
    signal.threads.every((t) => t.groupLeader === leader),
    "threads of one group",
  );
  assert.ok([...signal.pgrp.tasks("pgid")].includes(leader), "the process group knows its member");
  assert.ok([...signal.session.tasks("sid")].includes(leader), "the session knows its member");
}

/** Every open file is in somebody's table, or in the hands of somebody who waits, as often as it counts. */
function checkFiles(machine: Machine): void {
  const counts = new Map<OpenFile, number>();
  const count = (file: OpenFile): void => {
    counts.set(file, (counts.get(file) ?? 0) + 1);
  };
  for (const files of new Set([...machine.tasks].map((task) => task.files)))
    for (const fd of files.descriptors()) count(files.lookup(fd) as OpenFile);
  for (const { blocked } of machine.tasks) {
    const file = (blocked?.state as { readonly file?: OpenFile } | null | undefined)?.file;
    if (file !== undefined) count(file);
  }
  for (const [file, refs] of counts) assert.equal(file.refs, refs, `references to a ${file.op.name}`);
  assert.equal(machine.filp.used, counts.size, "open files");
}

import type { Machine, Task } from "../../../src/kernel/index.ts";
import type { PidNamespace } from "../../../src/kernel/pid/namespace.ts";
import type { UserNamespace } from "../../../src/kernel/task/credentials.ts";

/** Everything a failed call must leave as it was. Plain data, to be compared with toEqual. */
export interface Census {
  readonly tasks: readonly unknown[];
  readonly threads: number;
  readonly frames: number;
  readonly images: number;
  readonly files: number;
  readonly pipes: number;
  readonly namespaces: Readonly<Record<number, { numbers: readonly number[]; lastPid: number }>>;
  readonly users: Readonly<Record<string, number>>;
}

/** Counts what a machine holds. */
export function census(machine: Machine): Census {
  const all = [...machine.tasks];
  return {
    tasks: all.map(describe),
    threads: machine.nrThreads,
    frames: machine.pool.used,
    images: machine.regsPool.live,
    files: machine.filp.used,
    pipes: machine.pipes.used,
    namespaces: Object.fromEntries(
      namespacesOf(machine).map((ns) => [
        ns.id,
        { numbers: [...ns.pids()].map((pid) => pid.nrIn(ns)), live: ns.live, lastPid: ns.lastPid },
      ]),
    ),
    users: Object.fromEntries(
      userNamespacesOf(machine).flatMap((ns) =>
        [...ns.users.values()].map((user) => [`${ns.id}:${user.uid}`, user.processes]),
      ),
    ),
  };
}

/** The census without the cursors, which a call may move on its way to a failure (A-48, B-16). */
export function withoutCursors(counted: Census): unknown {
  const { namespaces, ...rest } = counted;
  return {
    ...rest,
    namespaces: Object.fromEntries(Object.entries(namespaces).map(([id, { numbers }]) => [id, numbers])),
  };
}

function describe(task: Task): unknown {
  return {
    pids: task.pidNumbers(),
    state: task.state,
    parent: task.realParent.pidNumbers(),
    children: [...(task.children ?? [])].map((child) => child.pidNumbers()),
    threads: task.signal.threads.map((thread) => thread.pidNumbers()),
    live: task.signal.live,
    pgrp: task.signal.pgrp.numbers,
    session: task.signal.session.numbers,
    shared: [task.files.users, task.fs.users, task.sighand.users, task.mm?.users ?? 0],
    memory: task.mm === null ? null : memoryOf(task),
    pending: task.sigpending,
    blocked: task.blocked !== null,
    files: task.files
      .descriptors()
      .map((fd) => [fd, task.files.getCloseOnExec(fd), task.files.lookup(fd)?.refs]),
    altStack: [task.altStackAddress, task.altStackSize],
    tls: [task.fsBase, task.gsBase, task.tls],
  };
}

/** Every mapped byte, folded into one number a mapping. */
function memoryOf(task: Task): readonly unknown[] {
  const { mm } = task;
  if (mm === null) return [];
  return mm.vmas().map(({ start, end, prot }) => {
    const bytes = new Uint8Array(end - start);
    const seen = mm.peek(start, bytes);
    let hash = 0;
    for (const word of new Uint32Array(bytes.buffer)) hash = (Math.imul(hash, 31) + word) | 0;
    return { start, end, prot, seen, hash };
  });
}

/** Every pid namespace a task lives in, or has its children born in, and those above. */
export function namespacesOf(machine: Machine): readonly PidNamespace[] {
  const found = new Set<PidNamespace>();
  const add = (from: PidNamespace): void => {
    for (let ns: PidNamespace | null = from; ns !== null; ns = ns.parent) found.add(ns);
  };
  add(machine.rootPidNs);
  for (const task of machine.tasks) {
    add(task.pidNs);
    add(task.nsproxy.pidNs);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

function userNamespacesOf(machine: Machine): readonly UserNamespace[] {
  const found = new Set<UserNamespace>([machine.rootUserNs]);
  for (const task of machine.tasks) {
    for (let ns: UserNamespace | null = task.cred.userNs; ns !== null; ns = ns.parent) found.add(ns);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

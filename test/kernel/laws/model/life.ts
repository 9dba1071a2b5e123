import type { Group, Space, Thread, Waiting, World } from "./world.ts";

const SIGKILL = 9;
const SIGCHLD = 17;
const WALL = 0x4000_0000;
const WCLONE = 0x8000_0000;

/** What clone is asked for, as flags by name. */
export interface CloneFlags {
  readonly thread?: boolean;
  readonly sighand?: boolean;
  readonly vm?: boolean;
  readonly parent?: boolean;
  readonly newpid?: boolean;
  readonly vfork?: boolean;
  readonly signal: number;
}

/** Ends one thread; the last one ends the group. */
export function endThread(world: World, thread: Thread, status: number): void {
  const { group } = thread;
  if (!group.threads.includes(thread)) return;
  // A wait looks for zombies before it looks for signals: it may have had one before its task died of a signal.
  if (thread.waiting !== null) world.doubtful.push(candidates(world, thread, thread.waiting));
  group.threads.splice(group.threads.indexOf(thread), 1);
  if (thread.id === group.id) group.leaderStatus = status;
  if (group.threads.length === 0) endGroup(world, group);
  for (const waiter of world.threads) {
    if (waiter.vfork !== thread) continue;
    waiter.vfork = null;
    waiter.answer = world.numberIn(thread.id, waiter.id.space);
    // It could not die while it waited.
    if (waiter.group.status !== null) endThread(world, waiter, waiter.group.status);
  }
}

/** Ends every thread of a group; in 2009 but for those that a vfork holds. */
export function endThreads(world: World, group: Group, status: number): void {
  group.status ??= status;
  for (const thread of [...group.threads]) {
    if (thread.vfork === null || world.limits.today !== null) endThread(world, thread, group.status);
  }
}

function endGroup(world: World, group: Group): void {
  if (group.isInit) {
    emptySpace(world, group);
    group.leaving = world.limits.today !== null && othersLeft(world, group);
    if (group.leaving) return;
  }
  handOn(world, group);
}

/** Whether a space has other numbers than its init's own. */
function othersLeft(world: World, init: Group): boolean {
  return [...world.identities].some((id) => id !== init.id && world.numberIn(id, init.id.space) !== 0);
}

/** Inits whose spaces have been left by the others meanwhile are zombies now, or reaped by one that leaves itself. */
export function settleLeaving(world: World): void {
  for (;;) {
    const init = world.groups.find((group) => group.leaving && !othersLeft(world, group));
    if (init === undefined) return;
    init.leaving = false;
    handOn(world, init);
    if (init.parent?.leaving) reap(world, init);
  }
}

function handOn(world: World, group: Group): void {
  for (const child of world.children(group)) {
    child.parent = heirOf(group);
    child.exitSignal = SIGCHLD;
  }
}

/** Orphans go to the init of the dead task's own namespace, or of the nearest above that is left. */
function heirOf(group: Group): Group | null {
  for (let space: Space | null = group.id.space; space !== null; space = space.above) {
    if (space.init !== null && space.init !== group) return space.init;
  }
  return null;
}

/** An init that goes takes everybody in its namespace along, and reaps what becomes its own. */
function emptySpace(world: World, init: Group): void {
  const { space } = init.id;
  for (;;) {
    const victim = world.groups.find((g) => g !== init && g.threads.length > 0 && world.isWithin(g, space));
    if (victim === undefined) break;
    victim.status ??= SIGKILL;
    for (const thread of [...victim.threads]) endThread(world, thread, victim.status);
  }
  for (const child of world.children(init)) if (!child.leaving) reap(world, child);
  space.init = null;
  space.closed = true;
}

/** The children a wait is for; an empty list is ECHILD. */
export function candidates(world: World, waiter: Thread, waiting: Waiting): Group[] {
  return world.children(waiter.group).filter((child) => {
    if (waiting.kind === "pid" && child.id !== waiting.who) return false;
    if (waiting.kind === "group" && child.processGroup !== waiting.who) return false;
    if ((waiting.options & WALL) !== 0) return true;
    return (child.exitSignal !== SIGCHLD) === ((waiting.options & WCLONE) !== 0);
  });
}

/** The last trace of a group goes. */
export function reap(world: World, group: Group): void {
  world.groups = world.groups.filter((g) => g !== group);
}

/** The status a wait reports. */
export function statusOf(group: Group): number {
  return group.status ?? group.leaderStatus;
}

import { type CloneFlags, candidates, endThread, endThreads } from "./life.ts";
import { type Group, type Identity, newGroup, type Thread, type Waiting, type World } from "./world.ts";

/** A call's answer: a value, an errno by name, or that it waits, or that its task is gone. */
export type Answer = number | string;
export const WAITS = "waits";
export const GONE = "gone";

const SIGKILL = 9;
const SIGTERM = 15;
const WNOHANG = 1;

const ERRNO: Readonly<Record<string, string>> = {
  "pid-negative": "EINVAL",
  "pid-beyond-max": "EINVAL",
  "pid-taken": "EBUSY",
  "pid-exhausted": "EAGAIN",
  "pid-exists": "EEXIST",
  "pid-below-one": "EINVAL",
  "pid-without-init": "EINVAL",
  "pid-not-capable": "EPERM",
  "namespace-dying": "ENOMEM",
};

/** clone, or clone_with_pids when `pids` is not null. The ladder is that of rules §3.2 and §4, as far as it applies. */
export function clone(
  world: World,
  caller: Thread,
  flags: CloneFlags,
  pids: readonly number[] | null,
): Answer {
  if (world.limits.today !== null) return cloneToday(world, caller, flags, pids);
  const { group } = caller;
  const { space } = caller.id;
  const rule = world.limits.newpidRule;
  let wanted: number[] | null = null;
  if (pids !== null && pids.length > 0) {
    const depth = space.level + 1 + (flags.newpid && rule === "last-slot-1-or-0" ? 1 : 0);
    if (pids.length > depth) return "EINVAL";
    if (flags.newpid && rule === "refuse") return "EINVAL";
    wanted = [...Array<number>(depth - pids.length).fill(0), ...pids];
    if (flags.newpid && rule === "last-slot-1-or-0" && ![0, 1].includes(wanted.at(-1) ?? 0)) return "EINVAL";
    if (!group.capable) return "EPERM";
  }
  if (flags.thread && !flags.sighand) return "EINVAL";
  if (flags.sighand && !flags.vm) return "EINVAL";
  if (world.count >= world.limits.maxThreads) return "EAGAIN";
  if (flags.newpid && !group.capable) return "EPERM";
  if (flags.newpid && flags.thread) return "EINVAL";
  const home = flags.newpid ? world.spaceBelow(space) : space;
  const id = world.allocate(home, wanted);
  if (typeof id === "string") return ERRNO[id] ?? "";
  return finished(world, caller, flags, id);
}

function finished(world: World, caller: Thread, flags: CloneFlags, id: Identity): Answer {
  const { group } = caller;
  const child = flags.thread ? joined(group, id) : born(world, group, flags, id);
  if (!flags.vfork) return world.numberIn(id, caller.id.space);
  caller.vfork = child;
  return WAITS;
}

/** clone of today, or clone3 when `tids` is not null: rules §6.3 to §6.5, as far as they apply. */
function cloneToday(world: World, caller: Thread, flags: CloneFlags, tids: readonly number[] | null): Answer {
  const { group, home } = caller;
  const { space } = caller.id;
  if (tids?.length === 0) return "EINVAL";
  if (flags.thread && !flags.sighand) return "EINVAL";
  if (flags.sighand && !flags.vm) return "EINVAL";
  if (flags.parent && group.isInit) return "EINVAL";
  if (flags.thread && (flags.newpid || home !== space)) return "EINVAL";
  if (world.count >= world.limits.maxThreads) return "EAGAIN";
  if (flags.newpid && !group.capable) return "EPERM";
  if (flags.newpid && home !== space) return "EINVAL";
  const into = flags.newpid ? world.spaceBelow(space) : home;
  if (tids !== null && tids.length > into.level + 1) return "EINVAL";
  const id = world.allocateToday(into, tids ?? [], group.capable);
  return typeof id === "string" ? (ERRNO[id] ?? "") : finished(world, caller, flags, id);
}

/** unshare(CLONE_NEWPID): the caller's children are born below from now on. */
export function unshare(world: World, caller: Thread): Answer {
  if (!caller.group.capable) return "EPERM";
  if (caller.home !== caller.id.space) return "EINVAL";
  caller.home = world.spaceBelow(caller.home);
  return 0;
}

function joined(group: Group, id: Identity): Thread {
  const thread: Thread = { id, group, home: id.space, waiting: null, vfork: null, answer: null };
  group.threads.push(thread);
  return thread;
}

function born(world: World, maker: Group, flags: CloneFlags, id: Identity): Thread {
  const group = newGroup({
    id,
    parent: flags.parent ? maker.parent : maker,
    processGroup: maker.processGroup,
    session: maker.session,
    exitSignal: world.limits.today !== null && flags.parent ? maker.exitSignal : flags.signal,
    capable: maker.capable,
    isInit: id.numbers.at(-1) === 1 && id.space.above !== null,
  });
  if (group.isInit) id.space.init = group;
  world.groups.push(group);
  return joined(group, id);
}

export function exit(world: World, caller: Thread, code: number): Answer {
  endThread(world, caller, caller.group.status ?? (code & 0xff) << 8);
  return GONE;
}

export function exitGroup(world: World, caller: Thread, code: number): Answer {
  endThreads(world, caller.group, (code & 0xff) << 8);
  return GONE;
}

/** What a wait says at once; a zombie to be reported is for {@link candidates} to find. */
export function wait(world: World, caller: Thread, upid: number, options: number): Answer | Waiting {
  const { space } = caller.id;
  // The one number whose negative is no number of the kind (today's answer).
  if (upid === -0x8000_0000 && world.limits.today !== null) return "ESRCH";
  const waiting: Waiting =
    upid === -1
      ? { kind: "any", who: null, options }
      : upid > 0
        ? { kind: "pid", who: world.find(upid, space), options }
        : { kind: "group", who: upid === 0 ? caller.group.processGroup : world.find(-upid, space), options };
  const children = candidates(world, caller, waiting);
  if (children.length === 0) return "ECHILD";
  if (children.some((child) => world.isZombie(child))) return waiting;
  if ((options & WNOHANG) !== 0) return 0;
  caller.waiting = waiting;
  return WAITS;
}

export function setsid(world: World, caller: Thread): Answer {
  const { group } = caller;
  if (group.leadsSession) return "EPERM";
  if (world.groups.some((g) => g.processGroup === group.id)) return "EPERM";
  group.leadsSession = true;
  group.session = group.id;
  group.processGroup = group.id;
  return world.numberIn(group.id, caller.id.space);
}

export function setpgid(world: World, caller: Thread, pid: number, pgid: number): Answer {
  const { space } = caller.id;
  const own = caller.group;
  const target = pid === 0 ? world.numberIn(own.id, space) : pid;
  const wanted = pgid === 0 ? target : pgid;
  if (wanted < 0) return "EINVAL";
  const group = world.groupOf(target, space);
  if (group === null) return "ESRCH";
  if (world.numberIn(group.id, space) !== target) return "EINVAL";
  if (group.parent === own) {
    if (group.session !== own.session) return "EPERM";
  } else if (group !== own) return "ESRCH";
  if (group.leadsSession) return "EPERM";
  if (wanted === target) group.processGroup = group.id;
  else {
    const id = world.find(wanted, space);
    const member = world.groups.find((g) => g.processGroup === id);
    if (id === null || member === undefined || member.session !== own.session) return "EPERM";
    group.processGroup = id;
  }
  return 0;
}

/** kill with signal 0, SIGTERM, SIGKILL, one that is ignored by default, or no signal at all. */
export function kill(world: World, caller: Thread, pid: number, sig: number): Answer {
  const { space } = caller.id;
  const members = targets(world, caller, pid);
  if (members.length === 0) return "ESRCH";
  if (sig < 0 || sig > 64) return "EINVAL";
  if (sig === SIGTERM || sig === SIGKILL) {
    for (const group of members) {
      const above = world.numberIn(caller.id, group.id.space) === 0;
      if (group.isInit && !(above && sig === SIGKILL)) continue;
      if (!world.isZombie(group)) endThreads(world, group, sig);
    }
  }
  return caller.group.threads.includes(caller) ? 0 : GONE;
  function targets(world: World, caller: Thread, pid: number): Group[] {
    if (pid > 0) return [world.groupOf(pid, space)].filter((g) => g !== null);
    if (pid === -1) return world.groups.filter((g) => g !== caller.group && world.numberIn(g.id, space) > 1);
    const id = pid === 0 ? caller.group.processGroup : world.find(-pid, space);
    return world.groups.filter((g) => g.processGroup === id);
  }
}

/** getpid, gettid, getppid, getpgrp and getsid of the caller, in this order. */
export function look(world: World, caller: Thread): readonly number[] {
  const { group, id } = caller;
  return [group.id, id, group.parent?.id ?? null, group.processGroup, group.session].map((who) =>
    who === null ? 0 : world.numberIn(who, id.space),
  );
}

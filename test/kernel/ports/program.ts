import { CLONE, clone_args, eclone_args, target_pid_set } from "../../../src/abi/structs/index.ts";
import type { ArchName } from "../../../src/arch/index.ts";
import { boot, Guest, type Machine } from "../../../src/kernel/index.ts";
import type { Task } from "../../../src/kernel/task/task.ts";

/** Where the two pages of every task lie; behind them is nothing. */
const PAGE = 0x1000_0000;
const HOLE: number = PAGE + 0x2000;

/** Places of memory by what is read there as what, in every task's own memory. */
const SLOT = {
  set: PAGE,
  numbers: PAGE + 0x100,
  parentTid: PAGE + 0x200,
  childTid: PAGE + 0x208,
  status: PAGE + 0x210,
  pipe: PAGE + 0x220,
  mask: PAGE + 0x230,
  limit: PAGE + 0x240,
  siginfo: PAGE + 0x280,
  iovec: PAGE + 0x300,
  bytes: PAGE + 0x400,
  pidfd: PAGE + 0x218,
  /** Four bytes of it can be written, and no fifth. */
  end: HOLE - 4,
} as const;

/** One step of a program, said without a word of any architecture. */
export interface Step {
  /** Which task does it, of those there are. */
  readonly who: number;
  readonly what: Act;
  /** What the act makes of them is its own affair. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly pids: readonly number[];
}

export const ACTS = [
  "choose",
  "choose",
  "choose",
  "clone",
  "exit",
  "wait4",
  "waitid",
  "kill",
  "ids",
  "setsid",
  "unshare",
  "pipe",
  "writev",
  "read",
  "mask",
  "limit",
  "capset",
] as const;
export type Act = (typeof ACTS)[number];

/** The calls that choose pids, and the eras that have them. */
export const CHOOSERS = {
  "cwp-v2": "clone_with_pids",
  "cwp-v3": "clone_with_pids",
  eclone: "eclone",
  "clone3-59": "clone3",
  "clone3-614": "clone3",
  "clone3-7x": "clone3",
} as const;
export type Era = keyof typeof CHOOSERS;

/** Where a pointer points: somewhere good, at the last word, across the end, nowhere, at 0. */
function pointer(good: number, n: number): number {
  return [good, good, good, SLOT.end, HOLE - 2, HOLE, 0][n % 7] as number;
}

/** Runs a program on one architecture: what every step answered, and what is left in the end, as values. */
export function answersOf(arch: ArchName, era: Era, steps: readonly Step[]): readonly unknown[] {
  const machine = boot({ arch, profile: era, frames: 1024 });
  const init = new Guest(machine, machine.init);
  init.map(HOLE - PAGE, undefined, PAGE);
  // The caller stands at level 1, so that there is a level above to choose for.
  machine.start(init.child(init.call("clone", { flags: 17 | CLONE.NEWPID })).task);
  const said = steps.map((step) => {
    const tasks = [...machine.tasks].filter((task) => task !== machine.init && task.state === "running");
    const task = tasks[step.who % tasks.length];
    return task === undefined ? "nobody" : act(new Guest(machine, task), era, step);
  });
  return [...said, ...[...machine.tasks].map((task) => left(machine, task)), machine.oopses];
}

/** What is to be seen of a task. */
function left(machine: Machine, task: Task): unknown {
  const { state, exitStatus, sigmask, exitSignal, tgid } = task;
  const kin = [task.pidNumbers(), task.realParent.pid.numbers[0], tgid];
  const memory = task.mm === null ? [] : values(new Guest(machine, task));
  return [...kin, state, exitStatus, sigmask, exitSignal, ...memory];
}

/**
 * The words of a task's memory, each read with the width it was written with. The last one of the page is not among them:
 * what a write leaves in front of a fault are bytes in the processor's order.
 */
function values(guest: Guest): unknown[] {
  const { parentTid, childTid, pidfd, status, pipe, siginfo, mask, limit, bytes } = SLOT;
  const ints = [parentTid, childTid, pidfd, status, pipe, pipe + 4];
  return [
    ...ints.map((at) => guest.readInt(at)),
    ...[0, 4, 8].map((offset) => guest.readInt(siginfo + offset)),
    wide(guest, mask),
    wide(guest, limit),
    [...guest.read(bytes, 16)],
  ];
}

function wide(guest: Guest, at: number): bigint {
  const view = new DataView(guest.read(at, 8).buffer);
  return view.getBigUint64(0, guest.task.path.model.littleEndian);
}

function putWide(guest: Guest, at: number, value: bigint): void {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, value, guest.task.path.model.littleEndian);
  guest.write(at, new Uint8Array(bytes.buffer));
}

/** Flags a program may choose from. SETTLS is not among them: what it loads is each architecture's own. */
const FLAGS = [
  0,
  CLONE.VM,
  CLONE.FS,
  CLONE.FILES,
  CLONE.SIGHAND,
  CLONE.VM | CLONE.SIGHAND,
  CLONE.THREAD | CLONE.SIGHAND | CLONE.VM,
  CLONE.THREAD,
  CLONE.PARENT,
  CLONE.PARENT_SETTID,
  CLONE.CHILD_SETTID,
  CLONE.CHILD_CLEARTID,
  CLONE.NEWPID,
  CLONE.NEWUTS,
  CLONE.NEWNS,
  CLONE.NEWIPC | CLONE.SYSVSEM,
  CLONE.NEWUSER,
] as const;

const flagsOf = (a: number, b: number): number =>
  ((FLAGS[a % FLAGS.length] ?? 0) | (FLAGS[b % FLAGS.length] ?? 0)) >>> 0;

function act(guest: Guest, era: Era, step: Step): unknown {
  const { a, b, c } = step;
  const call = (
    name: string,
    args: Readonly<Record<string, number | bigint>> = {},
  ): number | string | null => {
    if (guest.machine.numberOf(name, guest.task.path) === undefined) return "not in this era";
    const result = guest.call(name, args);
    return guest.errno(result) ?? result;
  };
  switch (step.what) {
    case "choose":
      return choose(guest, era, step, call);
    case "clone":
      return call("clone", {
        flags: flagsOf(a, b) | 17,
        parent_tid: pointer(SLOT.parentTid, c),
        child_tid: SLOT.childTid,
      });
    case "exit":
      return call(a % 2 === 0 ? "exit" : "exit_group", { error_code: b });
    case "wait4":
      return call("wait4", {
        upid: [-1, 0, b][a % 3] ?? 0,
        stat_addr: pointer(SLOT.status, c),
        options: 0x4000_0001,
      });
    case "waitid":
      return call("waitid", { which: a % 2, upid: b, infop: pointer(SLOT.siginfo, c), options: 0x4000_0005 });
    case "kill":
      return call("kill", { pid: b, sig: [0, 0, 9, 17, 65][a % 5] ?? 0 });
    case "ids":
      return ["getpid", "getppid", "gettid", "getuid"].map((name) => call(name));
    case "setsid":
      return [call("setsid"), call("getsid", { pid: 0 }), call("getpgid", { pid: b })];
    case "unshare":
      return call("unshare", { unshare_flags: flagsOf(a, a) });
    case "pipe":
      return [call("pipe2", { fildes: pointer(SLOT.pipe, c), flags: 0o4000 }), guest.readInt(SLOT.pipe)];
    case "writev":
      return writev(guest, step, call);
    case "read":
      return call("read", { fd: a % 8, buf: pointer(SLOT.bytes, c), count: b % 16 });
    case "mask":
      putWide(guest, SLOT.mask, BigInt(b) << BigInt(a % 40));
      return call("rt_sigprocmask", {
        how: a % 4,
        nset: pointer(SLOT.mask, c),
        oset: SLOT.limit,
        sigsetsize: 8,
      });
    case "limit":
      putWide(guest, SLOT.limit, 1n << BigInt(a % 40));
      putWide(guest, SLOT.limit + 8, 1n << BigInt(b % 40));
      return call("prlimit64", {
        pid: 0,
        resource: 13,
        new_rlim: pointer(SLOT.limit, c),
        old_rlim: SLOT.limit,
      });
    case "capset":
      guest.writeInts(SLOT.numbers, [0x2008_0522, a % 3 === 0 ? b : 0, a | 0, b | 0, 0, c, c, 0]);
      return call("capset", { header: SLOT.numbers, data: SLOT.numbers + 8 });
  }
}

type Call = (name: string, args?: Readonly<Record<string, number | bigint>>) => number | string | null;

function writev(guest: Guest, { a, b, c }: Step, call: Call): unknown {
  const { pointer: width, littleEndian } = guest.task.path.model;
  guest.write(SLOT.bytes, Uint8Array.of(a, b, c, 4));
  const words = [SLOT.bytes, b % 5, pointer(SLOT.bytes, c), a % 4];
  const view = new DataView(new ArrayBuffer(words.length * width));
  for (const [i, word] of words.entries())
    if (width === 8) view.setBigUint64(i * 8, BigInt(word), littleEndian);
    else view.setUint32(i * 4, word, littleEndian);
  guest.write(SLOT.iovec, new Uint8Array(view.buffer));
  return call("writev", { fd: a % 8, vec: pointer(SLOT.iovec, c), vlen: b % 3 });
}

/** The call of the era that chooses pids, in the structs of the architecture. */
function choose(guest: Guest, era: Era, { a, b, c, pids }: Step, call: Call): unknown {
  const flags = flagsOf(a, b);
  const tids = { parent_tid: pointer(SLOT.parentTid, c), child_tid: SLOT.childTid };
  guest.writeInts(SLOT.numbers, pids);
  const array = pids.length > 0 ? pointer(SLOT.numbers, c >> 3) : 0;
  const set = pointer(SLOT.set, c >> 6);
  switch (CHOOSERS[era]) {
    case "clone_with_pids":
      guest.writeStruct(SLOT.set, target_pid_set, { num_pids: pids.length, target_pids: array });
      return call("clone_with_pids", { flags: flags | 17, ...tids, pid_set: set });
    case "eclone":
      guest.writeStruct(SLOT.set, eclone_args, {
        parent_tid_ptr: tids.parent_tid,
        child_tid_ptr: tids.child_tid,
        nr_pids: pids.length,
        child_stack_size: a % 11 === 0 ? 8192 : 0,
      });
      return call("eclone", {
        flags_low: flags | 17,
        args: set,
        args_size: b % 9 === 0 ? 40 : 48,
        pids: array,
      });
    case "clone3":
      guest.writeStruct(SLOT.set, clone_args, {
        flags: flags | (a % 5 === 0 ? CLONE.PIDFD : 0),
        pidfd: pointer(SLOT.pidfd, b),
        ...tids,
        exit_signal: (flags & (CLONE.THREAD | CLONE.PARENT)) === 0 || a % 7 === 0 ? 17 : 0,
        set_tid: array,
        set_tid_size: pids.length,
      });
      return call("clone3", { uargs: set, size: [88, 88, 80, 64, 63, 4097][c % 6] ?? 88 });
  }
}

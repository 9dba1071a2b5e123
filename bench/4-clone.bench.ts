import { CLONE, clone_args, hiOf, target_pid_set } from "../src/abi/index.ts";
import { userPtr } from "../src/abi/pointer.ts";
import { boot, Guest, type Machine, SIG, type Task } from "../src/kernel/index.ts";
import { PAGE_SIZE } from "../src/mm/index.ts";
import { type BenchRow, hostBytes, type Work } from "./harness.ts";

export const title = "The life of a child: made with a chosen pid, gone, waited for";

/** The number every child asks for, in the innermost namespace. */
const CHOSEN = 7777;
const LIVE = 100_000;
const EXIT = 60;
const WAIT4 = 61;

/** Arguments in the order of the registers: the lower and the upper half of each. */
type Words = Uint32Array;

function wordsOf(...args: number[]): Words {
  return Uint32Array.from(args.flatMap((word) => [word, hiOf(word)]));
}

/** How a child is made: the number of the call, and its words in the order of the registers. */
interface Way {
  readonly machine: Machine;
  readonly parent: Task;
  readonly nr: number;
  readonly words: Words;
  /** A page that parent and child share after the fork; written by both when not 0. */
  readonly page: number;
}

/** The init of the innermost of so many namespaces. */
function innermost(profile: string, levels: number): Guest {
  const machine = boot({ profile, pidMax: 4_194_304, maxThreads: 2 * LIVE });
  let guest = new Guest(machine, machine.init);
  for (let level = 1; level < levels; level++)
    guest = guest.child(guest.call("clone", { flags: CLONE.NEWPID | SIG.CHLD }));
  return guest;
}

/** clone_with_pids on a process with one page. */
function cloneWithPids(levels: number, flags = 0): Way {
  const parent = innermost("cwp-v3", levels);
  const { machine, task } = parent;
  const set = parent.map(PAGE_SIZE);
  parent.writeInts(set + 64, [CHOSEN]);
  parent.writeStruct(set, target_pid_set, { num_pids: 1, target_pids: set + 64 });
  const nr = machine.numberOf("clone_with_pids", task.path) ?? 0;
  return { machine, parent: task, nr, words: wordsOf(flags | SIG.CHLD, 0, 0, 0, 0, set), page: 0 };
}

/** clone3 with set_tid on a process of 300 pages in 24 mappings, with 16 descriptors. */
function clone3(levels: number, flags = 0, dirty = false): Way {
  const parent = innermost("clone3-614", levels);
  const { machine, task } = parent;
  const args = parent.map(PAGE_SIZE);
  for (let i = 0; i < 23; i++) {
    const bytes = 13 * PAGE_SIZE;
    // A page between two mappings keeps them two.
    const at = parent.map(bytes, undefined, 0x1000_0000 + i * (bytes + PAGE_SIZE));
    for (let page = 0; page < 13; page++) parent.writeInts(at + page * PAGE_SIZE, [1]);
  }
  for (let i = 0; i < 8; i++) parent.call("pipe2", { fildes: args + 512 });
  parent.writeInts(args + 256, [CHOSEN]);
  const wish = { flags, exit_signal: SIG.CHLD, set_tid: args + 256, set_tid_size: 1 };
  parent.writeStruct(args, clone_args, wish);
  const nr = machine.numberOf("clone3", task.path) ?? 0;
  return { machine, parent: task, nr, words: wordsOf(args, 88), page: dirty ? 0x1000_0000 : 0 };
}

/** Loads a call into the registers of a task, and traps. */
function call(machine: Machine, task: Task, nr: number, words: Words): void {
  const { path, regs } = task;
  const { u32, base } = regs;
  const { argIndex } = path;
  u32[base + path.nrIndex] = nr;
  for (let i = 0; i < words.length; i += 2) {
    const at = base + (argIndex[i >> 1] as number);
    u32[at] = words[i] as number;
    u32[at + 1] = words[i + 1] as number;
  }
  machine.enter(task);
}

const NOTHING = wordsOf(0, 0, 0, 0);
const ITS_CHILD = wordsOf(CHOSEN, 0, 0, 0);

/** One child: made, gone, waited for. Returns what wait4 did. */
function life({ machine, parent, nr, words, page }: Way): number {
  call(machine, parent, nr, words);
  const child = machine.find(parent.pidNs, CHOSEN);
  if (child === null) throw new Error("no child");
  if (page !== 0) {
    if (child.mm !== null) machine.putUser32(child.mm, userPtr(page), 2);
    if (parent.mm !== null) machine.putUser32(parent.mm, userPtr(page), 3);
  }
  call(machine, child, EXIT, NOTHING);
  call(machine, parent, WAIT4, ITS_CHILD);
  return parent.regs.u32[parent.regs.base + parent.path.resultIndex] as number;
}

function lives(make: () => Way): () => Work {
  return () => {
    const way = make();
    if (life(way) !== CHOSEN) throw new Error("the child was not waited for");
    return (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += life(way);
      return sum;
    };
  };
}

/** A parent with 100 000 children that live on, each with pages, mappings and descriptors of its own. */
function crowded(): Way {
  const way = clone3(1);
  const { machine, parent } = way;
  const fork = machine.numberOf("fork", parent.path) ?? 0;
  for (let i = 0; i < LIVE; i++) call(machine, parent, fork, NOTHING);
  if (machine.nrThreads !== LIVE + 1) throw new Error(`${machine.nrThreads} tasks live`);
  return way;
}

/** Memory of the host that a live child takes. */
function bytesPerTask(): number {
  const empty = clone3(1);
  const before = hostBytes();
  const way = crowded();
  const after = hostBytes();
  return life(way) === life(empty) ? (after - before) / LIVE : Number.NaN;
}

/** The slowest but so many of 200 000 single lives among the 100 000, the clock's own time included. */
function latency(rank: number): number {
  const way = crowded();
  const all = new Float64Array(200_000);
  for (let i = -20_000; i < all.length; i++) {
    const before = process.hrtime.bigint();
    life(way);
    if (i >= 0) all[i] = Number(process.hrtime.bigint() - before);
  }
  return all.sort()[all.length - 1 - rank] as number;
}

const SHARED = CLONE.VM | CLONE.VFORK;

export const rows: BenchRow[] = [
  { title: "clone_with_pids + exit + wait4, 1 level", setup: lives(() => cloneWithPids(1)), goal: 2_000 },
  { title: "clone_with_pids + exit + wait4, 3 levels", setup: lives(() => cloneWithPids(3)) },
  { title: "clone_with_pids + exit + wait4, 32 levels", setup: lives(() => cloneWithPids(32)), goal: 6_000 },
  {
    title: "clone_with_pids, CLONE_VM|CLONE_VFORK",
    setup: lives(() => cloneWithPids(1, SHARED)),
    goal: 1_000,
  },
  { title: "clone3, 300 pages, 24 mappings, 16 files", setup: lives(() => clone3(1)), goal: 2_000 },
  { title: "the same, both sides write one page", setup: lives(() => clone3(1, 0, true)), goal: 6_000 },
  { title: "the same, CLONE_VM|CLONE_VFORK", setup: lives(() => clone3(1, SHARED)), goal: 1_000 },
  { title: "the same, 32 levels", setup: lives(() => clone3(32)), goal: 6_000 },
  { title: "memory of the host per live task", unit: "bytes", read: bytesPerTask, goal: 4096 },
  { title: "clone3 among 100 000 live tasks, p99", unit: "ns", read: () => latency(2_000), goal: 5_000 },
  { title: "clone3 among 100 000 live tasks, worst", unit: "ns", read: () => latency(0), goal: 20_000_000 },
];

import { boot } from "../src/kernel/index.ts";
import {
  followSchedule,
  isRefusal,
  planRestart,
  portraitOf,
  type Schedule,
  type Tree,
} from "../src/restart/index.ts";
import { type BenchRow, hostBytes } from "./harness.ts";

export const title = "Restart: schedules devised and followed, by the task";

type Task = { -readonly [K in keyof Tree["tasks"][number]]: Tree["tasks"][number][K] };

/**
 * A machine full of containers: below the init every fifth task of the first two hundred begins a pid namespace; a quarter
 * of all lead a session, a quarter of the others a group, every tenth without children is a zombie.
 */
function treeOf(size: number): Tree {
  const tasks: Task[] = [{ pid: [1], parent: 0, session: 1, group: 1 }];
  const inside = new Map<number, number>();
  let dice = 88_172_645;
  const roll = (n: number): number => {
    dice ^= dice << 13;
    dice ^= dice >>> 17;
    dice ^= dice << 5;
    return (dice >>> 0) % n;
  };
  for (let key = 2; key <= size; key++) {
    const parent = tasks[roll(tasks.length)] as Task;
    const [parentKey = 0] = parent.pid;
    const begins = parent.ns === undefined && key < 1000 && key % 5 === 0;
    const ns = begins ? key : parent.ns;
    const number = ns === undefined ? null : (inside.get(ns) ?? 0) + 1;
    if (ns !== undefined) inside.set(ns, number as number);
    const leads = roll(4) === 0;
    const session = leads ? key : parent.session;
    const group = leads ? key : roll(4) === 0 ? key : session;
    tasks.push({
      pid: number === null ? [key] : [key, number],
      parent: parentKey,
      session,
      // A group whose leader is further out cannot be joined: those have one of their own.
      group: ns === undefined || leads || group === key ? group : parent.group,
      ...(ns === undefined ? {} : { ns }),
    });
  }
  const parents = new Set(tasks.map(({ parent }) => parent));
  for (const [i, task] of tasks.entries())
    if (i % 10 === 9 && !parents.has(task.pid[0] as number) && task.pid.at(-1) !== 1) task.zombie = i & 127;
  return {
    format: "trapgate-tree-1",
    tasks,
    namespaces: [...inside.keys()].map((init) => ({ init })),
  };
}

function planned(tree: Tree): Schedule {
  const plan = planRestart(tree);
  if (isRefusal(plan)) throw new Error(plan.reason);
  return plan;
}

function machineFor(size: number): ReturnType<typeof boot> {
  return boot({ profile: "clone3-614", pidMax: 4_194_304, maxThreads: 2 * size + 1000, frames: 65_536 });
}

/** The median of some runs, in nanoseconds a task. */
function median(size: number, runs: number, run: () => () => unknown): number {
  const all = Array.from({ length: runs }, () => {
    const work = run();
    const before = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - before) / size;
  });
  return all.sort((a, b) => a - b)[runs >> 1] as number;
}

function planning(size: number): number {
  const tree = treeOf(size);
  return median(size, size > 10_000 ? 5 : 15, () => () => planRestart(tree));
}

function following(size: number): number {
  const plan = planned(treeOf(size));
  return median(size, size > 10_000 ? 3 : 9, () => {
    const machine = machineFor(size);
    return () => {
      const { failure } = followSchedule(machine, plan);
      if (failure !== null) throw new Error(failure.reason);
    };
  });
}

/** Memory of the host that a restored task takes, on a machine whose own memory is there already. */
function bytesPerTask(size: number): number {
  const plan = planned(treeOf(size));
  const machine = machineFor(size);
  const before = hostBytes();
  const { root, base } = followSchedule(machine, plan);
  const bytes = (hostBytes() - before) / size;
  if (root === null || portraitOf(root, base).tasks.length !== size) throw new Error("not all are there");
  return bytes;
}

const SIZES = [1_000, 10_000, 100_000];
const named = (size: number): string => size.toLocaleString("en").replaceAll(",", " ");

export const rows: BenchRow[] = [
  ...SIZES.map(
    (size): BenchRow => ({ title: `plan ${named(size)} tasks`, unit: "ns", read: () => planning(size) }),
  ),
  ...SIZES.map(
    (size): BenchRow => ({ title: `follow ${named(size)} tasks`, unit: "ns", read: () => following(size) }),
  ),
  {
    title: "memory of the host per restored task",
    unit: "bytes",
    read: () => bytesPerTask(100_000),
    goal: 4096,
  },
];

import type { ProcTask } from "../capture/proc-task.ts";
import { type Captured, treeOfTasks } from "../capture/tree-of-tasks.ts";
import { TreeError } from "../tree/parse.ts";

/** An entry of pstree.img. */
export interface PstreeEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  /** The first is the task itself. */
  readonly threads?: readonly number[];
}

/** What core-PID.img and ids-PID.img say of a task, as far as it is of a tree. */
export interface CoreEntry {
  readonly tc?: { readonly task_state: unknown; readonly exit_code: number };
  readonly ids?: { readonly pid_ns_id?: number };
}

/** States of a task in an image, which CRIU calls TASK_DEAD and COMPEL_TASK_ZOMBIE, and TASK_STOPPED. */
const ZOMBIES: ReadonlySet<unknown> = new Set([2, 6]);
const STOPPED = 3;
/** `crit decode --pretty` prints words for three of them; what they say of the numbers is another matter. */
const CRIT_WORDS: ReadonlyMap<unknown, number> = new Map([
  ["Alive", 1],
  ["Zombie", 3],
  ["Stopped", 6],
]);

/**
 * The tree in CRIU's images. They have one number for each task, so there is one level; the root's session and group are from
 * outside where the root does not lead them (a shell job).
 * @param cores by pid; a task without one is taken to be alive
 * @param file the image with the tree, for messages
 * @throws TreeError for images that are no tree
 */
export function criuTree(
  entries: readonly PstreeEntry[],
  cores: ReadonlyMap<number, CoreEntry>,
  file: string,
): Captured {
  const pids = new Set<number>();
  for (const [i, { pid, ppid }] of entries.entries()) {
    if (pids.has(pid)) throw new TreeError(`${file}: entries[${i}].pid: ${pid} is another task's already`);
    // CRIU writes a parent before its children.
    if (i > 0 && !pids.has(ppid))
      throw new TreeError(`${file}: entries[${i}].ppid: no task before it is ${ppid}`);
    pids.add(pid);
  }
  const [root] = entries;
  if (root === undefined) throw new TreeError(`${file}: there is no task in it`);
  oneNamespace(entries, cores, file);
  const tasks = entries.map((entry, i) => procTask(entry, i === 0 ? 0 : entry.ppid, cores.get(entry.pid)));
  return treeOfTasks(tasks, { root: root.pid });
}

function procTask(
  { pid, pgid, sid, threads = [] }: PstreeEntry,
  parent: number,
  core: CoreEntry = {},
): ProcTask {
  const state = CRIT_WORDS.get(core.tc?.task_state) ?? core.tc?.task_state;
  return {
    pid: [pid],
    parent,
    session: [sid],
    group: [pgid],
    threads: threads.filter((tid) => tid !== pid).map((tid) => [tid]),
    state: ZOMBIES.has(state) ? "Z" : state === STOPPED ? "T" : "S",
    exitStatus: core.tc?.exit_code ?? 0,
    ns: null,
    childNs: null,
  };
}

function oneNamespace(
  entries: readonly PstreeEntry[],
  cores: ReadonlyMap<number, CoreEntry>,
  file: string,
): void {
  const seen = new Map<number, number>();
  for (const { pid } of entries) {
    const ns = cores.get(pid)?.ids?.pid_ns_id;
    if (ns !== undefined && !seen.has(ns)) seen.set(ns, pid);
  }
  const [one, other] = [...seen.values()];
  if (other !== undefined)
    throw new TreeError(
      `${file}: tasks ${one} and ${other} are in different pid namespaces, and CRIU's images have one number for each task`,
    );
}

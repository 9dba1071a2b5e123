import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { ProcError, type ProcTask, readProcTask, UNSHARED } from "../capture/proc-task.ts";

/** Times `/proc` is read until two readings in a row are the same. */
const TRIES = 20;

/**
 * Every process that `/proc` shows, without stopping any: read until nothing has changed between two readings, or given up
 * on that.
 * @param proc where procfs is mounted
 * @throws ProcError when it cannot be read
 */
export function readProc(proc = "/proc"): { readonly tasks: readonly ProcTask[]; readonly stable: boolean } {
  let tasks = readOnce(proc);
  for (let tries = 1; tries < TRIES; tries++) {
    const again = readOnce(proc);
    if (keyOf(again) === keyOf(tasks)) return { tasks: again, stable: true };
    tasks = again;
  }
  return { tasks, stable: false };
}

/** Letters of states that are more than a moment's: stopped, traced, ended. */
const LASTING = ["T", "t", "Z"];

/** Everything but whether somebody runs or sleeps. */
function keyOf(tasks: readonly ProcTask[]): string {
  return JSON.stringify(
    tasks.map((task) => ({ ...task, state: LASTING.includes(task.state) ? task.state : "" })),
  );
}

function readOnce(proc: string): ProcTask[] {
  let names: string[];
  try {
    names = readdirSync(proc);
  } catch (error) {
    throw new ProcError(`${proc}: cannot be read (${codeOf(error)})`);
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const task = readTask(`${proc}/${name}`, name);
      return task === null ? [] : [task];
    });
}

/** Null for a process that has gone meanwhile. */
function readTask(folder: string, name: string): ProcTask | null {
  try {
    return readProcTask({
      status: readFileSync(`${folder}/status`, "latin1"),
      stat: readFileSync(`${folder}/stat`, "latin1"),
      threads: readdirSync(`${folder}/task`)
        .filter((tid) => tid !== name)
        .map((tid) => readFileSync(`${folder}/task/${tid}/status`, "latin1")),
      ns: linkOf(`${folder}/ns/pid`),
      childNs: childNsOf(`${folder}/ns/pid_for_children`),
    });
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return null;
    throw error instanceof ProcError ? error : new ProcError(`${folder}: cannot be read (${codeOf(error)})`);
  }
}

function linkOf(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}

/** The link of a namespace that has no init yet is there, and cannot be read (pidns_for_children_get). */
function childNsOf(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || lstatSync(file, { throwIfNoEntry: false }) === undefined) return null;
    return UNSHARED;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

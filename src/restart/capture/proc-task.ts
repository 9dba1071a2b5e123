/** A process as `/proc/PID` tells of it. Numbers are level by level, the reader's own namespace first. */
export interface ProcTask {
  readonly pid: readonly number[];
  /** PPid: the reader's number of the parent; 0 for one that the reader does not see. */
  readonly parent: number;
  /** 0 at each level that the leader has no number at. */
  readonly session: readonly number[];
  readonly group: readonly number[];
  /** The other threads. */
  readonly threads: readonly (readonly number[])[];
  /** The letter of its state: Z for a process whose first thread has exited. */
  readonly state: string;
  /** As wait would tell it; null where it may not be read. */
  readonly exitStatus: number | null;
  /** The pid namespace it is in, as the kernel names it (`pid:[4026531836]`); null where it may not be read. */
  readonly ns: string | null;
  /** The one its next child is born in, and begins if it is new; null where it may not be read, or there will be no child. */
  readonly childNs: string | typeof UNSHARED | null;
}

/** What the kernel has no name for: a pid namespace that begins with the next child. */
export const UNSHARED = "unshared";

/** What a file of a process says, and its links. */
export interface ProcTexts {
  /** `/proc/PID/status`. */
  readonly status: string;
  /** `/proc/PID/stat`. */
  readonly stat: string;
  /** `/proc/PID/task/TID/status` of the other threads. */
  readonly threads: readonly string[];
  readonly ns: string | null;
  readonly childNs: string | null;
}

/**
 * Reads what `/proc` says of a process. Source: fs/proc/array.c, task_state and do_task_stat.
 * @returns null when it is no process any more (reaped while it was read)
 * @throws ProcError when the kernel does not say numbers by level
 */
export function readProcTask({ status, stat, threads, ns, childNs }: ProcTexts): ProcTask | null {
  const state = /^State:\s*(\S)/m.exec(status)?.[1] ?? "X";
  if (state === "X") return null;
  return {
    pid: numbersIn(status, "NSpid"),
    parent: numbersIn(status, "PPid")[0] ?? 0,
    session: numbersIn(status, "NSsid"),
    group: numbersIn(status, "NSpgid"),
    threads: threads.map((text) => numbersIn(text, "NSpid")),
    state,
    exitStatus: exitStatusIn(stat),
    ns,
    childNs,
  };
}

/** `/proc` cannot be read as a tree: one line that says why. */
export class ProcError extends Error {}

function numbersIn(status: string, field: string): number[] {
  const line = new RegExp(`^${field}:(.*)$`, "m").exec(status)?.[1];
  if (line === undefined)
    throw new ProcError(
      `/proc/PID/status has no ${field}: Linux 4.1 is the first that tells numbers by level`,
    );
  return line.trim().split(/\s+/).map(Number);
}

/** The last field of stat; the kernel shows 0 to who may not look. The name before it may have blanks and brackets. */
function exitStatusIn(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = fields[EXIT_CODE - FIRST_BEHIND_NAME];
  return field === undefined ? null : Number(field);
}

/** Fields of stat by number, as proc_pid_stat(5) counts them. */
const FIRST_BEHIND_NAME = 3;
const EXIT_CODE = 52;

import { readdirSync, readFileSync } from "node:fs";
import {
  type Answer,
  isSkipped,
  type Operation,
  type SysOperation,
  type Vector,
} from "../../../src/conform/index.ts";
import { LiveKernel } from "../../../src/conform/live/live-kernel.ts";

/** One live kernel for a file of tests. */
export const kernel: LiveKernel = new LiveKernel();

/** x86_64 numbers of the calls these tests make. */
export const NR = {
  write: 1,
  open: 2,
  close: 3,
  munmap: 11,
  pause: 34,
  nanosleep: 35,
  getpid: 39,
  fork: 57,
  vfork: 58,
  clone: 56,
  wait4: 61,
  kill: 62,
  setsid: 112,
} as const;

/** A call by name. */
export function sys(
  label: string,
  name: keyof typeof NR,
  args: SysOperation["args"] = [],
  more: Partial<SysOperation> = {},
): SysOperation {
  return { op: "sys", label, nr: NR[name], args, ...more };
}

/** Runs a case that this machine permits. Where it does not, the test is skipped with the reason. */
export async function answerOf(vector: Vector, context: { skip(note?: string): never }): Promise<Answer> {
  const outcome = await kernel.run(vector);
  if (isSkipped(outcome)) return context.skip(outcome.skipped);
  return outcome;
}

/** Several children that all do the same; labels end in a number. */
export function children(
  n: number,
  list: readonly SysOperation[],
  more: Partial<SysOperation> = {},
): Operation[] {
  return Array.from({ length: n }, (_, i) =>
    sys(`f${i}`, "fork", [], { child: list.map((each) => ({ ...each, label: each.label + i })), ...more }),
  );
}

/** What an operation returned; null when it never did. */
export function retOf({ results }: Answer, label: string): number | null {
  const result = results[label];
  return result !== undefined && "ret" in result ? Number(result.ret) : null;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

/** Processes below this one that are not dead, the servers themselves left out. */
export function leftovers(): number[] {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? processOf(name) : []));
  const servers = all.filter(({ pid, parent }) => parent === process.pid && nameOf(pid) === "server");
  const found = new Set(servers.map(({ pid }) => pid));
  // A child may have a smaller number than its parent: until nothing is found any more.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all
    .filter(({ pid, state }) => found.has(pid) && state !== "Z" && !servers.some((s) => s.pid === pid))
    .map(({ pid }) => pid);
}

function processOf(name: string): Process[] {
  try {
    const match = /^(\d+) \(.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, "utf8"));
    if (match === null) return [];
    return [{ pid: Number(match[1]), state: match[2] ?? "", parent: Number(match[3]) }];
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";

/** What the running kernel says of its own tables. */
export interface RunningKernel {
  readonly release: string;
  /** The entry point of each x86_64 number, as its tracepoint calls it: `newstat` for stat. */
  readonly entries: ReadonlyMap<number, string>;
  /** The numbers of each table it has a call for. */
  readonly answered: { readonly x86_64: ReadonlySet<number>; readonly i386: ReadonlySet<number> };
  /** Argument types and names of every entry point that has a tracepoint. */
  readonly signatures: ReadonlyMap<string, readonly Parameter[]>;
  /** Every entry point in the kernel's symbol list, built in or not. */
  readonly symbols: ReadonlySet<string>;
}

/** One argument of an entry point, its type as C writes it. */
export interface Parameter {
  readonly type: string;
  readonly name: string;
}

const TRACEFS = "/sys/kernel/tracing";
const ENOSYS = -38;
/** Beyond every table of today; the holes count as not answered. */
const LAST = 520;

/**
 * Asks the running kernel: each number is entered once with words that lead nowhere, while the tracepoint at the entry
 * of every call says its name.
 * @throws Error without root, gcc or tracefs
 */
export function askRunningKernel(): RunningKernel {
  const folder = mkdtempSync(join(tmpdir(), "trapgate-probe-"));
  try {
    mountTracefs();
    const probe = join(folder, "probe");
    execFileSync("gcc", ["-O1", "-o", probe, join(import.meta.dirname, "probe.c")]);
    return {
      release: release(),
      entries: tracedEntries(probe),
      answered: { x86_64: answered(probe, "64"), i386: answered(probe, "32") },
      signatures: tracedSignatures(),
      symbols: entrySymbols(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mountTracefs(): void {
  try {
    if (readdirSync(TRACEFS).length > 0) return;
  } catch {
    // Not there at all: mount says why.
  }
  execFileSync("mount", ["-t", "tracefs", "nodev", TRACEFS]);
}

/** The numbers that do not answer ENOSYS. */
function answered(probe: string, abi: "64" | "32"): Set<number> {
  const silent = (word: string, [from, to]: readonly [number, number]): number[] => {
    const out = execFileSync(probe, [abi, String(from), String(to), word], { encoding: "utf8" });
    const results = out
      .trim()
      .split("\n")
      .map((line) => line.split(" ").map(Number));
    return results.filter(([, result]) => result === ENOSYS).map(([nr]) => nr as number);
  };
  const numbers = new Set(Array.from({ length: LAST + 1 }, (_, nr) => nr));
  // ipc and modify_ldt say ENOSYS to a subcommand nobody has: who did is asked again, for subcommand 1.
  for (const nr of silent("-1", [0, LAST])) if (silent("1", [nr, nr]).length > 0) numbers.delete(nr);
  return numbers;
}

/** Runs the probe with a trace buffer of its own: the line before `sys_enter: NR n` names what was entered. */
function tracedEntries(probe: string): Map<number, string> {
  const own = join(TRACEFS, "instances", `trapgate-${process.pid}`);
  mkdirSync(own);
  const write = (file: string, text: string): void => writeFileSync(join(own, file), text);
  try {
    write("buffer_size_kb", "8192");
    write("options/event-fork", "1");
    const names = readdirSync(join(own, "events/syscalls")).filter((name) => name.startsWith("sys_enter_"));
    for (const name of names) write(`events/syscalls/${name}/enable`, "1");
    write("events/raw_syscalls/sys_enter/enable", "1");
    const line = `echo $$ >"$0/set_event_pid"; exec "$1" 64 0 ${LAST} -1 >/dev/null`;
    execFileSync("sh", ["-c", line, own, probe]);
    write("events/enable", "0");
    return entriesIn(readFileSync(join(own, "trace"), "utf8"));
  } finally {
    write("events/enable", "0");
    rmdirSync(own);
  }
}

function entriesIn(trace: string): Map<number, string> {
  const before = new Map<string, string>();
  const entries = new Map<number, string>();
  for (const line of trace.split("\n")) {
    const match = /-(\d+) +\[\d+\].*?: (?:sys_enter: NR (-?\d+) |sys_(\w+)\()/.exec(line);
    if (match === null) continue;
    const [, pid = "", nr, name] = match;
    if (name !== undefined) before.set(pid, name);
    else {
      const entry = before.get(pid);
      if (entry !== undefined) entries.set(Number(nr), entry);
      before.delete(pid);
    }
  }
  return entries;
}

function tracedSignatures(): Map<string, Parameter[]> {
  const folder = join(TRACEFS, "events/syscalls");
  const entries = readdirSync(folder).filter((name) => name.startsWith("sys_enter_"));
  return new Map(
    entries.map((entry) => {
      const format = readFileSync(join(folder, entry, "format"), "utf8");
      const fields = [...format.matchAll(/field:(.+?)\s*(\w+);\toffset:\d+;/g)];
      const own = fields.filter(([, , name]) => !/^(common_\w+|__syscall_nr)$/.test(name ?? ""));
      return [
        entry.slice("sys_enter_".length),
        own.map(([, type = "", name = ""]) => ({ type: type.replaceAll("* *", "**"), name })),
      ];
    }),
  );
}

function entrySymbols(): Set<string> {
  const symbols = readFileSync("/proc/kallsyms", "utf8").matchAll(/ __(?:x64|ia32)_(?:compat_)?sys_(\w+)$/gm);
  return new Set([...symbols].map(([, name]) => name as string));
}

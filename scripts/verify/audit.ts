import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TableId } from "../../src/abi/numbers.ts";
import type { NumberTable } from "../../src/atlas/number-table.ts";
import { unpack } from "../tables/packages.ts";
import type { Report } from "./report.ts";

/**
 * What ausyscall calls the architectures it has tables of, and what it then calls the table. For any other name it
 * prints the host's table and exits with 0: only its first line says so. It has one table for both widths of powerpc.
 */
const ARCHES: readonly (readonly [audit: string, title: string, table: TableId, both?: TableId])[] = [
  ["x86_64", "x86_64", "x86_64"],
  ["i386", "i386", "i386"],
  ["arm", "armeb", "arm"],
  ["aarch64", "aarch64", "arm64"],
  ["ppc", "ppc", "powerpc", "powerpc64"],
  ["ppc64", "ppc64", "powerpc64", "powerpc"],
  ["s390", "s390", "s390"],
  ["s390x", "s390x", "s390x"],
];

/** Names ausyscall spells in its own way, some of them older than the call's name of today. */
const SPELLINGS: Readonly<Record<string, string>> = {
  fadvise64_64: "arm_fadvise64_64",
  getdents: "getdents64",
  llseek: "_llseek",
  newfstat: "fstat",
  newselect: "_newselect",
  perf_counter_open: "perf_event_open",
  pread: "pread64",
  pwrite: "pwrite64",
  sched_rr_get_interval64: "sched_rr_get_interval_time64",
  sync_file_range: "arm_sync_file_range",
  sys_kexec_load: "kexec_load",
  sysctl: "_sysctl",
  timerfd: "timerfd_create",
};

/** Calls of arm's old ABI alone, which ausyscall has in one table with EABI's. */
const OLD_ABI = "time umount stime alarm utime getrlimit select readdir mmap socketcall syscall ipc".split(
  " ",
);

/** Every number ausyscall has against ours. @throws Error when auditd is not to be had */
export function againstAudit(tables: readonly NumberTable[], folder: string, report: Report): void {
  const { version, root } = unpack("auditd", folder);
  const libraries = ["libauparse0", "libaudit1"].map((name) => unpack(name, folder).root);
  const path = libraries.flatMap((lib) =>
    ["lib", "usr/lib"].map((name) => join(lib, name, "x86_64-linux-gnu")),
  );
  for (const [arch, title, id, both] of ARCHES) {
    const out = execFileSync(join(root, "usr/bin/ausyscall"), [arch, "--dump"], {
      encoding: "utf8",
      env: { ...process.env, LD_LIBRARY_PATH: path.join(":") },
    });
    const [first = "", ...lines] = out.trim().split("\n");
    if (first !== `Using ${title} syscall table:`) {
      report.skip(`${id} against ausyscall`, `it answers with another table: ${first}`);
      continue;
    }
    const own = tables.filter((table) => table.id === id || table.id === both);
    const rows = lines.map((line) => line.split("\t")).map(([nr, name]) => [Number(nr), name ?? ""] as const);
    const has = (nr: number, name: string): boolean => own.some((table) => table.number(name) === nr);
    const differences = rows
      .filter(([nr, name]) => !has(nr, name) && !has(nr, SPELLINGS[name] ?? name))
      .filter(([, name]) => id !== "arm" || !OLD_ABI.includes(name))
      .map(([nr, name]) => `${nr} is ${name} there, ${own[0]?.row(nr)?.name ?? "nothing"} here`);
    report.compared(`${id} (${arch})`, `ausyscall ${version}`, rows.length, differences);
  }
}

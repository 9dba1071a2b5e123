/**
 * Holds every table against sources that have nothing to do with the headers it was made of: libseccomp's resolver, the
 * running kernel (x86_64 and i386), auditd's ausyscall, and the conventions against syscall(2). Prints each source's
 * version and every difference; exits with 1 when there is one. It installs and downloads what it needs (as root, on
 * Debian), and skips loudly what it cannot have: `npm run verify:tables`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TABLES } from "../src/abi/numbers.ts";
import { loadTables } from "../src/atlas/load.ts";
import { askRunningKernel } from "./tables/running-kernel.ts";
import { againstAudit } from "./verify/audit.ts";
import { againstManual } from "./verify/manual.ts";
import { Report } from "./verify/report.ts";
import { againstKernel } from "./verify/running.ts";
import { againstSeccomp } from "./verify/seccomp.ts";

const folder = mkdtempSync(join(tmpdir(), "trapgate-verify-"));
const report = new Report();
try {
  const tables = await loadTables(TABLES);
  report.part("packages", () => {
    execFileSync("apt-get", ["update"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "gcc", "libc6-dev", "libseccomp2"], { stdio: "ignore" });
  });
  report.part("libseccomp", () => againstSeccomp(tables, folder, report));
  report.part("the running kernel", () => againstKernel(tables, askRunningKernel(), report));
  report.part("ausyscall", () => againstAudit(tables, folder, report));
  report.part("syscall(2)", () => againstManual(folder, report));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report.end();

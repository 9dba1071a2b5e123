import type { NumberTable } from "../../src/atlas/number-table.ts";
import type { RunningKernel } from "../tables/running-kernel.ts";
import type { Report } from "./report.ts";

/** Entry points whose name is not their call's. */
const CALLED: Readonly<Record<string, string>> = {
  newstat: "stat",
  newlstat: "lstat",
  newfstat: "fstat",
  newuname: "uname",
  sendfile64: "sendfile",
  umount: "umount2",
};

/** The tables of x86 against the kernel this runs on: what each number enters, and which numbers it has. */
export function againstKernel(tables: readonly NumberTable[], kernel: RunningKernel, report: Report): void {
  const source = `the running kernel ${kernel.release}`;
  const x86_64 = tables.find(({ id }) => id === "x86_64") as NumberTable;
  const named: string[] = [];
  for (const [nr, entry] of kernel.entries) {
    const name = CALLED[entry] ?? entry;
    if (x86_64.row(nr)?.name !== name)
      named.push(`${nr} enters ${entry}, here it is ${x86_64.row(nr)?.name ?? "nothing"}`);
  }
  report.compared("x86_64, names by tracepoint", source, kernel.entries.size, named);
  for (const id of ["x86_64", "i386"] as const) {
    const table = tables.find((one) => one.id === id) as NumberTable;
    const answered = kernel.answered[id];
    const beyond = [...answered].filter((nr) => table.row(nr) === undefined);
    // What is left out is a matter of the configuration: another kernel may have it.
    const wrong = table.rows.filter(({ nr, state }) =>
      state === "gone" ? answered.has(nr) : state === "there" && !answered.has(nr),
    );
    report.compared(`${id}, numbers it has`, source, answered.size, [
      ...beyond.map((nr) => `${nr} is answered and in no table`),
      ...wrong.map(
        ({ nr, name, state }) =>
          `${nr} ${name}: ${state} here, ${answered.has(nr) ? "answered" : "ENOSYS"} there`,
      ),
    ]);
  }
}

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TableId } from "../../src/abi/numbers.ts";
import type { NumberTable } from "../../src/atlas/number-table.ts";
import type { Report } from "./report.ts";

/** What libseccomp calls the architectures; loongarch64 and sparc64 it does not have. */
const ARCHES: readonly (readonly [seccomp: string, table: TableId])[] = [
  ["x86_64", "x86_64"],
  ["x86", "i386"],
  ["x32", "x32"],
  ["arm", "arm"],
  ["aarch64", "arm64"],
  ["mips", "mips_o32"],
  ["mips64", "mips_n64"],
  ["mips64n32", "mips_n32"],
  ["ppc", "powerpc"],
  ["ppc64", "powerpc64"],
  ["ppc64le", "powerpc64"],
  ["s390", "s390"],
  ["s390x", "s390x"],
  ["riscv64", "riscv64"],
  ["parisc", "parisc"],
];

/** Both directions of every table against libseccomp's resolver. @throws Error when it is not to be had */
export function againstSeccomp(tables: readonly NumberTable[], folder: string, report: Report): void {
  const program = join(folder, "seccomp");
  execFileSync("gcc", ["-o", program, join(import.meta.dirname, "seccomp.c"), "-ldl"]);
  const own = ARCHES.map(
    ([arch, id]) => [arch, tables.find((table) => table.id === id) as NumberTable] as const,
  );
  const input = own
    .flatMap(([arch, { rows, base }]) => rows.map(({ name }) => `${arch} ${name} ${base}\n`))
    .join("");
  const [version = "", ...lines] = execFileSync(program, { input, encoding: "utf8", maxBuffer: 1 << 28 })
    .trim()
    .split("\n");
  for (const [arch, table] of own) compare(arch, table, version, lines, report);
}

/** Calls an architecture got after the headers' version, at numbers others had before. */
const LATER: Readonly<Partial<Record<TableId, readonly string[]>>> = {
  s390: ["memfd_secret"],
  s390x: ["memfd_secret"],
  parisc: ["cacheflush"],
};

function compare(
  arch: string,
  table: NumberTable,
  version: string,
  lines: readonly string[],
  report: Report,
): void {
  let count = 0;
  let younger = 0;
  // Beyond the common numbering arm and x32 have calls of their own.
  const common = table.rows.filter(({ source, nr }) => source === "headers" && nr - table.base < 512);
  const last = Math.max(...common.map(({ nr }) => nr));
  const differences: string[] = [];
  for (const line of lines) {
    const [of, what = "", answer = ""] = line.split(" ");
    if (of !== arch) continue;
    if (what.startsWith("#")) {
      const nr = Number(what.slice(1));
      const isYounger =
        (table.row(nr) === undefined && nr > last && nr < last + 100) || LATER[table.id]?.includes(answer);
      if (isYounger) {
        younger++;
        continue;
      }
      if (table.number(answer) !== nr)
        differences.push(`${nr} is ${answer} there, ${table.row(nr)?.name ?? "nothing"} here`);
      count++;
      // A negative number stands for "none", or for one of socketcall's or ipc's: those are seen by number alone.
    } else if (Number(answer) >= 0) {
      if (table.number(what) !== Number(answer))
        differences.push(`${what} is ${answer} there, ${table.number(what)} here`);
      count++;
    }
  }
  const beside = younger === 0 ? "" : `, which has ${younger} that came after ${table.source}`;
  report.compared(`${table.id} (${arch})`, version + beside, count, differences);
}

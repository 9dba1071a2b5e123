import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TableId } from "../../src/abi/numbers.ts";
import { registerOf } from "../../src/arch/convention.ts";
import { CONVENTIONS } from "../../src/arch/conventions.ts";
import { unpack } from "../tables/packages.ts";
import type { Report } from "./report.ts";

/** What syscall(2) calls the conventions in its two tables. */
const ROWS: readonly (readonly [table: TableId, first: string, second: string])[] = [
  ["x86_64", "x86-64", "x86-64"],
  ["x32", "x32", "x32"],
  ["i386", "i386", "i386"],
  ["arm", "arm/EABI", "arm/EABI"],
  ["arm64", "arm64", "arm64"],
  ["riscv64", "riscv", "riscv"],
  ["loongarch64", "loongarch", "loongarch"],
  ["powerpc", "powerpc", "powerpc"],
  ["powerpc64", "powerpc64", "powerpc64"],
  ["s390", "s390", "s390"],
  ["s390x", "s390x", "s390x"],
  ["mips_o32", "mips", "mips/o32"],
  ["mips_n32", "mips", "mips/n32,64"],
  ["mips_n64", "mips", "mips/n32,64"],
  ["sparc64", "sparc/64", "sparc/64"],
  ["parisc", "parisc", "parisc"],
];

/** Number, result and argument registers against syscall(2). @throws Error when the page is not to be had */
export function againstManual(folder: string, report: Report): void {
  const { version, root } = unpack("manpages-dev", folder);
  const page = gunzipSync(readFileSync(join(root, "usr/share/man/man2/syscall.2.gz"))).toString("utf8");
  const rows = page.split("\n").map((line) => line.split("\t"));
  const differences: string[] = [];
  for (const [id, first, second] of ROWS) {
    // An architecture has a row in the table of entries, and one in that of arguments, which comes later.
    const entry = rows.find(([name]) => name === first);
    const args = rows.findLast(([name]) => name === second);
    const own = CONVENTIONS[id];
    const mine = {
      number: registerOf(own, own.number),
      result: registerOf(own, own.result),
      arguments: own.args
        .map((register) => registerOf(own, register))
        .filter((register) => !register.includes("(")),
    };
    const theirs = {
      number: entry?.[2],
      result: entry?.[3],
      arguments: (args ?? []).slice(1, 7).filter((register) => /^\w+$/.test(register)),
    };
    const agree =
      mine.number === theirs.number &&
      mine.result === theirs.result &&
      theirs.arguments.join() === mine.arguments.slice(0, 6).join();
    if (!agree) differences.push(`${id}: ${JSON.stringify(theirs)} there, ${JSON.stringify(mine)} here`);
  }
  report.compared("conventions", `syscall(2) of manpages-dev ${version}`, ROWS.length, differences);
}

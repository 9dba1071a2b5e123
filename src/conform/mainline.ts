import { kernelVersion } from "../abi/version.ts";
import { arm64 } from "../atlas/data/arm64.ts";
import { i386 } from "../atlas/data/i386.ts";
import { powerpc64 } from "../atlas/data/powerpc64.ts";
import { riscv64 } from "../atlas/data/riscv64.ts";
import { s390x } from "../atlas/data/s390x.ts";
import { x86_64 } from "../atlas/data/x86_64.ts";
import { tableOf } from "../atlas/number-table.ts";
import type { TableData } from "../atlas/table-data.ts";
import { isX86, type PortArch, type VectorArch } from "./vector.ts";

/**
 * Calls the headers still name and no kernel of 64 bits has behind these numbers, however it is built: the kernel's list
 * of symbols knows them from the other table.
 */
const NOWHERE: Readonly<Record<"x86_64" | "i386", ReadonlySet<string>>> = {
  x86_64: new Set(["uselib", "set_thread_area", "get_thread_area"]),
  i386: new Set(["uselib", "vm86", "vm86old"]),
};

/**
 * Today's mainline calls by number, without those that nothing answers to any more (create_module, getpmsg …): ENOSYS is
 * what they say. They serve to tell a call that is missing here from one that no kernel has, and to name calls in
 * messages; nothing is dispatched by them.
 */
const NAMES: Readonly<Record<"x86_64" | "i386" | PortArch, ReadonlyMap<number, string>>> = {
  x86_64: namesIn(x86_64, NOWHERE.x86_64),
  i386: namesIn(i386, NOWHERE.i386),
  arm64: namesIn(arm64, NOWHERE.x86_64),
  riscv64: namesIn(riscv64, NOWHERE.x86_64),
  s390x: namesIn(s390x, NOWHERE.x86_64),
  powerpc64: namesIn(powerpc64, NOWHERE.x86_64),
};

const NATIVE_NUMBERS: ReadonlyMap<string, number> = new Map(
  [...NAMES.x86_64].map(([nr, name]) => [name, nr]),
);

function namesIn(data: TableData, nowhere: ReadonlySet<string>): Map<number, string> {
  const rows = tableOf(data).rows.filter(({ name, state }) => state !== "gone" && !nowhere.has(name));
  return new Map(rows.map(({ nr, name }) => [nr, name]));
}

/** The highest number of each table by kernel version, where calls were added; ascending. */
const HIGHEST: readonly (readonly [since: string, x86_64: number, i386: number])[] = [
  ["2.6.30", 296, 334],
  ["2.6.31", 298, 336],
  ["2.6.33", 299, 337],
  ["2.6.36", 302, 340],
  ["2.6.39", 306, 344],
  ["3.0", 308, 346],
  ["3.1", 309, 346],
  ["3.2", 311, 348],
  ["3.5", 312, 349],
  ["3.8", 313, 350],
  ["3.14", 315, 352],
  ["3.15", 316, 353],
  ["3.17", 320, 356],
  ["3.18", 321, 357],
  ["3.19", 322, 358],
  ["4.3", 324, 375],
  ["4.4", 325, 376],
  ["4.5", 326, 377],
  ["4.6", 328, 379],
  ["4.9", 331, 382],
  ["4.11", 332, 383],
  ["4.12", 332, 384],
  ["4.18", 334, 386],
  ["5.1", 427, 427],
  ["5.2", 433, 433],
  ["5.3", 435, 435],
  ["5.6", 438, 438],
  ["5.8", 439, 439],
  ["5.10", 440, 440],
  ["5.11", 441, 441],
  ["5.12", 442, 442],
  ["5.13", 446, 446],
  ["5.14", 447, 447],
  ["5.15", 448, 448],
  ["5.16", 449, 449],
  ["5.17", 450, 450],
  ["6.5", 451, 451],
  ["6.6", 453, 453],
  ["6.7", 456, 456],
  ["6.8", 461, 461],
  ["6.10", 462, 462],
  ["6.13", 466, 466],
  ["6.15", 467, 467],
  ["6.17", 469, 469],
];

/** The name a number has today on the table an entry uses; undefined for a number that no call has. */
export function mainlineName(arch: VectorArch, nr: number): string | undefined {
  return NAMES[arch === "int80" ? "i386" : arch].get(nr);
}

/** Whether a number was already given away in a kernel version; off x86, whether x86_64 had the call then. */
export function numberExisted(arch: VectorArch, nr: number, kernel: string): boolean {
  if (!isX86(arch)) {
    const native = NATIVE_NUMBERS.get(NAMES[arch].get(nr) ?? "");
    return native !== undefined && numberExisted("x86_64", native, kernel);
  }
  const version = kernelVersion(kernel);
  const [, x86_64, i386] = HIGHEST.findLast(([since]) => kernelVersion(since) <= version) ?? ["", -1, -1];
  return nr <= (arch === "x86_64" ? x86_64 : i386);
}

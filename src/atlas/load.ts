import type { TableId } from "../abi/numbers.ts";
import { type NumberTable, tableOf } from "./number-table.ts";
import type { TableData } from "./table-data.ts";

/** The data files: each is read when its table is first asked for. */
const FILES: Readonly<Record<TableId, () => Promise<TableData>>> = {
  x86_64: async () => (await import("./data/x86_64.ts")).x86_64,
  x32: async () => (await import("./data/x32.ts")).x32,
  i386: async () => (await import("./data/i386.ts")).i386,
  ia32: async () => (await import("./data/i386.ts")).i386,
  arm: async () => (await import("./data/arm.ts")).arm,
  arm64: async () => (await import("./data/arm64.ts")).arm64,
  riscv64: async () => (await import("./data/riscv64.ts")).riscv64,
  s390: async () => (await import("./data/s390.ts")).s390,
  s390x: async () => (await import("./data/s390x.ts")).s390x,
  powerpc: async () => (await import("./data/powerpc.ts")).powerpc,
  powerpc64: async () => (await import("./data/powerpc64.ts")).powerpc64,
  mips_o32: async () => (await import("./data/mips_o32.ts")).mips_o32,
  mips_n32: async () => (await import("./data/mips_n32.ts")).mips_n32,
  mips_n64: async () => (await import("./data/mips_n64.ts")).mips_n64,
  sparc64: async () => (await import("./data/sparc64.ts")).sparc64,
  loongarch64: async () => (await import("./data/loongarch64.ts")).loongarch64,
  parisc: async () => (await import("./data/parisc.ts")).parisc,
};

const LOADED: Map<TableId, Promise<NumberTable>> = new Map();

/**
 * The complete table of an architecture; its data is loaded once, when first asked for.
 * @example
 * ```ts
 * import { loadTable } from "trapgate/atlas";
 * const arm64 = await loadTable("arm64");
 * console.log(arm64.number("clone3"), arm64.row(220)?.name); // 435 clone
 * ```
 */
export function loadTable(id: TableId): Promise<NumberTable> {
  let table = LOADED.get(id);
  if (table === undefined) {
    table = FILES[id]().then((data) => tableOf(data, id));
    LOADED.set(id, table);
  }
  return table;
}

/** Several tables, in the order they are asked for. */
export function loadTables(ids: readonly TableId[]): Promise<NumberTable[]> {
  return Promise.all(ids.map(loadTable));
}

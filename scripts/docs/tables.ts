import { TABLES, type TableId } from "../../src/abi/numbers.ts";
import { HISTORICAL } from "../../src/atlas/historical.ts";
import { loadTables } from "../../src/atlas/load.ts";
import type { NumberTable } from "../../src/atlas/number-table.ts";
import { loadSignatures } from "../../src/atlas/signature.ts";
import { loadSince } from "../../src/atlas/since.ts";
import { GENERATED, markdownTable, page } from "./markdown.ts";

/** Column heads of the matrix, short enough for sixteen of them. */
const SHORT: Readonly<Record<Exclude<TableId, "ia32">, string>> = {
  x86_64: "x86_64",
  x32: "x32",
  i386: "i386",
  arm: "arm",
  arm64: "arm64",
  riscv64: "riscv64",
  loongarch64: "loong64",
  powerpc64: "ppc64",
  powerpc: "ppc",
  s390x: "s390x",
  s390: "s390",
  mips_o32: "o32",
  mips_n32: "n32",
  mips_n64: "n64",
  sparc64: "sparc64",
  parisc: "parisc",
};

/** docs/tables.md: where the tables come from, what history laid over them, and every number. */
export async function tablesPage(): Promise<string> {
  const tables = await loadTables(TABLES.filter((id) => id !== "ia32"));
  const since = await loadSince();
  const signatures = await loadSignatures();
  return page([
    "# Syscall tables",
    "",
    GENERATED,
    "",
    "Complete tables of name and number, from the kernel headers Debian ships; on x86_64 and i386 the running kernel adds",
    "what is younger. `ia32`, the compat table of a 64-bit x86 kernel, is i386's. `npm run tables` makes the data again,",
    "`npm run verify:tables` holds it against libseccomp, ausyscall and the running kernel.",
    "",
    "```console",
    "$ npm run trapgate -- table --arch i386,arm,x86_64 pread64",
    "pread64(unsigned int fd, char *buf, size_t count, loff_t pos)",
    "…",
    "  arch     nr  instruction  number  fd   buf  count  pos",
    "  i386    180  int $0x80    eax     ebx  ecx  edx    esi:edi",
    "  arm     180  svc 0        r7      r0   r1   r2     r4:r5",
    "  x86_64   17  syscall      rax     rdi  rsi  rdx    r10",
    "```",
    "",
    "## Sources",
    "",
    ...sources(tables),
    "",
    `Argument names and types: ${signatures.size} calls, as the tracepoints of the running x86_64 kernel have them. First`,
    `kernels: ${since.size} calls, on whichever architecture had the call first (syscalls(2)).`,
    "",
    "## Numbers of historical trees",
    "",
    "clone_with_pids and eclone were never merged: each of their numbers belongs to another call in mainline.",
    "`trapgate table --profile eclone` lays a tree over the tables.",
    "",
    ...historical(tables),
    "",
    "## Every number",
    "",
    "mips and x32 are counted from the base of their tables. A number in parentheses is one the kernel that was asked no",
    "longer has, one in italics is younger than the headers.",
    "",
    ...matrix(tables, since),
  ]);
}

function sources(tables: readonly NumberTable[]): string[] {
  const rows = tables.map(({ id, base, rows: calls, source, kernel }) => [
    id,
    calls.length,
    base === 0 ? "" : base === 0x40000000 ? "bit 30" : base,
    kernel === null ? source : `${source}; kernel ${kernel}`,
  ]);
  return markdownTable(["table", "calls", "base", "source"], rows, [1, 2]);
}

function historical(tables: readonly NumberTable[]): string[] {
  const rows = HISTORICAL.map(({ profile, call, table, nr, source }) => {
    const own = tables.find(({ id }) => id === (table === "ia32" ? "i386" : table));
    return [profile, call, table, nr, own?.row(nr)?.name ?? "nobody", source];
  });
  return markdownTable(["profile", "call", "table", "number", "in mainline", "posted in"], rows, [3]);
}

function matrix(tables: readonly NumberTable[], since: ReadonlyMap<string, string>): string[] {
  const names = [...new Set(tables.flatMap(({ rows }) => rows.map(({ name }) => name)))].sort();
  const cell = (table: NumberTable, name: string): string => {
    const row = table.named(name);
    if (row === undefined) return "";
    const nr = String(row.nr - table.base);
    if (row.state === "gone") return `(${nr})`;
    return row.source === "kernel" ? `*${nr}*` : nr;
  };
  const order = (Object.keys(SHORT) as (keyof typeof SHORT)[]).flatMap((id) =>
    tables.filter((t) => t.id === id),
  );
  const heads = ["call", "since", ...order.map(({ id }) => SHORT[id as keyof typeof SHORT])];
  const rows = names.map((name) => [name, since.get(name) ?? "", ...order.map((table) => cell(table, name))]);
  // No padding: the page is long enough.
  return markdownTable(heads, rows).map((line, i) => (i === 1 ? line : line.replaceAll(/ ?\| ?/g, "|")));
}

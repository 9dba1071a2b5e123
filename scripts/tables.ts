/**
 * Makes the data of `src/atlas/data`: every table from the kernel headers Debian ships, what is younger than they are
 * from the running kernel, argument lists from its tracepoints, first versions from syscalls(2). `npm run tables`
 * writes it, `npm run tables -- --check` compares it and exits with 1 where it differs. As root, on x86_64, with gcc.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TableId } from "../src/abi/numbers.ts";
import { headerNumbers } from "./tables/headers.ts";
import { unpack } from "./tables/packages.ts";
import { askRunningKernel, type RunningKernel } from "./tables/running-kernel.ts";
import { firstKernels } from "./tables/since.ts";
import { TABLE_SOURCES, type TableSource } from "./tables/sources.ts";
import { dataFile, put, rowsText, wrapped } from "./tables/write.ts";

const DATA = join(import.meta.dirname, "../src/atlas/data");

/** Numbers above the headers' last that this kernel is built without, by the name its symbol list still has. */
const BUILT_WITHOUT: Readonly<Record<number, string>> = { 453: "map_shadow_stack" };

type Numbers = ReadonlyMap<string, number>;

/** What the running kernel has above the headers' last number, by name. */
function youngerThan(headers: Numbers, kernel: RunningKernel, table: "x86_64" | "i386"): Map<string, number> {
  const known = new Set(headers.values());
  const last = Math.max(...known);
  const younger = new Map<string, number>();
  for (const nr of kernel.answered[table]) {
    if (known.has(nr)) continue;
    const name = kernel.entries.get(nr);
    // The two tables share their numbers since 5.1: a name is believed where the kernel has that entry point.
    if (name === undefined || !kernel.symbols.has(name))
      throw new Error(`${table}: nobody names number ${nr}`);
    if (table === "i386" && nr <= last) throw new Error(`i386: ${nr} is in no header`);
    younger.set(name, nr);
  }
  for (const [nr, name] of Object.entries(BUILT_WITHOUT))
    if (kernel.symbols.has(name)) younger.set(name, Number(nr));
  return younger;
}

/** One table's file. */
function tableText(
  source: TableSource,
  from: string,
  own: Numbers,
  all: ReadonlyMap<TableId, Numbers>,
  kernel: RunningKernel,
): string {
  const { table, base, like, remark } = source;
  const parts = [`table: "${table}"`];
  if (base !== undefined) parts.push(`base: ${base >= 2 ** 30 ? "0x40000000" : base}`);
  parts.push(`source: "${from}${remark === undefined ? "" : `: ${remark}`}"`);
  const model = like === undefined ? undefined : all.get(like);
  const rows = [...own].filter(([name, nr]) => model?.get(name) !== nr);
  if (like !== undefined) parts.push(`like: ${like}`);
  const gone = [...(model?.keys() ?? [])].filter((name) => !own.has(name)).sort();
  if (gone.length > 0) parts.push(`without: \`${wrapped(gone)}\``);
  parts.push(`rows: \`${rowsText(rows)}\``);
  if (table === "x86_64" || table === "i386") {
    const younger = youngerThan(own, kernel, table);
    const answered = kernel.answered[table];
    const silent = [...own, ...younger].filter(([, nr]) => !answered.has(nr)).sort((a, b) => a[1] - b[1]);
    const names = silent.map(([name]) => name);
    parts.push(`kernel: "${kernel.release.replace(/-.*/, "")}"`);
    parts.push(`younger: \`${rowsText(younger)}\``);
    parts.push(`gone: \`${wrapped(names.filter((name) => !kernel.symbols.has(name)))}\``);
    parts.push(`leftOut: \`${wrapped(names.filter((name) => kernel.symbols.has(name)))}\``);
  }
  const imports = ['import type { TableData } from "../table-data.ts";'];
  if (like !== undefined) imports.push(`import { ${like} } from "./${like}.ts";`);
  const body = `{\n${parts.map((part) => `  ${part},\n`).join("")}}`;
  return dataFile(imports, `The numbers of ${table}.`, table, "TableData", body);
}

/** Versions with the calls that came with each. */
function sinceText(
  kernels: ReadonlyMap<string, string>,
  named: ReadonlySet<string>,
  version: string,
): string {
  const by = new Map<string, string[]>();
  for (const [name, since] of kernels) if (named.has(name)) by.set(since, [...(by.get(since) ?? []), name]);
  const order = [...by.keys()].sort((a, b) => comparable(a) - comparable(b));
  const words = order.flatMap((since) => [`${since}:`, ...(by.get(since) ?? []).sort()]);
  const about = `The first kernel of each call on any architecture: a version, then its calls. Source: syscalls(2) of manpages-dev ${version}, and the tables of later releases.`;
  return dataFile([], about, "SINCE", "string", `\`${wrapped(words)}\``);
}

function comparable(version: string): number {
  return version.split(".").reduce((sum, part, i) => sum + Number(part) / 1000 ** i, 0);
}

/** A line an entry point: `name: type argument, …`; then the calls whose entry point has another name. */
function signaturesText(kernel: RunningKernel, x86_64: Numbers): string {
  const lines = [...kernel.signatures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([entry, args]) => {
      const list = args.map(({ type, name }) => (type.endsWith("*") ? `${type}${name}` : `${type} ${name}`));
      return `${entry}: ${list.join(", ")}`.trimEnd();
    });
  const aliases = [...x86_64].flatMap(([name, nr]) => {
    const entry = kernel.entries.get(nr);
    return entry === undefined || entry === name ? [] : [`${name}=${entry}`];
  });
  // i386 has a umount of its own, with one argument: not the one whose entry point is called so.
  aliases.push("umount=oldumount");
  const about = `The arguments of every entry point of the running kernel ${kernel.release.replace(/-.*/, "")}: a line each, as its tracepoints have them.`;
  const entries = dataFile([], about, "SIGNATURES", "string", `\`\n${lines.join("\n")}\n\``);
  return `${entries}\n/** Calls whose entry point has another name, which need not be among them. */\nexport const ENTRY_POINTS: string = \`${wrapped(aliases.sort())}\`;\n`;
}

const check = process.argv.includes("--check");
const folder = mkdtempSync(join(tmpdir(), "trapgate-tables-"));
try {
  execFileSync("apt-get", ["update"], { stdio: "ignore" });
  const kernel = askRunningKernel();
  const all = new Map<TableId, Numbers>();
  const texts = new Map<string, string>();
  for (const source of TABLE_SOURCES) {
    const { name, version, root } = unpack(`linux-libc-dev-${source.debian}-cross`, folder);
    const own = headerNumbers(source, { name, version, root });
    all.set(source.table, own);
    texts.set(`${source.table}.ts`, tableText(source, `${name} ${version}`, own, all, kernel));
    console.log(`${source.table}: ${own.size} calls of ${name} ${version}`);
  }
  const x86_64 = all.get("x86_64") ?? new Map();
  const named = new Set([...[...all.values()].flatMap((own) => [...own.keys()]), ...kernel.entries.values()]);
  for (const name of Object.values(BUILT_WITHOUT)) named.add(name);
  const manpages = unpack("manpages-dev", folder);
  texts.set("since.ts", sinceText(firstKernels(manpages), named, manpages.version));
  texts.set("signatures.ts", signaturesText(kernel, x86_64));
  const changed = [...texts]
    .filter(([file, text]) => !put(join(DATA, file), text, check))
    .map(([file]) => file);
  console.log(
    changed.length === 0 ? "nothing has changed" : `${check ? "differs" : "written"}: ${changed.join(", ")}`,
  );
  if (check && changed.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

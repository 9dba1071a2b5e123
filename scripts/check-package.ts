/**
 * Installs the package as it would be published and holds it to what it promises: its size, types that compile, tables
 * that are loaded only when asked for, a command that runs. `npm run check:package` builds it first.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Packed } from "./build/packed.ts";
import { exported, ROOT } from "./build/rooms.ts";

/** Bytes: what the whole may come to unpacked, and the data of the atlas. */
const MOST = { all: 1_350_000, data: 90_000 };

/** A declaration the review has something to say of. */
const DECLARATION = `
import type { StructDecl, SyscallDecl } from "trapgate/abi";
export const frob_args = { struct: "frob_args", fields: { p: { in: "u8" } } } as const satisfies StructDecl;
export const frob = {
  name: "frob",
  numbers: { x86_64: 600 },
  args: { what: { in: "frob_args" } },
  returns: "int",
  ladder: [["what-unreadable", "EFAULT", [], "it cannot be read"]],
  support: "declared",
  provenance: ["here"],
} as const satisfies SyscallDecl;
`;

/** What is done with it, and slips the types have to see. */
const USE = `
import { implement } from "trapgate";
import { clone_with_pids } from "trapgate/abi";
import { loadTable } from "trapgate/atlas";
import { frob } from "./declaration.js";
export const nr: Promise<number | undefined> = loadTable("arm").then((table) => table.number("clone3"));
implement(clone_with_pids, (k, { pid_set }) => (pid_set === null ? 0 : k.fail("set-unreadable")));
implement(frob, (k) => k.fail("what-unreadable"));
// @ts-expect-error the call has no such rung
implement(frob, (k) => k.fail("what-unread"));
// @ts-expect-error nor has one of trapgate's own
implement(clone_with_pids, (k) => k.fail("set-unread"));
// @ts-expect-error and there is no such table
loadTable("vax");
`;

/** Tables of the machines that run cases. */
const CASES = ["arm64", "i386", "powerpc64", "riscv64", "s390x", "x86_64"]
  .map((table) => `atlas/data/${table}.js`)
  .join(" ");

/** Tables that are read by the import itself: a case of one's own is told from a call that is missing here by name. */
const USES: Readonly<Record<string, string>> = {
  "trapgate/conform": CASES,
  "trapgate/fuzz": CASES,
  "trapgate/fuzz/node": CASES,
};

const wrong: string[] = [];
const expect = (what: string, found: string, expected: string): void => {
  if (found !== expected) wrong.push(`${what}: ${found.trim()}`);
};

const folder = mkdtempSync(join(tmpdir(), "trapgate-package-"));
try {
  const packed = new Packed(folder);

  const parts = {
    all: packed.bytes(/./),
    code: packed.bytes(/\.js$/),
    types: packed.bytes(/\.d\.ts$/),
    data: packed.bytes(/dist\/atlas\/data\//),
  };
  console.log(
    `${parts.all} bytes: code ${parts.code} (data of the atlas ${parts.data}), types ${parts.types}`,
  );
  for (const part of ["all", "data"] as const)
    if (parts[part] > MOST[part]) wrong.push(`size of ${part}: ${parts[part]} of at most ${MOST[part]}`);

  for (const name of readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".ts")))
    cpSync(join(ROOT, "examples", name), join(folder, name));
  const entries = exported().map((name) => join("trapgate", dirname(name)));
  const imports = entries.map((entry, i) => `import * as room${i} from "${entry}";\nvoid room${i};\n`);
  writeFileSync(join(folder, "all.ts"), imports.join(""));
  writeFileSync(join(folder, "declaration.ts"), DECLARATION);
  writeFileSync(join(folder, "use.ts"), USE);
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  for (const resolution of ["nodenext", "bundler"] as const)
    expect(`types by ${resolution}`, packed.compile(files, resolution), "");

  for (const entry of entries) {
    const data = packed.loadedBy(`import "${entry}";`).filter((file) => file.startsWith("atlas/data/"));
    expect(`import of ${entry}`, data.sort().join(" "), USES[entry] ?? "");
  }
  const asked = `import { loadTable } from "trapgate/atlas"; await loadTable("arm");`;
  const loaded = packed.loadedBy(asked).filter((file) => file.startsWith("atlas/data/"));
  expect("table of arm", loaded.join(" "), "atlas/data/arm.js");

  const begins = (args: string, start: string): void =>
    expect(`trapgate ${args}`, packed.command(...args.split(" ")).slice(0, start.length), start);
  begins("review declaration.ts --json", '{"call":"frob","rule":"word-in-struct"');
  begins("table 435 --arch i386 --format md", "| nr | name |");
  begins("review nowhere.ts", "trapgate: nowhere.ts: cannot be read (ENOENT)\n");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const what of wrong) console.error(`check:package: ${what}`);
if (wrong.length > 0) process.exitCode = 1;

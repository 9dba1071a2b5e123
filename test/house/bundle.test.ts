import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build, type Metafile } from "esbuild";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");

/** Bundles the core for a browser: no external, no polyfill, nothing but files of src. */
async function bundle(entry: string): Promise<{ code: string; inputs: string[]; atOnce: string[] }> {
  const result = await build({
    stdin: { contents: entry, resolveDir: src, loader: "ts" },
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "trapgate",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const { inputs } = result.metafile;
  return {
    code: result.outputFiles[0]?.text ?? "",
    inputs: Object.keys(inputs),
    atOnce: [...importedAtOnce(inputs, "<stdin>")],
  };
}

/** What an import reads before it is done; `import()` is for later. */
function importedAtOnce(
  inputs: Metafile["inputs"],
  file: string,
  seen: Set<string> = new Set(),
): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path, kind } of inputs[file]?.imports ?? [])
    if (kind === "import-statement") importedAtOnce(inputs, path, seen);
  return seen;
}

test("abi, mm, arch, kernel and atlas bundle for a browser out of their own files alone", async () => {
  for (const room of ["abi", "mm", "arch", "kernel", "atlas"]) {
    const { inputs } = await bundle(`export * from "./${room}/index.ts"`);
    const foreign = inputs.filter(
      (i) => i !== "<stdin>" && !/^(.*\/)?src\/(abi|mm|arch|kernel|atlas)\//.test(i),
    );
    expect(foreign, room).toEqual([]);
    expect(inputs.length, room).toBeGreaterThan(5);
  }
});

test("the core holds no table it does not use", async () => {
  for (const entry of ["index", "abi/index", "mm/index", "arch/index", "kernel/index"]) {
    const { inputs } = await bundle(`export * from "./${entry}.ts"`);
    expect(
      inputs.filter((i) => i.includes("atlas/")),
      entry,
    ).toEqual([]);
  }
});

test("the atlas reads a table when it is first asked for, and that one alone", async () => {
  const { inputs, atOnce } = await bundle(`export * from "./atlas/index.ts"`);
  const data = (files: readonly string[]): string[] => files.filter((file) => file.includes("atlas/data/"));
  expect(data(inputs).length).toBeGreaterThan(15);
  expect(data(atOnce)).toEqual([]);
  expect(atOnce.length).toBeGreaterThan(20);
  const arm = await bundle(`export * from "./atlas/data/arm.ts"`);
  expect(data(arm.inputs)).toHaveLength(1);
});

test("the bundle boots and answers where there is nothing but the language and WebAssembly", async () => {
  const { code } = await bundle(`export * from "./index.ts"`);
  const context = createContext({ WebAssembly: Reflect.get(globalThis, "WebAssembly") });
  const answer = runInContext(
    `${code}
    (() => {
      const lines = [];
      const machine = trapgate.boot({ arch: "i386", profile: "cwp-v2", trace: (record) => lines.push(record) });
      const guest = new trapgate.Guest(machine, machine.init);
      const at = guest.map(4096);
      guest.writeInts(at + 8, [77]);
      guest.writeStruct(at, trapgate.target_pid_set, { num_pids: 1, target_pids: at + 8 });
      const nr = guest.call("clone_with_pids", { flags: 17, pid_set: at });
      return [typeof process, typeof Buffer, typeof require, nr, lines.length];
    })()`,
    context,
  );
  expect([...answer]).toEqual(["undefined", "undefined", "undefined", 77, 2]);
});

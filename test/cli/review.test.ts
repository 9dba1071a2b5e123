import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { here, linesOf } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "trapgate-review-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const DECLARATION = {
  name: "frob",
  numbers: { x86_64: 600 },
  args: { what: { in: "frob_args" } },
  returns: "int",
  ladder: [],
  support: "declared",
  provenance: ["here"],
};
const STRUCT = { struct: "frob_args", fields: { flags: "u32", p: { in: "u8" } } };

async function findings(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await here(["review", ...args, "--json"]);
  expect(`${stderr}${code}`).toBe("0");
  return linesOf(stdout).map((line) => JSON.parse(line));
}

describe("trapgate review", () => {
  test("a page says rule, place, ABIs, way out and precedent", async () => {
    const { stdout } = await here(["review", "sync_file_range"]);
    expect(linesOf(stdout)).toEqual([
      "sync_file_range: 1 fault, 0 remarks",
      "",
      "fault too-many-words: arguments",
      "  what       7 words once 64-bit pairs are counted, 6 fit",
      "  bites on   arm, powerpc, mips_o32",
      "  fix        put what is 64 bits wide at even places, or into a struct",
      "  rule       at most six argument words on every architecture, 64-bit pairs and what is left out",
      "             before them included",
      "  precedent  sync_file_range needed a second form, sync_file_range2, on arm and powerpc",
    ]);
    expect((await here(["review", "openat2"])).stdout).toBe("openat2: nothing to object to\n");
  });

  test("declarations of one's own, as JSON and as a module", async () => {
    const rules = ["word-in-struct", "implicit-hole", "not-extensible", "flags-unchecked"];
    const json = file("frob.json", JSON.stringify([DECLARATION, STRUCT]));
    const module = file(
      "frob.mjs",
      `export const frob = ${JSON.stringify(DECLARATION)};\nexport const args = ${JSON.stringify(STRUCT)};\n`,
    );
    for (const path of [json, module]) {
      const found = await findings(path);
      expect(found.map(({ rule }) => rule)).toEqual(rules);
      expect(found[0]).toMatchObject({ call: "frob", weight: "fault", where: "struct frob_args.p" });
    }
  });

  test("a TypeScript file as one is written beside a project", async () => {
    file("rule.ts", 'export const source: string = "here";\n');
    const path = file(
      "frob.ts",
      `import type { StructDecl, SyscallDecl } from "trapgate/abi";
import { source } from "./rule";
enum Number { frob = 600 }
export const args = ${JSON.stringify(STRUCT)} as const satisfies StructDecl;
export const frob = {
  ...${JSON.stringify(DECLARATION)},
  numbers: { x86_64: Number.frob },
  provenance: [source],
} as const satisfies SyscallDecl;
export default [frob, args];
`,
    );
    const found = await findings(path);
    expect(found.map(({ rule }) => rule)).toEqual([
      ...["word-in-struct", "implicit-hole", "not-extensible", "flags-unchecked"],
    ]);
    expect(found[0]).toMatchObject({ call: "frob", where: "struct frob_args.p" });
  });

  test("says what is wrong in a line", async () => {
    const wrong = async (path: string): Promise<string> => {
      const { code, stdout, stderr } = await here(["review", path]);
      expect([code, stdout, linesOf(stderr).length]).toEqual([2, "", 1]);
      return stderr.trim();
    };
    expect(await wrong("clone_with_pid")).toBe(
      "trapgate: unknown call clone_with_pid: did you mean clone_with_pids?",
    );
    expect(await wrong(join(folder, "none.json"))).toMatch(/none\.json: cannot be read \(ENOENT\)$/);
    expect(await wrong(join(folder, "none.ts"))).toMatch(/none\.ts: cannot be read \(ENOENT\)$/);
    expect(await wrong(`${folder}/`)).toMatch(/: cannot be read \(EISDIR\)$/);
    expect(await wrong(file("bad.json", "{"))).toMatch(/bad\.json: it cannot be loaded: .+$/);
    expect(await wrong(file("bad.ts", "export const a = 1;\nexport const b: = 2;\n"))).toMatch(
      /bad\.ts:2:16: it cannot be loaded: Unexpected token$/,
    );
    expect(await wrong(file("throws.ts", 'throw new Error("not\\ntoday");'))).toMatch(
      /throws\.ts: it cannot be loaded: not$/,
    );
    expect(await wrong(file("throws-text.ts", 'throw "today\\tno";'))).toMatch(
      /throws-text\.ts: it cannot be loaded: today\\x09no$/,
    );
    expect(await wrong(file("far.ts", 'export * from "./nowhere";'))).toMatch(
      /far\.ts: it cannot be loaded: Cannot find module '\.\/nowhere'$/,
    );
    expect(await wrong(file("empty.ts", "export const a: number = 1;"))).toMatch(
      /empty\.ts: it exports no declaration of a call$/,
    );
    expect(await wrong(file("empty.json", "[]"))).toMatch(
      /empty\.json: it exports no declaration of a call$/,
    );
    expect(await wrong(file("alone.json", JSON.stringify(DECLARATION)))).toMatch(
      /alone\.json: frob\.args\.what: points at frob_args, which is neither a scalar type nor a struct$/,
    );
  });
});

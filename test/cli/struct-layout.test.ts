import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ABIS, KNOWN_STRUCTS } from "../../src/atlas/index.ts";
import { here, linesOf } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "trapgate-structs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function out(args: readonly string[], screen: Parameters<typeof here>[1] = {}): Promise<string> {
  const { code, stdout, stderr } = await here(["layout", ...args], screen);
  expect(`${stderr}${code}`).toBe("0");
  return stdout;
}

describe("trapgate layout", () => {
  test("puts ABIs that agree together, and the others side by side", async () => {
    expect(linesOf(await out(["target_pid_set", "--abi", "x86_64,i386,s390x,arm"]))).toEqual([
      "struct target_pid_set {                 A                  B",
      "        int     num_pids;      /*     0     4 */  /*     0     4 */",
      "        /* hole */             /*     4     4 */",
      "        pid_t * target_pids;   /*     8     8 */  /*     4     4 */",
      "        /* size, alignment */  /*    16     8 */  /*     8     4 */",
      "};",
      "  2009: v2 and v3 of the series; a flexible array replaced the pointer in v6",
      "A: x86_64 s390x",
      "B: i386 arm",
      "moves: target_pids (offset, size), the struct (size, alignment)",
    ]);
  });

  test("epoll_event is packed on x86_64 and x32 alone", async () => {
    const [{ layouts }] = JSON.parse(await out(["epoll_event", "--json"]));
    const of = (abi: string): object => layouts.find(({ abis }: { abis: string[] }) => abis.includes(abi));
    expect(of("x86_64")).toMatchObject({ size: 12, align: 1, packed: true, holes: [] });
    expect(of("x32")).toBe(of("x86_64"));
    expect(of("i386")).toMatchObject({ size: 12, align: 4, packed: false });
    expect(of("arm64")).toMatchObject({ size: 16, align: 8, holes: [{ offset: 4, size: 4 }] });
  });

  test("a struct that is the same everywhere has one column and nothing that moves", async () => {
    const text = await out(["eclone_args", "--abi", "i386,x86_64,arm"]);
    expect(text).toContain("/*    40     4 */\n");
    const lines = linesOf(await out(["clone_args"]));
    expect(lines.filter((line) => line.includes("VER"))).toEqual([
      "        /* --- VER0: 64 bytes --- */",
      "        /* --- VER1: 80 bytes --- */",
      "        /* --- VER2: 88 bytes --- */",
    ]);
    expect(lines.join("\n")).not.toContain("moves");
    expect(lines.join(" ")).toContain(`on ${ABIS[0]?.name} `);
  });

  test("a file of one's own", async () => {
    const path = file(
      "mine.h",
      "struct a { char c; struct timeval t; };\nstruct b { struct a x[2]; __u32 y; };\n",
    );
    const both = JSON.parse(await out([path, "--abi", "i386", "--json"]));
    expect(both.map(({ struct, layouts }: never) => [struct, layouts])).toMatchObject([
      ["a", [{ size: 12, holes: [{ offset: 1, size: 3 }] }]],
      [
        "b",
        [
          {
            size: 28,
            fields: [
              { name: "x", offset: 0, size: 24 },
              { name: "y", offset: 24 },
            ],
          },
        ],
      ],
    ]);
    expect(linesOf(await out([path, "--only", "b", "--abi", "i386"]))[1]).toMatch(/struct a x\[2\];/);
  });

  test("keeps within the screen by printing the struct again", async () => {
    const path = file("many.h", "struct m { char a; long b; long long c; };");
    const wide = linesOf(await out([path], { columns: 100 }));
    const narrow = linesOf(await out([path], { columns: 60 }));
    const heads = (lines: readonly string[]): number =>
      lines.filter((line) => line.startsWith("struct m")).length;
    expect(heads(narrow)).toBeGreaterThan(heads(wide));
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(60);
  });

  test("says what is wrong in a line", async () => {
    const wrong = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await here(["layout", ...args]);
      expect([code, stdout, linesOf(stderr).length]).toEqual([2, "", 1]);
      return stderr.trim();
    };
    expect(await wrong("target_pid_st")).toBe(
      "trapgate: unknown struct target_pid_st: did you mean target_pid_set?",
    );
    expect(await wrong("rusage", "--abi", "vax")).toMatch(
      /^trapgate: unknown --abi value vax \(allowed: x86_64, /,
    );
    expect(await wrong(join(folder, "none.h"))).toMatch(/none\.h: cannot be read \(ENOENT\)$/);
    expect(await wrong(file("bad.h", "struct a {\n  strut b;\n};"))).toMatch(
      /bad\.h:2:3: no type is called strut$/,
    );
    expect(await wrong(file("ok.h", "struct a { int b; };"), "--only", "c")).toMatch(
      /unknown struct c: did you mean a\? \(allowed: a\)$/,
    );
    expect(await wrong("rusage", "--only", "x")).toBe(
      "trapgate: --only x goes with a file: rusage is one struct already",
    );
  });

  test("knows every struct by name", async () => {
    for (const { struct } of KNOWN_STRUCTS) expect(await out([struct])).toContain(`struct ${struct} {`);
  });
});

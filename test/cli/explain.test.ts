import { describe, expect, test } from "vitest";
import { CALLS, LADDERS, type LadderRow } from "../../src/abi/index.ts";
import type { Explanation } from "../../src/cli/explain/explanation.ts";
import { here } from "./cli.ts";

async function explained(...args: string[]): Promise<Explanation> {
  const { code, stdout } = await here(["explain", ...args, "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Explanation;
}

const names = CALLS.map((call) => call.name);

describe("explain", () => {
  test.each(names)("%s: the ladder is the declaration's, shared ladders in place", async (name) => {
    const { ladder } = await explained(name);
    const decl = CALLS.find((call) => call.name === name);
    const unfold = (rows: readonly LadderRow[]): string[] =>
      rows.flatMap((row) =>
        "include" in row ? unfold(LADDERS.find((l) => l.ladder === row.include)?.rungs ?? []) : [row[0]],
      );
    const ids = unfold(decl?.ladder ?? []);
    expect(ladder.map((rung) => rung.id)).toEqual(ids);
    expect(ladder.map((rung) => rung.place)).toEqual(ids.map((_, i) => i + 1));
  });

  test.each(names)("%s has a page", async (name) => {
    const { code, stdout, stderr } = await here(["explain", name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`${name}(`);
    expect(stdout).toContain("\nNumbers\n");
    expect(stdout).not.toMatch(/undefined|NaN|\[object/);
  });

  test("clone_with_pids: registers of each way in, the sixth on the stack for sysenter (N-10)", async () => {
    const call = await explained("clone_with_pids");
    const places = Object.fromEntries(call.arguments.map((arg) => [arg.name, arg.places]));
    expect(places.pid_set).toEqual({ "x86_64/syscall": "r9", "i386/int80": "ebp", "i386/sysenter": "(ebp)" });
    // On i386 tls comes before child_tid.
    expect(places.tls).toMatchObject({ "x86_64/syscall": "r8", "i386/int80": "esi" });
    expect(places.child_tid).toMatchObject({ "x86_64/syscall": "r10", "i386/int80": "edi" });
    expect(call.returns).toMatchObject({
      type: "pid_t",
      places: { "x86_64/syscall": "rax", "i386/int80": "eax" },
    });
  });

  test("clone_with_pids: numbers say whose choice they are, absence says why", async () => {
    const { numbers } = await explained("clone_with_pids");
    const of = (table: string) => numbers.find((n) => n.table === table)?.profiles;
    expect(of("i386")?.["cwp-v3"]).toEqual({ nr: 337, remark: null });
    expect(of("i386")?.["cwp-v2"]).toMatchObject({
      nr: 335,
      remark: expect.stringMatching(/^assigned by trapgate: /),
    });
    expect(of("x86_64")?.["cwp-v2"]).toMatchObject({
      nr: 297,
      remark: expect.stringMatching(/never had a number/),
    });
    expect(of("ia32")?.["cwp-v2"]).toMatchObject({ nr: null, absent: expect.stringMatching(/compat table/) });
  });

  test("clone_with_pids: struct target_pid_set has its hole on x86_64 alone (A-07)", async () => {
    const { structs } = await explained("clone_with_pids");
    expect(structs).toHaveLength(1);
    expect(structs[0]?.layouts).toMatchObject([
      { model: "x86_64", size: 16, align: 8, holes: [{ offset: 4, size: 4 }], tailPadding: 0 },
      { model: "i386", size: 8, align: 4, holes: [], tailPadding: 0 },
    ]);
    expect(structs[0]?.layouts[1]?.fields[1]).toMatchObject({
      name: "target_pids",
      type: "pid_t *",
      offset: 4,
    });
  });

  test("wait4: structs inside structs are shown too", async () => {
    const { structs } = await explained("wait4");
    expect(structs.map((struct) => struct.struct)).toEqual(["rusage", "timeval"]);
    expect(structs[0]?.layouts.map((layout) => layout.size)).toEqual([144, 72]);
  });

  test("waitpid: a table without the call says why, its way in is left out", async () => {
    const call = await explained("waitpid");
    const x86_64 = call.numbers.find((n) => n.table === "x86_64")?.profiles["cwp-v3"];
    expect(x86_64).toEqual({ nr: null, absent: "x86_64 has wait4 only" });
    expect(Object.keys(call.arguments[0]?.places ?? {})).not.toContain("x86_64/syscall");
  });

  test("--arch and --profile narrow it", async () => {
    const call = await explained("clone_with_pids", "--arch", "i386", "--profile", "cwp-v3");
    expect(call.numbers).toEqual([{ table: "i386", profiles: { "cwp-v3": { nr: 337, remark: null } } }]);
    expect(call.structs[0]?.layouts.map((layout) => layout.model)).toEqual(["i386"]);
    expect(Object.keys(call.arguments[0]?.places ?? {})).toEqual(["i386/int80", "i386/sysenter"]);
  });

  test("a page marks shared ladders, and says when nothing can fail", async () => {
    const page = (await here(["explain", "clone_with_pids"])).stdout;
    const marks = ["do_fork, shared", "clone_with_pids's own", "copy_process, shared"].map((m) =>
      page.indexOf(m),
    );
    expect(marks).toEqual([...marks].sort((a, b) => a - b));
    expect(marks[0]).toBeGreaterThan(0);
    expect((await here(["explain", "getpid"])).stdout).toContain("none: it does not fail");
  });
});

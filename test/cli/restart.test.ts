import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { here } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "restart-"));
afterAll(() => rmSync(folder, { recursive: true }));

const EXAMPLES = "examples/restart";

test.each([
  ["clone3", "x86_64"],
  ["clone3", "i386"],
  ["clone_with_pids", "x86_64"],
  ["clone_with_pids", "i386"],
  ["eclone", "x86_64"],
  ["eclone", "i386"],
])("every example that can come back does, in %s on %s", async (dialect, arch) => {
  const names = ["flat", "threads", "dead-leader", "orphans", "before-setsid"];
  const files = names.map((name) => `${EXAMPLES}/${name}.json`);
  const { code, stdout } = await here(["restart", "run", ...files, "--dialect", dialect, "--arch", arch]);
  expect(stdout.match(/no difference/g)).toHaveLength(names.length);
  expect(code).toBe(0);
});

test("a tree that cannot come back, and a step a dialect has no word for, are told, exit code 1", async () => {
  const impossible = await here(["restart", "run", `${EXAMPLES}/impossible.json`]);
  expect(impossible.stdout).toContain("cannot come back (session-not-inherited): task 12 is in session 9");
  expect(impossible.code).toBe(1);
  const old = await here(["restart", "run", `${EXAMPLES}/sub-namespace.json`, "--dialect", "eclone"]);
  expect(old.stdout).toMatch(
    /cannot be said: step \d+: 50 has its children in the namespace of 60\/1: there is no pidfd/,
  );
  expect(old.code).toBe(1);
});

test("kills and stops are steps of a schedule, as JSON too, and are shown in a tree", async () => {
  const file = `${EXAMPLES}/ends.json`;
  const { stdout } = await here(["restart", "plan", "--json", file]);
  const steps = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { do: string; who?: number[]; signal?: number });
  expect(steps.filter((step) => step.do === "kill").map(({ who, signal }) => [who?.[0], signal])).toEqual([
    [5, 6],
    [11, 9],
    [9, 19],
    [8, 19],
    [6, 19],
  ]);
  const { stdout: page } = await here(["restart", "show", file]);
  for (const words of [
    "zombie, killed by SIGABRT",
    "leads a group, stopped",
    "next child in 8/1's namespace",
  ])
    expect(page).toContain(words);
});

test("a schedule as JSON lines says who does what to whom", async () => {
  const { stdout } = await here(["restart", "plan", "--json", `${EXAMPLES}/flat.json`]);
  const steps = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { do: string });
  expect(steps[0]).toMatchObject({ do: "clone", by: null, makes: [1], newpid: true });
  expect(steps.map((step) => step.do).join()).toBe(
    "clone,setsid,clone,setsid,clone,clone,setpgid,clone,exit",
  );
});

test("verify brings a tree back everywhere, and on the kernel below where that is asked for", async (context) => {
  const file = `${EXAMPLES}/two-levels.json`;
  const emulated = await here(["restart", "verify", file, "--depth", "1"]);
  expect(emulated.stdout.match(/emulated +no difference/g)).toHaveLength(6);
  expect(emulated.code).toBe(0);
  const old = await here(["restart", "verify", `${EXAMPLES}/sub-namespace.json`]);
  expect(old.stdout.match(/emulated +no difference/g)).toHaveLength(2);
  expect(old.stdout.match(/cannot be said: step \d+/g)).toHaveLength(4);
  expect(old.code).toBe(0);
  const live = await here(["restart", "verify", file, "--live"]);
  const why = /cannot be tried: (.*)/.exec(live.stdout)?.[1];
  if (why !== undefined) return context.skip(why);
  expect(live.stdout.match(/Linux [\d.]+ +no difference/g)).toHaveLength(2);
  expect(live.code).toBe(0);
});

test("run --live speaks clone3 and nothing else", async (context) => {
  const file = `${EXAMPLES}/threads.json`;
  const old = await here(["restart", "run", file, "--live", "--dialect", "eclone"]);
  expect(old).toEqual({
    code: 2,
    stdout: "",
    stderr: "trapgate: --live speaks clone3: a kernel of today has no eclone\n",
  });
  const { code, stdout } = await here(["restart", "run", file, "--live", "--arch", "i386"]);
  const why = /cannot be tried: (.*)/.exec(stdout)?.[1];
  if (why !== undefined) return context.skip(why);
  expect(stdout).toMatch(
    /clone3 on Linux [\d.]+, i386\n {2}3 tasks and 5 more threads back in 10 steps; no difference/,
  );
  expect(code).toBe(0);
});

test("capture writes a tree down that run can read", async (context) => {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  try {
    const { code, stdout, stderr } = await here(["restart", "capture", "--root", String(child.pid)]);
    if (/NSpid|\/proc: cannot be read/.test(stderr)) return context.skip(stderr.trim());
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      format: "trapgate-tree-1",
      tasks: [{ pid: [child.pid], parent: 0, session: 0, group: 0 }],
    });
    const file = join(folder, "sleep.json");
    writeFileSync(file, stdout);
    expect((await here(["restart", "run", file])).stdout).toContain("1 task back in 1 step; no difference");
  } finally {
    child.kill();
  }
  const nobody = await here(["restart", "capture", "--root", "4194303"]);
  expect(nobody).toEqual({ code: 2, stdout: "", stderr: "trapgate: there is no process 4194303\n" });
});

test("a chain of more tasks than a machine has threads for at boot is drawn, planned and brought back", async () => {
  const file = join(folder, "chain.json");
  const tasks = Array.from({ length: 33_000 }, (_, i) => ({ pid: [i + 1], parent: i, session: 1, group: 1 }));
  writeFileSync(file, JSON.stringify({ format: "trapgate-tree-1", tasks }));
  const shown = await here(["restart", "show", file]);
  expect(shown.stdout).toContain("\n    33000  … 32999 down, below 32999: session 1\n");
  expect(Math.max(...shown.stdout.split("\n").map((line) => line.length))).toBeLessThan(200);
  const run = await here(["restart", "run", file]);
  expect(run.stdout).toContain("33000 tasks back in 33001 steps; no difference");
  const drawn = await here(["restart", "show", "--svg", file]);
  expect(drawn.stderr).toMatch(
    /^trapgate: --svg: .* has 33000 tasks, and a picture of more than 2000 nobody can read.*\n$/,
  );
  expect([shown.code, run.code, drawn.code]).toEqual([0, 0, 2]);
});

test("a mistake in a tree is one line, exit code 2", async () => {
  const file = join(folder, "bad.json");
  writeFileSync(file, '{"format":"trapgate-tree-1","tasks":[{"pid":[2],"parent":2,"session":0,"group":0}]}');
  const { code, stderr, stdout } = await here(["restart", "run", file]);
  expect(stdout).toBe("");
  expect(stderr).toBe(`trapgate: ${file}: tasks: no task has parent 0: a tree has a root\n`);
  expect(code).toBe(2);
  const missing = await here(["restart", "show", join(folder, "none.json")]);
  expect(missing.stderr).toMatch(/none\.json: there is no such file or folder\n$/);
  expect(missing.code).toBe(2);
});

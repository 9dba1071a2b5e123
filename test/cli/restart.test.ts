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
  expect(old.stdout).toContain("fails: 50 has its children in the namespace of 60/1: there is no pidfd");
  expect(old.code).toBe(1);
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

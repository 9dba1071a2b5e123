import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { boot } from "../../src/kernel/index.ts";
import {
  differencesOf,
  followSchedule,
  isRefusal,
  parseTree,
  planRestart,
  portraitOf,
  type Schedule,
  type Tree,
} from "../../src/restart/index.ts";
import { captureTree, runLive } from "../../src/restart/node/index.ts";
import { deed } from "./deeds.ts";
import { garden, live } from "./history.ts";
import { ORPHANED } from "./orphaned.ts";

function planned(tree: Tree): Schedule {
  const plan = planRestart(tree);
  if (isRefusal(plan)) throw new Error(plan.reason);
  return plan;
}

interface Skipping {
  skip(note?: string): never;
}

/** Differences after a restart on the kernel below. */
async function differencesLive(
  tree: Tree,
  options: Parameters<typeof runLive>[2],
  context: Skipping,
): Promise<readonly string[]> {
  const run = await runLive(tree, planned(tree), options);
  if ("cannot" in run) return context.skip(run.cannot);
  return "reason" in run ? [`${run.step?.do}: ${run.reason}`] : run.differences;
}

/** A shell, in whose namespace are a session of its own, an orphan, and a namespace with three more. */
const NESTED = `
exec unshare --pid --fork --kill-child sh -c '
  setsid sleep 300 &
  (setsid sh -c "sleep 301 & exit 0")
  unshare --pid --fork --kill-child sh -c "sleep 302 & (sleep 303 & exec sleep 304) & echo ready; wait" &
  sleep 305 &
  wait'
`;

let nest: ChildProcess | null = null;
afterEach(() => {
  nest?.kill("SIGKILL");
  nest = null;
});

/** The number of a shell that has unshared, once what is below it is there. */
async function nested(context: Skipping): Promise<number> {
  const child = spawn("sh", ["-c", NESTED], { stdio: ["ignore", "pipe", "pipe"] });
  nest = child;
  const said = await new Promise<string>((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.stdout?.once("data", (text) => resolve(String(text).trim()));
    child.stderr?.once("data", (text) => resolve(String(text).trim()));
  });
  if (said !== "ready") return context.skip(`no nested namespaces by unshare here: ${said}`);
  // The last sleeps have been forked, and are on their way.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return child.pid as number;
}

test("a tree of this machine, made with unshare, comes back with its numbers here and on the emulated kernel", async (context) => {
  const root = await nested(context);
  const { tree } = captureTree({ root });
  expect(tree.tasks.length).toBeGreaterThanOrEqual(10);
  expect(Math.max(...tree.tasks.map(({ pid }) => pid.length))).toBe(3);
  expect(tree.tasks[0]?.pid).toEqual([root]);
  // Whoever has unshared has its children in the namespace that its first child is init of.
  expect(tree.tasks[0]?.childNs).toBe(tree.namespaces?.[0]?.init);
  expect(parseTree(JSON.stringify(tree), "captured")).toEqual(tree);

  const machine = boot({ profile: "clone3-614", pidMax: 4_194_304, frames: 4096 });
  const followed = followSchedule(machine, planned(tree));
  expect(followed.failure).toBeNull();
  expect(
    differencesOf(tree, portraitOf(followed.root as NonNullable<typeof followed.root>, followed.base)),
  ).toEqual([]);

  for (const arch of ["x86_64", "i386"] as const)
    for (const depth of [0, 2]) expect(await differencesLive(tree, { arch, depth }, context)).toEqual([]);
});

for (const [title, name] of [
  ["who is killed, stopped, or has its children elsewhere comes back so, inits too", "ends"],
  ["who was adopted by a subreaper is again", "subreaper"],
] as const)
  test(title, async (context) => {
    const file = `examples/restart/${name}.json`;
    const tree = parseTree(readFileSync(file, "utf8"), file);
    for (const arch of ["x86_64", "i386"] as const)
      for (const depth of [0, 1]) expect(await differencesLive(tree, { arch, depth }, context)).toEqual([]);
  });

test("who ends has ended before the next stops", async (context) => {
  const tree: Tree = { format: "trapgate-tree-1", tasks: ORPHANED };
  for (let i = 0; i < 10; i++) expect(await differencesLive(tree, {}, context)).toEqual([]);
});

describe("law: what the emulated kernel had comes back on the kernel below", () => {
  test.each<["x86_64" | "i386"]>([["x86_64"], ["i386"]])("on %s", async (arch) => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(deed, { minLength: 5, maxLength: 60 }),
        async (rootIsInit, deeds) => {
          const there = garden(rootIsInit);
          const tree = live(there, deeds);
          fc.pre(![...there.machine.tasks].some(({ state }) => state === "exiting"));
          const plan = planRestart(tree);
          fc.pre(!isRefusal(plan));
          const run = await runLive(tree, plan as Schedule, { arch });
          fc.pre(!("cannot" in run));
          expect("reason" in run ? `${run.step?.do}: ${run.reason}` : run.differences).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });
});

test("an init in a group of its own namespace is never made here: it would never end", async () => {
  const tree: Tree = {
    format: "trapgate-tree-1",
    tasks: [
      { pid: [1], parent: 0, session: 0, group: 5 },
      { pid: [5], parent: 1, session: 0, group: 5 },
    ],
  };
  const run = await runLive(tree, planned(tree));
  expect("cannot" in run && run.cannot).toMatch(/^init 1 is in a process group of its own namespace/);
});

test("a call that fails is told with its step", async (context) => {
  const tree: Tree = {
    format: "trapgate-tree-1",
    tasks: [
      { pid: [1], parent: 0, session: 1, group: 1 },
      { pid: [7], parent: 1, session: 1, group: 1 },
    ],
  };
  const { steps, helpers } = planned(tree);
  const run = await runLive(tree, { steps: [...steps, ...steps.slice(1)], helpers });
  if ("cannot" in run) return context.skip(run.cannot);
  expect("reason" in run && [run.step?.do, run.reason]).toEqual(["setsid", "setsid: EPERM"]);
});

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CampaignFinding } from "../../src/fuzz/node/index.ts";
import { itemsOf, QueueError, type QueuePlan, queueAddress, WorkQueue } from "../../src/fuzz/node/index.ts";
import { Ledger } from "../../src/fuzz/node/queue/ledger.ts";
import { connectJet } from "../../src/fuzz/node/queue/nats.ts";
import { here, linesOf } from "../cli/cli.ts";
import { type Server, startServer } from "./nats-server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const plan: QueuePlan = {
  target: { file: "test/fuzz/targets/slow.ts", calls: [], profile: null },
  detectors: ["write-on-failure"],
  seed: 3,
  steps: 1,
  runs: 12_000,
};

let server: Server | string;
beforeAll(async () => {
  server = await startServer();
}, 300_000);
afterAll(async () => {
  if (typeof server !== "string") await server.stop();
});

/** The server's address; the test is skipped, and says why, where there is none. */
function serverOr(skip: (why: string) => never): string {
  return typeof server === "string" ? skip(server) : server.url;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Worker {
  readonly child: ChildProcess;
  readonly lines: () => Record<string, unknown>[];
  readonly closed: Promise<number | null>;
}

function worker(queue: string): Worker {
  const { target, detectors, seed, runs } = plan;
  const args = ["fuzz", "--target", target.file ?? "", "--detector", String(detectors), "--seed", `${seed}`];
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "src/cli/main.ts",
      ...args,
      "--runs",
      `${runs}`,
      "--queue",
      queue,
      "--lease",
      "3s",
      "--json",
    ],
    { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    text += data;
  });
  return {
    child,
    lines: () => linesOf(text).map((line) => JSON.parse(line)),
    closed: new Promise((resolve) => child.on("close", resolve)),
  };
}

test("a campaign is cut into pieces that are all of it, and nothing twice", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000_000 }), (runs) => {
      let next = 0;
      itemsOf({ ...plan, runs }).forEach((item, i) => {
        expect([item.id, item.first]).toEqual([i, next]);
        expect(item.runs).toBeGreaterThan(0);
        next += item.runs;
      });
      expect(next).toBe(runs);
    }),
  );
});

describe("over NATS", () => {
  test("three workers, one of them killed in the middle: nothing is lost, and nothing counted twice", async ({
    skip,
  }) => {
    const queue = `${serverOr(skip)}/killed`;
    const jet = await connectJet(queue.replace(/\/killed$/, ""));
    const pending = async (): Promise<number> =>
      (await jet.manager.consumers.info("TRAPGATE_killed_WORK", "workers")).num_ack_pending;
    const total = itemsOf(plan).length;
    const first = worker(queue);
    const others: Worker[] = [];
    try {
      // It is stopped while it has a piece of work, and never goes on.
      for (let held = false; !held; ) {
        await sleep(200);
        if ((await pending().catch(() => 0)) === 0) continue;
        first.child.kill("SIGSTOP");
        await sleep(300);
        held = (await pending()) === 1;
        if (!held) first.child.kill("SIGCONT");
      }
      const watching = await WorkQueue.open(queueAddress(queue), null, 3_000);
      const before = (await watching.done()).items;
      expect(before).toBeLessThan(total);
      others.push(worker(queue), worker(queue));
      while ((await watching.done()).items === before) await sleep(100);
      first.child.kill("SIGKILL");
      expect(await Promise.all(others.map(({ closed }) => closed))).toEqual([1, 1]);

      expect(await watching.done()).toEqual({ items: total, of: total, runs: plan.runs });
      const ends = others.map(({ lines }) => lines().at(-1) as { here: { items: number; again: number } });
      const sum = (of: "items" | "again"): number => ends.reduce((n, end) => n + end.here[of], 0);
      expect(before + sum("items")).toBe(total);
      expect(sum("again")).toBe(1);
      for (const end of ends)
        expect(end).toMatchObject({ done: { items: total, runs: plan.runs }, findings: 1 });
      const told = [first, ...others].flatMap(({ lines }) => lines()).filter((line) => "key" in line);
      expect(told.map((line) => (line as unknown as CampaignFinding).key)).toEqual([
        "write-on-failure peek negative to",
      ]);
      await watching.close();
    } finally {
      for (const { child } of [first, ...others]) child.kill("SIGKILL");
      await jet.connection.close();
    }
  }, 240_000);

  test("who comes late sees what has come of it, and another campaign needs another name", async ({
    skip,
  }) => {
    const url = serverOr(skip);
    const args = ["fuzz", "getpid", "--runs", "2000", "--queue", `${url}/late`];
    const once = await here(args);
    expect([once.code, once.stderr]).toEqual([0, ""]);
    expect(once.stdout).toMatch(
      /\n2 pieces of work here, 2 000 runs in .*\n2 000 of 2 000 runs done by all\nno finding\n$/,
    );
    const late = await here(["fuzz", "--queue", `${url}/late`]);
    expect(late.stdout).toMatch(
      /\n0 pieces of work here, 0 runs in .*\n2 000 of 2 000 runs done by all\nno finding\n$/,
    );
    const other = await here(["fuzz", "getppid", "--runs", "2000", "--queue", `${url}/late`]);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/has another campaign late: give it the same arguments, or another name/);
    expect((await here(["fuzz", "--queue", `${url}/none`])).stderr).toMatch(
      /has no campaign none yet: name the calls to begin one\n$/,
    );
  }, 120_000);

  test("of many who make the same entry one does", async ({ skip }) => {
    const jet = await connectJet(serverOr(skip));
    const ledger = await Ledger.open(jet, "entries");
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, i) => ledger.enter("done", String(i % 8), i)),
    );
    expect(made.filter((one) => one)).toHaveLength(8);
    expect((await ledger.keys("done")).sort()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    await jet.connection.close();
  });
});

test("an address that is none, and a server that is not there, are told in a line", async () => {
  expect(() => queueAddress("http://x")).toThrow(QueueError);
  expect(queueAddress("nats://h:1/a-b")).toEqual({ server: "nats://h:1", name: "a-b" });
  const { code, stderr } = await here(["fuzz", "getpid", "--queue", "nats://127.0.0.1:1"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^trapgate: --queue nats:\/\/127\.0\.0\.1:1: cannot be reached \(.+\)\n$/);
});

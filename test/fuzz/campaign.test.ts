import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/fuzz/finding.ts";
import {
  Campaign,
  type CampaignOptions,
  CorpusFolder,
  LoadError,
  leastOf,
  loadTarget,
  RefusedTarget,
} from "../../src/fuzz/node/index.ts";
import type { FuzzProgram } from "../../src/fuzz/program.ts";
import { Search } from "../../src/fuzz/search.ts";

const TARGETS = join(import.meta.dirname, "targets");
const folder = mkdtempSync(join(tmpdir(), "trapgate-campaign-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = (name: string) => ({ file: join(TARGETS, name), calls: [], profile: null });
const base: CampaignOptions = {
  target: own("peek.ts"),
  detectors: null,
  seed: 1,
  workers: 1,
  steps: 1,
  runs: 10_000,
  done: [],
  corpus: [],
  patience: 20_000,
};

interface Outcome {
  readonly told: readonly Finding[];
  readonly programs: readonly FuzzProgram[];
  readonly figures: ReturnType<Campaign["figures"]>;
  readonly done: readonly number[];
}

async function run(options: Partial<CampaignOptions>, stopAfter?: number): Promise<Outcome> {
  const told: Finding[] = [];
  const programs: FuzzProgram[] = [];
  const campaign = new Campaign(
    { ...base, ...options },
    { finding: (finding) => told.push(finding), program: (program) => programs.push(program) },
  );
  try {
    await campaign.open();
    if (stopAfter !== undefined) setTimeout(() => campaign.stop(), stopAfter);
    await campaign.run();
    return { told, programs, figures: campaign.figures(), done: campaign.done };
  } finally {
    await campaign.close();
  }
}

describe("a campaign", () => {
  test("of one seed and so many workers finds the same, in the same order, run for run", async () => {
    const [one, again] = [await run({ workers: 2, runs: 9_001 }), await run({ workers: 2, runs: 9_001 })];
    expect(one.told.map(({ detector }) => detector)).toContain("write-on-failure");
    expect(again.told).toEqual(one.told);
    expect(again.programs).toEqual(one.programs);
    expect([one.figures.runs, one.done]).toEqual([9_001, [4_501, 4_500]]);
    expect(again.figures).toEqual(one.figures);
  });

  test("with one worker does what a search by itself does", async () => {
    const search = new Search(await loadTarget(own("peek.ts")), { seed: 5 });
    search.step(3_000);
    const { told, programs } = await run({ seed: 5, runs: 3_000 });
    expect(told).toEqual(search.result().findings.map((finding) => ({ ...finding, worker: 1 })));
    expect(programs).toEqual(search.programs());
  });

  test("reports a run that never comes back, and goes on", async () => {
    const { told, figures, done } = await run({ target: own("hangs.ts"), runs: 20_000, patience: 1_500 });
    expect(told.map(({ key }) => key)).toEqual(["hang spin ok "]);
    const [hang] = told;
    expect(hang?.title).toBe("spin does not come back within 1.5 s");
    const steps = hang?.program.steps ?? [];
    expect(steps.length).toBe(1);
    const args = steps[0]?.args ?? {};
    // As small as it can be: halves and eighths less would come back.
    expect(args["*from"]).toBe(63);
    expect(args.mask).toBe(31);
    // Either every run was made in the end, or the worker hung so often that it was given up.
    expect(figures.runs).toBe(done[0]);
    expect(figures.retired === 1 || figures.runs === 20_000).toBe(true);
    expect(figures.runs).toBeGreaterThan(1_000);
    expect(figures.features).toBeGreaterThan(0);
  });

  test("ends soon when it is told to, with what it has", async () => {
    const { figures } = await run({ runs: Number.POSITIVE_INFINITY, workers: 2 }, 300);
    expect(figures.runs).toBeGreaterThan(0);
  });

  test("of a target that is none is refused in a line", async () => {
    await expect(run({ target: own("none.ts") })).rejects.toThrow(RefusedTarget);
    const nothing = { file: null, calls: ["clone_with_pids"], profile: "clone3-614" };
    await expect(run({ target: nothing })).rejects.toThrow(/^none of clone_with_pids has a number/);
  });
});

describe("a folder of programs", () => {
  const fill = async (name: string, seed: number): Promise<string> => {
    const path = join(folder, name);
    const files = new CorpusFolder(path);
    for (const program of (await run({ seed, runs: 4_000 })).programs) files.keepProgram(program);
    return path;
  };
  const filesOf = (path: string): string[] => readdirSync(join(path, "programs")).sort();
  const featuresOf = async (programs: readonly FuzzProgram[]): Promise<number> => {
    const search = new Search(await loadTarget(own("peek.ts")), { detectors: [] });
    search.offer(programs);
    search.step(programs.length);
    return search.features;
  };

  test("gives back what was put in; the same program is the same file, and merging is copying", async () => {
    const [a, b] = [await fill("a", 1), await fill("b", 2)];
    const programs = new CorpusFolder(a).programs();
    const twice = new CorpusFolder(a);
    for (const program of programs) twice.keepProgram(program);
    expect(new CorpusFolder(a).programs()).toEqual(programs);
    for (const name of filesOf(b))
      writeFileSync(join(a, "programs", name), readFileSync(join(b, "programs", name)));
    const both = new Set([...programs, ...new CorpusFolder(b).programs()].map((p) => JSON.stringify(p)));
    expect(new Set(new CorpusFolder(a).programs().map((p) => JSON.stringify(p)))).toEqual(both);
    expect(filesOf(a)).toHaveLength(both.size);
  });

  test("loses no feature when it is minimised, and is the same when it is again", async () => {
    const path = await fill("c", 3);
    const target = await loadTarget(own("peek.ts"));
    const all = new CorpusFolder(path).programs();
    const files = new CorpusFolder(path);
    files.programs();
    const gone = files.minimise(target);
    const least = new CorpusFolder(path).programs();
    expect(least.length).toBe(all.length - gone);
    expect(await featuresOf(least)).toBe(await featuresOf(all));
    // Which of them are looked at makes no difference; all of them would take a search each.
    for (const one of least.filter((_, i) => i % 8 === 0)) {
      const others = least.filter(
        (other) => other !== one && JSON.stringify(other).length <= JSON.stringify(one).length,
      );
      expect(leastOf(target, [...others, one]).length).toBeGreaterThan(leastOf(target, others).length);
    }
    expect(files.minimise(target)).toBe(0);
  });

  test("leaves alone what belongs to another target, and passes over it", async () => {
    const path = join(folder, "d");
    const other: FuzzProgram = { arch: "x86_64", steps: [{ call: "pipe2", args: {} }] };
    const files = new CorpusFolder(path);
    files.keepProgram(other);
    files.minimise(await loadTarget(own("peek.ts")));
    expect(new CorpusFolder(path).programs()).toEqual([other]);
    expect((await run({ corpus: [other], runs: 100 })).figures.runs).toBe(100);
  });

  test("does not see what is half written, and names a file that holds no program", () => {
    const path = join(folder, "e");
    new CorpusFolder(path).keepProgram({ arch: "i386", steps: [{ call: "pipe2", args: {} }] });
    writeFileSync(join(path, "programs", "x.json.77.half"), '{"arch":"x8');
    expect(new CorpusFolder(path).programs()).toHaveLength(1);
    writeFileSync(join(path, "programs", "bad.json"), '{"arch":"x86_64","steps":[{"call":1,"args":{}}]}');
    expect(() => new CorpusFolder(path).programs()).toThrow(LoadError);
    expect(() => new CorpusFolder(path).programs()).toThrow(
      /bad\.json: is no program: a step has a call and args$/,
    );
  });
});

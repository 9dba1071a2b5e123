import type { Finding } from "../../fuzz/finding.ts";
import { Campaign } from "../../fuzz/node/campaign.ts";
import { CorpusFolder } from "../../fuzz/node/corpus-folder.ts";
import type { TargetSpec } from "../../fuzz/node/load-target.ts";
import type { FuzzProgram } from "../../fuzz/program.ts";
import type { FuzzTarget } from "../../fuzz/target.ts";
import { EXIT } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { DEFAULT_HANG, DEFAULT_RUNS, type FuzzArguments } from "./arguments.ts";
import { interrupted } from "./interrupt.ts";
import { keeperIn } from "./keeper.ts";
import { answeredPage, askLive } from "./live.ts";
import { endPage, findingPage, startPage } from "./page.ts";
import { FuzzProgress } from "./progress.ts";

/** What is to be done: the target in words and as it is, and what stands on the command line. */
interface Session {
  readonly spec: TargetSpec;
  readonly target: FuzzTarget;
  readonly given: FuzzArguments;
}

/** Searches a target on this machine and tells what is found as it is found. The exit code says whether anything was. */
export async function runSession({ spec, target, given }: Session, terminal: Terminal): Promise<void> {
  const { seed = 1, workers = 1, steps = 1, time, json } = given;
  const keeper = given.out === undefined ? null : keeperIn(given.out, spec, target);
  const folder = given.corpus === undefined ? null : new CorpusFolder(given.corpus);
  const before = folder?.progress() ?? null;
  const same = before?.seed === seed && before.workers === workers && before.steps === steps;
  const done = same && sameCalls(before.calls, target.test) ? before.runs : [];
  const kept: FuzzProgram[] = [];
  const show = (finding: Finding): void => {
    progress?.clear();
    terminal.out(json ? `${JSON.stringify(finding)}\n` : findingPage(finding, spec, terminal));
  };
  let progress: FuzzProgress | null = null;
  const campaign = new Campaign(
    {
      ...{ target: spec, detectors: given.detector ?? null, seed, workers, steps, done },
      runs: given.runs ?? (time === undefined ? DEFAULT_RUNS : Number.POSITIVE_INFINITY),
      corpus: folder?.programs() ?? [],
      patience: (given.hang ?? DEFAULT_HANG) * 1000,
    },
    {
      finding: (finding) => {
        folder?.keepFinding(finding);
        keeper?.keep(finding);
        show(finding);
      },
      program: (program) => {
        folder?.keepProgram(program);
        if (given.live) kept.push(program);
      },
    },
  );
  const stop = interrupted(() => campaign.stop());
  try {
    const calls = await campaign.open();
    const era = target.profile.name;
    if (!json) terminal.out(startPage({ calls, era, seed, workers, steps }, terminal));
    for (const finding of folder?.findings() ?? []) {
      if (await campaign.recheck(finding)) show(finding);
      else folder?.dropFinding(finding);
    }
    progress = new FuzzProgress(terminal, () => campaign.figures());
    const timer = time === undefined ? undefined : setTimeout(() => campaign.stop(), time * 1000);
    await campaign.run();
    clearTimeout(timer);
    progress.end();
    const { seconds } = progress;
    const gone = folder?.minimise(target) ?? 0;
    folder?.keepProgress({ seed, workers, steps, calls: [...target.test], runs: campaign.done });
    const answered = given.live && !stop.asked ? await askLive(kept, target, seed) : null;
    for (const finding of answered?.findings ?? []) {
      keeper?.keep(finding);
      show(finding);
    }
    if (answered !== null && !json) terminal.out(answeredPage(answered, terminal));
    const own = campaign.figures();
    const figures = { ...own, findings: own.findings + (answered?.findings.length ?? 0) };
    const about = { seconds, stopped: stop.asked, before: done.reduce((a, b) => a + b, 0), gone };
    const live = answered === null ? {} : { asked: answered.asked, notAsked: answered.notAsked };
    if (json) terminal.out(`${JSON.stringify({ ...figures, ...about, ...live, seed, workers })}\n`);
    else terminal.out(endPage(figures, about, terminal));
    if (figures.findings > 0) terminal.exitCode = EXIT.failed;
  } finally {
    progress?.end();
    stop.end();
    await campaign.close();
  }
}

function sameCalls(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

import type { TargetSpec } from "../../fuzz/node/load-target.ts";
import { QueueError, queueAddress } from "../../fuzz/node/queue/address.ts";
import { QueueCampaign } from "../../fuzz/node/queue/queue-campaign.ts";
import { WorkQueue } from "../../fuzz/node/queue/work-queue.ts";
import { EXIT } from "../exit.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { WrongArgument, word } from "../wrong-argument.ts";
import { DEFAULT_HANG, DEFAULT_LEASE, DEFAULT_RUNS, type FuzzArguments } from "./arguments.ts";
import { grouped, several, timeText } from "./figures.ts";
import { interrupted } from "./interrupt.ts";
import { findingPage } from "./page.ts";
import { FuzzProgress } from "./progress.ts";

/** Takes part in a campaign on a server until all of it is done. The exit code says whether anybody found anything. */
export async function runQueueSession(
  text: string,
  { spec, given }: { readonly spec: TargetSpec; readonly given: FuzzArguments },
  terminal: Terminal,
): Promise<void> {
  const { json, workers = 1, time } = given;
  const queue = await openQueue(text, spec, given);
  const { plan } = queue;
  let progress: FuzzProgress | null = null;
  const campaign = new QueueCampaign(
    queue,
    { workers, patience: (given.hang ?? DEFAULT_HANG) * 1000 },
    (finding) => {
      progress?.clear();
      terminal.out(json ? `${JSON.stringify(finding)}\n` : findingPage(finding, plan.target, terminal));
    },
  );
  const stop = interrupted(() => campaign.stop());
  try {
    const calls = await campaign.open();
    const paint = paintFor(terminal.color);
    const what = calls.length > 6 ? several(calls.length, "call") : calls.join(", ");
    const head = `${paint("title", `fuzz ${what}`)} with others: seed ${plan.seed}, ${several(plan.runs, "run")}`;
    if (!json) terminal.out(`${head}, ${several(workers, "worker")} here\n\n`);
    progress = new FuzzProgress(terminal, () => campaign.figures());
    const timer = time === undefined ? undefined : setTimeout(() => campaign.stop(), time * 1000);
    await campaign.run();
    clearTimeout(timer);
    progress.end();
    const { seconds } = progress;
    const [done, findings] = [await queue.done(), await queue.findings()];
    const here = { items: campaign.items, again: campaign.again, runs: campaign.figures().runs };
    if (json)
      terminal.out(`${JSON.stringify({ ...plan, done, findings, here, seconds, stopped: stop.asked })}\n`);
    else {
      const own = `${several(here.items, "piece")} of work here, ${several(here.runs, "run")} in ${timeText(seconds)}`;
      const again = here.again === 0 ? "" : `; ${grouped(here.again)} that another had left`;
      terminal.out(`${paint("faint", own + again)}\n`);
      terminal.out(
        `${paint("faint", `${grouped(done.runs)} of ${several(plan.runs, "run")} done by all`)}\n`,
      );
      const found = findings === 0 ? "no finding" : several(findings, "finding");
      terminal.out(`${paint(findings === 0 ? "number" : "errno", found)}\n`);
    }
    if (findings > 0) terminal.exitCode = EXIT.failed;
  } finally {
    progress?.end();
    stop.end();
    await campaign.close();
  }
}

async function openQueue(text: string, spec: TargetSpec, given: FuzzArguments): Promise<WorkQueue> {
  const { seed = 1, steps = 1, runs = DEFAULT_RUNS, detector = null } = given;
  // Who names nothing to test takes part in what there is.
  const named = spec.file !== null || spec.calls.length > 0 || given.runs !== undefined;
  const plan = named ? { target: spec, detectors: detector, seed, steps, runs } : null;
  try {
    return await WorkQueue.open(queueAddress(text), plan, (given.lease ?? DEFAULT_LEASE) * 1000);
  } catch (error) {
    if (error instanceof QueueError) throw new WrongArgument(`--queue ${word(text)}: ${error.message}`);
    throw error;
  }
}

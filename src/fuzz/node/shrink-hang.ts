import type { FuzzProgram } from "../program.ts";
import { BlackBox } from "./black-box.ts";
import { type Answer, Gauges, type WorkerStart } from "./messages.ts";
import { startThread } from "./thread.ts";

/** Milliseconds without an attempt coming back after which it hangs: what is made of it is tried with all patience. */
const SHORT_PATIENCE = 1000;
/** Looks of the watchdog within its patience. */
const LOOKS = 10;

/**
 * Less that hangs, of a program that does. An attempt that hangs costs the thread it is made in: each thread gets as far
 * as the next of them.
 * @param start what a worker of the campaign is started with
 * @param stopped whether there is to be no other attempt
 */
export async function shrinkHang(
  start: Omit<WorkerStart, "gauges" | "box" | "autopsy" | "shrinking">,
  program: FuzzProgram,
  patience: number,
  stopped: () => boolean,
): Promise<FuzzProgram> {
  const hung: number[] = [];
  for (;;) {
    const box = new BlackBox();
    const thread = await startThread({
      ...{ ...start, corpus: [], autopsy: false, shrinking: { program, hung } },
      ...{ gauges: new Gauges().memory, box: box.memory },
    });
    const shrunk = new Promise<FuzzProgram>((resolve, reject) => {
      thread.on("message", (answer: Answer) => {
        if (answer.answer === "shrunk") resolve(answer.program);
      });
      thread.on("error", reject);
    });
    let look: NodeJS.Timeout | undefined;
    const hangs = new Promise<null>((resolve) => {
      look = watch(box, Math.min(patience, SHORT_PATIENCE), () => resolve(null), stopped);
    });
    try {
      const least = await Promise.race([shrunk, hangs]);
      if (least !== null) return least;
      if (stopped()) return program;
    } finally {
      clearInterval(look);
      await thread.terminate();
    }
    hung.push((hung.at(-1) ?? -1) + box.count);
  }
}

/** Calls when the attempt under way is not over within some time, or there is to be no other. */
function watch(box: BlackBox, patience: number, call: () => void, stopped: () => boolean): NodeJS.Timeout {
  let count = 0;
  let since = 0;
  return setInterval(() => {
    if (box.count !== count) since = performance.now();
    count = box.count;
    // Until the first attempt the thread loads what it needs, for as long as that takes.
    if (stopped() || (count > 0 && performance.now() - since > patience)) call();
  }, patience / LOOKS);
}

import { afterAll, describe, expect, test } from "vitest";
import { isSkipped } from "../../../src/conform/answer.ts";
import { compare } from "../../../src/conform/compare.ts";
import { LiveKernel } from "../../../src/conform/live/live-kernel.ts";
import { RECORDING_PROFILE } from "../../../src/conform/on-emulator.ts";
import { inParallel } from "../../../src/conform/parallel.ts";
import { recorded } from "../cases.ts";

/** One in so many of the recorded cases is asked. */
const EVERY = 32;

const kernel = new LiveKernel();
afterAll(() => kernel.close());

describe("the live kernel", () => {
  test("answers as it was recorded, wherever this machine permits it", async (context) => {
    if (kernel.era !== RECORDING_PROFILE)
      context.skip(`the cases are of ${RECORDING_PROFILE}, and ${kernel.name} is ${kernel.era}`);
    // All of them is `trapgate conform --live vectors`; here a sample has to do.
    const cases = recorded().filter(({ file }, i) => file === "examples.jsonl" || i % EVERY === 0);
    const judged = await inParallel(
      cases,
      async ({ vector }) => {
        const outcome = await kernel.run(vector);
        if (isSkipped(outcome)) return { id: vector.id, skipped: outcome.skipped, differences: [] };
        return { id: vector.id, differences: vector.expect ? compare(vector, vector.expect, outcome) : [] };
      },
      { jobs: 16 },
    );
    expect(judged.filter(({ differences }) => differences.length > 0)).toEqual([]);
    const skipped = judged.flatMap((each) => ("skipped" in each ? [each.skipped] : []));
    if (skipped.length === cases.length) context.skip(`no case runs here: ${skipped[0]}`);
  });
});

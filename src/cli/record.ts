import { LiveKernel } from "../conform/live/live-kernel.ts";
import { underWay } from "./conform/jobs.ts";
import { count } from "./count.ts";
import { recordFiles } from "./record/record-files.ts";
import type { Verb } from "./verb.ts";

interface Options {
  readonly only?: string;
  readonly runs: number;
  readonly jobs?: number;
}

/** `trapgate record`: asks the live kernel, and writes its answers into the files of cases. */
export const record: Verb = (program, terminal) => {
  program
    .command("record")
    .description("ask the kernel below, and write its answers into files of cases")
    .argument("<files...>", "files of cases (.jsonl), or folders of them")
    .option("--only <glob>", "cases whose id fits: * for any characters, ? for one")
    .addOption(
      count("--runs <n>", "times each case is asked: what differs is not written", 2, 1000).default(5),
    )
    .addOption(count("--jobs <n>", "processors that run cases (default 1)", 1, 64))
    .action(async (files: string[], { only, runs, jobs }: Options) => {
      const live = new LiveKernel({ jobs: jobs ?? 1 });
      try {
        const options = { ...(only === undefined ? {} : { only }), runs, jobs: underWay(jobs) };
        await recordFiles(files, live, options, terminal);
      } finally {
        await live.close();
      }
    });
};

import { boot, type Machine } from "../../src/kernel/index.ts";
import {
  differencesOf,
  followSchedule,
  isRefusal,
  planRestart,
  portraitOf,
  type Refusal,
  type Tree,
} from "../../src/restart/index.ts";

/** What became of a tree. */
export interface Restored {
  readonly refused: Refusal | null;
  /** Where it did not come back as it was, and a step that failed. */
  readonly differences: readonly string[];
}

/** Brings trees back on machines that stand where they were booted, one of each width in turn. */
export class Restorer {
  private readonly machines = (["x86_64", "i386"] as const).map((arch) => {
    const machine: Machine = boot({ arch, profile: "clone3-614", frames: 4096 });
    return { machine, start: machine.snapshot() };
  });
  private turn = 0;

  restore(tree: Tree): Restored {
    const plan = planRestart(tree);
    if (isRefusal(plan)) return { refused: plan, differences: [] };
    const { machine, start } = this.machines[
      this.turn++ % this.machines.length
    ] as (typeof this.machines)[number];
    const { root, base, failure, steps } = followSchedule(machine, plan);
    const differences =
      failure !== null || root === null
        ? [`step ${steps} (${failure?.step.do}) failed: ${failure?.reason}`]
        : differencesOf(tree, portraitOf(root, base));
    start.restore();
    return { refused: null, differences };
  }
}

import fc from "fast-check";
import { describe, test } from "vitest";
import { profileNamed } from "../../../src/kernel/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { commands } from "./model/commands.ts";
import { Real } from "./model/real.ts";
import { World } from "./model/world.ts";

const PID_MAX = 308;
const MAX_THREADS = 24;

// Rules A-06 … A-49, B-02 … B-11, B-30 … B-33 and what fork, exit, wait and kill mean, all at once.
describe.each(ERAS)(`law: the machine agrees with the model, ${TITLE}`, (era) => {
  test("pids, parents, zombies, groups and sessions, after every call", () => {
    fc.assert(
      fc.property(commands(PID_MAX), (cmds) => {
        const limits = { pidMax: PID_MAX, maxThreads: MAX_THREADS };
        const { newpidWithPids } = profileNamed(era.profile);
        fc.modelRun(
          () => ({
            model: new World({ ...limits, newpidRule: newpidWithPids }),
            real: new Real(era, limits),
          }),
          cmds,
        );
      }),
      { numRuns: 60 },
    );
  });
});

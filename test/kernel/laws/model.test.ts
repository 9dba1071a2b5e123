import fc from "fast-check";
import { describe, test } from "vitest";
import { profileNamed } from "../../../src/kernel/index.ts";
import { clone3Eras, ERAS, type Era, TITLE } from "../support/eras.ts";
import { commands } from "./model/commands.ts";
import { Real } from "./model/real.ts";
import { type Limits, World } from "./model/world.ts";

const PID_MAX = 308;
const MAX_THREADS = 24;
/** Each way of judging numbers and of bounding them, on one architecture. */
const SET_TID = clone3Eras("clone3-55").filter(
  ({ arch, profile }) => arch === "x86_64" && ["clone3-59", "clone3-614", "clone3-7x"].includes(profile),
);

function isToday({ profile }: Era): boolean {
  return profile.startsWith("clone3");
}

function todayOf(era: Era): Limits["today"] {
  if (!isToday(era)) return null;
  return {
    phases: era.profile === "clone3-7x" ? 2 : 1,
    pidMax: era.profile === "clone3-59" ? PID_MAX : 4_194_304,
  };
}

// Rules A-06 … A-49, B-02 … B-11, B-30 … B-33 and what fork, exit, wait and kill mean, all at once.
// Of today C-09, C-17, P-03 … P-06, P-18, P-20, P-32, T-01 … T-22 and what unshare means beside them.
describe.each([...ERAS, ...SET_TID])(`law: the machine agrees with the model, ${TITLE}`, (era) => {
  test("pids, parents, zombies, groups and sessions, after every call", () => {
    fc.assert(
      fc.property(commands(PID_MAX, isToday(era)), (cmds) => {
        const limits = { pidMax: PID_MAX, maxThreads: MAX_THREADS };
        const { newpidWithPids } = profileNamed(era.profile);
        fc.modelRun(
          () => ({
            model: new World({ ...limits, newpidRule: newpidWithPids, today: todayOf(era) }),
            real: new Real(era, limits),
          }),
          cmds,
        );
      }),
      { numRuns: 60 },
    );
  });
});

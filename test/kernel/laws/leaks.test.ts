import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FaultPlan } from "../../../src/mm/index.ts";
import { census } from "../support/census.ts";
import { ERAS, type Era, TITLE } from "../support/eras.ts";
import { Lab, nest } from "../support/lab.ts";
import { bringDown, type Step, step, take } from "../support/program.ts";

/** A machine whose init has touched the pages it will touch. */
function prepared(era: Era): Lab {
  const lab = new Lab(era, { pidMax: 320, maxThreads: 40 });
  for (let page = 0; page < 4; page++) lab.caller.writeInts(0x1000_0000 + 4096 * page, [1]);
  return lab;
}

/** What is left of a machine once everybody but init has gone. */
function rest(lab: Lab): unknown {
  const { machine } = lab;
  const { tasks, namespaces, users, ...counts } = census(machine);
  return {
    counts,
    tasks: tasks.length,
    numbers: Object.values(namespaces).map((ns) => ns.numbers),
    users: Object.values(users).filter((n) => n > 0),
    shared: [
      machine.init.files.users,
      machine.init.fs.users,
      machine.init.sighand.users,
      machine.init.mm?.users,
    ],
    threads: [machine.init.signal.live, machine.init.signal.threads.length],
    children: machine.init.children?.size ?? 0,
  };
}

/** A step under a plan that may leave the host itself without a frame to write to; then there is no step. */
function takeWithoutFrames(lab: Lab, s: Step): void {
  try {
    take(lab, s);
  } catch (error) {
    if (!(error instanceof RangeError && error.message.startsWith("nothing is mapped"))) throw error;
  }
}

describe.each(ERAS)(`law: nothing leaks, ${TITLE}`, (era) => {
  test("A-17 B-33 after everybody has gone, frames, numbers, tasks, counts and register images are as before", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const lab = prepared(era);
        const before = rest(lab);
        for (const s of steps) take(lab, s);
        bringDown(lab);
        expect(rest(lab)).toEqual(before);
        expect(lab.machine.oopses).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("a call that succeeds leaves nothing on the kernel stack", () => {
    const lab = new Lab(era);
    // More calls than the stack has room for the set of each.
    for (let i = 0; i < 100; i++) lab.bury(lab.child({ pids: [] }));
    expect(lab.machine.oopses).toEqual([]);
  });

  test("A-48 B-08 with allocations and accesses failing all the while, too", () => {
    const when = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(fc.array(fc.tuple(step, when, when), { maxLength: 60, size: "max" }), (steps) => {
        const lab = prepared(era);
        const before = rest(lab);
        for (const [s, allocation, access] of steps) {
          lab.usePlan(new FaultPlan().failAllocation(`${allocation}+7`).failAccess(`${access}+5`));
          takeWithoutFrames(lab, s);
        }
        lab.usePlan(null);
        bringDown(lab);
        expect(rest(lab)).toEqual(before);
        expect(lab.machine.oopses).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("the end of a namespace's init leaves nothing of the namespace, whatever went on inside", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const lab = prepared(era);
        const before = rest(lab);
        const inside = nest(lab.caller);
        // The namespace's init and everybody in it, but nobody else, take the steps.
        const { init } = lab.machine;
        for (const s of steps) {
          init.state = "blocked";
          take(lab, s);
          init.state = "running";
        }
        if (inside.task.state === "running") inside.call("exit_group", { error_code: 0 });
        bringDown(lab);
        expect(rest(lab)).toEqual(before);
      }),
      { numRuns: 25 },
    );
  });
});

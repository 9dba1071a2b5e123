import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { Guest } from "../../../src/kernel/index.ts";
import { FaultPlan } from "../../../src/mm/index.ts";
import { census, withoutCursors } from "../support/census.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { HOLE, Lab, NUMBERS, SCRATCH, SET } from "../support/lab.ts";
import { step, take } from "../support/program.ts";

const flags = fc
  .array(fc.constantFrom(...Object.values(CLONE).filter((bit) => bit > 0xff)), { maxLength: 5 })
  .map((bits) => bits.reduce((all: number, bit) => (all | bit) >>> 0, 17));

const pointer = fc.constantFrom(0, 8, SET, NUMBERS, SCRATCH, HOLE - 4, HOLE);

describe.each(ERAS)(`law: a failed call changes nothing, ${TITLE}`, (era) => {
  test("A-48 memory, tasks and numbers are as before, and cursors move only where numbers were chosen", () => {
    let failures = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 15, size: "max" }),
        fc.record({
          who: fc.nat(20),
          name: fc.constantFrom("clone_with_pids", "clone_with_pids", "clone", "fork", "vfork"),
          flags,
          pids: fc.array(fc.integer({ min: -2, max: 12 }), { minLength: 1, maxLength: 4 }),
          count: fc.option(fc.integer({ min: -2, max: 5 }), { nil: undefined }),
          array: fc.option(pointer, { nil: undefined }),
          set: fc.option(pointer, { nil: undefined }),
          tls: pointer,
          fail: fc.option(fc.integer({ min: 1, max: 25 }), { nil: undefined }),
        }),
        (steps, call) => {
          const lab = new Lab(era, { pidMax: 310, maxThreads: 12 });
          for (const s of steps) take(lab, s);
          const running = [...lab.machine.tasks].filter((task) => task.state === "running");
          const task = running[call.who % Math.max(1, running.length)];
          if (task === undefined) return;
          const guest = new Guest(lab.machine, task);
          // A task that has never run may have its number to write first (B-18).
          guest.call("getpid");
          const { count, array, set } = call;
          const wish = lab.prepare(
            {
              flags: call.flags,
              pids: call.pids,
              tls: call.tls,
              ...(count === undefined ? {} : { count }),
              ...(array === undefined ? {} : { array }),
              ...(set === undefined ? {} : { set }),
            },
            guest,
          );
          const order = lab.machine.registry.get(call.name)?.argOrder(task.path.convention.cloneOrder) ?? [];
          const args = Object.fromEntries(Object.entries(wish).filter(([name]) => order.includes(name)));
          if (call.fail !== undefined) lab.usePlan(new FaultPlan().failAllocation(call.fail));
          const before = census(lab.machine);
          lab.fresh();
          const result = guest.call(call.name, args);
          lab.usePlan(null);
          if (guest.errno(result) === null) return;
          failures++;
          const after = census(lab.machine);
          expect(withoutCursors(after)).toEqual(withoutCursors(before));
          const late = ["pid-", "proc-mount"].some((part) => lab.rung?.startsWith(part));
          if (!late) expect(after).toEqual(before);
        },
      ),
      { numRuns: 150 },
    );
    expect(failures).toBeGreaterThan(50);
  });
});

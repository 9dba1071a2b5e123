import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { FaultPlan } from "../../../src/mm/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { dropCapabilities, HOLE, Lab, NUMBERS, SCRATCH, SET } from "../support/lab.ts";

describe.each(ERAS)(`What clone_with_pids reads, ${TITLE}`, (era) => {
  const bytesOfSet = era.arch === "i386" ? 8 : 16;
  const reads = (lab: Lab): { address: number; length: number }[] =>
    lab.log.entries.filter((e) => e.access === "read").map(({ address, length }) => ({ address, length }));
  const set = { address: SET, length: bytesOfSet };

  test("U-17 the set is read once and the array once, no byte twice", () => {
    const lab = new Lab(era, { level: 2 });
    for (const pids of [[99], [77, 98], [0, 78, 97], [0, 0, 0]]) {
      lab.clone({ pids });
      expect(reads(lab)).toEqual([set, { address: NUMBERS, length: 4 * pids.length }]);
      expect(lab.log.doubleFetches()).toEqual([]);
    }
  });

  test("U-17 on the way to a failure, too, and never further than its rung", () => {
    const lab = new Lab(era, { level: 1 });
    const array = { address: NUMBERS, length: 4 };
    const cases: readonly (readonly [Parameters<Lab["clone"]>[0], readonly object[]])[] = [
      [{ flags: CLONE.NEWUSER | CLONE.THREAD, pids: [5] }, []],
      [{}, []],
      [{ set: HOLE }, [{ address: HOLE, length: bytesOfSet }]],
      [{ pids: [5], count: 0 }, [set]],
      [{ pids: [5], count: -1 }, [set]],
      [{ pids: [5], count: 3 }, [set]],
      [{ pids: [5], array: HOLE }, [set, { address: HOLE, length: 4 }]],
      [{ pids: [-5] }, [set, array]],
      [{ pids: [1] }, [set, array]],
      [{ pids: [5], flags: CLONE.SIGHAND }, [set, array]],
    ];
    for (const [wish, expected] of cases) {
      lab.clone(wish);
      expect(reads(lab)).toEqual(expected);
      expect(lab.log.doubleFetches()).toEqual([]);
    }
    dropCapabilities(lab.caller);
    lab.clone({ pids: [5] });
    expect(reads(lab)).toEqual([set, array]);
  });

  test("U-17 what changes after it was read changes nothing", () => {
    const lab = new Lab(era, { level: 1 });
    lab.prepare({ pids: [60] });
    const guest = lab.caller;
    // A racing thread rewrites the count and the pointer once the set has been read, the number once the array has.
    const plan = new FaultPlan()
      .observeAccess("2", () => guest.writeInts(SET, [-1]))
      .observeAccess("3", () => guest.writeInts(NUMBERS, [-5]));
    const args = lab.prepare({ pids: [60], flags: CLONE.PARENT_SETTID, parentTid: SCRATCH });
    lab.usePlan(plan);
    expect(guest.call("clone_with_pids", args)).toBe(60);
    expect([guest.readInt(SET), guest.readInt(NUMBERS)]).toEqual([-1, -5]);
  });

  test("U-18 the array is read after the struct and before any task is made", () => {
    const lab = new Lab(era, { level: 1 });
    const seen: { address: number; tasks: number; images: number; numbers: number }[] = [];
    const observe = ({ address }: { address: number }): void => {
      const { machine } = lab;
      seen.push({
        address,
        tasks: machine.tasks.size,
        images: machine.regsPool.live,
        numbers: machine.rootPidNs.live,
      });
    };
    const before = {
      tasks: lab.machine.tasks.size,
      images: lab.machine.regsPool.live,
      numbers: lab.machine.rootPidNs.live,
    };
    lab.prepare({ pids: [500, 77] });
    lab.usePlan(new FaultPlan().observeAccess("1+", observe));
    lab.clone({ pids: [500, 77], flags: CLONE.PARENT_SETTID, parentTid: SCRATCH });
    expect(seen.slice(0, 2)).toEqual([
      { address: SET, ...before },
      { address: NUMBERS, ...before },
    ]);
    // parent_tid is written when the child is there.
    expect(seen[2]).toEqual({
      address: SCRATCH,
      tasks: before.tasks + 1,
      images: before.images + 1,
      numbers: before.numbers + 1,
    });
  });

  test("U-18 a TLS descriptor is read after both", () => {
    if (era.arch !== "i386") return;
    const lab = new Lab(era);
    lab.caller.writeInts(SCRATCH, [6, 0, 0, 0]);
    expect(lab.clone({ pids: [70], flags: CLONE.SETTLS, tls: SCRATCH })).toBe(70);
    expect(reads(lab)).toEqual([set, { address: NUMBERS, length: 4 }, { address: SCRATCH, length: 16 }]);
  });
});

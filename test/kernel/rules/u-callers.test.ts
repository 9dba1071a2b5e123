import { describe, expect, test } from "vitest";
import { layoutOf } from "../../../src/abi/index.ts";
import { target_pid_set } from "../../../src/abi/structs/index.ts";
import { PAGE_SIZE } from "../../../src/mm/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { ARENA, expectFailure, HOLE, Lab, type Wish, writeSet } from "../support/lab.ts";

describe.each(ERAS)(`What is cut short, ${TITLE}`, (era) => {
  test("U-03 a copy that leaves a remainder is EFAULT, and nothing of it reaches the user", () => {
    const lab = new Lab(era, { level: 2 });
    const { size } = layoutOf(target_pid_set, lab.caller.task.path.model);
    const image = () => Buffer.from(lab.caller.read(ARENA, HOLE - ARENA));
    // A set cut after its first byte would be a count of 1, if the zeroed rest were taken for good.
    lab.caller.write(HOLE - PAGE_SIZE, new Uint8Array(PAGE_SIZE).fill(1));
    const cut = (wish: Wish, rung: string): void => {
      const args = lab.prepare(wish);
      const [before, tasks] = [image(), lab.machine.tasks.size];
      lab.fresh();
      expectFailure(lab, lab.caller.call("clone_with_pids", args), "EFAULT", rung);
      expect(image().equals(before)).toBe(true);
      expect(lab.machine.tasks.size).toBe(tasks);
      expect(lab.log.entries.filter((entry) => entry.access === "write")).toEqual([]);
    };
    for (let there = 0; there < size; there++) cut({ set: HOLE - there }, "set-unreadable");
    for (let there = 0; there < 12; there++)
      cut({ pids: [0, 77, 99], array: HOLE - there }, "array-unreadable");
    writeSet(lab.caller, ARENA, 0, 0);
    expect(lab.clone({ set: ARENA })).toBeGreaterThan(0);
  });
});

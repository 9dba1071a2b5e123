import { describe, expect, test } from "vitest";
import { layoutOf } from "../../../src/abi/index.ts";
import { eclone_args, target_pid_set } from "../../../src/abi/structs/index.ts";
import { PAGE_SIZE } from "../../../src/mm/index.ts";
import { BASE, TITLE } from "../support/eras.ts";
import { ARENA, expectFailure, HOLE, Lab, type Wish } from "../support/lab.ts";

describe.each(BASE)(`What is cut short, ${TITLE}`, (era) => {
  test("U-03 a copy that leaves a remainder is EFAULT, and nothing of it reaches the user", () => {
    const lab = new Lab(era, { level: 2 });
    const [struct, unreadable] =
      lab.call === "eclone"
        ? ([eclone_args, "args-unreadable"] as const)
        : ([target_pid_set, "set-unreadable"] as const);
    const { size } = layoutOf(struct, lab.caller.task.path.model);
    const image = () => Buffer.from(lab.caller.read(ARENA, HOLE - ARENA));
    // A set cut after its first byte would be a count of 1, if the zeroed rest were taken for good.
    lab.caller.write(HOLE - PAGE_SIZE, new Uint8Array(PAGE_SIZE).fill(1));
    const cut = (wish: Wish, rung: string): void => {
      const args = lab.prepare(wish);
      const [before, tasks] = [image(), lab.machine.tasks.size];
      lab.fresh();
      expectFailure(lab, lab.caller.call(lab.call, args), "EFAULT", rung);
      expect(image().equals(before)).toBe(true);
      expect(lab.machine.tasks.size).toBe(tasks);
      expect(lab.log.entries.filter((entry) => entry.access === "write")).toEqual([]);
    };
    for (let there = 0; there < size; there++) cut({ set: HOLE - there }, unreadable);
    for (let there = 0; there < 12; there++)
      cut({ pids: [0, 77, 99], array: HOLE - there }, "array-unreadable");
    lab.caller.writeStruct(ARENA, struct, {});
    expect(lab.clone({ set: ARENA })).toBeGreaterThan(0);
  });
});

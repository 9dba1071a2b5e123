import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { ECLONE, TITLE } from "../support/eras.ts";
import { dropCapabilities, expectFailure, HOLE, Lab } from "../support/lab.ts";

describe.each(ECLONE)(`Two faults at once, ${TITLE}`, (era) => {
  test("X-13 size 47, and the pointer bad: EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ size: 47, set: HOLE }), "EINVAL", "args-size");
    expect(lab.log.entries).toEqual([]);
  });

  test("X-14 reserved0 set, stack size set, and unprivileged: EINVAL, for reserved0", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ reserved: 1, stackSize: 8192, pids: [9] }), "EINVAL", "reserved-set");
  });

  test("X-15 stack size set, and NEWUSER unprivileged: EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    const wish = { stackSize: 8192, flags: CLONE.NEWUSER };
    expectFailure(lab, lab.clone(wish), "EINVAL", "stack-size-set");
  });

  test("X-16 pids bad, and unprivileged: EFAULT", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ pids: [9], array: HOLE }), "EFAULT", "array-unreadable");
  });

  test("X-17 −1 and a number at pid_max in one array: the innermost decides", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ pids: [-1, 32_768] }), "EINVAL", "pid-beyond-max");
    expectFailure(lab, lab.clone({ pids: [32_768, -1] }), "EINVAL", "pid-negative");
  });
});

import { describe, expect, test } from "vitest";
import { CLONE, RLIMIT } from "../../../src/abi/structs/index.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import {
  become,
  dropCapabilities,
  expectFailure,
  HOLE,
  KERNEL_ADDRESS,
  Lab,
  SCRATCH,
} from "../support/lab.ts";

const THREAD_ALONE = CLONE.THREAD | CLONE.VM;

// rules.md names cwp-v3 for these; nothing in them differs in v2, whose ladder is the same up to A-14.
describe.each(ERAS)(`Two faults at once, ${TITLE}`, (era) => {
  /** i386 has a descriptor to be unreadable; a 64-bit task's bad FS base stands at the same place of the ladder. */
  const tls = era.arch === "i386" ? HOLE : KERNEL_ADDRESS.x86_64;

  test("X-01 set pointer bad, and NEWUSER with THREAD: EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    const flags = CLONE.NEWUSER | CLONE.THREAD;
    expectFailure(lab, lab.clone({ set: HOLE, flags }), "EINVAL", "newuser-thread");
    expect(lab.log.entries).toEqual([]);
  });

  test("X-02 set pointer bad, and unprivileged: EFAULT", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ set: HOLE }), "EFAULT", "set-unreadable");
  });

  test("X-03 count too large, and array pointer bad: EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    const wish = { pids: [1, 2, 3], array: HOLE };
    expectFailure(lab, lab.clone(wish), "EINVAL", "count-too-deep");
    expect(lab.log.entries).toHaveLength(1);
  });

  test("X-04 array pointer bad, and unprivileged: EFAULT", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ pids: [9], array: HOLE }), "EFAULT", "array-unreadable");
  });

  test("X-05 unprivileged, and THREAD without SIGHAND: EPERM", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ pids: [9], flags: THREAD_ALONE }), "EPERM", "not-capable");
  });

  test("X-06 count 0, and unprivileged: success", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    expect(lab.child({ pids: [9], count: 0 }).task.tid).toBe(lab.caller.task.pidNs.lastPid);
  });

  test("X-07 set NULL, and THREAD without SIGHAND: EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ flags: THREAD_ALONE }), "EINVAL", "thread-without-sighand");
  });

  test("X-08 number taken, and SIGHAND without VM: EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ pids: [1], flags: CLONE.SIGHAND }), "EINVAL", "sighand-without-vm");
  });

  test("X-09 number negative, and SETTLS pointer bad: the TLS rung speaks", () => {
    const lab = new Lab(era, { level: 1 });
    const wish = { pids: [-1], flags: CLONE.SETTLS, tls };
    const [errno, rung] = era.arch === "i386" ? ["EFAULT", "tls-unreadable"] : ["EPERM", "tls-base"];
    expectFailure(lab, lab.clone(wish), errno, rung);
  });

  test("X-10 number taken, and over RLIMIT_NPROC: EAGAIN", () => {
    const lab = new Lab(era, { level: 1 });
    // Choosing numbers takes CAP_SYS_ADMIN, which also lifts the limit (B-06): both can only be wrong when the check of
    // the limit is made by a task that has lost the capability in between. The security hook stands in between.
    become(lab.caller, 1000, ["SYS_ADMIN"]);
    lab.caller.task.signal.setRlimit(RLIMIT.NPROC, limitOf(1));
    lab.machine.securityTaskCreate = () => {
      dropCapabilities(lab.caller);
      return null;
    };
    expectFailure(lab, lab.clone({ pids: [1] }), "EAGAIN", "nproc-limit");
    // The other limit of B, which spares nobody, shows the same order without a trick.
    const full = new Lab(era, { level: 1, maxThreads: 2 });
    expectFailure(full, full.clone({ pids: [1] }), "EAGAIN", "max-threads");
  });

  test("X-11 inner number taken, outer negative: EBUSY", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ pids: [-1, 1] }), "EBUSY", "pid-taken");
  });

  test("X-12 inner number negative, outer taken: EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ pids: [1, -1] }), "EINVAL", "pid-negative");
  });

  test("X-40 number out of range, and every pointer bad: ENOSYS", () => {
    const lab = new Lab(era, { level: 1 });
    const bad = KERNEL_ADDRESS[era.arch];
    expectFailure(lab, lab.caller.syscall(5000, [bad, bad, bad, bad, bad, bad]), "ENOSYS", "not-implemented");
    expect(lab.caller.readInt(SCRATCH)).toBe(0);
  });
});

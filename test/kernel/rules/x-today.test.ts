import { describe, expect, test } from "vitest";
import { CLONE, RLIMIT } from "../../../src/abi/structs/index.ts";
import { SIG } from "../../../src/kernel/index.ts";
import { sendSignal } from "../../../src/kernel/signal/send.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { ARGS, expectRefused, FULL, high, knownSize, Lab3 } from "../support/clone3.ts";
import { clone3Eras, clone3ErasBefore, TITLE } from "../support/eras.ts";
import { become, dropCapabilities, expectFailure, HOLE, SCRATCH } from "../support/lab.ts";

const SET_TID = clone3Eras("clone3-55");
const INTO_CGROUP = high(33);

describe.each(SET_TID)(`Two faults at once, ${TITLE}`, (era) => {
  const known = knownSize(era.profile);

  test("X-20 size 4097 and a bad pointer: E2BIG", () => {
    expectRefused(new Lab3(era), { at: HOLE, asItIs: true, size: 4097 }, "E2BIG", "size-too-large");
  });

  test("X-21 size 63 and a bad pointer: EINVAL", () => {
    expectRefused(new Lab3(era), { at: 0, asItIs: true, size: 63 }, "EINVAL", "size-too-small");
  });

  test("X-22 a tail that is not 0 and an unreadable head: E2BIG", () => {
    const lab = new Lab3(era);
    // The head begins in front of the arena; the tail is in it.
    const at = 0x1000_0000 - 8;
    lab.caller.write(at + known, Uint8Array.of(1));
    expectRefused(lab, { at, asItIs: true, size: known + 8 }, "E2BIG", "tail-not-zero");
    lab.caller.write(at + known, Uint8Array.of(0));
    expectRefused(lab, { at, asItIs: true, size: known + 8 }, "EFAULT", "struct-unreadable");
  });

  test("X-23 an unreadable tail and an unreadable head: EFAULT, the tail's", () => {
    expectRefused(new Lab3(era), { at: HOLE, asItIs: true, size: known + 8 }, "EFAULT", "tail-unreadable");
  });

  test("X-24 a tail that is not 0 and 33 numbers: E2BIG", () => {
    const lab = new Lab3(era);
    lab.clone3({ setTid: SCRATCH, count: 33 });
    lab.caller.write(ARGS + known, Uint8Array.of(1));
    expectRefused(lab, { asItIs: true, size: known + 8 }, "E2BIG", "tail-not-zero");
    expectRefused(lab, { asItIs: true, size: known }, "EINVAL", "tid-count-above-32");
  });

  test("X-25 an unreadable array and an unknown flag: EFAULT", () => {
    expectRefused(new Lab3(era), { setTid: HOLE, count: 1, flags: high(63) }, "EFAULT", "tids-unreadable");
  });

  test("X-26 exit signal 0x100 and an unreadable array: EINVAL", () => {
    const wish = { setTid: HOLE, count: 1, exitSignal: 0x100 };
    expectRefused(new Lab3(era), wish, "EINVAL", "exit-signal-wide");
  });

  test("X-27 an unreadable array and no privilege: EFAULT", () => {
    const lab = new Lab3(era);
    dropCapabilities(lab.caller);
    expectRefused(lab, { setTid: HOLE, count: 1 }, "EFAULT", "tids-unreadable");
  });

  test("X-28 number 0 and no privilege: EINVAL", () => {
    const lab = new Lab3(era);
    dropCapabilities(lab.caller);
    expectRefused(lab, { tids: [0] }, "EINVAL", "pid-below-one");
  });

  test("X-29 a number in use and no privilege: EPERM", () => {
    const lab = new Lab3(era);
    dropCapabilities(lab.caller);
    expectRefused(lab, { tids: [1] }, "EPERM", "pid-not-capable");
  });

  test("X-30 too many numbers and no privilege: EINVAL", () => {
    const lab = new Lab3(era);
    dropCapabilities(lab.caller);
    expectRefused(lab, { tids: [50, 51] }, "EINVAL", "pid-count-too-deep");
  });

  test("X-31 NEWNET without privilege and number 0: EPERM", () => {
    const lab = new Lab3(era);
    dropCapabilities(lab.caller);
    expectRefused(lab, { flags: CLONE.NEWNET, tids: [0] }, "EPERM", "namespace-not-capable");
  });

  test("X-36 a bad pidfd pointer and a number in use: EEXIST", () => {
    const lab = new Lab3(era);
    expectRefused(lab, { flags: CLONE.PIDFD, pidfd: HOLE, tids: [1] }, "EEXIST", "pid-taken");
    expectRefused(lab, { flags: CLONE.PIDFD, pidfd: HOLE, tids: [50] }, "EFAULT", "pidfd-unwritable");
  });

  test("X-37 THREAD without SIGHAND and a stack without a size: the stack's EINVAL", () => {
    const wish = { flags: CLONE.THREAD, exitSignal: 0, stack: SCRATCH };
    expectRefused(new Lab3(era), wish, "EINVAL", "stack-size-zero");
  });

  test("X-38 no array and 33 numbers: the number's EINVAL", () => {
    expectRefused(new Lab3(era), { setTid: 0, count: 33 }, "EINVAL", "tid-count-above-32");
  });

  test("X-40 a number out of range and bad pointers: ENOSYS", () => {
    const lab = new Lab3(era);
    expect(lab.caller.errno(lab.caller.syscall(100_000, [HOLE, 88]))).toBe("ENOSYS");
    expect(lab.log.entries).toEqual([]);
  });

  test("X-41 user namespaces too deep and RLIMIT_NPROC: ENOSPC since about 5.17, EAGAIN before", () => {
    const lab = new Lab3(era);
    let guest = lab.caller;
    for (let level = 1; level <= 33; level++) {
      guest = lab.made(lab.clone3({ flags: CLONE.NEWUSER }, guest), guest);
      guest.task.cred.userNs.mapped = true;
    }
    const { cred } = guest.task;
    guest.task.cred = { ...cred, uid: 1000, user: cred.userNs.account(1000) };
    guest.task.signal.setRlimit(RLIMIT.NPROC, limitOf(0));
    const result = lab.clone3({ flags: CLONE.NEWUSER }, guest);
    const before = clone3ErasBefore("clone3-63").some(({ profile }) => profile === era.profile);
    expect([guest.errno(result), lab.rung]).toEqual(
      before ? ["EAGAIN", "nproc-limit"] : ["ENOSPC", "user-namespace-too-deep"],
    );
  });

  test("X-44 PIDFD and PARENT_SETTID in one place and a stack without a size: the stack's EINVAL", () => {
    const flags = CLONE.PIDFD | CLONE.PARENT_SETTID;
    const wish = { flags, pidfd: SCRATCH, parentTid: SCRATCH, stack: SCRATCH };
    expectRefused(new Lab3(era), wish, "EINVAL", "stack-size-zero");
  });

  test("X-46 a pending signal and a number in use: the call starts again before the number is looked at", () => {
    const lab = new Lab3(era, { level: 1 });
    const { task } = lab.caller;
    task.sighand.set(SIG.USR1, { handler: 0x1000, restart: false });
    let asked = 0;
    lab.machine.securityTaskCreate = () => {
      asked++;
      return null;
    };
    sendSignal(lab.machine, task, SIG.USR1, null);
    task.sigpending = true;
    expectRefused(lab, { tids: [1] }, "EEXIST", "pid-taken");
    const [enter, restarted, again] = lab.records.filter(({ kind }) => kind === "enter" || kind === "exit");
    expect([enter?.kind, restarted?.kind, again?.kind]).toEqual(["enter", "exit", "enter"]);
    expect(restarted).toMatchObject({ outcome: { kind: "restart" } });
    expect(asked).toBe(1);
  });
});

describe.each(SET_TID.filter(({ profile }) => profile !== "clone3-55"))(
  `Two faults at once with CLONE_INTO_CGROUP, ${TITLE}`,
  (era) => {
    test("X-42 a struct without the field and an unreadable array: EINVAL", () => {
      const wish = { flags: INTO_CGROUP, size: 80, setTid: HOLE, count: 1 };
      expectRefused(new Lab3(era), wish, "EINVAL", "cgroup-number");
    });

    test("X-43 a bad descriptor and a number in use: EEXIST", () => {
      const lab = new Lab3(era);
      expectRefused(lab, { flags: INTO_CGROUP, cgroup: 999, tids: [1] }, "EEXIST", "pid-taken");
      expectRefused(lab, { flags: INTO_CGROUP, cgroup: 999, tids: [50] }, "EBADF", "cgroup-not-open");
    });
  },
);

describe.each(clone3ErasBefore("clone3-7x").filter(({ profile }) => profile !== "clone3-53"))(
  `Numbers, level by level, ${TITLE}`,
  (era) => {
    test("X-32 an inner number in use and an outer −1: EEXIST", () => {
      expectRefused(new Lab3(era, { level: 1 }), { tids: [1, -1] }, "EEXIST", "pid-taken");
    });

    test("X-34 a namespace without init, number 42, no privilege: EINVAL", () => {
      const lab = new Lab3(era, { level: 1 });
      lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
      dropCapabilities(lab.caller);
      expectRefused(lab, { tids: [42] }, "EINVAL", "pid-without-init");
    });
  },
);

describe.each(clone3Eras("clone3-7x"))(`Numbers in two phases, ${TITLE}`, (era) => {
  test("X-33 an inner number in use and an outer −1: EINVAL", () => {
    expectRefused(new Lab3(era, { level: 1 }), { tids: [1, -1] }, "EINVAL", "pid-below-one");
  });

  test("X-35 a namespace without init, number 42, no privilege: EPERM", () => {
    const lab = new Lab3(era, { level: 1 });
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    dropCapabilities(lab.caller);
    expectRefused(lab, { tids: [42] }, "EPERM", "pid-not-capable");
  });

  test("X-39 clone with signal 80 and THREAD without SIGHAND: the signal's EINVAL", () => {
    const lab = new Lab3(era);
    expectFailure(lab, lab.plain({ flags: CLONE.THREAD, signal: 80 }), "EINVAL", "exit-signal-invalid");
    expectFailure(lab, lab.plain({ flags: CLONE.THREAD }), "EINVAL", "thread-without-sighand");
  });
});

test("X-29 a user that owns its namespaces is refused at the first level it does not", () => {
  const lab = new Lab3({ arch: "x86_64", profile: "clone3-614" }, { level: 1 });
  become(lab.caller, 1000, []);
  const flags = CLONE.NEWUSER | CLONE.NEWPID;
  expectRefused(lab, { flags, tids: [1, 1], size: FULL }, "EPERM", "pid-not-capable");
});

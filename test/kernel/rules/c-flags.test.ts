import { describe, expect, test } from "vitest";
import { CLONE, RLIMIT } from "../../../src/abi/structs/index.ts";
import { SIG } from "../../../src/kernel/index.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { expectRefused, high, Lab3 } from "../support/clone3.ts";
import { clone3Eras, clone3ErasBefore, TITLE } from "../support/eras.ts";
import { KERNEL_ADDRESS, nest, SCRATCH } from "../support/lab.ts";

/** The first bit each era does not know. */
const UNKNOWN: Readonly<Record<string, number>> = {
  "clone3-53": 32,
  "clone3-55": 33,
  "clone3-7x": 38,
};

describe.each(clone3Eras())(`Ladder C, the flags, ${TITLE}`, (era) => {
  test("C-10 an exit signal with a bit above 0xff is EINVAL", () => {
    const lab = new Lab3(era);
    for (const exitSignal of [0x100, 0x111, 0x8000_0000, 1n << 32n, (1n << 32n) + 17n, 1n << 63n])
      expectRefused(lab, { exitSignal }, "EINVAL", "exit-signal-wide");
  });

  test("C-11 an exit signal above 64 is EINVAL", () => {
    const lab = new Lab3(era);
    const rung = era.profile === "clone3-7x" ? "exit-signal-invalid" : "exit-signal-above-64";
    for (const exitSignal of [65, 0x80, 0xf0, 0xff]) expectRefused(lab, { exitSignal }, "EINVAL", rung);
    for (const exitSignal of [0, 1, 32, 64])
      expect(lab.child3({ exitSignal }).task.exitSignal).toBe(exitSignal);
  });

  test("C-14 a flag nobody has defined is EINVAL", () => {
    const lab = new Lab3(era);
    for (let bit = UNKNOWN[era.profile] ?? 34; bit < 64; bit++)
      expectRefused(lab, { flags: high(bit) }, "EINVAL", "unknown-flag");
  });

  test("C-15 CLONE_DETACHED and the signal byte are EINVAL; CLONE_NEWTIME is a flag since about 6.3", () => {
    const lab = new Lab3(era);
    expectRefused(lab, { flags: CLONE.DETACHED }, "EINVAL", "legacy-flag");
    const newtime = clone3Eras("clone3-63").some(({ profile }) => profile === era.profile);
    for (let bit = 0; bit < 8; bit++) {
      if (bit === 7 && newtime) expect(lab.clone3({ flags: 0x80 })).toBeGreaterThan(0);
      else expectRefused(lab, { flags: 1 << bit }, "EINVAL", "legacy-flag");
    }
    expectRefused(lab, { flags: 0x91 }, "EINVAL", "legacy-flag");
  });

  test("C-17 a thread or a sibling with an exit signal is EINVAL", () => {
    const lab = new Lab3(era);
    const init = lab.fork();
    for (const flags of [CLONE.THREAD | CLONE.SIGHAND | CLONE.VM, CLONE.PARENT]) {
      const result = lab.clone3({ flags, exitSignal: SIG.CHLD }, init);
      expect([init.errno(result), lab.rung]).toEqual(["EINVAL", "exit-signal-of-sibling"]);
      expect(init.errno(lab.clone3({ flags, exitSignal: 0 }, init))).toBeNull();
    }
  });

  test("C-18 a stack size without a stack is EINVAL", () => {
    const lab = new Lab3(era);
    for (const stackSize of [1, 4096, 0xffff_ffffn])
      expectRefused(lab, { stackSize }, "EINVAL", "stack-null");
  });

  test("C-19 a stack without a size is EINVAL", () => {
    const lab = new Lab3(era);
    for (const stack of [1, SCRATCH, KERNEL_ADDRESS[era.arch]])
      expectRefused(lab, { stack }, "EINVAL", "stack-size-zero");
  });

  test("C-20 a stack that is no user range is EINVAL; whether it is mapped nobody asks", () => {
    const lab = new Lab3(era);
    const end = era.arch === "i386" ? 0xc000_0000n : 0x7fff_ffff_f000n;
    expect(lab.clone3({ stack: end - 4096n, stackSize: 4096 })).toBeGreaterThan(0);
    expect(lab.clone3({ stack: 1, stackSize: 1 })).toBeGreaterThan(0);
    const signBit = era.profile === "clone3-63" && era.arch === "x86_64";
    const beyond = lab.clone3({ stack: end - 4095n, stackSize: 4096 });
    // U-09: from 6.3 to 6.12 only the sign bit counts.
    if (signBit) expect(beyond).toBeGreaterThan(0);
    else expect([lab.caller.errno(beyond), lab.rung]).toEqual(["EINVAL", "stack-not-user"]);
    for (const [stack, stackSize] of [
      [KERNEL_ADDRESS[era.arch], 4096n],
      [SCRATCH, era.arch === "i386" ? 0xf000_0000n : (1n << 64n) - 1n],
    ] as const)
      expectRefused(lab, { stack, stackSize }, "EINVAL", "stack-not-user");
  });

  test("C-23 a pidfd and a parent tid in one place are EINVAL, even when both are NULL", () => {
    const lab = new Lab3(era);
    const flags = CLONE.PIDFD | CLONE.PARENT_SETTID;
    for (const at of [SCRATCH, 0, 1])
      expectRefused(lab, { flags, pidfd: at, parentTid: at }, "EINVAL", "pidfd-is-parent-tid");
    const child = lab.clone3({ flags, pidfd: SCRATCH, parentTid: SCRATCH + 4 });
    expect([lab.caller.readInt(SCRATCH), lab.caller.readInt(SCRATCH + 4)]).toEqual([0, child]);
  });
});

describe.each(clone3Eras("clone3-55"))(`CLONE_CLEAR_SIGHAND, ${TITLE}`, (era) => {
  test("C-16 handlers cannot be shared and cleared at once", () => {
    const lab = new Lab3(era);
    const flags = high(32) | BigInt(CLONE.SIGHAND | CLONE.VM);
    expectRefused(lab, { flags }, "EINVAL", "sighand-and-clear");
    expectRefused(lab, { flags: high(32) | BigInt(CLONE.SIGHAND) }, "EINVAL", "sighand-and-clear");
  });

  test("C-16 cleared, the child has no handler, and ignores what its parent did", () => {
    const lab = new Lab3(era);
    const { sighand } = lab.caller.task;
    sighand.set(SIG.USR1, { handler: 0x1000, restart: true });
    sighand.set(SIG.TERM, "ignore");
    const kept = lab.child3().task.sighand;
    expect([kept.get(SIG.USR1), kept.get(SIG.TERM)]).toEqual([{ handler: 0x1000, restart: true }, "ignore"]);
    const cleared = lab.child3({ flags: high(32) }).task.sighand;
    expect([cleared.get(SIG.USR1), cleared.get(SIG.TERM)]).toEqual(["default", "ignore"]);
    expect(sighand.get(SIG.USR1)).not.toBe("default");
  });
});

describe.each(clone3Eras("clone3-7x"))(`What came in 2026, ${TITLE}`, (era) => {
  test("C-22 EMPTY_MNTNS is NEWNS too, and then meets its rules", () => {
    const lab = new Lab3(era);
    const flags = high(37);
    const mine = lab.caller.task.nsproxy.mnt;
    expect(lab.child3({ flags }).task.nsproxy.mnt).not.toBe(mine);
    expectRefused(lab, { flags: flags | BigInt(CLONE.FS) }, "EINVAL", "newns-fs");
  });

  test("C-24 L-06 an exit signal above 64 is EINVAL for every caller", () => {
    const lab = new Lab3(era);
    for (const signal of [65, 80, 255]) {
      const result = lab.plain({ signal });
      expect([lab.caller.errno(result), lab.rung]).toEqual(["EINVAL", "exit-signal-invalid"]);
      expectRefused(lab, { exitSignal: signal }, "EINVAL", "exit-signal-invalid");
    }
  });
});

describe.each(clone3ErasBefore("clone3-7x"))(`The signal byte of clone, ${TITLE}`, (era) => {
  test("L-06 before 2026 an exit signal from 65 to 255 is taken in silence", () => {
    const lab = new Lab3(era);
    for (const signal of [65, 80, 255]) expect(lab.made(lab.plain({ signal })).task.exitSignal).toBe(signal);
  });
});

test("C-23 the pidfd comes where it was asked for, below the limit of descriptors", () => {
  const lab = new Lab3({ arch: "x86_64", profile: "clone3-614" });
  const inner = nest(lab.caller);
  inner.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(1, 1));
  lab.clone3({ flags: CLONE.PIDFD, pidfd: SCRATCH }, inner);
  expect(inner.readInt(SCRATCH)).toBe(0);
});

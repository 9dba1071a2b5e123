import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { boot, Guest, PROFILES, QUIRKS, type QuirkSwitch, SIG } from "../../../src/kernel/index.ts";
import { ECLONE, type Era, TITLE, V3 } from "../support/eras.ts";
import {
  dropCapabilities,
  expectFailure,
  HOLE,
  Lab,
  type LabOptions,
  NUMBERS,
  SCRATCH,
} from "../support/lab.ts";

const NATIVE: Era = { arch: "x86_64", profile: "eclone" };

function lab(era: Era, quirk: QuirkSwitch, options: LabOptions = {}): Lab {
  return new Lab(era, { level: 1, ...options, quirks: [quirk] });
}

/** The machine stands still because of a quirk; nothing was answered, and nothing of trapgate's is wrong. */
function expectUndefined(l: Lab, result: number | null, quirk: string): void {
  expect(result).toBeNull();
  expect(l.machine.panicked).toMatch(
    new RegExp(`^Kernel panic - not syncing: undefined behaviour, ${quirk}: `),
  );
  expect(l.machine.oopses).toEqual([]);
  const tasks = l.machine.tasks.size;
  expect(l.caller.call("getpid")).toBeNull();
  expect(l.machine.tasks.size).toBe(tasks);
}

describe.each(ECLONE)(`Quirks, ${TITLE}`, (era) => {
  const HUGE = [0x8000_0000, 0xc000_0001, 0xffff_ffff];

  test("Q-01 off, as by default: a count of 2^31 or more is EINVAL, as any that is too deep", () => {
    for (const l of [new Lab(era, { level: 1 }), lab(era, "!Q-01")])
      for (const count of HUGE) {
        expectFailure(l, l.clone({ pids: [9], count }), "EINVAL", "count-too-deep");
        expectFailure(l, l.clone({ pids: [9], count, array: HOLE }), "EINVAL", "count-too-deep");
      }
  });

  test("Q-01 on: such a count passes every bound, before the capability, and kernel memory is overwritten", () => {
    for (const count of HUGE) {
      const l = lab(era, "Q-01");
      dropCapabilities(l.caller);
      expectUndefined(l, l.clone({ pids: [9], count }), "Q-01");
    }
    const l = lab(era, "Q-01");
    expectFailure(l, l.clone({ pids: [9], count: 0x7fff_ffff }), "EINVAL", "count-too-deep");
    expectFailure(l, l.clone({ pids: [9], count: 2 ** 31, stackSize: 1 }), "EINVAL", "stack-size-set");
  });

  test("Q-10 off, as by default: clone_flags_high that is not 0 is EINVAL", () => {
    for (const l of [new Lab(era, { level: 1 }), lab(era, "!Q-10")])
      expectFailure(l, l.clone({ flagsHigh: 1n << 33n }), "EINVAL", "flags-high-set");
  });

  test("Q-10 on: it is accepted in silence; reserved0 is not", () => {
    const l = lab(era, "Q-10");
    for (const flagsHigh of [1n, 1n << 33n, -1n]) {
      const child = l.child({ flagsHigh, pids: [55] });
      l.bury(child);
    }
    expectFailure(l, l.clone({ flagsHigh: 1, reserved: 1 }), "EINVAL", "reserved-set");
  });

  test("Q-10 on and Q-14 off: the mask at full width refuses it, after the capability", () => {
    const l = new Lab(era, { level: 1, quirks: ["Q-10", "!Q-14"] });
    const wish = { flagsHigh: 1n << 3n, pids: [55] };
    expectFailure(l, l.clone(wish), "EINVAL", "flag-unknown");
    expectFailure(l, l.clone({ ...wish, flags: CLONE.SIGHAND }), "EINVAL", "flag-unknown");
    dropCapabilities(l.caller);
    expectFailure(l, l.clone(wish), "EPERM", "not-capable");
    // The field's own upper half is shifted out of the 64 flags.
    expect(l.caller.errno(l.clone({ flagsHigh: 1n << 32n }))).toBeNull();
  });
});

describe("Quirks", () => {
  // A 32-bit program of an i386 kernel, and one of an x86_64 kernel.
  describe.each([
    ["i386", 6],
    ["x86_64", 12],
  ] as const)("of a 32-bit program on %s", (arch, slot) => {
    const era: Era = { arch, profile: "eclone" };
    const flags = CLONE.SETTLS;

    test("Q-04 X-45 on, as by default: the descriptor is read from the pids, the first number its entry", () => {
      for (const l of [new Lab(era, { level: 1, bits: 32 }), lab(era, "Q-04", { bits: 32 })]) {
        expectFailure(l, l.clone({ flags, pids: [500] }), "EINVAL", "tls-entry");
        // The descriptor is judged before any number is chosen: 1 is taken.
        expectFailure(l, l.clone({ flags, pids: [1] }), "EINVAL", "tls-entry");
        l.caller.writeInts(NUMBERS, [0, 0x1234, 0xfffff, 0x51]);
        const child = l.child({ flags, pids: [slot] });
        expect(child.task.tid).toBe(slot);
        expect(child.task.tls?.[0]).toEqual([slot, 0x1234, 0xfffff, 0x51]);
      }
    });

    test("Q-04 on: a descriptor behind the array that cannot be read is EFAULT", () => {
      const l = new Lab(era, { level: 1, bits: 32 });
      l.caller.writeInts(HOLE - 4, [slot]);
      expectFailure(l, l.clone({ flags, pids: [slot], array: HOLE - 4 }), "EFAULT", "tls-unreadable");
      expectFailure(l, l.clone({ flags, pids: [], array: HOLE }), "EFAULT", "tls-unreadable");
    });

    test("Q-04 off: the descriptor is where the register of a fifth argument points", () => {
      const l = lab(era, "!Q-04", { bits: 32 });
      l.caller.writeInts(SCRATCH, [slot, 0x1234, 0xfffff, 0x51]);
      const child = l.child({ flags, pids: [500], tls: SCRATCH });
      expect(child.task.tid).toBe(500);
      expect(child.task.tls?.[0]).toEqual([slot, 0x1234, 0xfffff, 0x51]);
      expectFailure(l, l.clone({ flags, pids: [501], tls: HOLE }), "EFAULT", "tls-unreadable");
    });

    test("Q-04 plain clone has its descriptor in a register of its own, on or off", () => {
      for (const quirk of ["Q-04", "!Q-04"] as const) {
        const l = lab(era, quirk, { bits: 32 });
        l.caller.writeInts(SCRATCH, [slot, 0x1234, 0xfffff, 0x51]);
        const child = l.made(l.plain({ flags, tls: SCRATCH }));
        expect(child.task.tls?.[0]?.[1]).toBe(0x1234);
      }
    });
  });

  test("Q-04 a 64-bit program's base is in r8, behind the arguments, on or off", () => {
    for (const quirk of ["Q-04", "!Q-04"] as const) {
      const l = lab(NATIVE, quirk);
      const child = l.child({ flags: CLONE.SETTLS, pids: [500], tls: 0x7f00_0000_1000n });
      expect([child.task.tid, child.task.fsBase]).toEqual([500, 0x7f00_0000_1000]);
    }
  });

  const BEYOND: LabOptions = { pidMax: 100_000 };

  test("Q-05 off, as by default: a number in use beyond 32767 is EBUSY", () => {
    for (const l of [new Lab(NATIVE, { level: 1, ...BEYOND }), lab(NATIVE, "!Q-05", BEYOND)]) {
      expect(l.clone({ pids: [40_000] })).toBe(40_000);
      expectFailure(l, l.clone({ pids: [40_000] }), "EBUSY", "pid-taken");
    }
  });

  test("Q-05 on: the kernel goes on outside the map", () => {
    const l = lab(NATIVE, "Q-05", BEYOND);
    l.child({ pids: [32_767] });
    expect(l.clone({ pids: [40_000] })).toBe(40_000);
    // In the map's first page all is well.
    expectFailure(l, l.clone({ pids: [32_767] }), "EBUSY", "pid-taken");
    expectUndefined(l, l.clone({ pids: [40_000] }), "Q-05");
  });

  test("Q-14 on, as by default: flags above bit 31 of a native clone are ignored", () => {
    for (const l of [new Lab(NATIVE, { level: 1 }), lab(NATIVE, "Q-14")]) {
      const flags = (0xdead_beefn << 32n) | BigInt(SIG.CHLD);
      expect(l.caller.errno(l.caller.call("clone", { flags }))).toBeNull();
    }
  });

  test("Q-14 off: they are EINVAL, in front of everything else in copy_process", () => {
    const l = lab(NATIVE, "!Q-14");
    const flags = (1n << 40n) | BigInt(CLONE.SIGHAND | SIG.CHLD);
    expectFailure(l, l.caller.call("clone", { flags }), "EINVAL", "flag-unknown");
    expectFailure(l, l.plain({ flags: CLONE.SIGHAND }), "EINVAL", "sighand-without-vm");
    expect(l.clone({ pids: [9] })).toBe(9);
  });
});

describe.each(V3)(`Quirks, ${TITLE}`, (era) => {
  /** A machine whose only free numbers are those the kernel never chooses. */
  function full(quirk: QuirkSwitch, last: number): Lab {
    const l = lab(era, quirk, { level: 0, pidMax: 303 });
    l.machine.rootPidNs.lastPid = 299;
    for (const nr of [300, 301, 302]) expect(l.clone()).toBe(nr);
    l.machine.rootPidNs.lastPid = last;
    return l;
  }

  test("Q-03 off, as by default: with every number in use the kernel's choice is EAGAIN", () => {
    for (const last of [300, 301, 302]) {
      const l = full("!Q-03", last);
      expectFailure(l, l.clone(), "EAGAIN", "pid-exhausted");
    }
  });

  test("Q-03 on: it is 0, and fork answers 0 to the parent; EAGAIN where the last number was 300", () => {
    for (const last of [301, 302]) {
      const l = full("Q-03", last);
      const { size } = l.machine.tasks;
      expect(l.plain()).toBe(0);
      expect(l.machine.tasks.size).toBe(size + 1);
      const child = new Guest(l.machine, [...l.machine.tasks].at(-1) ?? l.caller.task);
      expect([child.call("getpid"), child.call("getppid")]).toEqual([0, 1]);
      expect(l.machine.oopses).toEqual([]);
    }
    const l = full("Q-03", 300);
    expectFailure(l, l.clone(), "EAGAIN", "pid-exhausted");
  });

  test("Q-03 on: a child without a number can be reaped, and others after it", () => {
    const l = full("Q-03", 302);
    expect(l.plain()).toBe(0);
    const child = new Guest(l.machine, [...l.machine.tasks].at(-1) ?? l.caller.task);
    child.call("exit_group", { error_code: 3 });
    l.bury(l.caller.child(301));
    expect(l.plain()).toBe(301);
    expect(l.machine.oopses).toEqual([]);
  });
});

describe("The catalogue", () => {
  test("has Q-01 to Q-14 in order, each with a switch or a reason for having none", () => {
    expect(QUIRKS.map(({ id }) => id)).toEqual(
      Array.from({ length: 14 }, (_, i) => `Q-${String(i + 1).padStart(2, "0")}`),
    );
    for (const quirk of QUIRKS) {
      const text = "noSwitch" in quirk ? quirk.noSwitch : quirk.on && quirk.off;
      for (const said of [quirk.title, quirk.happens, quirk.advice, text]) expect(said).not.toBe("");
      for (const name of quirk.profiles) expect(PROFILES[name], name).toBeDefined();
    }
  });

  test("is data that prints as JSON", () => {
    expect(JSON.parse(JSON.stringify(QUIRKS))).toEqual(QUIRKS);
  });

  const switched = QUIRKS.flatMap((quirk) => ("noSwitch" in quirk ? [] : [quirk]));

  test.each(switched)("$id: the default is what a machine does without a word", (quirk) => {
    for (const profile of quirk.profiles) {
      const said = (quirk.default === "on" ? quirk.id : `!${quirk.id}`) as QuirkSwitch;
      const plain = boot({ profile, frames: 8 }).profile;
      expect(boot({ profile, frames: 8, quirks: [said] }).profile).toEqual(plain);
      const other = (quirk.default === "on" ? `!${quirk.id}` : quirk.id) as QuirkSwitch;
      expect(boot({ profile, frames: 8, quirks: [other] }).profile).not.toEqual(plain);
      expect(boot({ profile, frames: 8, quirks: [other, said] }).profile).toEqual(plain);
    }
  });

  test.each([
    ["Q-99", "eclone", "no quirk is called Q-99: there are Q-01, Q-02, Q-03, Q-04, Q-05, Q-10, Q-14"],
    ["Q-06", "eclone", "Q-06 has no switch: a slip of a document: no kernel behaves by it"],
    ["!Q-13", "eclone", "Q-13 has no switch: a matter of names: neither version is emulated"],
    ["Q-04", "cwp-v3", "Q-04 belongs to eclone, not to cwp-v3"],
  ])("refuses %s under %s", (quirk, profile, message) => {
    expect(() => boot({ profile, frames: 8, quirks: [quirk as QuirkSwitch] })).toThrow(
      new RangeError(message),
    );
  });
});

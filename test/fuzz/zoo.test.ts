import { describe, expect, test } from "vitest";
import { CLONE, clone_args, eclone_args } from "../../src/abi/index.ts";
import { capabilities, withoutCapabilities } from "../../src/kernel/index.ts";
import { FaultPlan } from "../../src/mm/index.ts";
import { census, withoutCursors } from "../kernel/support/census.ts";
import { Booth } from "./zoo/booth.ts";
import { type DetectorName, ZOO } from "./zoo/index.ts";

const NOWHERE = 0x6000_0000;
const KERNEL = 0xffff_8000_0000_0000n;

/** One call by hand, and what it comes to with the original and with the bug. */
interface Shown {
  readonly bits?: 32;
  readonly do: (b: Booth) => unknown;
  readonly original: unknown;
  readonly bug: unknown;
}

const shown = (original: unknown, bug: unknown, run: Shown["do"], bits?: 32): Shown =>
  bits === undefined ? { do: run, original, bug } : { do: run, original, bug, bits };

/** Bytes of `n` that have the poison of kernel memory, which a second run has too. */
function poisoned(b: Booth, at: number, n: number): number {
  return b.guest.read(at, n).filter((byte) => byte === 0xe7).length;
}

/** What the call left behind that it should not have. */
function changed(b: Booth, run: () => void): boolean {
  const before = JSON.stringify(withoutCursors(census(b.machine)));
  run();
  return JSON.stringify(withoutCursors(census(b.machine))) !== before;
}

function clone3(b: Booth, values: Readonly<Record<string, number | bigint>>): number | string | null {
  const uargs = b.room(88);
  b.guest.writeStruct(uargs, clone_args, { exit_signal: 17, ...values });
  return b.call({ uargs, size: 88 });
}

function eclone(
  b: Booth,
  flags_low: number,
  values: Readonly<Record<string, number>>,
  pids: number,
): number | string | null {
  const args = b.room(48);
  b.guest.writeStruct(args, eclone_args, values);
  return b.call({ flags_low, args, args_size: 48, pids });
}

/** A struct target_pid_set of `count` and the numbers. */
function setOf(b: Booth, count: number, ...pids: readonly number[]): number {
  const array = b.room(pids.length * 4);
  b.guest.writeInts(array, pids);
  return b.words(count, array);
}

function powerless(b: Booth): void {
  const { cred } = b.guest.task;
  b.guest.task.cred = {
    ...cred,
    effective: withoutCapabilities(cred.effective, capabilities(["SYS_ADMIN"])),
  };
}

const SHOWN: Readonly<Record<string, Shown>> = {
  "zoo_read/one-too-many": shown([10, 10], [10, 11], (b) => [
    b.call({ buf: b.room(20), count: 10 }),
    b.written,
  ]),
  "zoo_read/short-is-whole": shown([6, 6], [10, 6], (b) => [
    b.call({ buf: b.room(6), count: 10 }),
    b.written,
  ]),
  "zoo_read/answers-what-is-left": shown(10, 0, (b) => b.call({ buf: b.room(10), count: 10 })),
  "zoo_read/past-the-end": shown([4, 0], [16, 12], (b) => {
    b.machine.pool.poison = 0xe7;
    const buf = b.room(16);
    return [b.call({ buf, count: 16, offset: 296 }), poisoned(b, buf, 16)];
  }),
  "zoo_read/range-first": shown("offset-negative", "not-user-range", (b) =>
    b.call({ buf: KERNEL, count: 1, offset: -1 }),
  ),
  "zoo_read/offset-not-extended": shown(
    "offset-negative",
    0,
    (b) => b.call({ buf: b.room(8), count: 8, offset: -1 }),
    32,
  ),
  "zoo_read/unsigned-rest": shown(10, "oops", (b) => b.call({ buf: b.room(10), count: 10 })),
  "zoo_getname/no-nul": shown([7, 7], [7, 6], (b) => [b.call({ buf: b.room(64), size: 64 }), b.written]),
  "zoo_getname/fills-then-refuses": shown(["too-small", 0], ["too-small", 3], (b) => [
    b.call({ buf: b.room(3), size: 3 }),
    b.written,
  ]),
  "zoo_getname/whole-local": shown(0, 57, (b) => {
    b.machine.pool.poison = 0xe7;
    const buf = b.room(64);
    b.call({ buf, size: 64 });
    return poisoned(b, buf, 64);
  }),
  "zoo_getname/size-minus-one": shown(["too-small", 0], [7, 7], (b) => [
    b.call({ buf: b.room(64), size: 0 }),
    b.written,
  ]),
  "zoo_getname/buffer-first": shown("too-small", "buffer-unwritable", (b) =>
    b.call({ buf: NOWHERE, size: 2 }),
  ),
  "zoo_setname/measures-then-copies": shown([0, 0], [0, 3], (b) => [
    b.call({ name: b.text("zoo") }),
    b.readTwice,
  ]),
  "zoo_setname/all-sixteen": shown(0, "name-unreadable", (b) => b.call({ name: b.text("zoo") })),
  "zoo_setname/letter-by-letter": shown(["name-unreadable", "init"], ["name-unreadable", "ze"], (b) => [
    b.call({ name: b.holding(new TextEncoder().encode("ze")) }),
    b.guest.task.comm,
  ]),
  "zoo_setname/renames-then-allocates": shown(["no-memory", "init"], ["no-memory", "zoo"], (b) => {
    b.inject(new FaultPlan().failAllocation("1", "name"));
    return [b.call({ name: b.text("zoo") }), b.guest.task.comm];
  }),
  "zoo_readv/vector-twice": shown([8, 0], [8, 16], (b) => [
    b.call({ vec: b.words(b.room(8), 8), vlen: 1 }),
    b.readTwice,
  ]),
  "zoo_readv/vector-before-count": shown("too-many-segments", "vector-unreadable", (b) =>
    b.call({ vec: NOWHERE, vlen: 1025 }),
  ),
  "zoo_readv/total-in-32-bits": shown([100, 100], [4, 100], (b) => {
    // Low enough for 4 GiB to stay in user space.
    const low = b.guest.map(4096, undefined, 0x1000_0000);
    const vec = b.words(low, 0xffff_ffff, low, 5);
    return [b.call({ vec, vlen: 2 }), b.written];
  }),
  "zoo_readv/waits-on-empty": shown(8, "oops", (b) =>
    b.call({ vec: b.words(b.room(8), 0, b.room(8), 8), vlen: 2 }),
  ),
  "zoo_readv/native-segments": shown(
    8,
    "vector-unreadable",
    (b) => b.call({ vec: b.words(b.room(8), 8), vlen: 1 }),
    32,
  ),
  "zoo_readv/no-segment": shown(0, "oops", (b) => b.call({ vec: 0, vlen: 0 })),
  "zoo_stat/padding": shown(0, 12, (b) => {
    b.machine.pool.poison = 0xe7;
    const st = b.room(56);
    b.call({ st });
    return poisoned(b, st, 56);
  }),
  "zoo_stat/spare-words": shown(0, 16, (b) => {
    b.machine.pool.poison = 0xe7;
    const st = b.room(56);
    b.call({ st });
    return poisoned(b, st, 56);
  }),
  "zoo_stat/before-it-grew": shown([0, 56], [0, 48], (b) => [b.call({ st: b.room(56) }), b.written]),
  "zoo_stat/native-layout": shown(
    [0, 44],
    ["st-unwritable", 44],
    (b) => [b.call({ st: b.room(44) }), b.written],
    32,
  ),
  "zoo_stat/mask-sign-extended": shown(
    0,
    0xff,
    (b) => {
      const st = b.room(44);
      b.call({ st, mask: 0x8000_0000 });
      return b.guest.read(st + 15, 1)[0];
    },
    32,
  ),
  "zoo_stat/flags-as-long": shown(0, "flags-unknown", (b) =>
    b.call({ st: b.room(56), flags: 0xdead_0000_0001n }),
  ),
  "zoo_stat/clears-first": shown(["no-task", 0], ["no-task", 56], (b) => [
    b.call({ pid: 99, st: b.room(56) }),
    b.written,
  ]),
  "zoo_stat/range-first": shown("no-task", "st-unwritable", (b) => b.call({ pid: 99, st: KERNEL })),
  "zoo_stat/task-before-flags": shown("flags-unknown", "no-task", (b) => b.call({ pid: 99, flags: 2 })),
  "zoo_stat/no-null-check": shown("no-task", "oops", (b) => b.call({ pid: 99, st: b.room(56) })),
  "zoo_open/installs-first": shown(["fd-unwritable", []], ["fd-unwritable", [0]], (b) => [
    b.call({ fd: NOWHERE }),
    b.guest.task.files.descriptors(),
  ]),
  "zoo_open/keeps-the-file": shown(["fd-unwritable", 0], ["fd-unwritable", 1], (b) => [
    b.call({ fd: NOWHERE }),
    b.machine.filp.used,
  ]),
  "zoo_open/keeps-the-number": shown(["no-memory", 0], ["no-memory", 1], (b) => {
    const fd = b.room(4);
    b.inject(new FaultPlan().failAllocation("1"));
    const first = b.call({ fd });
    b.inject(new FaultPlan());
    b.call({ fd });
    return [first, b.guest.readInt(fd)];
  }),
  "zoo_clone3/flags-again": shown([2, 0], [2, 8], (b) => [clone3(b, {}), b.readTwice]),
  "zoo_clone3/pidfd-reset": shown(["legacy-flag", 0], ["legacy-flag", 4], (b) => {
    const pidfd = b.room(4);
    return [clone3(b, { flags: CLONE.PIDFD | CLONE.DETACHED, pidfd }), b.written];
  }),
  "zoo_clone3/stack-before-flags": shown("legacy-flag", "stack-null", (b) =>
    clone3(b, { flags: CLONE.DETACHED, stack_size: 4096 }),
  ),
  "zoo_clone3/keeps-pidfd": shown(["pidfd-unwritable", false], ["pidfd-unwritable", true], (b) => {
    let rung: unknown = null;
    const left = changed(b, () => {
      rung = clone3(b, { flags: CLONE.PIDFD, pidfd: NOWHERE });
    });
    return [rung, left && b.machine.filp.used > 0];
  }),
  "zoo_clone3/keeps-memory": shown(["pidfd-unwritable", 0], ["pidfd-unwritable", 1], (b) => {
    const pidfd = b.room(4);
    b.guest.writeInts(pidfd, [1]);
    const rung = clone3(b, { flags: CLONE.PIDFD, pidfd: NOWHERE });
    // What is still shared with the copy is copied before it is written.
    const frames = b.machine.pool.used;
    b.guest.writeInts(pidfd, [2]);
    return [rung, b.machine.pool.used - frames];
  }),
  "zoo_clone_with_pids/count-peeked": shown([77, 0], [77, 4], (b) => [
    b.call({ flags: 17, pid_set: setOf(b, 1, 77) }),
    b.readTwice,
  ]),
  "zoo_clone_with_pids/capability-first": shown("set-unreadable", "not-capable", (b) => {
    powerless(b);
    return b.call({ flags: 17, pid_set: NOWHERE });
  }),
  "zoo_clone_with_pids/set-before-newuser": shown(["newuser-thread", 0], ["newuser-thread", 2], (b) => [
    b.call({ flags: CLONE.NEWUSER | CLONE.THREAD, pid_set: setOf(b, 1, 77) }),
    b.log.entries.length,
  ]),
  "zoo_clone_with_pids/native-set": shown(
    77,
    "set-unreadable",
    (b) => b.call({ flags: 17, pid_set: setOf(b, 1, 77) }),
    32,
  ),
  "zoo_clone_with_pids/keeps-pid": shown(["proc-mount", 77], ["proc-mount", "pid-taken"], (b) => {
    const pid_set = setOf(b, 1, 77);
    b.inject(new FaultPlan().failAllocation("1", "proc_mnt"));
    const first = b.call({ flags: CLONE.NEWPID | 17, pid_set });
    b.inject(new FaultPlan());
    return [first, b.call({ flags: 17, pid_set })];
  }),
  "zoo_eclone/array-before-newuser": shown(["newuser-thread", 48], ["newuser-thread", 52], (b) => {
    const pids = b.room(4);
    const flags = CLONE.NEWUSER | CLONE.THREAD;
    return [eclone(b, flags, { nr_pids: 1 }, pids), b.log.entries.reduce((sum, { done }) => sum + done, 0)];
  }),
  "zoo_eclone/count-wraps": shown("count-too-deep", "oops", (b) =>
    eclone(b, 17, { nr_pids: 0x4000_0001 }, b.room(4)),
  ),
  "zoo_eclone/capability-before-newuser": shown("newuser-thread", "not-capable", (b) => {
    powerless(b);
    return eclone(b, CLONE.NEWUSER | CLONE.THREAD, { nr_pids: 1 }, b.room(4));
  }),
  "zoo_clone/parent-tid-first": shown(["thread-without-sighand", 0], ["thread-without-sighand", 4], (b) => {
    const flags = CLONE.PARENT_SETTID | CLONE.THREAD;
    return [b.call({ flags, parent_tid: b.room(4) }), b.written];
  }),
  "zoo_clone/memory-held-twice": shown([2, 1], [2, 2], (b) => {
    const child = b.call({ flags: CLONE.VM | 17 });
    b.guest.child(child as number).call("exit");
    return [child, b.guest.task.mm?.users];
  }),
};

const BUGS = ZOO.flatMap((zoo) => zoo.bugs.map((bug) => ({ zoo, bug })));

describe("the zoo", () => {
  test("has at least 25 bugs, some for every detector, each with a name and a line of its own", () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(25);
    const found = new Set(BUGS.map(({ bug }) => bug.detector));
    const all: Record<DetectorName, true> = {
      "double-fetch": true,
      "touch-before-turn": true,
      "write-on-failure": true,
      "partial-copy": true,
      "kernel-bytes": true,
      "error-order": true,
      "fault-atomicity": true,
      "compat-drift": true,
      oops: true,
      hang: true,
      leak: true,
    };
    expect([...found].sort()).toEqual(Object.keys(all).sort());
    expect(new Set(BUGS.map(({ bug }) => bug.name)).size).toBe(BUGS.length);
    expect(new Set(BUGS.map(({ bug }) => bug.about)).size).toBe(BUGS.length);
    expect(BUGS.filter(({ bug }) => bug.about === "" || bug.about.includes("\n"))).toEqual([]);
  });

  test("shows every bug by hand", () => {
    expect(Object.keys(SHOWN).sort()).toEqual(BUGS.map(({ bug }) => bug.name).sort());
  });

  test.each(BUGS)("$bug.name is there, and not in the original", ({ zoo, bug }) => {
    const { do: run, original, bug: wrong, bits } = SHOWN[bug.name] as Shown;
    expect(run(new Booth(zoo, zoo.original, bits)), "the original").toEqual(original);
    expect(run(new Booth(zoo, bug.call, bits)), "the copy").toEqual(wrong);
    expect(original).not.toEqual(wrong);
  });
});

describe("an original does what it should:", () => {
  const of = (name: string, bits?: 32): Booth => {
    const zoo = ZOO.find((z) => z.name === name);
    if (zoo === undefined) throw new Error(`the zoo has no ${name}`);
    return new Booth(zoo, zoo.original, bits);
  };
  const ascii = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

  test("zoo_read", () => {
    const b = of("zoo_read");
    const buf = b.room(8);
    expect(b.call({ buf, count: 8, offset: 26 })).toBe(8);
    expect(ascii(b.guest.read(buf, 8))).toBe("abcdefgh");
    expect(b.call({ buf, count: 8, offset: 297 })).toBe(3);
    expect(b.call({ buf, count: 8, offset: 300 })).toBe(0);
    expect(b.call({ buf: buf + 8, count: 8 })).toBe("buffer-unwritable");
  });

  test("zoo_getname and zoo_setname", () => {
    const b = of("zoo_getname");
    const buf = b.room(7);
    expect(b.call({ buf, size: 7 })).toBe(7);
    expect(ascii(b.guest.read(buf, 7))).toBe("init/1\0");
    const s = of("zoo_setname");
    expect(s.call({ name: s.text("lion") })).toBe(0);
    expect(s.guest.task.comm).toBe("lion");
    expect(s.call({ name: s.text("") })).toBe("name-empty");
    expect(s.call({ name: s.text("a name of sixteen") })).toBe("name-too-long");
    expect(s.guest.task.comm).toBe("lion");
  });

  test.each([undefined, 32] as const)("zoo_readv, %s bits", (bits) => {
    const b = of("zoo_readv", bits);
    const [one, two] = [b.room(3), b.room(4)];
    expect(b.call({ vec: b.words(one, 3, 0, 0, two, 4), vlen: 3 })).toBe(7);
    expect(ascii(b.guest.read(one, 3)) + ascii(b.guest.read(two, 4))).toBe("abcdefg");
    expect(b.call({ vec: b.words(one, 3, NOWHERE, 4), vlen: 2 })).toBe(3);
    expect(b.call({ vec: b.words(one, -1), vlen: 1 })).toBe("segment-negative");
  });

  test.each([undefined, 32] as const)("zoo_stat, %s bits", (bits) => {
    const b = of("zoo_stat", bits);
    const st = b.room(bits === 32 ? 44 : 56);
    expect(b.call({ pid: 1, flags: 1, mask: 0x8000_0000, st })).toBe(0);
    expect([...b.guest.read(st, 16)]).toEqual(
      [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0].slice(0, 16),
    );
  });

  test("zoo_open", () => {
    const b = of("zoo_open");
    const fd = b.room(4);
    expect([b.call({ fd }), b.guest.readInt(fd)]).toEqual([0, 0]);
    expect([b.call({ pid: 1, fd }), b.guest.readInt(fd)]).toEqual([0, 1]);
    expect(b.call({ pid: 99, fd })).toBe("no-task");
  });

  test("those of the clone family", () => {
    expect(clone3(of("zoo_clone3"), {})).toBe(2);
    const set = of("zoo_clone_with_pids");
    expect(set.call({ flags: 17, pid_set: setOf(set, 1, 77) })).toBe(77);
    const e = of("zoo_eclone");
    const pids = e.room(4);
    e.guest.writeInts(pids, [500]);
    expect(eclone(e, 17, { nr_pids: 1 }, pids)).toBe(500);
    expect(of("zoo_clone").call({ flags: 17 })).toBe(2);
  });
});

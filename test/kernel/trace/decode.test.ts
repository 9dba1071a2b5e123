import { describe, expect, test } from "vitest";
import type { EnterRecord } from "../../../src/kernel/trace/record.ts";
import { GUARD, PAGE, Scene, words } from "./world.ts";

const CLONE_VM = 0x100;
const SIGCHLD = 17;

/** Words of clone_with_pids whose last argument is the set, in either order. */
function withSet(flags: number | bigint, set: number): (number | bigint)[] {
  return [flags, 0, 0, 0, 0, set];
}

/** A scene with a set of `count` at `at` whose array lies at `array`. */
function setScene(
  path: "x86_64/syscall" | "i386/int80",
  count: number,
  array: number,
  at: number = PAGE,
): Scene {
  const scene = new Scene(path);
  if (scene.word === 4) scene.poke(at, words(4, count, array));
  else {
    scene.poke(at, words(4, count, -1));
    scene.poke(at + 8, words(8, array));
  }
  return scene;
}

describe.each(["x86_64/syscall", "i386/int80"] as const)("struct target_pid_set through %s", (path) => {
  test("A-20 the RFC's own call reads as in the issue", () => {
    const scene = setScene(path, 3, PAGE + 64);
    scene.poke(PAGE + 64, words(4, 0, 77, 99));
    scene.enter("clone_with_pids", withSet(CLONE_VM | SIGCHLD, PAGE));
    scene.returns(99);
    expect(scene.text({ prefix: true })).toBe(
      "[pid 99] clone_with_pids(CLONE_VM|SIGCHLD, NULL, NULL, NULL, NULL, {num_pids=3, target_pids=[0, 77, 99]}) = 99\n",
    );
  });

  test("A-07 a set that is cut by a hole is printed as its address", () => {
    const scene = new Scene(path);
    const at = GUARD - scene.word;
    scene.poke(at, words(4, 3));
    scene.enter("clone_with_pids", withSet(SIGCHLD, at));
    scene.fails("EFAULT", "set-unreadable");
    expect(scene.text()).toContain(`NULL, 0x${at.toString(16)}) = -1 EFAULT (Bad address)`);
    const [enter] = scene.records as [EnterRecord];
    expect(enter.args[5]?.value).toMatchObject({ state: "unreadable", readable: scene.word });
  });

  test("A-12 an array that is cut by a hole shows what can be read, then the address that cannot", () => {
    const scene = setScene(path, 3, GUARD - 8);
    scene.poke(GUARD - 8, words(4, 1, 2));
    scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
    expect(scene.text()).toContain("target_pids=[1, 2, ... /* 0x9000 */]}");
  });

  test("A-12 an element cut in its middle is the first that cannot be read", () => {
    const scene = setScene(path, 3, GUARD - 6);
    scene.poke(GUARD - 6, words(4, 1));
    scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
    expect(scene.text()).toContain("target_pids=[1, ... /* 0x8ffe */]}");
  });

  test("A-12 an array that cannot be read at all is its address; NULL is NULL", () => {
    const unreadable = setScene(path, 3, GUARD);
    unreadable.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
    expect(unreadable.text()).toContain("{num_pids=3, target_pids=0x9000}");
    const nothing = setScene(path, 3, 0);
    nothing.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
    expect(nothing.text()).toContain("{num_pids=3, target_pids=NULL}");
  });

  test("A-08 a count of zero shows an empty array, readable or not", () => {
    const scene = setScene(path, 0, GUARD);
    scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
    expect(scene.text()).toContain("{num_pids=0, target_pids=[]}");
  });

  test.each([-1, -2147483648])(
    "A-09 a negative count (%i) governs nothing: the array is an address",
    (count) => {
      const scene = setScene(path, count, PAGE + 64);
      scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
      expect(scene.text()).toContain(`{num_pids=${count}, target_pids=0x8040}`);
    },
  );

  test("A-10 a wild count shows 32 numbers and goes on as dots", () => {
    const scene = setScene(path, 2147483647, PAGE + 64);
    scene.poke(PAGE + 64, words(4, ...Array.from({ length: 40 }, (_, i) => i + 1)));
    scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
    const numbers = Array.from({ length: 32 }, (_, i) => i + 1).join(", ");
    expect(scene.text()).toContain(`target_pids=[${numbers}, ...]}`);
    expect(scene.text({ abbreviate: false })).toContain(`target_pids=[${numbers}, 33, 34,`);
    expect(scene.text({ abbreviate: false })).toContain(
      ", 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...]}",
    );
  });

  test("exactly 32 elements have no dots, 33 have", () => {
    for (const [count, end] of [
      [32, "32]}"],
      [33, "32, ...]}"],
    ] as const) {
      const scene = setScene(path, count, PAGE + 64);
      scene.poke(PAGE + 64, words(4, ...Array.from({ length: 33 }, (_, i) => i + 1)));
      scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
      expect(scene.text()).toContain(` ${end}`);
    }
  });
});

test("an in-pointer is read when the call begins", () => {
  const scene = setScene("x86_64/syscall", 1, PAGE + 64);
  scene.poke(PAGE + 64, words(4, 99));
  scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
  scene.poke(PAGE + 64, words(4, 1));
  scene.returns(99);
  expect(scene.text()).toContain("target_pids=[99]");
});

describe("words", () => {
  test("i386 passes tls before child_tid, and the trace keeps that order", () => {
    for (const [path, names] of [
      ["x86_64/syscall", ["flags", "newsp", "parent_tid", "child_tid", "tls", "pid_set"]],
      ["i386/int80", ["flags", "newsp", "parent_tid", "tls", "child_tid", "pid_set"]],
    ] as const) {
      const scene = new Scene(path);
      scene.enter("clone_with_pids", [1, 2, 3, 4, 5, 6]);
      const [enter] = scene.records as [EnterRecord];
      expect(enter.args.map((arg) => arg.name)).toEqual(names);
      expect(enter.args.map((arg) => arg.raw)).toEqual(["0x1", "0x2", "0x3", "0x4", "0x5", "0x6"]);
    }
  });

  test("N-05 through int 0x80 only the low half of a 64-bit register is an argument", () => {
    const scene = new Scene("x86_64/int80");
    scene.enter("kill", [0xdead_0000_0005n, 9]);
    expect(scene.text()).toContain("kill(5, SIGKILL");
    const [enter] = scene.records as [EnterRecord];
    expect(enter.args[0]?.raw).toBe("0x5");
    expect(enter.call).toMatchObject({ path: "x86_64/int80", table: "ia32", model: "i386" });
  });

  test("N-06 an int ignores the upper half and is signed; the raw word keeps it", () => {
    const scene = new Scene();
    scene.enter("kill", [0x1234_5678_ffff_ffffn, 0x1_0000_0011n]);
    expect(scene.text()).toContain("kill(-1, SIGCHLD");
    const [enter] = scene.records as [EnterRecord];
    expect(enter.args.map((arg) => arg.raw)).toEqual(["0x12345678ffffffff", "0x100000011"]);
  });

  test.each([
    [0, "0"],
    [9, "SIGKILL"],
    [34, "SIGRT_2"],
    [64, "SIGRT_32"],
    [65, "65"],
    [-1, "-1"],
  ])("signal %i is written %s", (signal, text) => {
    const scene = new Scene();
    scene.enter("kill", [1, signal]);
    scene.returns(0);
    expect(scene.text()).toBe(`kill(1, ${text}) = 0\n`);
  });

  test("a 64-bit size that is no exact number is hexadecimal, in JSON too", () => {
    const scene = new Scene();
    scene.enter("write", [1, PAGE, 0xffff_ffff_ffff_fff7n]);
    expect(scene.text()).toMatch(/^write\(1, "(\\0){32}"\.\.\., 0xfffffffffffffff7/);
    const [enter] = scene.records as [EnterRecord];
    expect(enter.args[2]?.value).toEqual({ kind: "int", value: "0xfffffffffffffff7", role: "size" });
  });

  test("an id of all ones is -1", () => {
    const scene = new Scene();
    scene.enter("setuid", [0xffff_ffff]);
    expect(scene.text()).toContain("setuid(-1");
  });

  test("a group of all ones is -1 in an array too", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(4, 5, -1));
    scene.enter("setgroups", [2, PAGE]);
    expect(scene.text()).toContain("setgroups(2, [5, -1]");
  });

  test("CLONE_STOPPED and CLONE_NEWCGROUP are one bit in two eras", () => {
    const then = new Scene();
    then.enter("unshare", [0x200_0000]);
    expect(then.text()).toContain("unshare(CLONE_STOPPED");
    const now = new Scene("x86_64/syscall", {});
    now.enter("unshare", [0x200_0000]);
    expect(now.text()).toContain("unshare(CLONE_NEWCGROUP");
  });

  test("a flag nobody knows is a number, at full width", () => {
    const scene = new Scene();
    scene.enter("unshare", [0x1000_0000_0000_0100n]);
    expect(scene.text()).toContain("unshare(CLONE_VM|0x1000000000000000");
  });

  test("an address that is no user address is written and not followed", () => {
    const scene = new Scene();
    scene.enter("write", [1, 0xffff_8000_0000_8000n, 4]);
    expect(scene.text()).toContain("write(1, 0xffff800000008000, 4");
  });

  test("a pointer of a 32-bit task has 32 bits", () => {
    const scene = new Scene("x86_64/int80");
    scene.poke(PAGE, words(4, 0x6261));
    scene.enter("write", [1, BigInt(PAGE) + 0x1_0000_0000n, 2]);
    expect(scene.text()).toContain('write(1, "ab", 2');
  });
});

describe.each(["x86_64/syscall", "i386/int80"] as const)("an anonymous struct through %s", (path) => {
  test("its fields are printed as if they stood outside", () => {
    const scene = new Scene(path);
    const long = scene.word;
    scene.poke(PAGE, words(long, 1, 2, 3, 4, 5));
    scene.enter("outer", [PAGE]);
    scene.returns(0);
    expect(scene.text()).toBe("outer({a=1, b=2, c=3, d={b=4, c=5}}) = 0\n");
  });
});

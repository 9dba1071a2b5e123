import { describe, expect, test } from "vitest";
import { DECODE_LIMITS } from "../../../src/kernel/trace/decode-context.ts";
import type { EnterRecord } from "../../../src/kernel/trace/record.ts";
import type { TracePointer, TraceStruct } from "../../../src/kernel/trace/value.ts";
import { readWord } from "../../../src/kernel/trace/word.ts";
import { GUARD, OPTIONS, PAGE, Scene, words } from "./world.ts";

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

describe("strings and buffers", () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

  test("bytes that are not printable are escaped, octal digits only as far as they are needed", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes('abc\n"\\\u0001\u00ff\u00017'));
    scene.enter("write", [1, PAGE, 10]);
    scene.returns(10);
    expect(scene.text()).toBe('write(1, "abc\\n\\"\\\\\\1\\377\\0017", 10) = 10\n');
  });

  test("32 bytes are shown, more as dots", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes("x".repeat(40)));
    scene.enter("write", [1, PAGE, 32]);
    scene.returns(32);
    scene.enter("write", [1, PAGE, 33]);
    scene.returns(33);
    expect(scene.text()).toContain(`"${"x".repeat(32)}", 32)`);
    expect(scene.text()).toContain(`"${"x".repeat(32)}"..., 33)`);
    expect(scene.text({ abbreviate: false })).toContain(`"${"x".repeat(33)}", 33)`);
  });

  test("a buffer that is cut by a hole is its address, like strace's", () => {
    const scene = new Scene();
    scene.enter("write", [1, GUARD - 6, 10]);
    expect(scene.text()).toContain("write(1, 0x8ffa, 10");
  });

  test("a string ends at its NUL, before a hole too", () => {
    const scene = new Scene();
    scene.poke(GUARD - 3, bytes("hi\0"));
    scene.enter("open", [GUARD - 3, 0]);
    expect(scene.text()).toContain('open("hi", 0');
  });

  test("an out-string ends at its NUL or with its buffer", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes("/home"));
    for (const size of [3, 64]) {
      scene.enter("getcwd", [PAGE, size]);
      scene.returns(6);
    }
    scene.enter("getcwd", [PAGE, 64]);
    scene.fails("ERANGE");
    expect(scene.text()).toMatch(
      /^getcwd\("\/ho", 3\) = 6\ngetcwd\("\/home", 64\) = 6\ngetcwd\(0x8000, 64\) = -1/,
    );
  });

  test("a string without a NUL before a hole is its address", () => {
    const scene = new Scene();
    scene.poke(GUARD - 2, bytes("hi"));
    scene.enter("open", [GUARD - 2, 0]);
    expect(scene.text()).toContain("open(0x8ffe, 0");
  });

  test("a buffer holds as many bytes as the call returned", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes("hello and more"));
    scene.enter("read", [0, PAGE, 14]);
    scene.returns(5);
    expect(scene.text()).toBe('read(0, "hello", 14) = 5\n');
  });

  test("what a call returned is spread over the vectors in order", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, PAGE + 100, 3, PAGE + 200, 8));
    scene.poke(PAGE + 100, bytes("abc"));
    scene.poke(PAGE + 200, bytes("defghijk"));
    scene.enter("readv", [0, PAGE, 2]);
    scene.returns(5);
    expect(scene.text()).toBe(
      'readv(0, [{base=0x8064, length=3}, {base=0x80c8, length=8}] => {0.base="abc", 1.base="de"}, 2) = 5\n',
    );
  });
});

describe("structs that grow", () => {
  const full = (): Scene => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, 0x100, 0, PAGE + 100, 2));
    scene.poke(PAGE + 100, words(4, 77, 99));
    return scene;
  };

  test("only the fields within the caller's size are shown", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 32]);
    scene.enter("grow", [PAGE, 31]);
    scene.enter("grow", [PAGE, 16]);
    const lines = scene.text().split("\n");
    expect(lines[0]).toContain("grow({flags=CLONE_VM, where=NULL, set_tid=[77, 99], set_tid_size=2}, 32");
    // Its count lies beyond the size the caller gave, so nothing says how many there are.
    expect(lines[1]).toContain("grow({flags=CLONE_VM, where=NULL, set_tid=0x8064}, 31");
    expect(lines[2]).toContain("grow({flags=CLONE_VM, where=NULL}, 16");
  });

  test("a size below the first published one is no struct", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 15]);
    expect(scene.text()).toContain("grow(0x8000, 15");
  });

  test("C-06 a tail of zeros is not shown", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 40]);
    expect(scene.text()).toContain("set_tid_size=2}, 40");
  });

  test("C-04 a tail with a byte in it is shown byte by byte", () => {
    const scene = full();
    scene.poke(PAGE + 39, Uint8Array.of(7));
    scene.enter("grow", [PAGE, 42]);
    expect(scene.text()).toContain(
      'set_tid_size=2, /* bytes 32..41 */ "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x07\\x00\\x00"}, 42',
    );
  });

  test("a long tail is cut when abbreviating", () => {
    const scene = full();
    scene.poke(PAGE + 32, Uint8Array.of(1));
    scene.enter("grow", [PAGE, 100]);
    expect(scene.text()).toContain(`/* bytes 32..99 */ "\\x01${"\\x00".repeat(31)}"...}`);
    expect(scene.text({ abbreviate: false })).toContain(`/* bytes 32..99 */ "\\x01${"\\x00".repeat(67)}"}`);
  });

  test("C-03 a tail that cannot be read is ???", () => {
    const scene = new Scene();
    scene.enter("grow", [GUARD - 32, 40]);
    expect(scene.text()).toContain("set_tid_size=0, ???}, 40");
  });

  test("C-01 the tail of a struct beyond a page is not looked at", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 5000]);
    expect(scene.text()).toContain("set_tid_size=2, ???}, 5000");
    const [enter] = scene.records as [EnterRecord];
    expect(enter.args[0]?.value).toMatchObject({ to: { tail: { from: 32, to: 5000, bytes: null } } });
  });

  test("C-01 not even when it could be read", () => {
    const scene = new Scene();
    expect(scene.mm.map(0x4000, 0x2000, 3)).toBeNull();
    for (const [size, tail] of [
      [4096, ""],
      [4097, ", ???"],
    ]) {
      scene.enter("grow", [0x4000, size as number]);
      scene.returns(0);
      expect(scene.text()).toContain(`set_tid_size=0${tail}}, ${size})`);
    }
  });

  test("C-05 an unreadable head is an address", () => {
    const scene = new Scene();
    scene.enter("grow", [GUARD - 31, 32]);
    expect(scene.text()).toContain("grow(0x8fe1, 32");
  });
});

describe("what a call writes", () => {
  test("an out-pointer is read when the call ends, not before", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(4, 1111));
    scene.enter("clone", [SIGCHLD, 0, PAGE, 0, 0]);
    scene.poke(PAGE, words(4, 77));
    scene.returns(77);
    expect(scene.text()).toBe("clone(SIGCHLD, NULL, [77], NULL, NULL) = 77\n");
  });

  test("an in-pointer is read when the call begins", () => {
    const scene = setScene("x86_64/syscall", 1, PAGE + 64);
    scene.poke(PAGE + 64, words(4, 99));
    scene.enter("clone_with_pids", withSet(SIGCHLD, PAGE));
    scene.poke(PAGE + 64, words(4, 1));
    scene.returns(99);
    expect(scene.text()).toContain("target_pids=[99]");
  });

  test("a call that failed wrote nothing: the address is shown", () => {
    const scene = new Scene();
    scene.enter("clone", [SIGCHLD, 0, PAGE, 0, 0]);
    scene.fails("EAGAIN");
    expect(scene.text()).toMatch(/^clone\(SIGCHLD, NULL, 0x8000, NULL, NULL\) = -1 EAGAIN \(/);
  });

  test("an out-pointer that cannot be read is its address", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, 1, 0, 0]);
    scene.returns(5);
    expect(scene.text()).toBe("wait4(-1, 0x1, 0, NULL) = 5\n");
  });

  test("a wait that had nothing to report wrote nothing", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, PAGE, 1, 0]);
    scene.returns(0);
    expect(scene.text()).toBe("wait4(-1, 0x8000, WNOHANG, NULL) = 0\n");
  });

  test.each([
    [0x300, "{WIFEXITED(s) && WEXITSTATUS(s) == 3}"],
    [9, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}"],
    [0x8b, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}"],
    [0x137f, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}"],
    [0xffff, "{WIFCONTINUED(s)}"],
    [0x12345678, "0x12345678"],
    [0x80, "0x80"],
    [0x0109, "0x109"],
  ])("a wait status of 0x%s is written in words", (status, text) => {
    const scene = new Scene();
    scene.enter("wait4", [-1, PAGE, 0, 0]);
    scene.poke(PAGE, words(4, status));
    scene.returns(5);
    expect(scene.text()).toBe(`wait4(-1, [${text}], 0, NULL) = 5\n`);
  });

  test("rusage is a table of figures: its first two fields, all of them on request", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, 0, 0, PAGE]);
    scene.returns(5);
    expect(scene.text()).toBe(
      "wait4(-1, NULL, 0, {ru_utime={tv_sec=0, tv_usec=0}, ru_stime={tv_sec=0, tv_usec=0}, ...}) = 5\n",
    );
    expect(scene.text({ abbreviate: false })).toContain("ru_nvcsw=0, ru_nivcsw=0}) = 5");
  });

  test("out-pointers inside a struct are followed at the end, from the addresses of the beginning", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, 0, PAGE + 200, 0, 0));
    scene.enter("grow", [PAGE, 32]);
    scene.poke(PAGE + 8, words(8, 1));
    scene.poke(PAGE + 200, words(4, 42));
    scene.returns(42);
    expect(scene.text()).toBe(
      "grow({flags=0, where=0x80c8, set_tid=NULL, set_tid_size=0} => {where=[42]}, 32) = 42\n",
    );
  });

  test("a word that is read and written shows both values, one when they are the same", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(4, 16));
    scene.poke(
      PAGE + 8,
      Uint8Array.from("ab", (c) => c.charCodeAt(0)),
    );
    scene.enter("getname", [3, PAGE + 8, PAGE]);
    scene.poke(PAGE, words(4, 2));
    scene.returns(0);
    scene.enter("getname", [3, PAGE + 8, PAGE]);
    scene.returns(0);
    expect(scene.text()).toBe('getname(3, "ab", [16 => 2]) = 0\ngetname(3, "ab", [2]) = 0\n');
  });

  test("a buffer whose length cannot be read is an address", () => {
    const scene = new Scene();
    scene.enter("getname", [3, PAGE, GUARD]);
    scene.returns(0);
    expect(scene.text()).toBe("getname(3, 0x8000, 0x9000) = 0\n");
  });

  test("a size in bytes and a returned size in bytes count whole elements", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(4, 0x0002_0001, 0x0004_0003));
    scene.enter("readwords", [PAGE, 8]);
    scene.returns(5);
    scene.enter("readwords", [PAGE, 7]);
    scene.returns(100);
    expect(scene.text()).toBe("readwords([1, 2], 8) = 5\nreadwords([1, 2, 3], 7) = 100\n");
  });

  test("when the tracer is told what was written, it goes by that alone", () => {
    const scene = new Scene("x86_64/syscall", { written: (address) => address === PAGE });
    scene.poke(PAGE, words(4, 77));
    scene.enter("clone", [SIGCHLD, 0, PAGE, PAGE + 4, 0]);
    scene.returns(77);
    scene.enter("wait4", [-1, PAGE, 0, PAGE + 4]);
    scene.fails("EFAULT");
    expect(scene.text()).toBe(
      "clone(SIGCHLD, NULL, [77], 0x8004, NULL) = 77\n" +
        "wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == 77}], 0, 0x8004) = -1 EFAULT (Bad address)\n",
    );
  });

  test("a task that has let go of its memory has nothing to read", () => {
    const scene = new Scene();
    scene.task.mm = null;
    scene.enter("wait4", [-1, PAGE, 0, 0]);
    scene.returns(5);
    expect(scene.text()).toBe("wait4(-1, 0x8000, 0, NULL) = 5\n");
  });
});

describe("limits", () => {
  const text = (length: number): Uint8Array => new Uint8Array(length).fill(0x78);

  test("of a buffer 256 bytes are recorded, of a string too, and the rest is dots", () => {
    const scene = new Scene();
    scene.poke(PAGE, text(300));
    for (const [size, rest] of [
      [256, ""],
      [257, "..."],
    ] as const) {
      scene.enter("write", [1, PAGE, size]);
      scene.returns(size);
      expect(scene.text({ abbreviate: false })).toContain(`"${"x".repeat(256)}"${rest}, ${size})`);
    }
    scene.enter("open", [PAGE, 0]);
    expect(scene.text({ abbreviate: false })).toContain(`open("${"x".repeat(256)}"..., 0`);
  });

  test("a string that is as long as its limit ends there", () => {
    const scene = new Scene("x86_64/syscall", { ...OPTIONS, limits: { ...DECODE_LIMITS, bytes: 4096 } });
    scene.poke(PAGE, text(4096));
    scene.enter("open", [PAGE, 0]);
    expect(scene.text({ abbreviate: false })).toContain(`open("${"x".repeat(4096)}", 0`);
  });

  test("a list that bites its tail is followed six pointers deep", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, PAGE, 0, 0));
    scene.enter("walk", [PAGE]);
    scene.returns(0);
    const tail = "{next=".repeat(6);
    expect(scene.text()).toContain(`walk(${tail}0x8000`);
    expect(scene.text()).not.toContain(`${tail}{`);
    expect(JSON.stringify(scene.records)).toContain('"too-deep"');
  });

  test("a tree that grows at every level ends with the budget of values", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, ...Array.from({ length: 64 }, () => [PAGE, PAGE, 60]).flat()));
    scene.enter("walk", [PAGE]);
    const values = (record: unknown): number => JSON.stringify(record).split('"kind"').length;
    expect(values(scene.records[0])).toBeGreaterThan(1000);
    expect(values(scene.records[0])).toBeLessThan(3 * DECODE_LIMITS.nodes);
  });

  test("the budget of values bounds one array as well", () => {
    const scene = new Scene("x86_64/syscall", { ...OPTIONS, limits: { ...DECODE_LIMITS, nodes: 10 } });
    scene.enter("setgroups", [60, PAGE]);
    expect(scene.text()).toMatch(/setgroups\(60, \[(0, ){5,9}\.\.\.\]/);
  });

  test("of an array as many elements are recorded as the limit says", () => {
    const scene = new Scene("x86_64/syscall", { ...OPTIONS, limits: { ...DECODE_LIMITS, items: 3 } });
    scene.poke(PAGE, words(8, ...Array.from({ length: 20 }, () => [PAGE, 1]).flat()));
    scene.enter("readv", [0, PAGE, 20]);
    const [, vector] = (scene.records[0] as EnterRecord).args;
    expect(vector?.value).toMatchObject({ to: { count: 20, items: { length: 3 } } });
  });

  test("a struct of 80 000 bytes is not read", () => {
    const scene = new Scene();
    scene.enter("swallow", [PAGE, PAGE, 80_000]);
    const [enter] = scene.records as [EnterRecord];
    expect(enter.args[0]?.value).toEqual({ kind: "pointer", address: "0x8000", state: "too-deep" });
    expect(enter.args[1]?.value).toEqual({ kind: "pointer", address: "0x8000", state: "too-deep" });
  });

  test("arrays inside a struct: text to its NUL, bytes to the end, numbers as many as are recorded", () => {
    const scene = new Scene();
    scene.poke(PAGE, Uint8Array.of(0x61, 0x62, 0, 0x63, 0, 0, 0, 0, 1, 0, 2, 3));
    scene.enter("name", [PAGE]);
    expect(scene.text()).toContain('name({name="ab", raw="\\1\\0\\2\\3", pids=[0, 0,');
    const [enter] = scene.records as [EnterRecord];
    const { to } = enter.args[0]!.value as TracePointer;
    expect((to as TraceStruct).fields[2]?.value).toMatchObject({
      count: 100,
      items: { length: DECODE_LIMITS.items },
    });
  });
});

test("big-endian words are read from their high byte", () => {
  const bytes = Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 7, 8);
  expect(readWord(bytes, 1, 8, false)).toEqual({ lo: 0x05060708, hi: 0x01020304 });
  expect(readWord(bytes, 1, 2, false)).toEqual({ lo: 0x0102, hi: 0 });
  expect(readWord(bytes, 1, 8, true)).toEqual({ lo: 0x04030201, hi: 0x08070605 });
});

import { describe, expect, test } from "vitest";
import { CALLS } from "../../../src/abi/calls/index.ts";
import type { Region, SysOperation, Vector } from "../../../src/conform/index.ts";
import { lackOf } from "../../../src/conform/live/lacking.ts";
import { takenOutside } from "../../../src/conform/live/outer-tids.ts";
import { NAMESPACED, PERMITTED } from "../../../src/conform/live/permitted.ts";
import { refusalOf } from "../../../src/conform/live/refusal.ts";
import { mainlineName } from "../../../src/conform/mainline.ts";
import { caseWith } from "../cases.ts";

const PAGE = 0x10000000;

function call(nr: SysOperation["nr"], args: SysOperation["args"] = [], more: Partial<Vector> = {}): Vector {
  return caseWith({ ...more, program: [{ op: "sys", label: "x", nr, args }] });
}

/** A case with a text at the start of its memory. */
function withText(nr: number, args: SysOperation["args"], text: string, more: Partial<Vector> = {}): Vector {
  const data = [{ off: 0, hex: Buffer.from(`${text}\0`, "latin1").toString("hex") }];
  return call(nr, args, { regions: [{ addr: PAGE, size: 4096, prot: "rw-", fill: "aa", data }], ...more });
}

const open = (text: string, flags: number | string, more: Partial<Vector> = {}): string | null =>
  refusalOf(withText(2, [PAGE, flags], text, more));

describe("a live kernel is not asked", () => {
  test("calls that reach beyond the case", () => {
    const refused = ["mount", "reboot", "init_module", "kexec_load", "ptrace", "settimeofday", "sethostname"];
    for (const name of [
      ...refused,
      "iopl",
      "bpf",
      "socket",
      "unlink",
      "chroot",
      "sched_setscheduler",
      "ioctl",
    ])
      expect(PERMITTED.has(name), name).toBe(false);
    expect(refusalOf(call(165))).toBe("mount is not run on a live kernel");
    expect(refusalOf(call(21, [], { arch: "i386" }))).toBe("mount is not run on a live kernel");
    // A number is its low 32 bits, and x32 has the same calls.
    expect(refusalOf(call("0x1000000a5"))).toBe("mount is not run on a live kernel");
    expect(refusalOf(call(0x4000_0000 + 165))).toBe("mount is not run on a live kernel");
  });

  test("programs of another processor", () => {
    for (const arch of ["arm64", "riscv64", "s390x", "powerpc64"] as const)
      expect(refusalOf(call(20, [], { arch }))).toBe(
        `it is a program of ${arch}, and there is no such processor here`,
      );
  });

  test("on level 0, calls that reach everybody", () => {
    const level0 = { nsLevel: 0, nsInit: false };
    for (const nr of [62, 200, 234, 424, 308])
      expect(refusalOf(call(nr, [1, 9], level0)), `${nr}`).toMatch(/ on level 0 reaches everybody$/);
    for (const nr of [62, 200, 234, 424, 308]) expect(refusalOf(call(nr, [1, 9]))).toBeNull();
    expect(refusalOf(call(302, [0, 7, 0, 0], level0))).toBeNull();
    expect(refusalOf(call(302, [1, 7, 0, 0], level0))).toMatch("everybody");
    expect([...NAMESPACED].every((name) => PERMITTED.has(name))).toBe(true);
  });

  test("numbers that newer kernels may have given away", () => {
    expect(refusalOf(call(480))).toMatch("may be anything");
    for (const nr of [-1, 100000, "0xffffffffffffffff", 0x40000027, 335, 336])
      expect(refusalOf(call(nr))).toBeNull();
  });

  test("files, but to read them, and those that are nobody's", () => {
    expect(open("/dev/null", 2)).toBeNull();
    expect(open("/dev/zero", 0o102)).toBeNull();
    expect(open("/etc/passwd", 0)).toBeNull();
    expect(open("nowhere", 0)).toBeNull();
    for (const flags of [1, 2, 0o100, 0o1000, 0o20200000])
      expect(open("/etc/passwd", flags)).toMatch("could change");
    for (const path of [
      "/dev/watchdog",
      "//dev/sda",
      "/./proc/1/root/etc",
      "../dev/sda",
      "/etc/../dev/sda",
      "/sys/x",
    ])
      expect(open(path, 0), path).toMatch("is not run on a live kernel");
    // Relative, it is wherever the task is.
    expect(open("dev/null", 2)).toMatch("could change");
    expect(open("/proc/sys/kernel/ns_last_pid", 1)).toBeNull();
    expect(open("/proc/sys/kernel/ns_last_pid", 1, { nsLevel: 0, nsInit: false })).toMatch("could change");
  });

  test("paths and flags that are not known beforehand", () => {
    const later = { ret: "x" };
    const first = { op: "sys" as const, label: "x", nr: 39, args: [] };
    const twice = (args: SysOperation["args"]): Vector => ({
      ...withText(2, [], "/etc/passwd"),
      program: [first, { op: "sys", label: "y", nr: 2, args }],
    });
    expect(refusalOf(twice([later, 0]))).toBe("the path of open is not known beforehand");
    expect(refusalOf(twice([PAGE, later]))).toBe("the flags of open are not known beforehand");
    const hole = caseWith({ program: [{ op: "sys", label: "y", nr: 2, args: [0x13370000, 2] }] });
    expect(refusalOf(hole)).toBeNull();
    const mapped = { op: "sys" as const, label: "m", nr: 9, args: [0x13370000, 4096, 3, 0x32, -1, 0] };
    expect(refusalOf({ ...hole, program: [mapped, ...hole.program] })).toMatch("not known beforehand");
  });

  test("tasks without a list", () => {
    for (const nr of [56, 57, 58, 435]) {
      expect(refusalOf(call(nr))).toBe('x may make a task and has no list for it: add "child":[]');
      expect(
        refusalOf(caseWith({ program: [{ op: "sys", label: "x", nr, args: [], child: [] }] })),
      ).toBeNull();
    }
  });

  test("memory for good", () => {
    expect(refusalOf(call(9, [0, 2 ** 30, 3, 0x22, -1, 0]))).toBeNull();
    expect(refusalOf(call(9, [0, 2 ** 30, 3, 0x8022, -1, 0]))).toMatch("MAP_POPULATE");
    expect(refusalOf(call(9, [0, 0x10001, 3, 0x2022, -1, 0]))).toMatch("MAP_LOCKED");
    expect(refusalOf(call(9, [0, 0x10000, 3, 0x2022, -1, 0]))).toBeNull();
    expect(refusalOf(call(9, [0, "0x7ffffffff000", 3, 0x2022, -1, 0]))).toMatch("MAP_LOCKED");
    expect(refusalOf(call(9, [0, "0x7ffffffff001", 3, 0x2022, -1, 0]))).toBeNull();
  });

  test("memory for good that a compat mmap asks for in a struct", () => {
    const words = (flags: string): Region => ({
      addr: "0x10000000",
      size: 4096,
      prot: "rw-",
      fill: "00",
      data: [{ off: 0, hex: `0000002000000040030000${flags}` }],
    });
    const mmap = (flags: string): Vector =>
      caseWith({
        arch: "i386",
        regions: [words(flags)],
        program: [{ op: "sys", label: "x", nr: 90, args: ["0x10000000"] }],
      });
    expect(refusalOf(mmap("0022000000"))).toBeNull();
    expect(refusalOf(mmap("0022200000"))).toMatch("MAP_LOCKED");
  });

  test("a pipe that is long, and commands of fcntl that may come", () => {
    expect(refusalOf(call(72, [3, 1031, 0x200000]))).toBeNull();
    expect(refusalOf(call(72, [3, 1031, 0x80000001]))).toBeNull();
    expect(refusalOf(call(72, [3, 1031, 0x200001]))).toMatch("F_SETPIPE_SZ");
    expect(refusalOf(call(72, [3, 999, 0]))).toMatch("may lock");
    expect(refusalOf(call(72, [3, 0x10000, 0]))).toBeNull();
  });

  test("but every call that trapgate declares and mainline has", () => {
    const names = CALLS.flatMap(({ name, numbers }) =>
      (["x86_64", "i386"] as const).flatMap((table) => {
        const number = (numbers as Record<string, unknown>)[table];
        return typeof number === "number" ? [mainlineName(table, number) ?? name] : [];
      }),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !PERMITTED.has(name))).toEqual([]);
  });
});

describe("a root that lacks a capability", () => {
  const missing = 1n << 24n;
  const limit = (hex: string): Vector =>
    call(302, [0, 7, PAGE, 0], {
      regions: [{ addr: PAGE, size: 4096, prot: "rw-", fill: "00", data: [{ off: 0, hex }] }],
    });

  test("is asked whatever does not show it", () => {
    expect(lackOf(call(39), missing)).toBeNull();
    expect(lackOf(limit(`${"03".padEnd(16, "0")}${"03".padEnd(16, "0")}`), missing)).toBeNull();
    expect(lackOf(call(157, [1, 9]), missing)).toBeNull();
    expect(lackOf(call(125, [], { caps: "none" }), missing)).toBeNull();
    expect(lackOf(call(125), 0n)).toBeNull();
  });

  test("is not asked what would", () => {
    const why = "root lacks CAP_SYS_RESOURCE here, and";
    expect(lackOf(call(125), missing)).toBe(`${why} capget may tell`);
    expect(lackOf(call(157, [23, 1]), missing)).toBe(`${why} prctl may tell`);
    expect(lackOf(limit(`${"03".padEnd(16, "0")}${"ffffff".padEnd(16, "0")}`), missing)).toBe(
      `${why} prlimit64 may tell`,
    );
    const sets = { addr: PAGE, size: 4096, prot: "rw-", fill: "ff" };
    expect(lackOf(call(126, [PAGE, PAGE], { regions: [sets] }), missing)).toBe(`${why} capset may tell`);
    expect(lackOf(call(126, [PAGE, PAGE], { regions: [{ ...sets, fill: "00" }] }), missing)).toBeNull();
  });
});

test("a number that somebody else has on level 0 is told from one that is free, and from one that everybody knows", () => {
  const words = (values: readonly number[], bytes: 4 | 8): string =>
    values
      .map((value) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer).toString("hex", 0, bytes))
      .join("");
  const asking = (tids: readonly number[], nsLevel: number, flags = 0): Vector => {
    const args = words([flags, 0, 0, 0, 17, 0, 0, 0, PAGE + 128, tids.length, 0], 8);
    const data = [
      { off: 0, hex: args },
      { off: 128, hex: words(tids, 4) },
    ];
    return call(435, [PAGE, 88], {
      nsLevel,
      regions: [{ addr: PAGE, size: 4096, prot: "rw-", fill: "00", data }],
    });
  };
  const taken = (tid: number): boolean => tid === 555 || tid === 1;
  expect(takenOutside(asking([700, 555], 1), taken)).toBe(555);
  expect(takenOutside(asking([1, 700, 555], 1, 0x20000000), taken)).toBe(555);
  expect(takenOutside(asking([1, 700, 555], 1), taken)).toBeNull();
  expect(takenOutside(asking([700, 555], 1, 0x20000000), taken)).toBeNull();
  expect(takenOutside(asking([555], 0), taken)).toBe(555);
  expect(takenOutside(asking([555, 700], 1), taken)).toBeNull();
  expect(takenOutside(asking([700, 1], 1), taken)).toBeNull();
  expect(takenOutside(call(435, [0x13370000, 88]), taken)).toBeNull();
});

describe("a case that could leave a process behind that nobody can end", () => {
  const fork: SysOperation = { op: "sys", label: "f", nr: 57, args: [], child: [] };
  const join = (args: SysOperation["args"]): SysOperation => ({ op: "sys", label: "x", nr: 109, args });
  const inGroup = (args: SysOperation["args"], more: Partial<Vector> = {}): string | null =>
    refusalOf(caseWith({ program: [fork, join(args)], ...more }));

  test("is refused: an init in the process group of another", () => {
    const why = "setpgid may put an init into a process group that it would wait for in vain when it exits";
    for (const args of [
      [0, { ret: "f" }],
      [1, 2],
      [{ ret: "f" }, 2],
    ])
      expect(inGroup(args)).toBe(why);
    for (const args of [
      [0, 0],
      [1, 1],
      [2, 1],
      [2, 2],
      [0, 99],
      [0, -1],
      [{ ret: "f" }, 0],
      [{ ret: "f" }, { ret: "f" }],
    ])
      expect(inGroup(args), JSON.stringify(args)).toBeNull();
    expect(inGroup([0, { ret: "f" }], { nsInit: false })).toBeNull();
  });

  test("is refused where the init is a child's", () => {
    const program = (flags: number): Vector["program"] => [
      { op: "sys", label: "c", nr: 56, args: [flags, 0, 0, 0, 0], child: [fork, join([0, { ret: "f" }])] },
    ];
    expect(refusalOf(caseWith({ nsInit: false, program: program(0x20000011) }))).toMatch("in vain");
    expect(refusalOf(caseWith({ nsInit: false, program: program(17) }))).toBeNull();
    const unshare: SysOperation = { op: "sys", label: "u", nr: 272, args: [0x20000000] };
    expect(refusalOf(caseWith({ nsInit: false, program: [unshare, ...program(17)] }))).toMatch("in vain");
  });
});

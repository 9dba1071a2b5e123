import { describe, expect, test } from "vitest";
import { RLIMIT, rlimit, rlimit64 } from "../../../src/abi/structs/index.ts";
import type { Guest } from "../../../src/kernel/index.ts";
import { limitOf, limitValue } from "../../../src/kernel/task/rlimits.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { become, expectFailure, HOLE, Lab, SCRATCH } from "../support/lab.ts";

const ALL = 0xffff_ffff_ffff_ffffn;

/** What prlimit64 and getrlimit store, as numbers. */
function words(guest: Guest, at: number, width: 4 | 8): readonly bigint[] {
  const view = new DataView(guest.read(at, 2 * width).buffer);
  return [0, width].map((offset) =>
    width === 8 ? view.getBigUint64(offset, true) : BigInt(view.getUint32(offset, true)),
  );
}

const soft = (guest: Guest, resource: number): number => guest.task.signal.rlimit(resource);

describe.each(ERAS)(`setrlimit and getrlimit, ${TITLE}`, (era) => {
  const width = era.arch === "i386" ? 4 : 8;

  test("a process begins with the kernel's limits, and a child with its parent's", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    expect([RLIMIT.NOFILE, RLIMIT.STACK, RLIMIT.CPU].map((r) => soft(caller, r))).toEqual([
      1024,
      8_388_608,
      Number.POSITIVE_INFINITY,
    ]);
    caller.writeStruct(SCRATCH, rlimit, { rlim_cur: 10, rlim_max: 20 });
    expect(caller.call("setrlimit", { resource: RLIMIT.NOFILE, rlim: SCRATCH })).toBe(0);
    const child = lab.fork();
    expect(soft(child, RLIMIT.NOFILE)).toBe(10);
    child.writeStruct(SCRATCH, rlimit, { rlim_cur: 5, rlim_max: 20 });
    child.call("setrlimit", { resource: RLIMIT.NOFILE, rlim: SCRATCH });
    expect([soft(caller, RLIMIT.NOFILE), soft(child, RLIMIT.NOFILE)]).toEqual([10, 5]);
  });

  test("no limit is all ones, as wide as a C long; the old call tells LONG_MAX", () => {
    const { caller } = new Lab(era);
    caller.call("getrlimit", { resource: RLIMIT.STACK, rlim: SCRATCH });
    expect(words(caller, SCRATCH, width)).toEqual([8_388_608n, BigInt.asUintN(width * 8, ALL)]);
    const resource = RLIMIT.MSGQUEUE;
    caller.writeStruct(SCRATCH, rlimit, {
      rlim_cur: width === 8 ? ALL : 0xffff_ffff,
      rlim_max: width === 8 ? ALL : 0xffff_ffff,
    });
    expect(caller.call("setrlimit", { resource, rlim: SCRATCH })).toBe(0);
    expect(soft(caller, resource)).toBe(Number.POSITIVE_INFINITY);
    if (era.arch === "x86_64") return;
    caller.call("old_getrlimit", { resource, rlim: SCRATCH });
    expect(words(caller, SCRATCH, 4)).toEqual([0x7fff_ffffn, 0x7fff_ffffn]);
  });

  test("in 2009 the resource comes before memory, and a CPU limit of nothing is a second", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const set = (resource: number, rlim: number): number | null =>
      caller.call("setrlimit", { resource, rlim });
    expectFailure(lab, set(16, HOLE), "EINVAL", "resource-unknown-first");
    expectFailure(lab, set(-1, HOLE), "EINVAL", "resource-unknown-first");
    expectFailure(lab, set(15, HOLE), "EFAULT", "limit-unreadable");
    expectFailure(lab, set(15, HOLE - 4), "EFAULT", "limit-unreadable");
    caller.writeStruct(SCRATCH, rlimit, { rlim_cur: 0, rlim_max: 100 });
    expect(set(RLIMIT.CPU, SCRATCH)).toBe(0);
    expect(soft(caller, RLIMIT.CPU)).toBe(1);
    expectFailure(lab, caller.call("getrlimit", { resource: 16, rlim: HOLE }), "EINVAL", "resource-unknown");
    expectFailure(lab, caller.call("getrlimit", { resource: 15, rlim: HOLE }), "EFAULT", "limit-unwritable");
  });

  test("soft above hard, then nr_open, then raising", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const set = (resource: number, cur: number, max: number): number | null => {
      caller.writeStruct(SCRATCH, rlimit, { rlim_cur: cur, rlim_max: max });
      return caller.call("setrlimit", { resource, rlim: SCRATCH });
    };
    become(caller, 1000, []);
    expectFailure(lab, set(RLIMIT.NOFILE, 1 << 22, 1 << 21), "EINVAL", "soft-above-hard");
    expectFailure(lab, set(RLIMIT.NOFILE, 1, 1 << 21), "EPERM", "raises-hard");
    expectFailure(lab, set(RLIMIT.NOFILE, 1, 4097), "EPERM", "raises-hard");
    expect(set(RLIMIT.NOFILE, 0, 4096)).toBe(0);
    become(caller, 1000, ["SYS_RESOURCE"]);
    expectFailure(lab, set(RLIMIT.NOFILE, 1, (1 << 20) + 1), "EPERM", "above-nr-open");
    expect(set(RLIMIT.NOFILE, 1, 1 << 20)).toBe(0);
  });
});

describe.each([64, 32] as const)("prlimit64 of a %i-bit program on 6.14", (bits) => {
  const make = (): Lab => new Lab({ arch: "x86_64", profile: "clone3-614" }, { bits });

  test("memory to read, the task, permission, the limit, memory to write", () => {
    const lab = make();
    const { caller } = lab;
    const call = (pid: number, resource: number, new_rlim: number, old_rlim: number): number | null =>
      caller.call("prlimit64", { pid, resource, new_rlim, old_rlim });
    expectFailure(lab, call(99, 99, HOLE, HOLE), "EFAULT", "limit-unreadable");
    expectFailure(lab, call(99, 99, 0, HOLE), "ESRCH", "no-task");
    expectFailure(lab, call(-1, 99, 0, HOLE), "ESRCH", "no-task");
    expectFailure(lab, call(0, 99, 0, HOLE), "EINVAL", "resource-unknown");
    expectFailure(lab, call(0, 15, 0, HOLE), "EFAULT", "limit-unwritable");
    expect(call(1, 15, 0, 0)).toBe(0);
    const child = lab.fork();
    become(child, 1000, []);
    child.call("prlimit64", { pid: 1, resource: 99 });
    expect(lab.rung).toBe("not-permitted");
    become(child, 1000, ["SYS_RESOURCE"]);
    child.call("prlimit64", { pid: 1, resource: 99 });
    expect(lab.rung).toBe("resource-unknown");
    become(child, 0, []);
    expect(child.call("prlimit64", { pid: 1, resource: 7 })).toBe(0);
  });

  test("a fault at the old limit leaves the new one in force, and what was written", () => {
    const lab = make();
    const { caller } = lab;
    caller.writeStruct(SCRATCH, rlimit64, { rlim_cur: 7, rlim_max: 8 });
    const args = { pid: 0, resource: RLIMIT.SIGPENDING, new_rlim: SCRATCH, old_rlim: HOLE - 8 };
    expectFailure(lab, caller.call("prlimit64", args), "EFAULT", "limit-unwritable");
    expect(soft(caller, RLIMIT.SIGPENDING)).toBe(7);
    expect(caller.readInt(HOLE - 8)).toBe(16_384);
  });

  test("64 bits go in and out; a 32-bit getrlimit tells what does not fit as no limit", () => {
    const { caller } = make();
    const resource = RLIMIT.AS;
    const limit = { rlim_cur: 0x1234_5678_9abc_def1n, rlim_max: 0xffff_ffff_ffff_fff0n };
    caller.writeStruct(SCRATCH, rlimit64, limit);
    const in_place = { pid: 0, resource, new_rlim: SCRATCH, old_rlim: SCRATCH };
    expect(caller.call("prlimit64", in_place)).toBe(0);
    expect(words(caller, SCRATCH, 8)).toEqual([ALL, ALL]);
    caller.call("prlimit64", { pid: 0, resource, old_rlim: SCRATCH });
    expect(words(caller, SCRATCH, 8)).toEqual([limit.rlim_cur, limit.rlim_max]);
    caller.call("getrlimit", { resource, rlim: SCRATCH });
    if (bits === 64) expect(words(caller, SCRATCH, 8)).toEqual([limit.rlim_cur, limit.rlim_max]);
    else expect(words(caller, SCRATCH, 4)).toEqual([0xffff_ffffn, 0xffff_ffffn]);
  });

  test("setrlimit reads before it judges the resource, and a CPU limit of nothing stands", () => {
    const lab = make();
    expectFailure(
      lab,
      lab.caller.call("setrlimit", { resource: 99, rlim: HOLE }),
      "EFAULT",
      "limit-unreadable",
    );
    lab.caller.writeStruct(SCRATCH, rlimit, { rlim_cur: 0, rlim_max: 1 });
    expect(lab.caller.call("setrlimit", { resource: RLIMIT.CPU, rlim: SCRATCH })).toBe(0);
    expect(soft(lab.caller, RLIMIT.CPU)).toBe(0);
    expectFailure(
      lab,
      lab.caller.call("setrlimit", { resource: 16, rlim: SCRATCH }),
      "EINVAL",
      "resource-unknown",
    );
  });
});

test("a limit as a number: address form, and Infinity for all ones", () => {
  expect([0, 5, 2 ** 40, Number.POSITIVE_INFINITY].map((n) => limitValue(limitOf(n).soft))).toEqual([
    0,
    5,
    2 ** 40,
    Number.POSITIVE_INFINITY,
  ]);
  expect(limitOf(1, 2)).toEqual({ soft: { lo: 1, hi: 0 }, hard: { lo: 2, hi: 0 } });
});

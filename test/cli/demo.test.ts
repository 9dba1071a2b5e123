import { beforeAll, describe, expect, test } from "vitest";
import type { CallEvent, ChildEvent, DemoEvent, DemoHead, MemoryEvent } from "../../src/cli/demo/events.ts";
import { cli, type Finished, here, linesOf } from "./cli.ts";

const ARCHS = ["x86_64", "i386"] as const;
const PROFILES = ["cwp-v2", "cwp-v2-newpid", "cwp-v3"] as const;

type Called = CallEvent & DemoHead;

function parse({ stdout }: Finished): DemoEvent[] {
  return linesOf(stdout).map((line) => JSON.parse(line) as DemoEvent);
}

/** Every refusal the RFC names, by case: errno, rung and rule. */
const REFUSALS = [
  ["efault-set", "EFAULT", "set-unreadable", "A-07"],
  ["einval-negative-count", "EINVAL", "count-negative", "A-09"],
  ["einval-too-many", "EINVAL", "count-too-deep", "A-10"],
  ["enomem", "ENOMEM", "array-no-memory", "A-11"],
  ["efault-array", "EFAULT", "array-unreadable", "A-12"],
  ["eperm", "EPERM", "not-capable", "A-13"],
  ["einval-negative-pid", "EINVAL", "pid-negative", "A-41"],
  ["einval-pid-max", "EINVAL", "pid-beyond-max", "A-42"],
  ["ebusy", "EBUSY", "pid-taken", "A-44"],
] as const;

describe.each(PROFILES)("demo --json --profile %s", (profile) => {
  let finished: Finished;
  let all: DemoEvent[];
  const on = (arch: string): DemoEvent[] => all.filter((event) => event.arch === arch);
  const called = (arch: string, id: string): Called => {
    const [call, ...more] = on(arch).filter((e): e is Called => e.event === "call" && e.case === id);
    expect(more, `case ids are unique: ${id}`).toEqual([]);
    if (call === undefined) throw new Error(`no case ${id} on ${arch}`);
    return call;
  };
  const childOf = (arch: string, id: string): readonly number[] | undefined =>
    on(arch).find((e): e is ChildEvent & DemoHead => e.event === "child" && e.case === id)?.pids;

  beforeAll(async () => {
    // The default is run as a user runs it, the others inside this process: that is quicker.
    finished = await (profile === "cwp-v2"
      ? cli(["demo", "--json"])
      : here(["demo", "--json", "--profile", profile]));
    all = parse(finished);
  });

  test("prints JSON lines, nothing else, and exits with 0", () => {
    expect(finished.code).toBe(0);
    expect(finished.stderr).toBe("");
    expect(new Set(all.map((event) => event.arch))).toEqual(new Set(ARCHS));
    expect(new Set(all.map((event) => event.profile))).toEqual(new Set([profile]));
    for (const line of linesOf(finished.stdout)) expect(line).toMatch(/^\{"event":"[a-z]+","arch":/);
  });

  describe.each(ARCHS)("%s", (arch) => {
    test("A-20 A-28 the call returns 99; the child is 99, 77 and what the kernel chose", () => {
      expect(called(arch, "success").result).toBe(99);
      const [chosen, ...asked] = childOf(arch, "success") ?? [];
      expect(asked).toEqual([77, 99]);
      // Levels 1 and 2 took 2 and 3 at level 0: the kernel's next choice is 4.
      expect(chosen).toBe(4);
    });

    test("the child answers to its number at every level, and knows itself as 99", () => {
      expect(called(arch, "getpid").result).toBe(99);
      for (const level of [0, 1, 2]) expect(called(arch, `visible-${level}`).result).toBe(0);
      expect(called(arch, "visible-1").line).toBe("kill(77, 0) = 0");
    });

    test("the caller lives three levels deep, by real clone calls", () => {
      const namespaces = on(arch).filter((e) => e.event === "namespace");
      expect(namespaces.map((e) => e.pids)).toEqual([[1], [2, 1], [3, 2, 1]]);
      expect(called(arch, "nest-2").line).toMatch(/^clone\(CLONE_NEWPID\|SIGCHLD, .*\) = 2$/);
      expect(called(arch, "success").caller).toEqual([3, 2, 1]);
    });

    test("the request lies in memory as this ABI has it", () => {
      const [pids, set] = on(arch).filter((e): e is MemoryEvent & DemoHead => e.event === "memory");
      expect(pids?.bytes).toBe("000000004d00000063000000");
      const address = Number(pids?.address);
      const wide = arch === "x86_64";
      expect(set?.size).toBe(wide ? 16 : 8);
      expect(set?.holes).toEqual(wide ? [{ offset: 4, size: 4 }] : []);
      const bytes = Buffer.from(set?.bytes ?? "", "hex");
      expect(bytes.readInt32LE(0)).toBe(3);
      expect(wide ? Number(bytes.readBigUInt64LE(8)) : bytes.readUInt32LE(4)).toBe(address);
    });

    test("the registers are the ABI's, the set in the sixth", () => {
      const registers = on(arch).find((e) => e.event === "registers")?.registers ?? [];
      const expected = arch === "x86_64" ? "rax rdi rsi rdx r10 r8 r9" : "eax ebx ecx edx esi edi ebp";
      expect(registers.map((r) => r.register).join(" ")).toBe(expected);
      const set = on(arch).filter((e) => e.event === "memory")[1];
      expect(registers.at(-1)).toMatchObject({ role: "pid_set", value: set?.address });
      expect(registers.find((r) => r.role === "flags")?.value).toBe("0x11");
      // On i386 tls stands before child_tid: copy_thread reads it from esi.
      expect(registers[4]?.role).toBe(arch === "x86_64" ? "child_tid" : "tls");
    });

    test.each(REFUSALS)("%s: %s, rung %s, rule %s", (id, errno, rung, rule) => {
      const call = called(arch, id);
      expect(call).toMatchObject({ call: "clone_with_pids", errno, rung, rule });
      expect(call.result).toBeUndefined();
      expect(call.reason).toMatch(/\w/);
      expect(call.line).toContain(`= -1 ${errno} (`);
    });

    test("a fault says where it hit", () => {
      expect(called(arch, "efault-array").fault).toMatchObject({ access: "read", reason: "no-mapping" });
      // the count could be read, the pointer behind it could not.
      const call = called(arch, "efault-set");
      const set = BigInt(call.args.at(-1)?.raw ?? 0);
      expect(BigInt(call.fault?.address ?? 0) - set).toBe(arch === "x86_64" ? 8n : 4n);
      expect(called(arch, "eperm").fault).toBeUndefined();
    });

    test("A-06 A-08 without a set, or with an empty one, it is a plain clone, and takes no capability", () => {
      expect(called(arch, "null-set")).toMatchObject({ rule: "A-06", result: 2 });
      expect(called(arch, "empty-set")).toMatchObject({ rule: "A-08", result: 3 });
    });

    test("A-14 A-25 A-27 CLONE_NEWPID with chosen pids is answered as the profile says", () => {
      if (profile === "cwp-v3") {
        expect(called(arch, "newpid")).toMatchObject({ result: 100, rule: "A-25" });
        expect(childOf(arch, "newpid")?.slice(2)).toEqual([100, 1]);
        return;
      }
      const rule = profile === "cwp-v2" ? "A-14" : "A-27";
      expect(called(arch, "einval-newpid")).toMatchObject({ errno: "EINVAL", rule });
      if (profile === "cwp-v2") expect(childOf(arch, "newpid")).toBeUndefined();
      else expect(childOf(arch, "newpid")?.slice(2)).toEqual([100, 1]);
    });

    test("refusals come in ladder order, and none takes a number", () => {
      const places = REFUSALS.map(([id]) => called(arch, id).place?.[0] ?? 0);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places[0]).toBeGreaterThan(0);
      // At level 2 the caller is 1 and the chosen numbers do not move the cursor: the kernel goes on with 2.
      expect(called(arch, "null-set").result).toBe(2);
    });
  });
});

describe("demo", () => {
  test.each(ARCHS)("--arch %s shows one architecture", async (arch) => {
    const events = parse(await here(["demo", "--json", "--arch", arch]));
    expect(new Set(events.map((event) => event.arch))).toEqual(new Set([arch]));
    expect(events[0]).toMatchObject({ event: "boot", arch, profile: "cwp-v2", kernel: "2.6.30" });
  });

  test("the same command prints the same bytes", async () => {
    const [once, again] = [await here(["demo", "--json"]), await here(["demo", "--json"])];
    expect(again.stdout).toBe(once.stdout);
  });

  test("a number that history has not is said to be trapgate's", async () => {
    const booted = parse(await here(["demo", "--json", "--profile", "cwp-v3"])).filter(
      (e) => e.event === "boot",
    );
    expect(booted.map(({ arch, number, remark }) => [arch, number, remark === null])).toEqual([
      ["x86_64", 299, false],
      ["i386", 337, true],
    ]);
  });
});

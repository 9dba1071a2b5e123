import { describe, expect, test } from "vitest";
import {
  CALLS,
  type CompiledSyscall,
  clone_with_pids,
  compileSyscall,
  FLAG_SETS,
  kernelVersion,
  LADDERS,
  type LadderDecl,
  SCALARS,
  STRUCTS,
  type SyscallDecl,
  Types,
  target_pid_set,
} from "../../src/abi/index.ts";

const types = new Types(STRUCTS, FLAG_SETS);
const compile = (decl: SyscallDecl): CompiledSyscall => compileSyscall(decl, types, LADDERS);

const base: SyscallDecl = {
  name: "demo",
  numbers: {},
  args: {},
  returns: "int",
  ladder: [],
  support: "declared",
  provenance: ["a test"],
};

describe("a compiled call", () => {
  const compiled = compile(clone_with_pids);

  test("describes its arguments: scalar, flags, pointer, pointee, relations", () => {
    const [flags, newsp, parentTid, , , pidSet] = compiled.args;
    expect(flags).toEqual({
      name: "flags",
      type: { flags: "clone_flags", of: "unsigned long" },
      scalar: SCALARS["unsigned long"],
      flags: "clone_flags",
      pointer: null,
    });
    expect(newsp).toMatchObject({ name: "newsp", scalar: { role: "address" }, flags: null, pointer: null });
    expect(parentTid?.pointer).toEqual({
      direction: "out",
      pointee: { kind: "scalar", name: "pid_t", info: SCALARS.pid_t },
      optional: true,
      count: null,
      size: null,
    });
    expect(pidSet?.scalar).toBeNull();
    expect(pidSet?.pointer).toMatchObject({
      direction: "in",
      pointee: { kind: "struct", decl: target_pid_set },
    });
  });

  test("describes counted buffers and strings", () => {
    const { args } = compile({
      ...base,
      args: {
        path: { string: "in", max: 4096 },
        buf: { out: "u8", size: "n" },
        vec: { inout: "timeval", count: "n" },
        name: { string: "out", size: "n" },
        n: "size_t",
      },
    });
    expect(args.map((a) => a.pointer)).toEqual([
      { direction: "in", pointee: { kind: "string", max: 4096 }, optional: false, count: null, size: null },
      {
        direction: "out",
        pointee: { kind: "scalar", name: "u8", info: SCALARS.u8 },
        optional: false,
        count: null,
        size: "n",
      },
      {
        direction: "inout",
        pointee: { kind: "struct", decl: types.struct("timeval") },
        optional: false,
        count: "n",
        size: null,
      },
      { direction: "out", pointee: { kind: "string", max: null }, optional: false, count: null, size: "n" },
      null,
    ]);
  });

  test("has its ladder in check order, shared ladders in place (A, then B)", () => {
    const ids = compiled.ladder.map((rung) => rung.id);
    expect(ids.slice(0, 4)).toEqual([
      "newuser-thread",
      "newuser-not-capable",
      "set-unreadable",
      "count-negative",
    ]);
    expect(ids.indexOf("not-capable")).toBeLessThan(ids.indexOf("newns-fs"));
    expect(compiled.rung("newns-fs")?.from).toBe("copy_process");
    expect(compiled.rung("set-unreadable")).toEqual({
      id: "set-unreadable",
      errno: "EFAULT",
      rules: ["A-07"],
      reason: "struct target_pid_set cannot be read",
      from: null,
    });
    expect(compiled.rung("pid-exhausted")?.rules).toEqual(["A-49", "B-14"]);
    expect(compiled.rung("no-such-rung")).toBeUndefined();
    expect(compiled.ladderIn()).toEqual(compiled.ladder);
  });

  test("rungs and includes may belong to an era; two of one id where no kernel has both", () => {
    const shared: LadderDecl[] = [
      {
        ladder: "later",
        rungs: [
          ["limit", "EAGAIN", "P-16", "before", { until: "5.17" }],
          ["nesting", "ENOSPC", "P-15", "between"],
          ["limit", "EAGAIN", "P-16", "after", { since: "5.17" }],
        ],
      },
    ];
    const call = compileSyscall(
      {
        ...base,
        ladder: [
          ["limit", "ENOMEM", [], "long before", { until: "5.3" }],
          { include: "later", since: "5.3" },
        ],
      },
      types,
      shared,
    );
    const reasons = (version: string) => call.ladderIn(kernelVersion(version)).map((rung) => rung.reason);
    expect(reasons("2.6.30")).toEqual(["long before"]);
    expect(reasons("5.3")).toEqual(["before", "between"]);
    expect(reasons("6.14")).toEqual(["between", "after"]);
    expect(call.ladder.map(({ since, until }) => [since, until])).toEqual([
      [undefined, "5.3"],
      ["5.3", "5.17"],
      ["5.3", undefined],
      ["5.17", undefined],
    ]);
    expect(call.rung("limit", kernelVersion("6.14"))?.reason).toBe("after");
  });

  test("a ladder that includes a ladder unfolds where it stands", () => {
    const shared = [
      {
        ladder: "outer",
        rungs: [["first", "EPERM", [], "1"], { include: "inner" }, ["last", "EPERM", [], "3"]],
      },
      { ladder: "inner", rungs: [["middle", "EPERM", [], "2"]] },
    ] as const;
    const { ladder } = compileSyscall({ ...base, ladder: [{ include: "outer" }] }, types, shared);
    expect(ladder.map((r) => [r.id, r.from])).toEqual([
      ["first", "outer"],
      ["middle", "inner"],
      ["last", "outer"],
    ]);
  });

  test("§8 has its arguments in each order, the default one where it says nothing", () => {
    const usual = ["flags", "newsp", "parent_tid", "child_tid", "tls", "pid_set"];
    expect(compiled.orders).toEqual({
      default: usual,
      backwards: ["flags", "newsp", "parent_tid", "tls", "child_tid", "pid_set"],
      backwards2: ["newsp", "flags", "parent_tid", "child_tid", "tls", "pid_set"],
      backwards3: usual,
    });
    for (const order of ["default", "backwards", "backwards2", "backwards3"] as const)
      expect(compiled.argOrder(order)).toBe(compiled.orders[order]);
  });

  test("has an era: everything always, where nothing is said", () => {
    expect([compiled.since, compiled.until]).toEqual([2_006_030, 2_006_033]);
    const { since, until } = compile(base);
    expect([since, until]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  test("prints as plain data with the ladder expanded", () => {
    for (const decl of CALLS) {
      const call = compile(decl);
      expect(JSON.parse(JSON.stringify(call))).toEqual({ ...decl, ladder: call.ladder });
      expect(JSON.parse(JSON.stringify(call.args))).toEqual(call.args);
    }
  });

  test("six arguments fit", () => {
    const args = Object.fromEntries([..."abcdef"].map((name) => [name, "u64" as const]));
    expect(compile({ ...base, args }).args).toHaveLength(6);
  });
});

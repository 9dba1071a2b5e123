import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type ArgsOf,
  CALLS,
  type CheckedDecl,
  type clone_with_pids,
  type Ladders,
  type ReadPtr,
  type RungsOf,
  type SyscallDecl,
  type UserPtr,
  userPtr,
  type ValueOf,
  type Word64,
  type WritePtr,
} from "../../src/abi/index.ts";

// What must not compile is marked; `tsc` fails when a marked line compiles after all.

const demo = {
  name: "demo",
  numbers: { x86_64: 900 },
  args: {
    flags: { flags: "clone_flags", of: "unsigned long" },
    small: { flags: "wait_options", of: "int" },
    buf: { in: "u8", count: "n", optional: true },
    n: "size_t",
    result: { out: "pid_t" },
    path: { string: "in", max: 4096 },
  },
  returns: "int",
  ladder: [["own", "EINVAL", "A-09", "a reason"], { include: "do_fork" }],
  support: "full",
  provenance: ["a test"],
} as const satisfies SyscallDecl;

type Demo = typeof demo;

/** Takes what `implement` takes: nothing is run here, the compiler does the test. */
function declare<const D extends SyscallDecl>(_decl: CheckedDecl<D>): void {}

describe("the types a declaration gives its handler", () => {
  test("arguments are numbers, words and directed pointers", () => {
    expectTypeOf<ArgsOf<Demo>["flags"]>().toEqualTypeOf<Word64>();
    expectTypeOf<ArgsOf<Demo>["small"]>().toEqualTypeOf<number>();
    expectTypeOf<ArgsOf<Demo>["buf"]>().toEqualTypeOf<UserPtr<"u8", "in">>();
    expectTypeOf<ArgsOf<Demo>["n"]>().toEqualTypeOf<number>();
    expectTypeOf<ArgsOf<Demo>["result"]>().toEqualTypeOf<UserPtr<"pid_t", "out">>();
    expectTypeOf<ArgsOf<Demo>["path"]>().toEqualTypeOf<UserPtr<"char", "in">>();
    expectTypeOf<keyof ArgsOf<Demo>>().toEqualTypeOf<"flags" | "small" | "buf" | "n" | "result" | "path">();
    expectTypeOf<ValueOf<{ flags: "f"; of: "u64" }>>().toEqualTypeOf<Word64>();
    expectTypeOf<ValueOf<{ flags: "f"; of: "u32" }>>().toEqualTypeOf<number>();
    expectTypeOf<ValueOf<{ inout: "int" }>>().toEqualTypeOf<UserPtr<"int", "inout">>();
  });

  test("an argument the declaration has not is refused", () => {
    // @ts-expect-error there is no argument of that name
    const wrong: ArgsOf<Demo>["pid_set"] | null = null;
    expect(wrong).toBeNull();
  });

  test("rungs are the call's own and those of the ladders it includes", () => {
    expectTypeOf<RungsOf<Demo, Ladders>>().toEqualTypeOf<"own" | "newuser-thread" | "newuser-not-capable">();
    type Rungs = RungsOf<typeof clone_with_pids, Ladders>;
    expectTypeOf<"set-unreadable">().toExtend<Rungs>();
    expectTypeOf<"pid-taken">().toExtend<Rungs>();
    const fail = (_rung: Rungs): void => {};
    fail("count-negative");
    // @ts-expect-error the call declares no such rung
    fail("no-such-rung");
  });

  test("writing through an in-pointer and reading through an out-pointer are refused", () => {
    const write = (_to: WritePtr): void => {};
    const read = (_from: ReadPtr): void => {};
    const input = userPtr<"pid_t", "in">(0x1000);
    const output = userPtr<"pid_t", "out">(0x1000);
    const both = userPtr<"pid_t", "inout">(0x1000);
    read(input);
    write(output);
    read(both);
    write(both);
    // @ts-expect-error an in-pointer is not written through
    write(input);
    // @ts-expect-error an out-pointer is not read through
    read(output);
    // @ts-expect-error a bare number is no user pointer
    write(0x1000);
    expect(input + 0).toBe(0x1000);
  });

  test("a pointer to one thing is not a pointer to another", () => {
    const set = (_set: UserPtr<"target_pid_set", "in">): void => {};
    set(userPtr<"target_pid_set", "in">(0));
    // @ts-expect-error points at something else
    set(userPtr<"pid_t", "in">(0));
  });
});

describe("what the compiler refuses in a declaration", () => {
  test("relations that name an argument compile", () => {
    declare(demo);
    declare({ ...demo, args: { buf: { out: "u8", size: "len" }, len: { inout: "int" } } });
    for (const call of CALLS) declare(call);
  });

  test("a count that names no argument does not", () => {
    // @ts-expect-error there is no argument m
    declare({ ...demo, args: { buf: { in: "u8", count: "m" }, n: "size_t" } });
  });

  test("a size that names no argument does not, on a pointer or a string", () => {
    // @ts-expect-error there is no argument m
    declare({ ...demo, args: { buf: { out: "u8", size: "m" }, n: "size_t" } });
    // @ts-expect-error there is no argument m
    declare({ ...demo, args: { name: { string: "out", size: "m" }, n: "size_t" } });
  });

  test("a relation that names a pointer to no integer does not", () => {
    // @ts-expect-error buf counts nothing
    declare({ ...demo, args: { buf: { in: "target_pid_set" }, other: { in: "u8", count: "buf" } } });
    // @ts-expect-error the kernel does not read through an out-pointer
    declare({ ...demo, args: { buf: { in: "u8", size: "len" }, len: { out: "int" } } });
  });

  test("an order that names no argument does not", () => {
    // @ts-expect-error there is no argument c
    declare({ ...demo, args: { a: "int", b: "int" }, order: { backwards: ["b", "c"] } });
  });

  test("an unknown scalar, errno, table and key do not", () => {
    // @ts-expect-error no such scalar
    declare({ ...demo, args: { a: "integer" } });
    // @ts-expect-error no such errno
    declare({ ...demo, ladder: [["a", "EWRONG", [], "a reason"]] });
    // @ts-expect-error no such table
    declare({ ...demo, numbers: { vax: 1 } });
    // @ts-expect-error no such key
    ({ ...demo, suport: "full" }) satisfies SyscallDecl;
  });
});

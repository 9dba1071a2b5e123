import { describe, expect, test } from "vitest";
import {
  clone_args,
  type DataModel,
  eclone_args,
  FLAG_SETS,
  I386,
  ILP32,
  ILP32BE,
  LP64,
  LP64BE,
  layoutOf,
  rusage,
  type StructDecl,
  Types,
  target_pid_set,
  timeval,
  user_desc,
  X32,
  X86_64,
} from "../../src/abi/index.ts";
import { alignments, clone2_struct, epoll_event } from "./family-structs.ts";

const types = new Types(
  [timeval, rusage, eclone_args, clone_args, clone2_struct, epoll_event, alignments],
  FLAG_SETS,
);

/** The image of a struct in hexadecimal words, as the rules print it; bytes nobody wrote are `xx`. */
function image(
  decl: StructDecl,
  model: DataModel,
  values: Readonly<Record<string, number | bigint>>,
): string {
  const layout = layoutOf(decl, model, types);
  const written = [0x00, 0xff].map((fill) => {
    const bytes = new Uint8Array(layout.size).fill(fill);
    layout.write(new DataView(bytes.buffer), 0, values);
    return bytes;
  }) as [Uint8Array, Uint8Array];
  const hex = [...written[0]].map((byte, i) =>
    byte === written[1][i] ? byte.toString(16).padStart(2, "0") : "xx",
  );
  return hex.join("").replace(/.{8}(?=.)/g, "$& ");
}

/** Offsets of every field, then size and alignment. */
function shape(decl: StructDecl, model: DataModel): readonly unknown[] {
  const { fields, size, align } = layoutOf(decl, model, types);
  return [fields.map((f) => f.offset), size, align];
}

describe("byte images of rules §9.2", () => {
  test("§9.2 target_pid_set on ILP32", () => {
    const values = { num_pids: 3, target_pids: 0x0804_9000 };
    expect(image(target_pid_set, I386, values)).toBe("03000000 00900408");
    expect(image(target_pid_set, ILP32, values)).toBe("03000000 00900408");
    expect(image(target_pid_set, ILP32BE, values)).toBe("00000003 08049000");
  });

  test("§9.2 target_pid_set on LP64: the hole is never written", () => {
    const values = { num_pids: 3, target_pids: 0x7ffe_0000_1000 };
    expect(image(target_pid_set, LP64, values)).toBe("03000000 xxxxxxxx 00100000 fe7f0000");
    expect(image(target_pid_set, LP64BE, values)).toBe("00000003 xxxxxxxx 00007ffe 00001000");
  });

  test("§9.2 the hole is never read as a value", () => {
    const layout = layoutOf(target_pid_set, LP64);
    const bytes = Uint8Array.of(3, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef, 0, 0x10, 0, 0, 0xfe, 0x7f, 0, 0);
    expect(layout.read(new DataView(bytes.buffer), 0)).toEqual({
      num_pids: 3,
      target_pids: 0x7ffe_0000_1000n,
    });
  });

  test("§9.2 the pid array 0, 77, 99", () => {
    const array = { struct: "three", fields: { pids: { array: "pid_t", length: 3 } } } as const;
    const values = { "pids[0]": 0, "pids[1]": 77, "pids[2]": 99 };
    for (const model of [I386, LP64]) expect(image(array, model, values)).toBe("00000000 4d000000 63000000");
  });

  test("§9.2 the tail of eclone's clone_args", () => {
    const text = image(eclone_args, I386, { nr_pids: 2, reserved0: 0 });
    expect(text.split(" ").slice(40 / 4)).toEqual(["02000000", "00000000"]);
  });

  test("§9.2 clone3's exit_signal and set_tid", () => {
    const words = image(clone_args, I386, { exit_signal: 17, set_tid: 0x1000, set_tid_size: 2 }).split(" ");
    expect(words.slice(32 / 4, 40 / 4)).toEqual(["11000000", "00000000"]);
    expect(words.slice(64 / 4, 80 / 4)).toEqual(["00100000", "00000000", "02000000", "00000000"]);
  });
});

describe("layouts the rules state", () => {
  test("§3.1 target_pid_set", () => {
    for (const model of [I386, ILP32, ILP32BE, X32]) {
      expect(shape(target_pid_set, model)).toEqual([[0, 4], 8, 4]);
      expect(layoutOf(target_pid_set, model).holes).toEqual([]);
    }
    for (const model of [LP64, LP64BE]) {
      expect(shape(target_pid_set, model)).toEqual([[0, 8], 16, 8]);
      expect(layoutOf(target_pid_set, model).holes).toEqual([{ offset: 4, size: 4 }]);
    }
  });

  test("§5.1 v7's clone_struct is 40 bytes everywhere", () => {
    for (const model of [LP64, I386, ILP32, X32])
      expect(shape(clone2_struct, model).slice(0, 2)).toEqual([[0, 8, 16, 20, 24, 28, 32], 40]);
  });

  test("§5.2 eclone's clone_args: 48 bytes, the same offsets on 32 and 64 bit", () => {
    for (const model of [LP64, LP64BE, ILP32, ILP32BE, I386, X32])
      expect(shape(eclone_args, model).slice(0, 2)).toEqual([[0, 8, 16, 24, 32, 40, 44], 48]);
    expect([LP64, I386].map((m) => layoutOf(eclone_args, m).align)).toEqual([8, 4]);
  });

  test("§6.1 clone3's clone_args: 88 bytes, every field at a multiple of 8", () => {
    for (const model of [LP64, LP64BE, ILP32, I386, X32])
      expect(shape(clone_args, model).slice(0, 2)).toEqual([[0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80], 88]);
  });

  test("8-byte integers: i386 aligns them to 4, the other 32-bit models to 8", () => {
    expect(shape(alignments, LP64)).toEqual([[0, 8, 16, 24, 32], 40, 8]);
    expect(shape(alignments, I386)).toEqual([[0, 4, 12, 16, 20], 24, 4]);
    for (const model of [ILP32, ILP32BE, X32])
      expect(shape(alignments, model)).toEqual([[0, 8, 16, 20, 24], 32, 8]);
    expect(layoutOf(alignments, LP64).holes).toEqual([
      { offset: 1, size: 7 },
      { offset: 26, size: 6 },
    ]);
  });

  test("a struct may be packed under one model and not under another", () => {
    expect(shape(epoll_event, X86_64)).toEqual([[0, 4], 12, 1]);
    expect(shape(epoll_event, I386)).toEqual([[0, 4], 12, 4]);
    expect(shape(epoll_event, LP64)).toEqual([[0, 8], 16, 8]);
    expect(shape(epoll_event, ILP32)).toEqual([[0, 8], 16, 8]);
  });

  test("rusage is 144 bytes on LP64 and 72 on 32-bit models; user_desc 16 everywhere", () => {
    expect([LP64, I386, ILP32, X32].map((m) => layoutOf(rusage, m, types).size)).toEqual([144, 72, 72, 72]);
    expect([LP64, I386, ILP32BE].map((m) => layoutOf(user_desc, m).size)).toEqual([16, 16, 16]);
  });

  test("a layout prints as plain data", () => {
    expect(JSON.parse(JSON.stringify(layoutOf(target_pid_set, LP64)))).toEqual({
      struct: "target_pid_set",
      model: "lp64",
      size: 16,
      align: 8,
      fields: [
        { name: "num_pids", type: "int", offset: 0, size: 4, align: 4 },
        { name: "target_pids", type: { in: "pid_t", count: "num_pids" }, offset: 8, size: 8, align: 8 },
      ],
      holes: [{ offset: 4, size: 4 }],
      tailPadding: 0,
    });
  });
});

describe("a struct laid out without a table", () => {
  test("is refused when it has no fields, an unknown type or itself inside", () => {
    const self = { struct: "self", fields: { a: "int", b: { struct: "self" } } } as const;
    expect(() => layoutOf({ struct: "none", fields: {} }, LP64)).toThrow("struct none: has no fields");
    expect(() => layoutOf(self, LP64)).toThrow("struct self.b: no struct is called self");
    for (let i = 0; i < 2; i++)
      expect(() => layoutOf(self, LP64, { struct: () => self })).toThrow("struct self: contains itself");
    const half = { struct: "half", fields: { a: { array: "int", length: 0 } } } as const;
    expect(() => layoutOf(half, LP64)).toThrow("struct half.a: an array of 0 elements: at least 1");
  });
});

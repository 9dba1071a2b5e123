import { describe, expect, test } from "vitest";
import { DECODE_LIMITS } from "../../../src/kernel/trace/decode-context.ts";
import type { EnterRecord } from "../../../src/kernel/trace/record.ts";
import type { TracePointer, TraceStruct } from "../../../src/kernel/trace/value.ts";
import { readWord } from "../../../src/kernel/trace/word.ts";
import { OPTIONS, PAGE, Scene, words } from "./world.ts";

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

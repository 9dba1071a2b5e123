import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompiledSyscall } from "../../../src/abi/compile.ts";
import { type CType, SCALARS, type ScalarName } from "../../../src/abi/ctype.ts";
import { flagSet } from "../../../src/abi/flags.ts";
import type { StructDecl } from "../../../src/abi/struct.ts";
import { clone_flags } from "../../../src/abi/structs/clone-flags.ts";
import { ENTRY_PATHS } from "../../../src/arch/entry.ts";
import type { EntryPathName } from "../../../src/arch/entry-path.ts";
import type { TypeLookup } from "../../../src/kernel/trace/decode-context.ts";
import { jsonLine } from "../../../src/kernel/trace/json.ts";
import type { TraceRecord } from "../../../src/kernel/trace/record.ts";
import { Tracer } from "../../../src/kernel/trace/tracer.ts";
import { schemaErrors } from "./schema.ts";
import { declared, FakeTask, GUARD, memory, PAGE, render, Scene, words } from "./world.ts";

const paths = fc.constantFrom(...(Object.keys(ENTRY_PATHS) as EntryPathName[]));

/** Words as guests that mean harm choose them: near the page's ends, tiny, huge, negative, not canonical. */
const word = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: BigInt(PAGE), max: BigInt(GUARD) + 8n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: BigInt(GUARD) - 40n, max: BigInt(GUARD) + 8n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 70n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 32n, 0x8000_0000n, 0x7fff_ffffn),
  },
);

/** What fills the page: words like the above, so that pointers in memory lead somewhere. */
const contents = fc.array(word, { minLength: 8, maxLength: 64 });

const scalar = fc.constantFrom(...(Object.keys(SCALARS) as ScalarName[]));
const siblings = ["a", "b", "c", "d"] as const;
const sibling = fc.constantFrom(...siblings);

function typeArbitrary(structs: readonly string[], inline: boolean): fc.Arbitrary<CType> {
  const pointee = structs.length === 0 ? scalar : fc.oneof(scalar, fc.constantFrom(...structs));
  const relation = fc.oneof(
    fc.constant({}),
    fc.record({ count: sibling }),
    fc.record({ size: sibling }),
    fc.record({ count: sibling, size: sibling }),
  );
  const pointer: fc.Arbitrary<CType> = fc
    .tuple(fc.constantFrom("in", "out", "inout"), pointee, relation)
    .map(([direction, to, rest]) => ({ [direction]: to, ...rest }) as unknown as CType);
  const text: fc.Arbitrary<CType> = fc
    .tuple(
      fc.constantFrom("in" as const, "out" as const),
      fc.integer({ min: -2, max: 5000 }),
      fc.option(sibling),
    )
    .map(([string, max, size]) => (size === null ? { string, max } : { string, size }));
  const flags: fc.Arbitrary<CType> = scalar.map((of) => ({ flags: "clone_flags", of }));
  const word: fc.Arbitrary<CType>[] = [scalar, pointer, pointer, text, flags];
  if (!inline) return fc.oneof(...word);
  const length = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(100_000_000));
  const inner =
    structs.length === 0 ? [] : [fc.constantFrom(...structs).map((struct): CType => ({ struct }))];
  const element = fc.oneof(...word, ...inner);
  return fc.oneof(element, fc.record({ array: element, length }));
}

/** Structs of four fields, each made of the ones before it, and of pointers to any of them, itself included. */
const structs: fc.Arbitrary<StructDecl[]> = fc
  .tuple(
    ...["s0", "s1", "s2"].map((_, i) =>
      fc.tuple(...siblings.map(() => typeArbitrary(["s0", "s1", "s2"].slice(0, i), true))),
    ),
  )
  .chain((all) =>
    fc
      .tuple(
        fc.boolean(),
        fc.nat(3),
        fc.constantFrom("s0", "s1", "s2"),
        fc.option(fc.integer({ min: 1, max: 40 })),
      )
      .map(([cyclic, at, to, version]) =>
        all.map((types, i): StructDecl => {
          const fields: Record<string, CType> = Object.fromEntries(
            siblings.map((name, j) => [name, types[j] as CType]),
          );
          if (cyclic) fields[siblings[at] as string] = { in: to, count: "a" };
          const decl = { struct: `s${i}`, fields };
          return version === null ? decl : { ...decl, versions: { VER0: version } };
        }),
      ),
  );

const args = fc.tuple(...siblings.map(() => typeArbitrary(["s0", "s1", "s2"], false)));
const returns = fc.constantFrom<CType>("int", "pid_t", "ssize_t", "addr");
const value = fc.oneof(
  fc.integer({ min: -5000, max: 5000 }),
  fc.constantFrom(2 ** 31, 2 ** 52, Number.MAX_SAFE_INTEGER),
);

describe("whatever the declaration, the words and the memory", () => {
  test("decoding ends, throws nothing, makes valid and bounded records, and leaves no mark on memory", {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(
        paths,
        structs,
        args,
        returns,
        fc.array(word, { minLength: 6, maxLength: 6 }),
        contents,
        value,
        (pathName, decls, types, returned, registers, filling, result) => {
          // Not compiled: the decoder has to stand declarations that would be refused as well.
          const sets = flagSet(clone_flags);
          const table: TypeLookup = {
            struct: (name) => decls.find((decl) => decl.struct === name),
            flags: (name) => (name === "clone_flags" ? sets : undefined),
          };
          const call = undeclared(
            Object.fromEntries(siblings.map((name, i) => [name, types[i] as CType])),
            returned,
          );
          const path = ENTRY_PATHS[pathName];
          const mm = memory();
          for (let i = 0; i < 256; i++) mm.poke(PAGE + i * 16, bytesOf(filling[i % filling.length] ?? 0n, 8));
          const task = new FakeTask(path, mm);
          for (const [i, name] of path.convention.args.entries()) task.regs.set(name, registers[i] ?? 0n);
          path.begin(task.regs, { wideNumber: true });

          const before = [mm.resident, mm.pages, mm.pool.used, image(mm.peek.bind(mm)), task.regs.bytes()];
          const records: TraceRecord[] = [];
          const tracer = new Tracer((record) => records.push(record), { types: table });
          tracer.enter(task, call, path, 1, Number((registers[5] ?? 0n) & 0xffff_ffffn));
          tracer.exit(task, { kind: "value", value: result });
          expect([mm.resident, mm.pages, mm.pool.used, image(mm.peek.bind(mm)), task.regs.bytes()]).toEqual(
            before,
          );

          expect(records.map((record) => record.kind)).toEqual(["enter", "exit"]);
          for (const record of records) {
            expect(schemaErrors(record)).toEqual([]);
            expect(jsonLine(record).length).toBeLessThan(LARGEST_LINE);
          }
          const line = render(records, { abbreviate: false, reasons: true });
          expect(line.split("\n")).toHaveLength(2);
          expect(line).not.toMatch(/(?!\n)\p{Cc}/u);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("peeking at memory that was never written makes no page", () => {
    const scene = new Scene();
    const before = scene.mm.pool.used;
    scene.enter("write", [1, PAGE, 4096]);
    scene.enter("wait4", [1, PAGE, 0, PAGE]);
    scene.returns(1);
    expect(scene.mm.pool.used).toBe(before);
    expect(scene.mm.resident).toBe(0);
  });
});

/** A call nobody has checked. */
function undeclared(args: Readonly<Record<string, CType>>, returns: CType): CompiledSyscall {
  const getpid = declared("getpid");
  return Object.create(getpid, {
    decl: { value: { ...getpid.decl, args, returns } },
    args: { value: Object.entries(args).map(([name, type]) => ({ name, type })) },
    argOrder: { value: () => Object.keys(args) },
  });
}

/** Bytes of the longest JSON line the limits allow, with room to spare. */
const LARGEST_LINE = 4_000_000;

function bytesOf(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function image(peek: (at: number, into: Uint8Array) => number): Uint8Array {
  const bytes = new Uint8Array(4096);
  peek(PAGE, bytes);
  return bytes;
}

describe("struct target_pid_set against a naive reader", () => {
  test("A-07 A-09 A-12 the text is what reading byte by byte would say", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<EntryPathName>("x86_64/syscall", "i386/int80", "ia32/int80"),
        fc.oneof(fc.integer({ min: -3, max: 40 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
        fc.integer({ min: GUARD - 200, max: GUARD + 4 }),
        fc.integer({ min: GUARD - 300, max: GUARD + 4 }),
        fc.array(fc.integer(), { minLength: 128, maxLength: 128 }),
        (path, count, set, array, filling) => {
          const scene = new Scene(path);
          scene.poke(GUARD - 512, words(4, ...filling));
          scene.poke(set, words(4, count).subarray(0, Math.max(0, GUARD - set)));
          const pointer = words(scene.word, array);
          scene.poke(set + scene.word, pointer.subarray(0, Math.max(0, GUARD - set - scene.word)));
          scene.enter("clone_with_pids", [17, 0, 0, 0, 0, set]);
          scene.fails("EINVAL");
          const text = /NULL, (\S.*)\) = -1/.exec(scene.text())?.[1]?.replace(/^(NULL, )*/, "");
          expect(text).toBe(naiveSet(scene, set));
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** One byte of guest memory; null where it faults. */
function byteAt(scene: Scene, at: number): number | null {
  const byte = new Uint8Array(1);
  return scene.mm.peek(at, byte) === 1 ? (byte[0] as number) : null;
}

function naiveInt(scene: Scene, at: number, size: number): number | null {
  let value = 0n;
  for (let i = 0; i < size; i++) {
    const byte = byteAt(scene, at + i);
    if (byte === null) return null;
    value |= BigInt(byte) << BigInt(8 * i);
  }
  return Number(size === 4 ? BigInt.asIntN(32, value) : value);
}

function naiveSet(scene: Scene, set: number): string {
  const size = 2 * scene.word;
  for (let i = 0; i < size; i++) if (byteAt(scene, set + i) === null) return `0x${set.toString(16)}`;
  const count = naiveInt(scene, set, 4) as number;
  const array = (naiveInt(scene, set + scene.word, scene.word) as number) >>> 0;
  return `{num_pids=${count}, target_pids=${naivePids(scene, count, array)}}`;
}

function naivePids(scene: Scene, count: number, array: number): string {
  if (count < 0) return `0x${array.toString(16)}`;
  const parts: string[] = [];
  for (let i = 0; i < count; i++) {
    if (i === 32) {
      parts.push("...");
      break;
    }
    const pid = naiveInt(scene, array + 4 * i, 4);
    if (pid !== null) {
      parts.push(String(pid));
      continue;
    }
    if (i === 0) return `0x${array.toString(16)}`;
    parts.push(`... /* 0x${(array + 4 * i).toString(16)} */`);
    break;
  }
  return `[${parts.join(", ")}]`;
}

/** What may happen to one of three tasks. */
const step = fc.tuple(
  fc.nat(2),
  fc.constantFrom("enter", "value", "error", "restart", "signal", "oops", "exited"),
  fc.constantFrom("fork", "wait4", "clone_with_pids", "getpid", "exit_group"),
);

/** Plays steps as a gate would: no second entry before the first is over, nothing after the end. */
function play(steps: readonly (readonly [number, string, string])[]): Scene {
  const scene = new Scene();
  const tasks = [scene.task, scene.another([6, 78]), scene.another([7])];
  const inside = new Set<number>();
  const gone = new Set<number>();
  for (const [who, what, call] of steps) {
    const task = tasks[who] as FakeTask;
    if (gone.has(who)) continue;
    if (what === "enter" && !inside.has(who)) {
      scene.enter(call, [PAGE, PAGE, PAGE, PAGE, PAGE, PAGE], task);
      inside.add(who);
    } else if (what === "value" || what === "error" || what === "restart") {
      if (what === "value") scene.returns(7, task);
      else if (what === "error") scene.fails("EPERM", "not-capable", "clone_with_pids", task);
      else scene.tracer.exit(task, { kind: "restart", code: "ERESTARTSYS" });
      inside.delete(who);
    } else if (what === "signal") scene.tracer.signal(task, 10, {});
    else if (what === "oops") scene.tracer.oops(task, "oops\nat");
    else if (what === "exited") {
      scene.tracer.exited(task, { code: 0 });
      gone.add(who);
    }
  }
  for (const [who, task] of tasks.entries()) if (!gone.has(who)) scene.tracer.exited(task, { signal: 9 });
  return scene;
}

describe("whatever happens in whatever order", () => {
  const traces = fc.array(step, { maxLength: 60 });

  test("every enter has one exit, after it and of the same task, and numbers have no gaps", () => {
    fc.assert(
      fc.property(traces, (steps) => {
        const { records } = play(steps);
        expect(records.map((record) => record.seq)).toEqual(records.map((_, i) => i + 1));
        const enters = records.filter((record) => record.kind === "enter");
        const exits = records.filter((record) => record.kind === "exit");
        expect(exits.map((exit) => exit.enter).sort((a, b) => a - b)).toEqual(
          enters.map((enter) => enter.seq),
        );
        for (const exit of exits) {
          const enter = records[exit.enter - 1];
          expect(exit.seq).toBeGreaterThan(exit.enter);
          expect(enter).toMatchObject({ kind: "enter", task: exit.task, call: exit.call });
        }
      }),
    );
  });

  test("one line a record when nothing comes between an entry and its exit", () => {
    fc.assert(
      fc.property(traces, (steps) => {
        const together = steps.flatMap(([who, what, call]): (readonly [number, string, string])[] =>
          what === "enter"
            ? [
                [who, "enter", call],
                [who, "value", call],
              ]
            : [[who, what, call]],
        );
        const { records } = play(together);
        const lines = render(records).split("\n").slice(0, -1);
        expect(lines).toHaveLength(records.filter((record) => record.kind !== "enter").length);
        expect(lines.join("\n")).not.toMatch(/unfinished|resumed/);
      }),
    );
  });

  test("lines are as many as records that end something, and every unfinished line is resumed", () => {
    fc.assert(
      fc.property(traces, fc.boolean(), (steps, color) => {
        const { records } = play(steps);
        const text = render(records, { color });
        const lines = text.split("\n").slice(0, -1);
        const unfinished = lines.filter((line) => line.includes("<unfinished ...>"));
        expect(lines).toHaveLength(
          records.filter((record) => record.kind !== "enter").length + unfinished.length,
        );
        expect(lines.filter((line) => line.includes("resumed>"))).toHaveLength(unfinished.length);
        expect(lines.every((line) => line.includes("[pid "))).toBe(true);
      }),
    );
  });

  test("the same history makes the same trace, byte for byte", () => {
    fc.assert(
      fc.property(traces, (steps) => {
        const [one, two] = [play(steps), play(steps)];
        expect(two.records.map(jsonLine).join("")).toBe(one.records.map(jsonLine).join(""));
        expect(render(two.records)).toBe(render(one.records));
      }),
      { numRuns: 30 },
    );
  });
});

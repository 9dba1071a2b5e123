import fc from "fast-check";
import { expect, test } from "vitest";
import { AddressSpace } from "../../src/mm/address-space.ts";
import { FramePool, PAGE_SIZE } from "../../src/mm/frames.ts";
import { guardAlloc } from "../../src/mm/guard.ts";
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../../src/mm/vma.ts";

const PAGES = 6;
/** Straddles a 2 MiB region, so that leaves are made, shared and dropped. */
const BASE = 0x20_0000 - 2 * PAGE_SIZE;

/** The naive model: a byte array with rights a page. Shared pages are shared byte arrays. */
interface ModelPage {
  prot: number;
  bytes: Uint8Array;
  shared: boolean;
}

class Model {
  pages: (ModelPage | null)[] = new Array(PAGES).fill(null);

  fork(): Model {
    const copy = new Model();
    copy.pages = this.pages.map((p) =>
      p === null ? null : { ...p, bytes: p.shared ? p.bytes : p.bytes.slice() },
    );
    return copy;
  }
}

interface Pair {
  model: Model;
  real: AddressSpace;
}

interface State {
  pairs: Pair[];
}

const page = fc.nat(PAGES - 1);
const count = fc.integer({ min: 1, max: 4 });
const prot = fc.constantFrom(0, PROT_READ, PROT_WRITE, PROT_EXEC, PROT_READ | PROT_WRITE);
const which = fc.nat(3);

type Op =
  | { op: "map"; who: number; at: number; n: number; prot: number; shared: boolean }
  | { op: "unmap"; who: number; at: number; n: number }
  | { op: "protect"; who: number; at: number; n: number; prot: number }
  | { op: "poke"; who: number; at: number; value: number }
  | { op: "write"; who: number; at: number; value: number }
  | { op: "fork"; who: number }
  | { op: "release"; who: number }
  | { op: "snapshot-write-restore"; who: number; at: number };

const write = fc.record({
  op: fc.constant("write" as const),
  who: which,
  at: page,
  value: fc.integer({ min: 1, max: 255 }),
});

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 10, arbitrary: write },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("fork" as const), who: which }) },
  fc.record({ op: fc.constant("map" as const), who: which, at: page, n: count, prot, shared: fc.boolean() }),
  fc.record({ op: fc.constant("unmap" as const), who: which, at: page, n: count }),
  fc.record({ op: fc.constant("protect" as const), who: which, at: page, n: count, prot }),
  fc.record({
    op: fc.constant("poke" as const),
    who: which,
    at: page,
    value: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ op: fc.constant("release" as const), who: which }),
  fc.record({ op: fc.constant("snapshot-write-restore" as const), who: which, at: page }),
);

const addressOf = (at: number): number => BASE + at * PAGE_SIZE;

function apply(state: State, o: Op): void {
  const pair = state.pairs[o.who % state.pairs.length] as Pair;
  const { model, real } = pair;
  switch (o.op) {
    case "map": {
      const n = Math.min(o.n, PAGES - o.at);
      for (let i = o.at; i < o.at + n; i++) {
        model.pages[i] = { prot: o.prot, bytes: new Uint8Array(PAGE_SIZE), shared: o.shared };
      }
      expect(real.map(addressOf(o.at), n * PAGE_SIZE, o.prot, { shared: o.shared })).toBeNull();
      break;
    }
    case "unmap": {
      const n = Math.min(o.n, PAGES - o.at);
      for (let i = o.at; i < o.at + n; i++) model.pages[i] = null;
      expect(real.unmap(addressOf(o.at), n * PAGE_SIZE)).toBeNull();
      break;
    }
    case "protect": {
      const n = Math.min(o.n, PAGES - o.at);
      let hole = false;
      for (let i = o.at; i < o.at + n && !hole; i++) {
        const p = model.pages[i];
        if (!p) hole = true;
        else model.pages[i] = { ...p, prot: o.prot };
      }
      // Over a hole: ENOMEM, and the part before it has changed.
      expect(real.protect(addressOf(o.at), n * PAGE_SIZE, o.prot)).toBe(hole ? "ENOMEM" : null);
      break;
    }
    case "poke": {
      const p = model.pages[o.at];
      if (p) p.bytes[o.value] = o.value;
      expect(real.poke(addressOf(o.at) + o.value, Uint8Array.of(o.value))).toBe(p ? 1 : 0);
      break;
    }
    case "write": {
      const p = model.pages[o.at];
      const allowed = p ? (p.prot & PROT_WRITE) !== 0 : false;
      const offset = real.translate(addressOf(o.at) + o.value, true);
      expect(offset >= 0).toBe(allowed);
      if (p && allowed) {
        p.bytes[o.value] = o.value;
        real.pool.u8[offset] = o.value;
      }
      break;
    }
    case "fork":
      if (state.pairs.length < 4) {
        const child = real.fork();
        if (child === null) throw new Error("no memory for a short list of mappings");
        state.pairs.push({ model: model.fork(), real: child });
      }
      break;
    case "release":
      if (state.pairs.length > 1) {
        state.pairs.splice(state.pairs.indexOf(pair), 1);
        real.release();
        real.release();
      }
      break;
    case "snapshot-write-restore": {
      const snapshot = real.snapshot();
      real.map(addressOf(o.at), PAGE_SIZE, PROT_READ | PROT_WRITE);
      for (let at = 0; at < PAGES; at++) real.poke(addressOf(at), Uint8Array.of(0x77));
      real.restore(snapshot);
      real.restore(snapshot);
      real.discard(snapshot);
      break;
    }
  }
}

function compare({ model, real }: Pair): void {
  const seen = new Uint8Array(PAGE_SIZE);
  for (let i = 0; i < PAGES; i++) {
    const p = model.pages[i];
    const readable = p ? p.prot !== 0 : false;
    expect(real.peek(addressOf(i), seen)).toBe(readable ? Math.max(PAGE_SIZE, 0) : 0);
    if (p && readable && Buffer.compare(seen, p.bytes) !== 0) expect([...seen]).toEqual([...p.bytes]);
    const offset = real.translate(addressOf(i), false);
    expect(offset >= 0).toBe(readable);
    if (p && readable && offset >= 0) expect(real.pool.u8[offset]).toBe(p.bytes[0]);
  }
}

test("law: address spaces agree with a byte array that has rights a page, through fork, sharing and release", () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 40 }), fc.boolean(), (ops, shared) => {
      const pool = new FramePool({ frames: 512 });
      const state: State = {
        pairs: [{ model: new Model(), real: new AddressSpace(pool, { taskSize: 0xc0000000 }) }],
      };
      apply(state, { op: "map", who: 0, at: 0, n: PAGES, prot: PROT_READ | PROT_WRITE, shared });
      for (let at = 0; at < PAGES; at++) apply(state, { op: "write", who: 0, at, value: at + 1 });
      for (const o of ops) {
        apply(state, o);
        for (const pair of state.pairs) compare(pair);
      }
      for (const { real } of state.pairs) real.release();
      // The leak law: every frame is back.
      expect(pool.used).toBe(0);
    }),
    { numRuns: 400 },
  );
});

test("a guarded object ends, or starts, exactly at an unmapped page", () => {
  const pool = new FramePool({ frames: 16 });
  const mm = new AddressSpace(pool, { taskSize: 0xc0000000 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 * PAGE_SIZE }),
      fc.constantFrom("end" as const, "start" as const),
      (size, side) => {
        const at = guardAlloc(mm, size, { side });
        expect(mm.readable(at, size)).toBe(size);
        if (side === "end") expect(mm.readable(at, size + 1)).toBe(size);
        else expect(mm.readable(at - 1, 1)).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});

test("frames run out, and come back", () => {
  const pool = new FramePool({ frames: 2 });
  const frames = [pool.alloc(), pool.alloc(), pool.alloc()];
  expect(frames.map((f) => f !== 0)).toEqual([true, true, false]);
  pool.u8.fill(0xff, (frames[0] as number) * PAGE_SIZE, ((frames[0] as number) + 1) * PAGE_SIZE);
  pool.release(frames[0] as number);
  const again = pool.alloc();
  expect(pool.u8.subarray(again * PAGE_SIZE, (again + 1) * PAGE_SIZE).every((b) => b === 0)).toBe(true);
  expect(pool.kalloc(1 << 20)).toBe(0);
});

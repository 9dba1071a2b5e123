import { failed, type Observation, type StepSeen } from "./observation.ts";
import type { Plan } from "./plan.ts";
import type { Tape } from "./tape.ts";

const BITS = 20;

/** Accesses of a call that count for what it did; a long loop looks the same from there on. */
const MOST = 12;

/**
 * What a run did, as a few numbers: the call and the rung it failed at, whose objects it touched in which order, how far
 * each access came, what kind of value it returned, with which flags it succeeded, and the counters of instrumented code. Nearly free: a hash and a bit.
 */
export class Coverage {
  /** Kinds of behaviour seen. */
  features = 0;
  private readonly known: Uint32Array = new Uint32Array(1 << (BITS - 5));

  /** Enters a run; whether it did anything new. */
  add(plan: Plan, seen: Observation, tape: Tape, counters: Uint32Array | null): boolean {
    const before = this.features;
    const { steps } = seen;
    let last = plan.arch;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as StepSeen;
      if (!step.ran) continue;
      const outcome = outcomeOf(step);
      this.note(mix(0x51, outcome));
      if (i > 0) this.note(mix(last, outcome));
      this.note(patternOf(step, tape, outcome));
      if (!failed(step)) this.addFlags(step);
      last = outcome;
    }
    if (counters !== null) this.addCounters(counters);
    return this.features !== before;
  }

  /** Every flag that a call did not fail with, by itself: what it asks for may be wrong and show in nothing else. */
  private addFlags({ step: { call }, values, returned }: StepSeen): void {
    for (const { index, flags } of call.axes) {
      if (flags === null) continue;
      const base = mix(returned ? 0xf1 : 0xf2, (call.id << 8) | index);
      this.addBits(base, values.lo[index] as number, 0);
      this.addBits(base, values.hi[index] as number, 32);
    }
  }

  private addBits(base: number, word: number, first: number): void {
    for (let rest = word; rest !== 0; rest &= rest - 1)
      this.note(mix(base, first + 31 - Math.clz32(rest & -rest)));
  }

  private addCounters(counters: Uint32Array): void {
    for (let i = 0; i < counters.length; i++) {
      const hits = counters[i] as number;
      if (hits !== 0) this.note(mix(mix(0xc0, i), 32 - Math.clz32(hits)));
    }
  }

  private note(feature: number): void {
    const bit = (feature ^ (feature >>> 15)) & ((1 << BITS) - 1);
    const word = this.known[bit >>> 5] as number;
    const mask = 1 << (bit & 31);
    if ((word & mask) !== 0) return;
    this.known[bit >>> 5] = word | mask;
    this.features++;
  }
}

function outcomeOf({ step, returned, rungIndex, result, changed }: StepSeen): number {
  const value = !returned
    ? 1
    : rungIndex >= 0
      ? 64 + rungIndex
      : result < 0
        ? 2
        : result === 0
          ? 3
          : 4 + log2(result);
  return mix(mix(step.call.id, value), changed ? 1 : 0);
}

function patternOf({ from, to, tangled }: StepSeen, tape: Tape, outcome: number): number {
  let h = outcome;
  if (tangled) return mix(h, 7);
  const end = Math.min(to, from + MOST);
  for (let i = from; i < end; i++) {
    const size = tape.size[i] as number;
    const whole = tape.done[i] === size ? 1 : 0;
    h = mix(
      h,
      ((tape.site[i] as number) << 8) | (sizeClass(size) << 2) | (whole << 1) | (tape.write[i] as number),
    );
  }
  return h;
}

/** Nothing, a word, less than a page, more. */
function sizeClass(n: number): number {
  return n === 0 ? 0 : n <= 8 ? 1 : n < 4096 ? 2 : 3;
}

function log2(n: number): number {
  return n >= 2 ** 31 ? 32 : 32 - Math.clz32(n);
}

function mix(h: number, k: number): number {
  const x = Math.imul(h ^ Math.imul(k, 0xcc9e2d51), 0x1b873593);
  return ((x << 13) | (x >>> 19)) ^ (x >>> 5) ^ 0x5bd1e995;
}

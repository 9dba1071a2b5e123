/** A seeded source of chance: the same seed, the same throws. SplitMix32. */
export class Dice {
  private state: number;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 … 2^32 − 1. */
  word(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** 0 … n − 1. */
  below(n: number): number {
    return this.word() % n;
  }

  /** True once in `n` throws. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of several. @throws RangeError for none */
  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError("there is nothing to pick from");
    return from[this.below(from.length)] as T;
  }
}

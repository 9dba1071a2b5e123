/** A small seeded generator (xorshift32 over a mixed seed): the same seed, the same sequence, on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed / 2 ** 32);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    this.state = (x ^ (x >>> 16)) | 1;
  }

  /** 32 random bits, unsigned. */
  bits(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** 0 … n − 1. */
  below(n: number): number {
    return this.bits() % n;
  }

  /** True once in `n`. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of `choices`. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}

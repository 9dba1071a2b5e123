/**
 * The generator of everything random in the lab: small, seeded, the same numbers on every machine. Run i of a seed
 * starts from the seed and i alone.
 *
 * @example
 * ```ts
 * import { Rng } from "trapgate/fuzz";
 * const rng = new Rng(7);
 * rng.start(7, 3);
 * const first = rng.below(1000);
 * rng.start(7, 3);
 * console.log(rng.below(1000) === first); // true
 * ```
 */
export class Rng {
  private a = 1;
  private b = 1;

  /** @param seed any integer */
  constructor(seed: number) {
    this.start(seed, 0);
  }

  /** Begins the sequence of run `run` of `seed`. */
  start(seed: number, run: number): void {
    const high = Math.floor(seed / 2 ** 32) ^ Math.imul(Math.floor(run / 2 ** 32), 0x27d4eb2f);
    this.a = mixed(seed ^ Math.imul(run, 0x9e3779b1)) | 1;
    this.b = mixed(run ^ mixed(high ^ Math.imul(seed, 0x85ebca6b)));
  }

  /** 32 random bits, signed: xoroshiro64*. */
  bits(): number {
    const { a } = this;
    const b = this.b ^ a;
    this.a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
    this.b = (b << 13) | (b >>> 19);
    return Math.imul(a, 0x9e3779bb);
  }

  /** 0 … n − 1, for n below 2^31. */
  below(n: number): number {
    return (this.bits() >>> 0) % n;
  }

  /** True once in `n`. */
  oneIn(n: number): boolean {
    return (this.bits() >>> 0) % n === 0;
  }

  /** One of `choices`. */
  pick<T>(choices: readonly T[]): T {
    return choices[(this.bits() >>> 0) % choices.length] as T;
  }
}

/** murmur3's finaliser. */
function mixed(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

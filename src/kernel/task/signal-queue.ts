import type { SignalSet } from "./sigmask.ts";

/** Signal numbers with a part of their own in the kernel. Source: asm-generic/signal.h. */
export const SIG = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  PIPE: 13,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  WINCH: 28,
  SYS: 31,
} as const;

/** The highest signal number, on every architecture but mips. */
export const NSIG = 64;

/** What a fault of the program itself raises: taken before every other signal (SYNCHRONOUS_MASK). */
const SYNCHRONOUS = [SIG.SEGV, SIG.BUS, SIG.ILL, SIG.TRAP, SIG.FPE, SIG.SYS].reduce(
  (mask, sig) => mask | (1 << (sig - 1)),
  0,
);

/**
 * A pending-signal set (`struct sigpending`): one bit a signal 1 … 64. A signal that is pending is not queued a
 * second time; its first sender is kept.
 */
export class SignalQueue {
  private lo = 0;
  private hi = 0;
  private senders: Map<number, number> | null = null;

  /** True when nothing is pending. */
  get empty(): boolean {
    return this.lo === 0 && this.hi === 0;
  }

  /** What is pending, as a set. */
  get set(): SignalSet {
    return { lo: this.lo >>> 0, hi: this.hi >>> 0 };
  }

  /** Adds `sig`; `from` is the sender's number as the receiver sees it, 0 from outside or from the kernel. */
  add(sig: number, from: number): void {
    if (this.has(sig)) return;
    if (sig <= 32) this.lo |= 1 << (sig - 1);
    else this.hi |= 1 << (sig - 33);
    if (from !== 0) {
      this.senders ??= new Map();
      this.senders.set(sig, from);
    }
  }

  /** Whether `sig` is pending. */
  has(sig: number): boolean {
    return sig <= 32 ? ((this.lo >>> (sig - 1)) & 1) === 1 : ((this.hi >>> (sig - 33)) & 1) === 1;
  }

  /** Forgets `sig`. */
  delete(sig: number): void {
    if (sig <= 32) this.lo &= ~(1 << (sig - 1));
    else this.hi &= ~(1 << (sig - 33));
    this.senders?.delete(sig);
  }

  /** Forgets everything. */
  clear(): void {
    this.lo = 0;
    this.hi = 0;
    this.senders = null;
  }

  /** Who sent the pending `sig`. */
  sender(sig: number): number {
    return this.senders?.get(sig) ?? 0;
  }

  /**
   * The pending signal to take next among those not in `blocked`: a fault of the program, then the lowest number; 0
   * when there is none (next_signal).
   */
  next(blocked: SignalSet): number {
    const lo = this.lo & ~blocked.lo;
    const first = lo & SYNCHRONOUS;
    if (first !== 0) return lowest(first);
    if (lo !== 0) return lowest(lo);
    const hi = this.hi & ~blocked.hi;
    return hi === 0 ? 0 : 32 + lowest(hi);
  }
}

/** The number of the lowest bit of a word that is not empty, from 1. */
function lowest(word: number): number {
  return 32 - Math.clz32(word & -word);
}

/** Signal numbers with a part of their own in the kernel. Source: asm-generic/signal.h. */
export const SIG = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  PIPE: 13,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  WINCH: 28,
} as const;

/** The highest signal number, on every architecture but mips. */
export const NSIG = 64;

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

  /** The pending signal to take next: SIGKILL, then the lowest number; 0 when none. */
  next(): number {
    if (this.empty) return 0;
    if (this.has(SIG.KILL)) return SIG.KILL;
    return this.lo !== 0 ? 32 - Math.clz32(this.lo & -this.lo) : 64 - Math.clz32(this.hi & -this.hi);
  }
}

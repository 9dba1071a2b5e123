import type { Turn } from "./crew-member.ts";

const NOTHING: Turn = { runs: 0, programs: [], findings: [] };

/**
 * Turns of several workers, round by round. Whoever asks for a round gets it when everybody is through with it, so what
 * one worker learns of another depends on the round and not on which of them is faster.
 */
export class Exchange {
  private readonly workers: number;
  private readonly rounds: Map<number, Turn[]> = new Map();
  private readonly waiting: Map<number, (() => void)[]> = new Map();
  /** By worker: the first round it takes no part in. */
  private readonly ends: number[];

  constructor(workers: number) {
    this.workers = workers;
    this.ends = new Array(workers).fill(Number.POSITIVE_INFINITY);
  }

  /** A worker is through with a round. */
  publish(worker: number, round: number, turn: Turn): void {
    let turns = this.rounds.get(round);
    if (turns === undefined) this.rounds.set(round, (turns = []));
    turns[worker] = turn;
    this.wake();
  }

  /** A worker takes no part from a round on. */
  leave(worker: number, round: number): void {
    this.ends[worker] = round;
    this.wake();
  }

  /** A round's turns, a worker each; null when nobody took part. */
  async round(round: number): Promise<readonly Turn[] | null> {
    while (!this.complete(round))
      await new Promise<void>((resolve) => {
        this.waiting.set(round, [...(this.waiting.get(round) ?? []), resolve]);
      });
    if (this.ends.every((end) => end <= round)) return null;
    const turns = this.rounds.get(round) ?? [];
    return Array.from({ length: this.workers }, (_, worker) => turns[worker] ?? NOTHING);
  }

  /** Nobody will ask for rounds before this one. */
  forget(round: number): void {
    this.rounds.delete(round - 1);
  }

  private complete(round: number): boolean {
    const turns = this.rounds.get(round);
    return this.ends.every((end, worker) => end <= round || turns?.[worker] !== undefined);
  }

  private wake(): void {
    for (const [round, resolves] of this.waiting) {
      if (!this.complete(round)) continue;
      this.waiting.delete(round);
      for (const resolve of resolves) resolve();
    }
  }
}

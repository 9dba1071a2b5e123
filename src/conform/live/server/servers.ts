import type { Bits } from "../asm/encodings.ts";
import { Server } from "./server.ts";

/** The servers of a machine, by width, each on a processor; started when they are first needed, and again when lost. */
export class Servers {
  private readonly jobs: number;
  private readonly cpus: readonly number[];
  private readonly slots: Map<string, Promise<Server>> = new Map();
  private closed = false;

  /** @param cpus processors to use, the last one first: the first is the busiest on most machines */
  constructor(jobs: number, cpus: readonly number[]) {
    this.jobs = jobs;
    this.cpus = cpus;
  }

  /** The server with the least to do. @throws CannotStart when the machine does not run one */
  async pick(bits: Bits): Promise<Server> {
    const all = await Promise.all(Array.from({ length: this.jobs }, (_, i) => this.slot(bits, i)));
    return all.reduce((least, server) => (server.load < least.load ? server : least));
  }

  /** Ends them all, when they have answered what they were asked. */
  async close(): Promise<void> {
    this.closed = true;
    for (const server of await Promise.allSettled(this.slots.values()))
      if (server.status === "fulfilled") server.value.close();
    this.slots.clear();
  }

  private async slot(bits: Bits, i: number): Promise<Server> {
    if (this.closed) throw new Error("the live kernel was closed");
    const key = `${bits}.${i}`;
    const now = this.slots.get(key);
    if (now !== undefined && !(await now).ended) return now;
    const cpu = this.cpus.at(-1 - (i % this.cpus.length)) ?? 0;
    // Whoever else found the old one lost has started a new one meanwhile.
    const other = this.slots.get(key);
    if (other !== undefined && other !== now) return other;
    const started = Server.start(bits, cpu);
    this.slots.set(key, started);
    return started;
  }
}

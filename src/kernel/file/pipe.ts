import { type FramePool, PAGE_SIZE } from "../../mm/frames.ts";
import { KernelPages } from "../../mm/kernel-pages.ts";
import type { Machine } from "../machine.ts";
import type { UserAccount } from "../task/credentials.ts";
import type { Task } from "../task/task.ts";

/** Bytes of a pipe and its inode, for the accounting of memory. */
export const PIPE_BYTES = 1024;

/** PIPE_DEF_BUFFERS: pages a pipe holds at most. */
const DEFAULT_BUFFERS = 16;

/** `struct pipe_buffer`: one page of a pipe and what of it is still to be read. */
export interface PipeBuffer {
  readonly frame: number;
  offset: number;
  length: number;
  /** O_DIRECT: a read takes it whole, and nothing is added to it. */
  readonly packet: boolean;
}

/** `struct pipe_inode_info`: the pages between two ends, and who waits at them. */
export class Pipe {
  readers = 0;
  writers = 0;
  /** The oldest first. */
  readonly buffers: PipeBuffer[] = [];
  /** Pages it holds at most; fewer for a user with many pipes. */
  maxBuffers: number;
  readonly waitingReaders: Task[] = [];
  readonly waitingWriters: Task[] = [];
  private readonly pages: KernelPages;
  /** Whose count of pipe pages it is in. */
  readonly user: UserAccount;

  constructor(pool: FramePool, user: UserAccount, maxBuffers: number) {
    this.pages = new KernelPages(pool);
    this.user = user;
    this.maxBuffers = maxBuffers;
  }

  /** Bytes it holds at most. */
  get bytes(): number {
    return this.maxBuffers * PAGE_SIZE;
  }

  /** From now on it holds so many pages, no fewer than are in it; who waits for room may have it. */
  resize(machine: Machine, pages: number): void {
    this.user.pipeBuffers += pages - this.maxBuffers;
    this.maxBuffers = pages;
    if (!this.full) this.wakeWriters(machine);
  }

  /** Nothing is there to be read. */
  get empty(): boolean {
    return this.buffers.length === 0;
  }

  /** No page more fits. */
  get full(): boolean {
    return this.buffers.length >= this.maxBuffers;
  }

  /** The page that was written last; undefined when empty. */
  get last(): PipeBuffer | undefined {
    return this.buffers[this.buffers.length - 1];
  }

  /** A page to be filled; 0 when there is no memory. */
  takePage(): number {
    return this.pages.take();
  }

  /** Gives a page back. */
  givePage(frame: number): void {
    this.pages.give(frame);
  }

  /** Forgets the oldest page, which has been read. */
  shift(): void {
    const read = this.buffers.shift();
    if (read !== undefined) this.pages.give(read.frame);
  }

  /** Readers look again: something was written, or nobody will. */
  wakeReaders(machine: Machine): void {
    for (const task of this.waitingReaders) machine.wake(task);
  }

  /** Writers look again: there is room, or nobody will read. */
  wakeWriters(machine: Machine): void {
    for (const task of this.waitingWriters) machine.wake(task);
  }

  /** An end is closed; the last one takes everything with it. */
  closeEnd(machine: Machine, end: "readers" | "writers"): void {
    this[end]--;
    if (this.readers === 0 && this.writers === 0) {
      this.buffers.length = 0;
      this.pages.shrink(0);
      this.user.pipeBuffers -= this.maxBuffers;
      machine.pipes.free();
    } else if (this[end] === 0) {
      this.wakeReaders(machine);
      this.wakeWriters(machine);
    }
  }
}

/**
 * `alloc_pipe_info`: a pipe without ends; null when there is no memory for it. A user without privilege who has many
 * pipe pages already gets a small one.
 */
export function allocPipe(machine: Machine, user: UserAccount, privileged: boolean): Pipe | null {
  if (!machine.pipes.alloc()) return null;
  const { userPagesSoft, leastBuffers } = machine.profile.files.pipe;
  const many = user.pipeBuffers + DEFAULT_BUFFERS > userPagesSoft;
  const buffers = many && !privileged ? leastBuffers : DEFAULT_BUFFERS;
  user.pipeBuffers += buffers;
  return new Pipe(machine.pool, user, buffers);
}

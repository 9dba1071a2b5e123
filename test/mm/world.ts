import { AddressSpace } from "../../src/mm/address-space.ts";
import { FramePool, PAGE_SIZE } from "../../src/mm/frames.ts";
import { LIMITS, type UserLimit } from "../../src/mm/limits.ts";
import { Uaccess } from "../../src/mm/uaccess.ts";
import { PROT_READ, PROT_WRITE, type Prot } from "../../src/mm/vma.ts";

export const RW: Prot = PROT_READ | PROT_WRITE;

/** A small machine's memory with one address space, and a kernel buffer. */
export class World {
  readonly pool: FramePool;
  readonly mm: AddressSpace;
  readonly u: Uaccess;

  constructor(options: { frames?: number; limit?: UserLimit } = {}) {
    this.pool = new FramePool({ frames: options.frames ?? 256 });
    const limit = options.limit ?? LIMITS.x86_64_task_size;
    this.mm = new AddressSpace(this.pool, { taskSize: limit.taskSize });
    this.u = new Uaccess(this.pool, limit);
    this.u.begin(this.mm);
  }

  /** Maps pages and fills them with bytes 1, 2, 3 … so that no byte is zero. */
  map(at: number, pages: number, prot: Prot = RW): void {
    const error = this.mm.map(at, pages * PAGE_SIZE, RW);
    if (error !== null) throw new Error(error);
    this.mm.poke(at, pattern(at, pages * PAGE_SIZE));
    this.mm.protect(at, pages * PAGE_SIZE, prot);
  }

  /** Kernel bytes at an offset. */
  kernel(at: number, n: number): number[] {
    return [...this.pool.u8.subarray(at, at + n)];
  }

  /** User bytes, as a host sees them. */
  user(at: number, n: number): number[] {
    const bytes = new Uint8Array(n);
    if (this.mm.peek(at, bytes) !== n) throw new Error(`0x${at.toString(16)} is not readable`);
    return [...bytes];
  }
}

/** Bytes that tell their address, none of them zero. */
export function pattern(at: number, n: number): Uint8Array {
  return Uint8Array.from({ length: n }, (_, i) => ((at + i) % 251) + 1);
}

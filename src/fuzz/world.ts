import type { Machine } from "../kernel/machine.ts";
import type { SavedMemory } from "../kernel/snapshot/saved-memory.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import { PAGE_SIZE } from "../mm/frames.ts";
import { PROT_NONE, PROT_READ, PROT_WRITE, type Prot } from "../mm/vma.ts";

/** Where the lab's memory begins: the same addresses in 32 and 64 bits. */
export const WORLD_AT = 0x2000_0000;
/** Pages of an arena. */
export const ARENA_PAGES = 16;
/** Bytes of an arena. */
export const ARENA: number = ARENA_PAGES * PAGE_SIZE;
/** Arenas; the last is for words that are only told to be addresses. */
export const ARENAS = 64;
/** The page that addresses of nobody's object lie in. */
export const SCRATCH_AT: number = WORLD_AT + (ARENAS - 1) * ARENA + PAGE_SIZE;
/** What untouched memory holds. */
export const FILL = 0xa5;
/** The largest object. */
export const MOST_BYTES: number = 2 * PAGE_SIZE - 0x200;

const RW = PROT_READ | PROT_WRITE;

/** What is mapped in an arena: first page, pages, protection. */
export const ARENA_MAP: readonly { readonly page: number; readonly pages: number; readonly prot: Prot }[] = [
  { page: 1, pages: 2, prot: RW },
  { page: 4, pages: 1, prot: RW },
  { page: 5, pages: 1, prot: PROT_NONE },
  { page: 6, pages: 1, prot: RW },
  { page: 7, pages: 1, prot: PROT_READ },
  { page: 9, pages: 1, prot: PROT_READ },
  { page: 10, pages: 1, prot: PROT_WRITE },
  { page: 12, pages: 2, prot: RW },
];

/** Cannot be resolved: nothing is mapped, or nobody may look. */
const ABSENT = 0;
const UNKNOWN = -1;

/**
 * The lab's memory: arenas mapped once, every page of them filled. What a run writes is noted, and put back after it:
 * a restore costs what was written, not what is mapped.
 */
export class World {
  private readonly machine: Machine;
  private readonly mm: AddressSpace;
  /** Pool offset by page, {@link ABSENT} or {@link UNKNOWN}. */
  private readonly offsets: Int32Array = new Int32Array(ARENAS * ARENA_PAGES);
  private readonly writable: Uint8Array = new Uint8Array(ARENAS * ARENA_PAGES);
  private readonly dirtyAt: Float64Array = new Float64Array(512);
  private readonly dirtySize: Float64Array = new Float64Array(512);
  private dirty = 0;
  /** Something was written that is not in the arenas, or nobody knows what was. */
  private stray = false;
  /** The count of moves for which the offsets are right. */
  private moves = -1;
  private readonly byte: Uint8Array = Uint8Array.of(FILL);

  constructor(machine: Machine, mm: AddressSpace) {
    this.machine = machine;
    this.mm = mm;
    const page = new Uint8Array(PAGE_SIZE).fill(FILL);
    for (let arena = 0; arena < ARENAS; arena++) {
      for (const { page: first, pages, prot } of ARENA_MAP) {
        const at = WORLD_AT + arena * ARENA + first * PAGE_SIZE;
        mm.map(at, pages * PAGE_SIZE, prot);
        for (let i = 0; i < pages; i++) {
          mm.poke(at + i * PAGE_SIZE, page);
          this.writable[arena * ARENA_PAGES + first + i] = (prot & PROT_WRITE) !== 0 ? 1 : 0;
        }
      }
    }
  }

  /**
   * What is in memory now. It goes back by putting back what was noted, as long as the mappings are the same; by the
   * frames there were otherwise.
   */
  save(): SavedMemory {
    const { mm } = this;
    const snapshot = mm.snapshot();
    const noted = (): boolean => !this.stray && mm.mappings === snapshot.vmas;
    return {
      isAt: noted,
      restore: () => {
        if (noted()) {
          this.restore();
          return;
        }
        mm.restore(snapshot);
        this.dirty = 0;
        this.stray = false;
        this.offsets.fill(UNKNOWN);
      },
      discard: () => mm.discard(snapshot),
    };
  }

  /** Everything that was written has been noted. */
  get trusted(): boolean {
    return !this.stray;
  }

  /** What was noted may not be all that has changed: the next way back is by the frames. */
  distrust(): void {
    this.stray = true;
  }

  /** Whether [address, address + n) lies in the arenas. */
  holds(address: number, n: number): boolean {
    return address >= WORLD_AT && address + n <= WORLD_AT + ARENAS * ARENA;
  }

  /** Copies `n` bytes from the pool to user memory, as far as there is any, whatever its protection. */
  put(address: number, from: number, n: number): void {
    if (!this.holds(address, n)) return;
    for (let done = 0; done < n; ) {
      const at = address + done;
      const run = Math.min(n - done, PAGE_SIZE - (at & 4095));
      const offset = this.offsetOf(at);
      if (offset > 0) this.machine.pool.copy(offset, from + done, run);
      done += run;
    }
    this.soil(address, n);
  }

  /** Notes that bytes have changed. */
  soil(address: number, n: number): void {
    if (n === 0) return;
    if (!this.holds(address, n)) {
      this.stray = true;
      return;
    }
    const i = this.dirty;
    if (i === this.dirtyAt.length) {
      // Rare enough: everything that was noted so far is noted as one piece.
      this.wipe(WORLD_AT, ARENAS * ARENA);
      return;
    }
    this.dirtyAt[i] = address;
    this.dirtySize[i] = n;
    this.dirty = i + 1;
  }

  /** Puts back what was noted. */
  restore(): void {
    for (let i = 0; i < this.dirty; i++) this.refill(this.dirtyAt[i] as number, this.dirtySize[i] as number);
    this.dirty = 0;
  }

  /** Where a byte is found first in [address, address + n), from `address` on; −1 for nowhere. */
  find(address: number, n: number, byte: number): number {
    if (!this.holds(address, n)) return -1;
    const { u8 } = this.machine.pool;
    for (let done = 0; done < n; ) {
      const at = address + done;
      const run = Math.min(n - done, PAGE_SIZE - (at & 4095));
      const offset = this.offsetOf(at);
      if (offset > 0) for (let i = 0; i < run; i++) if (u8[offset + i] === byte) return done + i;
      done += run;
    }
    return -1;
  }

  /** One byte of user memory as it is now; −1 where there is none. */
  peek(address: number): number {
    if (!this.holds(address, 1)) return -1;
    const offset = this.offsetOf(address);
    return offset > 0 ? (this.machine.pool.u8[offset] as number) : -1;
  }

  /** Bytes of user memory as they are now; the filling where there is none to be seen. */
  bytes(address: number, n: number): Uint8Array {
    const copy = new Uint8Array(n).fill(FILL);
    for (let done = 0; done < n && this.holds(address, n); ) {
      const at = address + done;
      const run = Math.min(n - done, PAGE_SIZE - (at & 4095));
      const offset = this.offsetOf(at);
      if (offset > 0) copy.set(this.machine.pool.u8.subarray(offset, offset + run), done);
      done += run;
    }
    return copy;
  }

  /** Turns every bit of one byte over, where there is one. */
  flip(address: number): void {
    const offset = this.holds(address, 1) ? this.offsetOf(address) : ABSENT;
    if (offset === ABSENT) return;
    const { u8 } = this.machine.pool;
    u8[offset] = ~(u8[offset] as number);
    this.soil(address, 1);
  }

  private wipe(address: number, n: number): void {
    this.dirtyAt[0] = address;
    this.dirtySize[0] = n;
    this.dirty = 1;
  }

  private refill(address: number, n: number): void {
    for (let done = 0; done < n; ) {
      const at = address + done;
      const run = Math.min(n - done, PAGE_SIZE - (at & 4095));
      const offset = this.offsetOf(at);
      if (offset > 0) this.machine.pool.fill(offset, FILL, run);
      done += run;
    }
  }

  /** Pool offset of a byte, in a frame that belongs to this memory alone; {@link ABSENT} where there is none. */
  private offsetOf(address: number): number {
    if (this.moves !== this.mm.moves) {
      this.moves = this.mm.moves;
      this.offsets.fill(UNKNOWN);
    }
    const page = (address - WORLD_AT) >>> 12;
    let offset = this.offsets[page] as number;
    if (offset === UNKNOWN) offset = this.resolve(page, address - (address & 4095));
    return offset === ABSENT ? ABSENT : offset + (address & 4095);
  }

  private resolve(page: number, start: number): number {
    const { mm } = this;
    let offset = ABSENT;
    if (this.writable[page] === 1) offset = Math.max(ABSENT, mm.translate(start, true));
    // A page that may only be read gets its frame from a write that does not ask.
    else if (mm.readable(start, 1) === 1 && mm.poke(start, this.byte) === 1)
      offset = Math.max(ABSENT, mm.translate(start, false));
    this.offsets[page] = offset;
    return offset;
  }
}

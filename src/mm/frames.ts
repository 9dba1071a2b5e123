import type { FaultPlan } from "./fault-plan.ts";
import type { KernelPages } from "./kernel-pages.ts";
import { type LinearMemory, linearMemory, type MemoryOps, memoryOps } from "./wasm-copy.ts";

/** Bytes of a page and of the frame behind it. */
export const PAGE_SIZE = 4096;

const WASM_PAGE = 65_536;

/** The first 16 bytes of kernel memory, which kalloc leaves alone: words that straddle two user pages. */
export const KERNEL_RESERVED_AT: number = 1 * PAGE_SIZE;
const RESERVED = 16;
const STACK_AT = KERNEL_RESERVED_AT + RESERVED;
const STACK_BYTES = 1024;

/** The size of a pool. */
export interface FramePoolOptions {
  /** Frames that can be handed out, 1 … 1 048 000. */
  readonly frames: number;
  /** Kernel scratch memory in bytes. Default 64 KiB. */
  readonly kernelBytes?: number;
}

/**
 * Physical memory: 4 KiB frames in one fixed-size linear memory, reference counted, and a piece of kernel scratch
 * memory beside them. The views never change. Frame `f` starts at byte `f * 4096`; frame 0 is the zero page, shared
 * by every page nobody has written, and is never handed out.
 */
export class FramePool {
  readonly memory: LinearMemory;
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly view: DataView;
  /** Frames that can be handed out at most. */
  readonly limit: number;
  /** Frames handed out now. */
  used = 0;
  /** Kernel scratch memory is filled with this byte when it is handed out; null leaves what was there. */
  poison: number | null = null;
  /** Kernel scratch memory or stack has been handed out since {@link kreset}. */
  scratchUsed = false;
  /** Faults to inject into allocations. */
  plan: FaultPlan | null = null;
  /** Kernel objects that hold frames of their own. */
  readonly holders: Set<KernelPages> = new Set();
  private readonly ops: MemoryOps;
  private readonly first: number;
  private readonly kernelStart: number;
  private readonly kernelEnd: number;
  private kernelNext: number;
  private stackNext: number = STACK_AT;
  private readonly counts: Uint32Array;
  private readonly freed: number[] = [];
  private untouched: number;

  /** @throws RangeError when the pool cannot be that large */
  constructor(options: FramePoolOptions) {
    const kernelPages = Math.ceil((options.kernelBytes ?? WASM_PAGE) / PAGE_SIZE);
    if (!Number.isSafeInteger(options.frames) || options.frames < 1 || options.frames > MAX_FRAMES) {
      throw new RangeError(`a pool has 1 to ${MAX_FRAMES} frames, not ${options.frames}`);
    }
    this.limit = options.frames;
    this.first = 1 + kernelPages;
    const wasmPages = Math.ceil(((this.first + this.limit) * PAGE_SIZE) / WASM_PAGE);
    this.memory = linearMemory(wasmPages);
    this.u8 = new Uint8Array(this.memory.buffer);
    this.u32 = new Uint32Array(this.memory.buffer);
    this.view = new DataView(this.memory.buffer);
    this.ops = memoryOps(this.memory);
    this.kernelStart = STACK_AT + STACK_BYTES;
    this.kernelEnd = this.first * PAGE_SIZE;
    this.kernelNext = this.kernelStart;
    this.counts = new Uint32Array(this.first + this.limit);
    this.untouched = this.first;
  }

  /** A zeroed frame with one reference; 0 when none is left or a fault plan says so. */
  alloc(): number {
    if (this.plan !== null && !this.plan.allocate("frame")) return 0;
    let frame = this.freed.pop();
    if (frame === undefined) {
      if (this.untouched >= this.first + this.limit) return 0;
      // Memory nobody has touched is zero already.
      frame = this.untouched++;
    } else {
      this.ops.fill(frame * PAGE_SIZE, 0, PAGE_SIZE);
    }
    this.counts[frame] = 1;
    this.used++;
    return frame;
  }

  /** One reference more. Frame 0 is not counted. */
  share(frame: number): void {
    if (frame !== 0) this.counts[frame] = (this.counts[frame] as number) + 1;
  }

  /** One reference less; the last one frees the frame. */
  release(frame: number): void {
    if (frame === 0) return;
    const left = (this.counts[frame] as number) - 1;
    this.counts[frame] = left;
    if (left === 0) {
      this.freed.push(frame);
      this.used--;
    }
  }

  /** References to a frame; the zero page counts as shared. */
  refs(frame: number): number {
    return frame === 0 ? 2 : (this.counts[frame] as number);
  }

  /** Copies `n` bytes between offsets of the pool; the ranges may overlap. */
  copy(dst: number, src: number, n: number): void {
    this.ops.copy(dst, src, n);
  }

  /** Fills `n` bytes at an offset of the pool. */
  fill(dst: number, byte: number, n: number): void {
    this.ops.fill(dst, byte, n);
  }

  /**
   * Kernel scratch memory: the offset of `bytes` bytes, 16-aligned, good until {@link kreset}; 0 when there is none
   * left or a fault plan says so. Its content is whatever was there before, unless {@link poison} is set.
   */
  kalloc(bytes: number): number {
    if (this.plan !== null && !this.plan.allocate("kalloc")) return 0;
    const at = this.kernelNext;
    const size = (Math.max(1, bytes) + 15) & ~15;
    if (bytes < 0 || bytes > this.kernelEnd - at || size > this.kernelEnd - at) return 0;
    this.kernelNext = at + size;
    this.scratchUsed = true;
    if (this.poison !== null) this.fill(at, this.poison, bytes);
    return at;
  }

  /**
   * Room on the kernel stack, for what a handler has as a local variable: the offset of `bytes` bytes, 16-aligned, good
   * until {@link kreset}. It is no allocation, so no plan can refuse it.
   * @throws RangeError when the stack, 1 KiB, is full: a defect of the handler
   */
  kstack(bytes: number): number {
    const at = this.stackNext;
    const next = at + ((bytes + 15) & ~15);
    if (next > STACK_AT + STACK_BYTES) throw new RangeError(`no ${bytes} bytes are left on the kernel stack`);
    this.stackNext = next;
    this.scratchUsed = true;
    if (this.poison !== null) this.fill(at, this.poison, bytes);
    return at;
  }

  /** Gives all kernel scratch memory and the stack back: the end of a call. */
  kreset(): void {
    this.scratchUsed = false;
    this.kernelNext = this.kernelStart;
    this.stackNext = STACK_AT;
  }
}

/** The largest pool whose memory a 32-bit linear memory can hold. */
const MAX_FRAMES = 1_048_000;

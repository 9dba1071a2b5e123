import type { ErrnoName } from "../abi/errno.ts";
import type { FaultReason } from "./fault.ts";
import { type FramePool, PAGE_SIZE } from "./frames.ts";
import {
  copyDirectory,
  copyLeaf,
  Directory,
  LEAF_PAGES,
  Leaf,
  PTE_READ,
  PTE_SHARED,
  PTE_SHIFT,
  PTE_WRITE,
  releaseDirectory,
  releaseLeaf,
} from "./page-table.ts";
import {
  cutOut,
  findVma,
  insert,
  isReadable,
  isWritable,
  type Prot,
  SharedPages,
  tail,
  type Vma,
} from "./vma.ts";

const REGION = PAGE_SIZE * LEAF_PAGES;
const WORD = 2 ** 32;

/** The number of the 2 MiB region an address lies in. */
function regionOf(address: number): number {
  return ((address / WORD) | 0) * 2048 + (address >>> 21);
}

/** What an address space is made with. */
export interface AddressSpaceOptions {
  /** The first address that cannot be mapped: TASK_SIZE of the program. */
  readonly taskSize: number;
}

/** An address space as it was at one moment; see {@link AddressSpace.snapshot}. */
export interface AddressSpaceSnapshot {
  readonly vmas: readonly Vma[];
  readonly directory: Directory;
  /** What stood in shared pages: they are written in place, so only a copy keeps it. */
  readonly shared: readonly (readonly [pages: SharedPages, bytes: ReadonlyMap<number, Uint8Array>])[];
}

/**
 * `mm_struct`: the mappings of one program and the frames behind them. Pages come into being when they are first
 * written; until then they read as zeros. Fork shares everything until one side writes.
 */
export class AddressSpace {
  readonly pool: FramePool;
  readonly taskSize: number;
  /** mm_users: tasks that run on this memory; kept by the kernel. */
  users = 0;
  private list: readonly Vma[] = [];
  private directory: Directory = new Directory();
  private released = false;
  private cachedRegion = -1;
  private cachedLeaf: Leaf | null = null;
  /** The cached leaf and the directory belong to this address space alone. */
  private cachedOwned = false;
  /** Why the last {@link translate} failed. */
  reason: FaultReason = "no-mapping";

  constructor(pool: FramePool, options: AddressSpaceOptions) {
    this.pool = pool;
    this.taskSize = options.taskSize;
  }

  /**
   * Maps [address, address + length) with zeros, in place of what was there (MAP_FIXED). The length is rounded up to
   * pages. EINVAL for an address off a page or a length of 0; ENOMEM beyond the end of user space.
   */
  map(
    address: number,
    length: number,
    prot: Prot,
    options: { readonly shared?: boolean } = {},
  ): ErrnoName | null {
    if (!isPageAddress(address) || !(length > 0)) return "EINVAL";
    const end = address + roundToPages(length);
    if (!(end <= this.taskSize)) return "ENOMEM";
    this.unmap(address, end - address);
    const shared = options.shared === true ? new SharedPages() : null;
    this.setList(insert(this.list, { start: address, end, prot: prot & 7, shared, offset: 0 }));
    return null;
  }

  /** Unmaps a range; holes in it are no error. EINVAL as {@link map}, and beyond the end of user space. */
  unmap(address: number, length: number): ErrnoName | null {
    if (!isPageAddress(address) || !(length > 0)) return "EINVAL";
    const end = address + roundToPages(length);
    if (!(end <= this.taskSize)) return "EINVAL";
    this.dropPages(address, end);
    this.setList(cutOut(this.list, address, end));
    return null;
  }

  /**
   * Changes the protection of a range, mapping by mapping in ascending order. ENOMEM at the first hole: what lies
   * before it has changed. A length of 0 is no error.
   */
  protect(address: number, length: number, prot: Prot): ErrnoName | null {
    if (!isPageAddress(address)) return "EINVAL";
    if (length === 0) return null;
    const end = address + roundToPages(length);
    if (!(length > 0) || !(end <= this.taskSize)) return "ENOMEM";
    for (let at = address; at < end; ) {
      const vma = findVma(this.list, at);
      if (vma === undefined) return "ENOMEM";
      const stop = Math.min(end, vma.end);
      const changed: Vma = { ...tail(vma, at), end: stop, prot: prot & 7 };
      this.setList(insert(cutOut(this.list, at, stop), changed));
      this.narrowPages(at, stop);
      at = stop;
    }
    return null;
  }

  /** A free range of `length` bytes, the highest below `below`, as mmap picks one; 0 when there is none. */
  findFree(length: number, below: number = this.taskSize - MMAP_GAP): number {
    const size = roundToPages(length);
    if (!(size > 0)) return 0;
    let top = below;
    for (let i = this.list.length - 1; i >= 0; i--) {
      const vma = this.list[i] as Vma;
      if (vma.start >= top) continue;
      if (vma.end + size <= top) break;
      top = vma.start;
    }
    const at = top - size;
    return at >= MMAP_MIN ? at : 0;
  }

  /** The mappings in ascending order. */
  vmas(): readonly {
    readonly start: number;
    readonly end: number;
    readonly prot: Prot;
    readonly shared: boolean;
  }[] {
    return this.list.map(({ start, end, prot, shared }) => ({ start, end, prot, shared: shared !== null }));
  }

  /** Mapped pages. */
  get pages(): number {
    return this.list.reduce((sum, vma) => sum + (vma.end - vma.start) / PAGE_SIZE, 0);
  }

  /** A copy for a forked child: page tables are shared until one side changes them; shared mappings stay shared. */
  fork(): AddressSpace {
    const child = new AddressSpace(this.pool, this);
    child.adopt(this.reference());
    return child;
  }

  /**
   * Keeps the contents of this moment until {@link discard}: private pages at the price of a few references, shared
   * ones copied.
   */
  snapshot(): AddressSpaceSnapshot {
    const objects = new Set(this.list.map((vma) => vma.shared).filter((pages) => pages !== null));
    const shared = [...objects].map((pages) => [pages, copyShared(this.pool, pages)] as const);
    return { ...this.reference(), shared };
  }

  /** One more user of everything there is. */
  private reference(): { vmas: readonly Vma[]; directory: Directory } {
    this.forgetCache();
    this.directory.refs++;
    for (const vma of this.list) if (vma.shared !== null) vma.shared.users++;
    return { vmas: this.list, directory: this.directory };
  }

  /** Goes back to a snapshot, which stays good. */
  restore(snapshot: AddressSpaceSnapshot): void {
    snapshot.directory.refs++;
    for (const vma of snapshot.vmas) if (vma.shared !== null) vma.shared.users++;
    this.release();
    this.released = false;
    this.adopt(snapshot);
    for (const [pages, bytes] of snapshot.shared) restoreShared(this.pool, pages, bytes);
  }

  /** Lets go of a snapshot. */
  discard(snapshot: AddressSpaceSnapshot): void {
    releaseDirectory(this.pool, snapshot.directory);
    this.letGo(snapshot.vmas);
  }

  /** Frees every page and mapping; doing it twice is no error. */
  release(): void {
    if (this.released) return;
    this.released = true;
    this.forgetCache();
    releaseDirectory(this.pool, this.directory);
    this.letGo(this.list);
    this.directory = new Directory();
    this.list = [];
  }

  /**
   * Byte offset in the pool of the byte at `address`, for reading or writing; −1 on a fault, with {@link reason}.
   * Writing gives the page a frame of its own.
   */
  translate(address: number, write: boolean): number {
    const region = regionOf(address);
    if (region === this.cachedRegion) {
      const entry = (this.cachedLeaf as Leaf).entries[(address >>> 12) & 511] as number;
      const allowed = write ? this.cachedOwned && (entry & PTE_WRITE) !== 0 : (entry & PTE_READ) !== 0;
      if (allowed) return (entry >>> PTE_SHIFT) * PAGE_SIZE + (address & 4095);
    }
    return this.walk(address, region, write);
  }

  /** Bytes that can be read from `address` on without a fault, up to `n`; nothing is changed. */
  readable(address: number, n: number): number {
    let done = 0;
    while (done < n) {
      const at = address + done;
      const vma = findVma(this.list, at);
      if (vma === undefined || !isReadable(vma.prot)) return done;
      done = Math.min(n, vma.end - address);
    }
    return done;
  }

  /** Copies readable bytes out, for a debugger's eye: no log, no frame, no fault. Returns how many. */
  peek(address: number, dst: Uint8Array): number {
    const n = isAddress(address) ? this.readable(address, dst.length) : 0;
    for (let done = 0; done < n; ) {
      const at = address + done;
      const run = Math.min(n - done, PAGE_SIZE - (at % PAGE_SIZE));
      const offset = this.frameOf(at) * PAGE_SIZE + (at % PAGE_SIZE);
      dst.set(this.pool.u8.subarray(offset, offset + run), done);
      done += run;
    }
    return n;
  }

  /** Writes bytes as a host, whatever the protection. Returns how many: fewer at a hole or without frames. */
  poke(address: number, src: Uint8Array): number {
    if (!isAddress(address)) return 0;
    for (let done = 0; done < src.length; ) {
      const at = address + done;
      const vma = findVma(this.list, at);
      const frame = vma === undefined ? 0 : this.ownFrame(at, vma);
      if (frame === 0) return done;
      const run = Math.min(src.length - done, PAGE_SIZE - (at % PAGE_SIZE));
      this.pool.u8.set(src.subarray(done, done + run), frame * PAGE_SIZE + (at % PAGE_SIZE));
      done += run;
    }
    return src.length;
  }

  /** Frames behind private and shared pages of this address space, shared ones counted in full. */
  get resident(): number {
    let count = 0;
    for (const leaf of this.directory.leaves.values()) {
      for (const entry of leaf.entries) if (entry >>> PTE_SHIFT !== 0) count++;
    }
    return count;
  }

  /** The slow way of {@link translate}: mapping, protection, and what is missing in the tables. */
  private walk(address: number, region: number, write: boolean): number {
    const vma = isAddress(address) ? findVma(this.list, address) : undefined;
    if (vma === undefined) return this.fail("no-mapping");
    if (write ? !isWritable(vma.prot) : !isReadable(vma.prot)) return this.fail("protection");
    if (write) {
      const frame = this.ownFrame(address, vma);
      return frame === 0 ? this.fail("no-frame") : frame * PAGE_SIZE + (address & 4095);
    }
    const index = (address >>> 12) & 511;
    const leaf = this.directory.leaves.get(region);
    const entry = leaf?.entries[index] ?? 0;
    const frame = vma.shared?.frames.get(sharedIndex(vma, address)) ?? entry >>> PTE_SHIFT;
    if (leaf !== undefined) {
      // The right to read is the same for everybody the leaf is shared with only when nobody else is there.
      if (
        (entry & PTE_READ) === 0 &&
        this.directory.refs === 1 &&
        leaf.refs === 1 &&
        (frame !== 0 || vma.shared === null)
      ) {
        this.setEntry(leaf, index, frame, entry | PTE_READ | (vma.shared ? PTE_SHARED : 0));
      }
      this.remember(region, leaf);
    }
    return frame * PAGE_SIZE + (address & 4095);
  }

  /** A frame this page may be written in, made or copied where needed; 0 when there is none left. */
  private ownFrame(address: number, vma: Vma): number {
    const region = regionOf(address);
    const leaf = this.ownLeaf(region);
    const index = (address >>> 12) & 511;
    const entry = leaf.entries[index] as number;
    const flags = PTE_READ | (isWritable(vma.prot) ? PTE_WRITE : 0);
    if (vma.shared !== null) return this.sharedFrame(leaf, index, vma, address, flags | PTE_SHARED);
    const old = entry >>> PTE_SHIFT;
    let frame = old;
    if (old === 0 || this.pool.refs(old) > 1) {
      frame = this.pool.alloc();
      if (frame === 0) return 0;
      if (old !== 0) {
        this.pool.copy(frame * PAGE_SIZE, old * PAGE_SIZE, PAGE_SIZE);
        this.pool.release(old);
      }
    }
    leaf.entries[index] = ((frame << PTE_SHIFT) | (isReadable(vma.prot) ? flags : 0)) >>> 0;
    this.remember(region, leaf);
    return frame;
  }

  private sharedFrame(leaf: Leaf, index: number, vma: Vma, address: number, flags: number): number {
    const { frames } = vma.shared as SharedPages;
    const page = sharedIndex(vma, address);
    let frame = frames.get(page) ?? 0;
    if (frame === 0) {
      frame = this.pool.alloc();
      if (frame === 0) return 0;
      frames.set(page, frame);
    }
    this.setEntry(leaf, index, frame, flags);
    this.remember(regionOf(address), leaf);
    return frame;
  }

  /** Points an entry at `frame`, with the reference that goes with it. */
  private setEntry(leaf: Leaf, index: number, frame: number, flags: number): void {
    const old = (leaf.entries[index] as number) >>> PTE_SHIFT;
    if (old !== frame) {
      this.pool.share(frame);
      this.pool.release(old);
    }
    leaf.entries[index] = ((frame << PTE_SHIFT) | (flags & (PTE_READ | PTE_WRITE | PTE_SHARED))) >>> 0;
  }

  /** The leaf of a region, this address space's own. */
  private ownLeaf(region: number): Leaf {
    if (this.directory.refs > 1) this.directory = copyDirectory(this.directory);
    let leaf = this.directory.leaves.get(region);
    if (leaf === undefined) leaf = new Leaf();
    else if (leaf.refs > 1) leaf = copyLeaf(this.pool, leaf);
    else return leaf;
    this.directory.leaves.set(region, leaf);
    this.forgetCache();
    return leaf;
  }

  /** The frame that is read at `address`: 0, the zero page, where nobody has written. */
  private frameOf(address: number): number {
    const vma = findVma(this.list, address);
    if (vma?.shared) return vma.shared.frames.get(sharedIndex(vma, address)) ?? 0;
    const entry = this.directory.leaves.get(regionOf(address))?.entries[(address >>> 12) & 511] ?? 0;
    return entry >>> PTE_SHIFT;
  }

  /** Forgets the pages of a range. */
  private dropPages(start: number, end: number): void {
    for (const region of this.regionsIn(start, end)) {
      const from = Math.max(start, region * REGION);
      const to = Math.min(end, (region + 1) * REGION);
      if (to - from === REGION) {
        if (this.directory.refs > 1) this.directory = copyDirectory(this.directory);
        const leaf = this.directory.leaves.get(region);
        this.directory.leaves.delete(region);
        if (leaf !== undefined) releaseLeaf(this.pool, leaf);
        continue;
      }
      const leaf = this.ownLeaf(region);
      for (let at = from; at < to; at += PAGE_SIZE) this.setEntry(leaf, (at >>> 12) & 511, 0, 0);
    }
    this.forgetCache();
  }

  /** Takes every right from the pages of a range; the next access looks at the mapping again. */
  private narrowPages(start: number, end: number): void {
    for (const region of this.regionsIn(start, end)) {
      const leaf = this.ownLeaf(region);
      const from = Math.max(start, region * REGION);
      const to = Math.min(end, (region + 1) * REGION);
      for (let at = from; at < to; at += PAGE_SIZE) {
        const index = (at >>> 12) & 511;
        leaf.entries[index] = (leaf.entries[index] as number) & ~(PTE_READ | PTE_WRITE);
      }
    }
    this.forgetCache();
  }

  /** The regions of a range that have a leaf. */
  private regionsIn(start: number, end: number): number[] {
    const first = regionOf(start);
    const last = regionOf(end - 1);
    return [...this.directory.leaves.keys()].filter((region) => region >= first && region <= last);
  }

  /** Replaces the mappings; every one of them counts as a user of the shared pages behind it. */
  private setList(list: readonly Vma[]): void {
    for (const { shared } of list) if (shared !== null) shared.users++;
    const old = this.list;
    this.list = list;
    this.letGo(old);
  }

  private letGo(vmas: readonly Vma[]): void {
    for (const { shared } of vmas) {
      if (shared === null || --shared.users > 0) continue;
      for (const frame of shared.frames.values()) this.pool.release(frame);
      shared.frames.clear();
    }
  }

  private adopt(snapshot: { vmas: readonly Vma[]; directory: Directory }): void {
    this.list = snapshot.vmas;
    this.directory = snapshot.directory;
    this.forgetCache();
  }

  private remember(region: number, leaf: Leaf): void {
    this.cachedRegion = region;
    this.cachedLeaf = leaf;
    this.cachedOwned = this.directory.refs === 1 && leaf.refs === 1;
  }

  private forgetCache(): void {
    this.cachedRegion = -1;
    this.cachedLeaf = null;
    this.cachedOwned = false;
  }

  private fail(reason: FaultReason): number {
    this.reason = reason;
    return -1;
  }
}

function copyShared(pool: FramePool, pages: SharedPages): Map<number, Uint8Array> {
  const bytes = new Map<number, Uint8Array>();
  for (const [page, frame] of pages.frames) {
    bytes.set(page, pool.u8.slice(frame * PAGE_SIZE, (frame + 1) * PAGE_SIZE));
  }
  return bytes;
}

/** Puts the bytes back where they were; pages that have come since are zero again, and gone when nobody maps them. */
function restoreShared(pool: FramePool, pages: SharedPages, bytes: ReadonlyMap<number, Uint8Array>): void {
  for (const [page, frame] of pages.frames) {
    if (bytes.has(page)) continue;
    pool.fill(frame * PAGE_SIZE, 0, PAGE_SIZE);
    if (pool.refs(frame) > 1) continue;
    pool.release(frame);
    pages.frames.delete(page);
  }
  for (const [page, content] of bytes) {
    const frame = pages.frames.get(page);
    if (frame !== undefined) pool.u8.set(content, frame * PAGE_SIZE);
  }
}

/** mmap leaves room for the stack above, and never maps the first 64 KiB by itself. */
const MMAP_GAP = 0x800_0000;
const MMAP_MIN = 0x1_0000;

function sharedIndex(vma: Vma, address: number): number {
  return vma.offset + Math.floor((address - vma.start) / PAGE_SIZE);
}

function isAddress(address: number): boolean {
  return Number.isSafeInteger(address) && address >= 0;
}

function isPageAddress(address: number): boolean {
  return isAddress(address) && address % PAGE_SIZE === 0;
}

function roundToPages(length: number): number {
  return Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
}

import type { ErrnoName } from "../abi/errno.ts";
import { isAddress, isPageAddress, REGION, regionOf, roundToPages } from "./address.ts";
import type { AddressSpaceSnapshot } from "./address-space-snapshot.ts";
import type { FaultReason } from "./fault.ts";
import { type FramePool, PAGE_SIZE } from "./frames.ts";
import { Leaf } from "./leaf-table.ts";
import {
  copyDirectory,
  copyLeaf,
  countResident,
  type Directory,
  noDirectory,
  PTE_READ,
  PTE_SHARED,
  PTE_SHIFT,
  PTE_WRITE,
  releaseDirectory,
  releaseLeaf,
  setEntry,
} from "./page-table.ts";
import { copyShared, letGo, restoreShared, sharedIndex } from "./shared-pages.ts";
import {
  cutOut,
  findGap,
  findVma,
  insert,
  isReadable,
  isWritable,
  type Mapping,
  type Prot,
  SharedPages,
  tail,
  type Vma,
} from "./vma.ts";

/** What an address space is made with. */
export interface AddressSpaceOptions {
  /** The first address that cannot be mapped: TASK_SIZE of the program. */
  readonly taskSize: number;
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
  private directory: Directory = noDirectory();
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
  findFree(length: number, below?: number): number {
    return findGap(this.list, roundToPages(length), below ?? this.taskSize - MMAP_GAP);
  }

  /** The mappings in ascending order. */
  vmas(): readonly Mapping[] {
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
    letGo(this.pool, snapshot.vmas);
  }

  /** Frees every page and mapping; doing it twice is no error. */
  release(): void {
    if (this.released) return;
    this.released = true;
    this.forgetCache();
    releaseDirectory(this.pool, this.directory);
    letGo(this.pool, this.list);
    this.directory = noDirectory();
    this.list = [];
  }

  /**
   * Byte offset in the pool of the byte at `address`, for reading or writing; −1 on a fault, with {@link reason}.
   * Writing gives the page a frame of its own.
   */
  translate(address: number, write: boolean): number {
    const region = regionOf(address);
    if (region !== this.cachedRegion) this.look(region);
    const leaf = this.cachedLeaf;
    if (leaf !== null) {
      const entry = leaf.entries[(address >>> 12) & 511] as number;
      const allowed = write
        ? this.cachedOwned === true && (entry & PTE_WRITE) !== 0
        : (entry & PTE_READ) !== 0;
      if (allowed) return (entry >>> PTE_SHIFT) * PAGE_SIZE + (address & 4095);
    }
    return this.walk(address, region, write);
  }

  /** Bytes that can be read from `address` on without a fault, up to `n`; nothing is changed. */
  readable(address: number, n: number): number {
    for (let done = 0; done < n; ) {
      const vma = findVma(this.list, address + done);
      if (vma === undefined || !isReadable(vma.prot)) return done;
      done = Math.min(n, vma.end - address);
    }
    return n;
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

  /** Pages that have a frame, shared ones included. */
  get resident(): number {
    return countResident(this.directory);
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
    if (leaf !== null) {
      // The right to read is the same for everybody the leaf is shared with only when nobody else is there.
      if (
        (entry & PTE_READ) === 0 &&
        this.directory.refs === 1 &&
        leaf.refs === 1 &&
        (frame !== 0 || vma.shared === null)
      ) {
        setEntry(this.pool, leaf, index, frame, entry | PTE_READ | (vma.shared ? PTE_SHARED : 0));
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
    const rights = (isReadable(vma.prot) ? PTE_READ : 0) | (isWritable(vma.prot) ? PTE_WRITE : 0);
    if (vma.shared !== null) return this.sharedFrame(leaf, index, vma, address, rights | PTE_SHARED);
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
    leaf.entries[index] = ((frame << PTE_SHIFT) | rights) >>> 0;
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
    setEntry(this.pool, leaf, index, frame, flags);
    this.remember(regionOf(address), leaf);
    return frame;
  }

  /** The leaf of a region, this address space's own. */
  private ownLeaf(region: number): Leaf {
    if (this.directory.refs > 1) this.directory = copyDirectory(this.directory);
    const old = this.directory.leaves.get(region);
    if (old !== null && old.refs === 1) return old;
    const leaf = old === null ? new Leaf(region) : copyLeaf(this.pool, old);
    this.directory.leaves.set(leaf);
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
    for (const region of this.directory.leaves.regionsIn(regionOf(start), regionOf(end - 1))) {
      const from = Math.max(start, region * REGION);
      const to = Math.min(end, (region + 1) * REGION);
      if (to - from === REGION) {
        if (this.directory.refs > 1) this.directory = copyDirectory(this.directory);
        const leaf = this.directory.leaves.delete(region);
        if (leaf !== null) releaseLeaf(this.pool, leaf);
        continue;
      }
      const leaf = this.ownLeaf(region);
      for (let at = from; at < to; at += PAGE_SIZE) setEntry(this.pool, leaf, (at >>> 12) & 511, 0, 0);
    }
    this.forgetCache();
  }

  /** Takes every right from the pages of a range; the next access looks at the mapping again. */
  private narrowPages(start: number, end: number): void {
    for (const region of this.directory.leaves.regionsIn(regionOf(start), regionOf(end - 1))) {
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

  /** Replaces the mappings; every one of them counts as a user of the shared pages behind it. */
  private setList(list: readonly Vma[]): void {
    for (const { shared } of list) if (shared !== null) shared.users++;
    const old = this.list;
    this.list = list;
    letGo(this.pool, old);
  }

  private adopt(snapshot: { vmas: readonly Vma[]; directory: Directory }): void {
    releaseDirectory(this.pool, this.directory);
    this.list = snapshot.vmas;
    this.directory = snapshot.directory;
    this.forgetCache();
  }

  /** Has the leaf of a region at hand, if there is one. */
  private look(region: number): void {
    const leaf = this.directory.leaves.get(region);
    if (leaf === null) this.forgetCache();
    else this.remember(region, leaf);
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

/** mmap leaves room for the stack above. */
const MMAP_GAP = 0x800_0000;

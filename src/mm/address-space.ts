import type { ErrnoName } from "../abi/errno.ts";
import { isAddress, isPageAddress, LOWEST, MMAP_GAP, regionOf, roundToPages } from "./address.ts";
import type { AddressSpaceSnapshot } from "./address-space-snapshot.ts";
import type { FaultReason } from "./fault.ts";
import { type FramePool, PAGE_SIZE } from "./frames.ts";
import type { KernelPages } from "./kernel-pages.ts";
import type { Leaf } from "./leaf-table.ts";
import { MappingList } from "./mapping-list.ts";
import { PageDirectory } from "./page-directory.ts";
import {
  type Directory,
  PTE_READ,
  PTE_SHARED,
  PTE_SHIFT,
  PTE_WRITE,
  releaseDirectory,
  setEntry,
} from "./page-table.ts";
import { copiesOfShared, frameOfShared, letGo, restoreShared, sharedIndex } from "./shared-pages.ts";
import {
  cutOut,
  findGap,
  findVma,
  grown,
  insert,
  isReadable,
  isWritable,
  type Mapping,
  mappingOf,
  type Prot,
  SharedPages,
  tail,
  VM_LOCKED,
  VM_WIPEONFORK,
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
  /** What prctl calls so: whether a core file may be written; kept by the kernel. */
  dumpable = 1;
  /** RLIMIT_STACK: how long a mapping that grows can get, in bytes; kept by the kernel. */
  stackLimit: number = 8 * 2 ** 20;
  private readonly maps: MappingList;
  private readonly tables: PageDirectory;
  private released = false;
  private cachedRegion = -1;
  private cachedLeaf: Leaf | null = null;
  /** The cached leaf and the directory belong to this address space alone. */
  private cachedOwned = false;
  /** How often a page has been given another frame than it had. */
  moves = 0;
  /** Why the last {@link translate} failed. */
  reason: FaultReason = "no-mapping";

  constructor(pool: FramePool, options: AddressSpaceOptions) {
    this.pool = pool;
    this.tables = new PageDirectory(pool);
    this.maps = new MappingList(pool);
    this.taskSize = options.taskSize;
  }

  /**
   * Maps [address, address + length), rounded up to pages, with zeros, in place of what was there (MAP_FIXED). EINVAL
   * for an address off a page or a length of 0; ENOMEM beyond the end of user space, and without memory for the list.
   */
  map(
    address: number,
    length: number,
    prot: Prot,
    options: { readonly shared?: boolean; readonly flags?: number } = {},
  ): ErrnoName | null {
    if (!isPageAddress(address) || !(length > 0)) return "EINVAL";
    const end = address + roundToPages(length);
    if (!(end <= this.taskSize)) return "ENOMEM";
    const shared = options.shared === true ? new SharedPages() : null;
    const { flags = 0 } = options;
    const vma: Vma = { start: address, end, prot: prot & 7, flags, shared, offset: 0 };
    return this.replaceIn(address, end, insert(cutOut(this.maps.all, address, end), vma));
  }

  /** Unmaps a range; holes in it are no error. EINVAL and ENOMEM as {@link map}, but EINVAL beyond the end. */
  unmap(address: number, length: number): ErrnoName | null {
    if (!isPageAddress(address) || !(length > 0)) return "EINVAL";
    const end = address + roundToPages(length);
    if (!(end <= this.taskSize)) return "EINVAL";
    return this.replaceIn(address, end, cutOut(this.maps.all, address, end));
  }

  /**
   * Changes the protection of a range, mapping by mapping in ascending order. ENOMEM at the first hole: what lies
   * before it has changed, even if the range reaches beyond user space. A length of 0 is no error.
   */
  protect(address: number, length: number, prot: Prot): ErrnoName | null {
    if (!isPageAddress(address)) return "EINVAL";
    if (length === 0) return null;
    const end = address + roundToPages(length);
    if (!(length > 0)) return "ENOMEM";
    for (let at = address; at < end; ) {
      const vma = findVma(this.maps.all, at);
      if (vma === undefined) return "ENOMEM";
      const stop = Math.min(end, vma.end);
      const changed: Vma = { ...tail(vma, at), end: stop, prot: prot & 7 };
      const list = insert(cutOut(this.maps.all, at, stop), changed);
      if (!this.maps.makeRoom(list)) return "ENOMEM";
      this.maps.replace(list);
      this.tables.narrow(at, stop);
      this.forgetCache();
      at = stop;
    }
    return null;
  }

  /**
   * A free range of `length` bytes, the highest in [lowest, below), as mmap picks one; 0 when there is none.
   * @param below by default the end of what mmap uses: room for the stack lies above
   */
  findFree(length: number, below: number = this.taskSize - MMAP_GAP, lowest: number = LOWEST): number {
    return findGap(this.maps.all, roundToPages(length), lowest, below);
  }

  /** The mappings in ascending order; immutable. */
  get mappings(): readonly Vma[] {
    return this.maps.all;
  }

  /** The mappings in ascending order, for a host. */
  vmas(): readonly Mapping[] {
    return this.maps.all.map(mappingOf);
  }

  /** Mapped pages. */
  get pages(): number {
    return this.maps.all.reduce((sum, vma) => sum + (vma.end - vma.start) / PAGE_SIZE, 0);
  }

  /**
   * A copy for a forked child: page tables are shared until one side changes them; shared mappings stay shared. Null
   * without memory for a list of mappings, where it needs its own.
   */
  fork(): AddressSpace | null {
    const child = new AddressSpace(this.pool, this);
    child.adopt(this.reference());
    child.stackLimit = this.stackLimit;
    child.dumpable = this.dumpable;
    if (!this.maps.flagged || child.startAnew()) return child;
    child.release();
    return null;
  }

  /**
   * Keeps the contents of this moment until {@link discard}: private pages at the price of a few references, shared
   * ones copied.
   */
  snapshot(): AddressSpaceSnapshot {
    const shared = copiesOfShared(this.pool, this.maps.all);
    return { ...this.reference(), shared, vmaFrames: this.maps.frames };
  }

  /** One more user of everything there is. */
  private reference(): { vmas: readonly Vma[]; directory: Directory } {
    this.forgetCache();
    return { vmas: this.maps.share(), directory: this.tables.reference() };
  }

  /** Nothing has been mapped, unmapped or written since a snapshot; shared pages may have been written. */
  isAt(snapshot: AddressSpaceSnapshot): boolean {
    const { all, frames } = this.maps;
    return all === snapshot.vmas && frames === snapshot.vmaFrames && this.tables.is(snapshot.directory);
  }

  /** Goes back to a snapshot, which stays good. */
  restore(snapshot: AddressSpaceSnapshot): void {
    if (!this.isAt(snapshot)) {
      snapshot.directory.refs++;
      for (const vma of snapshot.vmas) if (vma.shared !== null) vma.shared.users++;
      this.release();
      this.released = false;
      this.adopt(snapshot, snapshot.vmaFrames);
    }
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
    this.tables.release();
    this.maps.release();
  }

  /**
   * Byte offset in the pool of the byte at `address`, for reading or writing; −1 on a fault, with {@link reason}.
   * Writing gives the page a frame of its own.
   */
  translate(address: number, write: boolean): number {
    const region = regionOf(address);
    if (region !== this.cachedRegion) this.remember(region, this.tables.leaf(region));
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
      const vma = findVma(this.maps.all, address + done);
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
      const vma = findVma(this.maps.all, at);
      const frame = vma === undefined ? 0 : this.ownFrame(at, vma);
      if (frame === 0) return done;
      const run = Math.min(src.length - done, PAGE_SIZE - (at % PAGE_SIZE));
      this.pool.u8.set(src.subarray(done, done + run), frame * PAGE_SIZE + (at % PAGE_SIZE));
      done += run;
    }
    return src.length;
  }

  /** What holds the memory of a long list of mappings; null while there never was one. */
  get mappingPages(): KernelPages | null {
    return this.maps.pages;
  }

  /** Pages that have a frame, shared ones included. */
  get resident(): number {
    return this.tables.resident;
  }

  /** The slow way of {@link translate}: mapping, protection, and what is missing in the tables. */
  private walk(address: number, region: number, write: boolean): number {
    const vma = this.vmaAt(address);
    if (vma === undefined) return this.fail("no-mapping");
    if (write ? !isWritable(vma.prot) : !isReadable(vma.prot)) return this.fail("protection");
    if (write) {
      const frame = this.ownFrame(address, vma);
      return frame === 0 ? this.fail("no-frame") : frame * PAGE_SIZE + (address & 4095);
    }
    const index = (address >>> 12) & 511;
    const leaf = this.tables.leaf(region);
    const entry = leaf?.entries[index] ?? 0;
    const frame = vma.shared?.frames.get(sharedIndex(vma, address)) ?? entry >>> PTE_SHIFT;
    if (leaf !== null) {
      // The right to read is the same for everybody the leaf is shared with only when nobody else is there.
      if (
        (entry & PTE_READ) === 0 &&
        this.tables.owned &&
        leaf.refs === 1 &&
        (frame !== 0 || vma.shared === null)
      ) {
        setEntry(this.pool, leaf, index, frame, entry | PTE_READ | (vma.shared ? PTE_SHARED : 0));
      }
      this.remember(region, leaf);
    }
    return frame * PAGE_SIZE + (address & 4095);
  }

  /** The mapping an access at `address` meets: one that grows comes down to it. */
  private vmaAt(address: number): Vma | undefined {
    if (!isAddress(address)) return undefined;
    const vma = findVma(this.maps.all, address);
    if (vma !== undefined || !this.maps.flagged) return vma;
    const list = grown(this.maps.all, address, LOWEST, this.stackLimit);
    if (list !== null && this.maps.makeRoom(list)) this.maps.replace(list);
    return findVma(this.maps.all, address);
  }

  /** What a forked child does not inherit: locked pages, and the contents of mappings that are wiped. */
  private startAnew(): boolean {
    if (!this.maps.makeRoom(this.maps.all)) return false;
    for (const vma of this.maps.all) if ((vma.flags & VM_WIPEONFORK) !== 0) this.drop(vma.start, vma.end);
    this.maps.replace(this.maps.all.map((vma) => ({ ...vma, flags: vma.flags & ~VM_LOCKED })));
    return true;
  }

  /** A frame this page may be written in, made or copied where needed; 0 when there is none left. */
  private ownFrame(address: number, vma: Vma): number {
    const region = regionOf(address);
    const leaf = this.tables.ownLeaf(region);
    if (leaf !== this.cachedLeaf) this.forgetCache();
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
        this.moves++;
      }
    }
    leaf.entries[index] = ((frame << PTE_SHIFT) | rights) >>> 0;
    this.remember(region, leaf);
    return frame;
  }

  private sharedFrame(leaf: Leaf, index: number, vma: Vma, address: number, flags: number): number {
    const frame = frameOfShared(this.pool, vma.shared as SharedPages, sharedIndex(vma, address));
    if (frame === 0) return 0;
    setEntry(this.pool, leaf, index, frame, flags);
    this.remember(regionOf(address), leaf);
    return frame;
  }

  /** The frame that is read at `address`: 0, the zero page, where nobody has written. */
  private frameOf(address: number): number {
    const vma = findVma(this.maps.all, address);
    if (vma?.shared) return vma.shared.frames.get(sharedIndex(vma, address)) ?? 0;
    const entry = this.tables.leaf(regionOf(address))?.entries[(address >>> 12) & 511] ?? 0;
    return entry >>> PTE_SHIFT;
  }

  /** Another list of mappings, and none of the pages of [start, end). */
  private replaceIn(start: number, end: number, list: readonly Vma[]): ErrnoName | null {
    if (!this.maps.makeRoom(list)) return "ENOMEM";
    this.drop(start, end);
    this.maps.replace(list);
    return null;
  }

  private drop(start: number, end: number): void {
    this.forgetCache();
    this.tables.drop(start, end);
  }

  private adopt(from: { readonly vmas: readonly Vma[]; readonly directory: Directory }, frames = 0): void {
    this.maps.adopt(from.vmas, frames);
    this.tables.adopt(from.directory);
    this.forgetCache();
  }

  /** Has the leaf of a region at hand, if there is one. */
  private remember(region: number, leaf: Leaf | null): void {
    this.cachedRegion = leaf === null ? -1 : region;
    this.cachedLeaf = leaf;
    this.cachedOwned = leaf !== null && this.tables.owned && leaf.refs === 1;
  }

  private forgetCache(): void {
    this.remember(-1, null);
  }

  private fail(reason: FaultReason): number {
    this.reason = reason;
    return -1;
  }
}

import type { FramePool } from "../../mm/frames.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { KernelPages } from "../../mm/kernel-pages.ts";
import { fput, type OpenFile } from "../file/open-file.ts";
import type { Machine } from "../machine.ts";

/** NR_OPEN_DEFAULT: descriptors there is room for without a table of its own. */
const NR_OPEN_DEFAULT = 64;

/** sysctl nr_open: no process has more descriptors. */
export const NR_OPEN = 1_048_576;

const POINTER = 8;
/** A table grows in steps of 1 KiB of pointers. */
const STEP = 1024 / POINTER;

/** `struct files_struct`: the descriptor table, shared under CLONE_FILES. Source: fs/file.c. */
export class FilesStruct {
  users = 1;
  private readonly pool: FramePool;
  /** Taken descriptors; null: reserved, and nothing is installed yet. */
  private readonly table: Map<number, OpenFile | null> = new Map();
  private readonly closeOnExec: Set<number> = new Set();
  /** No descriptor below is free. */
  private nextFd = 0;
  private maxFds = NR_OPEN_DEFAULT;
  /** The memory a table beyond the first descriptors takes. */
  private readonly pages: KernelPages;

  constructor(pool: FramePool) {
    this.pool = pool;
    this.pages = new KernelPages(pool);
  }

  /**
   * `alloc_fd`: the lowest free descriptor from `start` on, reserved. "EMFILE" when it is not below `end`.
   */
  alloc(start: number, end: number, closeOnExec: boolean): number | "EMFILE" | "ENOMEM" {
    let fd = Math.max(start, this.nextFd);
    while (this.table.has(fd)) fd++;
    if (fd >= end) return "EMFILE";
    const error = this.expand(fd);
    if (error !== null) return error;
    if (start <= this.nextFd) this.nextFd = fd + 1;
    this.set(fd, null, closeOnExec);
    return fd;
  }

  /** `fd_install`. */
  install(fd: number, file: OpenFile): void {
    this.table.set(fd, file);
  }

  /** `put_unused_fd`. */
  putUnused(fd: number): void {
    this.table.delete(fd);
    this.closeOnExec.delete(fd);
    if (fd < this.nextFd) this.nextFd = fd;
  }

  /** The open file behind a descriptor; null when nothing is open there. */
  lookup(fd: number): OpenFile | null {
    return this.table.get(fd) ?? null;
  }

  /** `file_close_fd`: takes a descriptor out of the table; its reference is the caller's to drop. Null as `lookup`. */
  take(fd: number): OpenFile | null {
    const file = this.lookup(fd);
    if (file !== null) this.putUnused(fd);
    return file;
  }

  /**
   * `do_dup2`: `fd` points at `file`, which gets a reference. Returns what it pointed at before, whose reference is the
   * caller's to drop. `fd` must have been {@link expand}ed to, and not be reserved.
   */
  replace(fd: number, file: OpenFile, closeOnExec: boolean): OpenFile | null {
    const old = this.lookup(fd);
    file.refs++;
    this.set(fd, file, closeOnExec);
    return old;
  }

  /** Whether a descriptor is reserved by a call that has not installed its file yet. */
  isReserved(fd: number): boolean {
    return this.table.get(fd) === null;
  }

  /** `expand_files`: makes room for descriptor `fd`. */
  expand(fd: number): "EMFILE" | "ENOMEM" | null {
    if (fd < this.maxFds) return null;
    if (fd >= NR_OPEN) return "EMFILE";
    const slots = slotsFor(fd);
    if (!this.pages.grow(framesOf(slots))) return "ENOMEM";
    this.maxFds = slots;
    return null;
  }

  /** FD_CLOEXEC of an open descriptor. */
  getCloseOnExec(fd: number): boolean {
    return this.closeOnExec.has(fd);
  }

  /** Sets FD_CLOEXEC of an open descriptor. */
  setCloseOnExec(fd: number, on: boolean): void {
    if (on) this.closeOnExec.add(fd);
    else this.closeOnExec.delete(fd);
  }

  /** Open descriptors in ascending order. */
  descriptors(): readonly number[] {
    return [...this.table.keys()].filter((fd) => this.lookup(fd) !== null).sort((a, b) => a - b);
  }

  /** `dup_fd`: a copy for a child made without CLONE_FILES, at the same open files; null without memory for it. */
  copy(): FilesStruct | null {
    const files = new FilesStruct(this.pool);
    if (this.table.size === 0) return files;
    if (this.maxFds > NR_OPEN_DEFAULT && files.expand(this.highest) !== null) return null;
    for (const [fd, file] of this.table) {
      if (file === null) continue;
      file.refs++;
      files.set(fd, file, this.closeOnExec.has(fd));
    }
    return files;
  }

  /** Closes every descriptor, in ascending order; called when the last user is gone. */
  close(machine: Machine): void {
    for (const fd of this.descriptors()) {
      const file = this.take(fd);
      if (file !== null) fput(machine, file);
    }
    this.pages.shrink(0);
    this.maxFds = NR_OPEN_DEFAULT;
  }

  private get highest(): number {
    let highest = 0;
    for (const fd of this.table.keys()) if (fd > highest) highest = fd;
    return highest;
  }

  private set(fd: number, file: OpenFile | null, closeOnExec: boolean): void {
    this.table.set(fd, file);
    this.setCloseOnExec(fd, closeOnExec);
  }
}

/** `alloc_fdtable`: the length of a table that holds descriptor `fd`. */
function slotsFor(fd: number): number {
  let steps = 1;
  while (steps * STEP <= fd) steps *= 2;
  return Math.min(steps * STEP, NR_OPEN);
}

function framesOf(slots: number): number {
  return Math.ceil((slots * POINTER) / PAGE_SIZE);
}

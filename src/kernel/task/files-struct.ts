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
  /** Index = descriptor; null where nothing is open. No longer than {@link maxFds}, whose memory is accounted for. */
  private table: (OpenFile | null)[] = [];
  /** Descriptors that are taken, with nothing installed yet; null for none. */
  private reserved: Set<number> | null = null;
  /** Descriptors with FD_CLOEXEC; null for none. */
  private closeOnExec: Set<number> | null = null;
  /** No descriptor below is free. */
  private nextFd = 0;
  private maxFds = NR_OPEN_DEFAULT;
  /** The memory a table beyond the first descriptors takes; null while there are no more. */
  private pages: KernelPages | null = null;

  constructor(pool: FramePool) {
    this.pool = pool;
  }

  /**
   * `alloc_fd`: the lowest free descriptor from `start` on, reserved. "EMFILE" when it is not below `end`.
   */
  alloc(start: number, end: number, closeOnExec: boolean): number | "EMFILE" | "ENOMEM" {
    let fd = Math.max(start, this.nextFd);
    while (this.isTaken(fd)) fd++;
    if (fd >= end) return "EMFILE";
    const error = this.expand(fd);
    if (error !== null) return error;
    if (start <= this.nextFd) this.nextFd = fd + 1;
    (this.reserved ??= new Set()).add(fd);
    this.setCloseOnExec(fd, closeOnExec);
    return fd;
  }

  /** `fd_install`. */
  install(fd: number, file: OpenFile): void {
    this.reserved?.delete(fd);
    while (this.table.length <= fd) this.table.push(null);
    this.table[fd] = file;
  }

  /** `put_unused_fd`. */
  putUnused(fd: number): void {
    this.reserved?.delete(fd);
    if (fd < this.table.length) this.table[fd] = null;
    this.closeOnExec?.delete(fd);
    if (fd < this.nextFd) this.nextFd = fd;
  }

  /** The open file behind a descriptor; null when nothing is open there. */
  lookup(fd: number): OpenFile | null {
    return fd >= 0 && fd < this.table.length ? (this.table[fd] as OpenFile | null) : null;
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
    this.install(fd, file);
    this.setCloseOnExec(fd, closeOnExec);
    return old;
  }

  /** Whether a descriptor is reserved by a call that has not installed its file yet. */
  isReserved(fd: number): boolean {
    return this.reserved?.has(fd) ?? false;
  }

  /** `expand_files`: makes room for descriptor `fd`. */
  expand(fd: number): "EMFILE" | "ENOMEM" | null {
    if (fd < this.maxFds) return null;
    if (fd >= NR_OPEN) return "EMFILE";
    const slots = slotsFor(fd);
    this.pages ??= new KernelPages(this.pool);
    if (!this.pages.grow(framesOf(slots))) return "ENOMEM";
    this.maxFds = slots;
    return null;
  }

  /** FD_CLOEXEC of an open descriptor. */
  getCloseOnExec(fd: number): boolean {
    return this.closeOnExec?.has(fd) ?? false;
  }

  /** Sets FD_CLOEXEC of an open descriptor. */
  setCloseOnExec(fd: number, on: boolean): void {
    if (on) (this.closeOnExec ??= new Set()).add(fd);
    else this.closeOnExec?.delete(fd);
  }

  /** Open descriptors in ascending order. */
  descriptors(): readonly number[] {
    return [...this.table.keys()].filter((fd) => this.table[fd] !== null);
  }

  /** `dup_fd`: a copy for a child made without CLONE_FILES, at the same open files; null without memory for it. */
  copy(): FilesStruct | null {
    const files = new FilesStruct(this.pool);
    const end = this.end;
    if (end > NR_OPEN_DEFAULT && files.expand(end - 1) !== null) return null;
    files.table = this.table.slice(0, end);
    for (const file of files.table) if (file !== null) file.refs++;
    for (const fd of this.closeOnExec ?? []) if (!this.isReserved(fd)) files.setCloseOnExec(fd, true);
    return files;
  }

  /** Closes every descriptor, in ascending order; called when the last user is gone. */
  close(machine: Machine): void {
    for (let fd = 0; fd < this.table.length; fd++) {
      const file = this.take(fd);
      if (file !== null) fput(machine, file);
    }
    this.table = [];
    this.pages?.shrink(0);
    this.maxFds = NR_OPEN_DEFAULT;
  }

  /** One more than the highest taken descriptor. */
  private get end(): number {
    let end = this.table.length;
    while (end > 0 && this.table[end - 1] === null) end--;
    return this.reserved === null ? end : Math.max(end, ...[...this.reserved].map((fd) => fd + 1));
  }

  private isTaken(fd: number): boolean {
    return this.lookup(fd) !== null || this.isReserved(fd);
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

import { O } from "../../abi/structs/index.ts";
import type { Machine } from "../machine.ts";
import type { FileOperations } from "./file-operations.ts";

/** `struct file`: an open file description, what descriptors point at. Made by {@link allocFile}. */
export class OpenFile {
  readonly op: FileOperations;
  /** Access mode and status flags, as F_GETFL tells them. */
  flags: number;
  /** Descriptors, over all tables, that point here, and calls that work on it while they wait. */
  refs = 1;

  constructor(op: FileOperations, flags: number) {
    this.op = op;
    this.flags = flags;
  }

  /** FMODE_READ. */
  get readable(): boolean {
    return (this.flags & O.ACCMODE) !== O.WRONLY;
  }

  /** FMODE_WRITE. */
  get writable(): boolean {
    return (this.flags & O.ACCMODE) !== O.RDONLY;
  }

  /** O_NONBLOCK: what would wait answers EAGAIN. */
  get nonblocking(): boolean {
    return (this.flags & O.NONBLOCK) !== 0;
  }
}

/** Bytes of a struct file, for the accounting of memory. */
export const FILE_BYTES = 256;

/**
 * `alloc_file`: a new open file with one reference, the caller's; null when there is no memory for it.
 * @param flags access mode and status flags
 */
export function allocFile(machine: Machine, op: FileOperations, flags: number): OpenFile | null {
  return machine.filp.alloc() ? new OpenFile(op, flags) : null;
}

/** `fput`: one reference less; the last one closes the file. */
export function fput(machine: Machine, file: OpenFile): void {
  if (--file.refs > 0) return;
  file.op.release?.(machine, file);
  machine.filp.free();
}

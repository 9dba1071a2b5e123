import type { Ladders } from "../../abi/ladders/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import type { IovIter } from "../../mm/iov-iter.ts";
import type { Call } from "../call.ts";
import type { Machine } from "../machine.ts";
import type { Result } from "../outcome.ts";
import type { OpenFile } from "./open-file.ts";

/** A call that reads an open file. */
export type ReadCall = Call<
  RungsOf<{ readonly ladder: readonly [{ readonly include: "file_read" }] }, Ladders>
>;

/** A call that writes an open file. */
export type WriteCall = Call<
  RungsOf<{ readonly ladder: readonly [{ readonly include: "file_write" }] }, Ladders>
>;

/** `struct file_operations`: what an open file does. One that has state is an object of its own for each file. */
export interface FileOperations {
  /** What kind of file it is: `pipe`, `/dev/null`. */
  readonly name: string;
  /** It lies on a file system of the kernel's own, without names. */
  readonly pseudo?: boolean;
  /** The uid of its owner; root where it is left out. */
  readonly owner?: number;
  /** O_DIRECT can be set on it. */
  readonly direct?: boolean;
  /** O_ASYNC can be set on it. */
  readonly async?: boolean;
  /** Moves bytes to user memory; returns how many. Left out by a file that cannot be read. */
  read?(k: ReadCall, file: OpenFile, to: IovIter): Result;
  /** Takes bytes from user memory; returns how many. Left out by a file that cannot be written. */
  write?(k: WriteCall, file: OpenFile, from: IovIter): Result;
  /** Called when the last reference is gone. */
  release?(machine: Machine, file: OpenFile): void;
}

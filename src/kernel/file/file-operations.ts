import type { Machine } from "../machine.ts";
import type { OpenFile } from "./open-file.ts";

/** `struct file_operations`: what an open file does. One that has state is an object of its own for each file. */
export interface FileOperations {
  /** What kind of file it is: `pipe`, `/dev/null`. */
  readonly name: string;
  /** Called when the last reference is gone. */
  release?(machine: Machine, file: OpenFile): void;
}

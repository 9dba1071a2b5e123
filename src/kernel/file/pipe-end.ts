import type { IovIter } from "../../mm/iov-iter.ts";
import type { Machine } from "../machine.ts";
import type { Result } from "../outcome.ts";
import type { Task } from "../task/task.ts";
import type { FileOperations, ReadCall, WriteCall } from "./file-operations.ts";
import { fput, type OpenFile } from "./open-file.ts";
import type { Pipe } from "./pipe.ts";
import { readPipe } from "./pipe-read.ts";
import { writePipe } from "./pipe-write.ts";

/** A read or write that is under way. */
export interface Transfer {
  readonly file: OpenFile;
  readonly pipe: Pipe;
  readonly iter: IovIter;
  /** Bytes moved so far. */
  moved: number;
  /** It has waited: it holds the file, and stands in the queue. */
  waits: boolean;
}

/** What a look at the pipe says: an answer, or that the task has to wait. */
export type Step = Result | "wait";

/** One end of a pipe as an open file. Source: fs/pipe.c pipefifo_fops. */
export class PipeEnd implements FileOperations {
  readonly name = "pipe";
  readonly pseudo = true;
  readonly direct = true;
  readonly async = true;
  readonly owner: number;
  readonly pipe: Pipe;
  private readonly end: "readers" | "writers";

  constructor(pipe: Pipe, end: "readers" | "writers", owner: number) {
    this.pipe = pipe;
    this.owner = owner;
    this.end = end;
    pipe[end]++;
  }

  /** `pipe_read`. */
  read(k: ReadCall, file: OpenFile, iter: IovIter): Result {
    return iter.count === 0 ? 0 : goOnReading(k, { file, pipe: this.pipe, iter, moved: 0, waits: false });
  }

  /** `pipe_write`. */
  write(k: WriteCall, file: OpenFile, iter: IovIter): Result {
    return iter.count === 0 ? 0 : goOnWriting(k, { file, pipe: this.pipe, iter, moved: 0, waits: false });
  }

  /** `pipe_release`. */
  release(machine: Machine): void {
    this.pipe.closeEnd(machine, this.end);
  }
}

function goOnReading(k: ReadCall, transfer: Transfer): Result {
  const result = readPipe(k, transfer);
  if (result !== "wait") return end(k, transfer, result);
  begin(k.task, transfer, transfer.pipe.waitingReaders);
  return k.block(goOnReading, transfer, { interruptible: true, abandon: letGo });
}

function goOnWriting(k: WriteCall, transfer: Transfer): Result {
  const result = writePipe(k, transfer);
  if (result !== "wait") return end(k, transfer, result);
  begin(k.task, transfer, transfer.pipe.waitingWriters);
  return k.block(goOnWriting, transfer, { interruptible: true, abandon: letGo });
}

/** A task that waits keeps the file, whatever others do with the descriptor, and its place in the queue. */
function begin(task: Task, transfer: Transfer, queue: Task[]): void {
  if (transfer.waits) return;
  transfer.waits = true;
  transfer.file.refs++;
  queue.push(task);
}

function end(k: ReadCall | WriteCall, transfer: Transfer, result: Result): Result {
  if (transfer.waits) letGo(k.machine, k.task, transfer);
  return result;
}

function letGo(machine: Machine, task: Task, { pipe, file }: Transfer): void {
  for (const queue of [pipe.waitingReaders, pipe.waitingWriters]) {
    const at = queue.indexOf(task);
    if (at >= 0) queue.splice(at, 1);
  }
  fput(machine, file);
}

import { PAGE_SIZE } from "../../mm/frames.ts";
import type { ReadCall } from "./file-operations.ts";
import type { PipeBuffer } from "./pipe.ts";
import type { Step, Transfer } from "./pipe-end.ts";

/**
 * `pipe_read` until it would wait. Bytes are moved a page at a time: those of a page that meets a fault stay in the
 * pipe, although the ones before the fault have been written.
 */
export function readPipe(k: ReadCall, transfer: Transfer): Step {
  const { pipe, file, iter } = transfer;
  const wasFull = pipe.full;
  let result: Step | null = null;
  for (let [buffer] = pipe.buffers; buffer !== undefined && iter.count > 0; [buffer] = pipe.buffers) {
    const n = Math.min(buffer.length, iter.count);
    if (iter.copyTo(k.uaccess, addressOf(buffer), n) < n) {
      result = transfer.moved > 0 ? transfer.moved : k.fail("buffer-unwritable");
      break;
    }
    transfer.moved += n;
    buffer.offset += n;
    buffer.length = buffer.packet ? 0 : buffer.length - n;
    if (buffer.length === 0) pipe.shift();
    if (buffer.packet) {
      result = transfer.moved;
      break;
    }
  }
  if (wasFull && !pipe.full) pipe.wakeWriters(k.machine);
  if (result !== null) return result;
  if (transfer.moved > 0 || pipe.writers === 0) return transfer.moved;
  return file.nonblocking ? k.fail("would-block") : "wait";
}

function addressOf(buffer: PipeBuffer): number {
  return buffer.frame * PAGE_SIZE + buffer.offset;
}

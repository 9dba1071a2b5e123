import { O } from "../../abi/structs/index.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { hasPendingSignal } from "../signal/pending.ts";
import { sendSignal } from "../signal/send.ts";
import { SIG } from "../task/signal-queue.ts";
import type { WriteCall } from "./file-operations.ts";
import type { Step, Transfer } from "./pipe-end.ts";

/**
 * `pipe_write` until it would wait. What is no whole number of pages may join the last page first; then bytes are moved
 * a page at a time, and a page that meets a fault is not written at all.
 */
export function writePipe(k: WriteCall, transfer: Transfer): Step {
  const { pipe } = transfer;
  const result =
    transfer.waits || pipe.readers === 0 ? fill(k, transfer) : (merge(k, transfer) ?? fill(k, transfer));
  // A reader that finds nothing new waits on.
  if (transfer.moved > 0) pipe.wakeReaders(k.machine);
  return result;
}

/** Adds the odd bytes to the last page where they fit; null when there is more to do. */
function merge(k: WriteCall, transfer: Transfer): Step | null {
  const { pipe, iter } = transfer;
  const { last } = pipe;
  const n = iter.count % PAGE_SIZE;
  if (n === 0 || last === undefined || last.packet) return null;
  const end = last.offset + last.length;
  if (end + n > PAGE_SIZE) return null;
  if (iter.copyFrom(k.uaccess, last.frame * PAGE_SIZE + end, n) < n) return k.fail("buffer-unreadable");
  last.length += n;
  transfer.moved += n;
  return iter.count === 0 ? transfer.moved : null;
}

/** Fills page after page. */
function fill(k: WriteCall, transfer: Transfer): Step {
  const { pipe, iter, file } = transfer;
  for (;;) {
    if (pipe.readers === 0) {
      sendSignal(k.machine, k.task, SIG.PIPE, k.task);
      return transfer.moved > 0 ? transfer.moved : k.fail("no-reader");
    }
    if (pipe.full) break;
    const frame = pipe.takePage();
    if (frame === 0) return transfer.moved > 0 ? transfer.moved : k.fail("no-page");
    const n = Math.min(PAGE_SIZE, iter.count);
    if (iter.copyFrom(k.uaccess, frame * PAGE_SIZE, n) < n) {
      pipe.givePage(frame);
      return transfer.moved > 0 ? transfer.moved : k.fail("buffer-unreadable");
    }
    pipe.buffers.push({ frame, offset: 0, length: n, packet: (file.flags & O.DIRECT) !== 0 });
    transfer.moved += n;
    if (iter.count === 0) return transfer.moved;
  }
  if (file.nonblocking) return transfer.moved > 0 ? transfer.moved : k.fail("would-block");
  // A signal ends a write that has moved something; one that has not starts again.
  return transfer.moved > 0 && hasPendingSignal(k.task) ? transfer.moved : "wait";
}

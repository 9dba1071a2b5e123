import { addressOf } from "../../abi/address.ts";
import type { Word64 } from "../../abi/word64.ts";
import type { AddressSpace } from "../../mm/address-space.ts";

/** No read of a trace is longer than this many bytes, whatever a guest's counts and sizes say. */
export const LONGEST_PEEK = 65_536;

/** Whose memory is read; null once the task has none any more. */
export interface PeekedTask {
  readonly mm: AddressSpace | null;
}

/**
 * Reads guest memory for a trace: no fault is recorded, no access logged, no page made. A task that has let go of
 * its memory has no readable byte.
 */
export class Peeker {
  private readonly task: PeekedTask;

  constructor(task: PeekedTask) {
    this.task = task;
  }

  /**
   * The readable bytes from `at` on: `length` of them, or fewer up to the first that faults.
   * `length` above {@link LONGEST_PEEK} is cut to it.
   */
  read(at: Word64, length: number): Uint8Array {
    const wanted = Math.min(Math.max(0, Math.floor(length)), LONGEST_PEEK);
    const { mm } = this.task;
    if (mm === null || wanted === 0) return NOTHING;
    const bytes = new Uint8Array(wanted);
    const got = mm.peek(addressOf(at.lo, at.hi), bytes);
    return got === wanted ? bytes : bytes.subarray(0, got);
  }
}

const NOTHING = new Uint8Array(0);

/** One access of the kernel to user memory. */
export interface Access {
  /** The primitive: copy_from_user, get_user … */
  readonly op: string;
  readonly access: "read" | "write";
  readonly address: number;
  readonly length: number;
  /** Bytes that went through. */
  readonly done: number;
}

/** Two reads of the same user bytes. */
export interface DoubleFetch {
  readonly first: Access;
  readonly second: Access;
  readonly address: number;
  readonly length: number;
}

/** Who read and wrote which user bytes, in order: what a review of a handler starts from (U-17). */
export class AccessLog {
  readonly entries: Access[] = [];

  /** Adds an access. */
  record(op: string, access: "read" | "write", address: number, length: number, done: number): void {
    this.entries.push({ op, access, address, length, done });
  }

  /** Forgets everything: the start of another call. */
  clear(): void {
    this.entries.length = 0;
  }

  /** Every pair of reads that took the same byte: the bytes may have changed in between. */
  doubleFetches(): DoubleFetch[] {
    const reads = this.entries.filter((e) => e.access === "read" && e.done > 0);
    const found: DoubleFetch[] = [];
    for (const [i, second] of reads.entries()) {
      for (const first of reads.slice(0, i)) {
        const start = Math.max(first.address, second.address);
        const end = Math.min(first.address + first.done, second.address + second.done);
        if (start < end) found.push({ first, second, address: start, length: end - start });
      }
    }
    return found;
  }
}

import type { Directory } from "./page-table.ts";
import type { SharedPages, Vma } from "./vma.ts";

/** An address space as it was at one moment; see `AddressSpace.snapshot`. */
export interface AddressSpaceSnapshot {
  readonly vmas: readonly Vma[];
  readonly directory: Directory;
  /** Frames the list of mappings took. */
  readonly vmaFrames: number;
  /** What stood in shared pages: they are written in place, so only a copy keeps it. */
  readonly shared: readonly (readonly [pages: SharedPages, bytes: ReadonlyMap<number, Uint8Array>])[];
}

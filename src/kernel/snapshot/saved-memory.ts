import type { AddressSpace } from "../../mm/address-space.ts";

/** The contents of one address space at one moment. */
export interface SavedMemory {
  /** Nothing needs to be given back before {@link restore}: the address space holds no page that came since. */
  isAt(): boolean;
  restore(): void;
  /** Lets go of what it keeps. */
  discard(): void;
}

/** Keeps every page at the price of a reference: whoever writes makes a copy. */
export function saveMemory(mm: AddressSpace): SavedMemory {
  const snapshot = mm.snapshot();
  return {
    isAt: () => mm.isAt(snapshot),
    restore: () => mm.restore(snapshot),
    discard: () => mm.discard(snapshot),
  };
}

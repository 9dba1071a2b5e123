import type { CType } from "../../abi/ctype.ts";
import type { FlagSet } from "../../abi/flags.ts";
import type { StructDecl } from "../../abi/struct.ts";
import type { Word64 } from "../../abi/word64.ts";

/** Where the names in a declaration are looked up. */
export interface TypeLookup {
  struct(name: string): StructDecl | undefined;
  flags(name: string): FlagSet | undefined;
}

/** How much is recorded; rendering may show less, never more. */
export interface DecodeLimits {
  /** Elements of one array. */
  readonly items: number;
  /** Bytes of one string, buffer or struct tail. */
  readonly bytes: number;
  /** Values of one call. */
  readonly nodes: number;
  /** Pointers inside what pointers point at. */
  readonly depth: number;
}

/** The limits a tracer uses unless told otherwise. */
export const DECODE_LIMITS: DecodeLimits = { items: 64, bytes: 256, nodes: 4096, depth: 6 };

/** The value of a sibling argument or field as a count; null when there is none or it is no number. */
export type Sibling = (name: string) => number | null;

/** An out-pointer met at entry: where it stands, and how to decode it once the call is over. */
export interface PendingOut {
  /** Argument name, then field names. */
  readonly at: readonly string[];
  readonly type: CType;
  readonly word: Word64;
  readonly sibling: Sibling;
}

/** For values without siblings. */
export const NO_SIBLING: Sibling = () => null;

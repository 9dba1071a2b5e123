import type { ErrnoName } from "./errno.ts";

/** One rung as a declaration writes it: id, errno, the rules it follows, and why it refuses. */
export type RungRow = readonly [
  id: string,
  errno: ErrnoName,
  rules: string | readonly string[],
  reason: string,
];

/** A rung, or a shared ladder by name. */
export type LadderRow = RungRow | { readonly include: string };

/** A ladder several calls share: failures in check order. */
export interface LadderDecl {
  readonly ladder: string;
  readonly rungs: readonly LadderRow[];
  readonly provenance?: string;
}

/** A rung of a compiled call. */
export interface Rung {
  readonly id: string;
  readonly errno: ErrnoName;
  readonly rules: readonly string[];
  readonly reason: string;
  /** The shared ladder it comes from; null for the call's own. */
  readonly from: string | null;
}

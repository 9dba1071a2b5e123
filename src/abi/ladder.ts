import type { ErrnoName } from "./errno.ts";

/** The kernels something is true of: from version `since` on, before version `until`; always when left out. */
export interface EraDecl {
  readonly since?: string;
  readonly until?: string;
}

/** One rung as a declaration writes it: id, errno, the rules it follows, why it refuses, and the era it stands in. */
export type RungRow =
  | readonly [id: string, errno: ErrnoName, rules: string | readonly string[], reason: string]
  | readonly [id: string, errno: ErrnoName, rules: string | readonly string[], reason: string, era: EraDecl];

/** A rung, or a shared ladder by name, perhaps of one era only. */
export type LadderRow = RungRow | (EraDecl & { readonly include: string });

/** A ladder several calls share: failures in check order. */
export interface LadderDecl {
  readonly ladder: string;
  readonly rungs: readonly LadderRow[];
  readonly provenance?: string;
}

/** A rung of a compiled call. Two may have one id where no kernel has both. */
export interface Rung extends EraDecl {
  readonly id: string;
  readonly errno: ErrnoName;
  readonly rules: readonly string[];
  readonly reason: string;
  /** The shared ladder it comes from; null for the call's own. */
  readonly from: string | null;
}

import type { ErrnoName } from "./errno.ts";

/** The kernels something is true of: from version `since` on, before version `until`; always when left out. */
export interface EraDecl {
  readonly since?: string;
  readonly until?: string;
}

/**
 * What a rung may say beside its reason: the era it stands in, the programs it is for, and what a call that fails there leaves behind although
 * it fails: `state` for the kernel's own, or arguments and fields (`ru`, `uargs.pidfd`) whose memory it has written.
 */
export interface RungDetails extends EraDecl {
  readonly leaves?: readonly string[];
  /** The way in it stands on; every one when left out. */
  readonly only?: "64-bit" | "32-bit";
  /**
   * What it is checked for anew, one after the other (`level`, `byte`): of two rungs of the same rounds the later one
   * speaks when it is broken in an earlier round.
   */
  readonly each?: string;
}

/** One rung as a declaration writes it: id, errno, the rules it follows, why it refuses, and details where there are any. */
export type RungRow =
  | readonly [id: string, errno: ErrnoName, rules: string | readonly string[], reason: string]
  | readonly [
      id: string,
      errno: ErrnoName,
      rules: string | readonly string[],
      reason: string,
      details: RungDetails,
    ];

/** A rung, or a shared ladder by name, perhaps of one era only. */
export type LadderRow = RungRow | (EraDecl & { readonly include: string });

/** A ladder several calls share: failures in check order. */
export interface LadderDecl {
  readonly ladder: string;
  readonly rungs: readonly LadderRow[];
  readonly provenance?: string;
}

/** A rung of a compiled call. Two may have one id where no kernel has both. */
export interface Rung extends RungDetails {
  readonly id: string;
  readonly errno: ErrnoName;
  readonly rules: readonly string[];
  readonly reason: string;
  /** The shared ladder it comes from; null for the call's own. */
  readonly from: string | null;
}

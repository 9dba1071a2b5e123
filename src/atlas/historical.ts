import type { TableId } from "../abi/numbers.ts";

/** A number a historical tree gave to a call that mainline never took. */
export interface HistoricalNumber {
  /** The era, as profiles are called (rules §0). */
  readonly profile: string;
  readonly table: TableId;
  /** Without the table's base. */
  readonly nr: number;
  readonly call: string;
  /** The posting it stands in. */
  readonly source: string;
}

const V17 = "checkpoint/restart v17, patch 56/60";
const V18 = "checkpoint/restart v18";
const ECLONE = "checkpoint/restart v20 and the tree on 2.6.35";

const row = (
  profile: string,
  call: string,
  table: TableId,
  nr: number,
  source: string,
): HistoricalNumber => ({
  profile,
  table,
  nr,
  call,
  source,
});

/**
 * Every number clone_with_pids and eclone had in a posted tree (rules §3.1, §5.2). The 64-bit table of s390 and powerpc
 * has the same one as the 32-bit table. Numbers trapgate assigned because history has none are not among them: they
 * stand in the declarations.
 */
export const HISTORICAL: readonly HistoricalNumber[] = [
  row("cwp-v3", "clone_with_pids", "i386", 337, V18),
  row("cwp-v3", "clone_with_pids", "s390", 334, V17),
  row("cwp-v3", "clone_with_pids", "s390x", 334, V17),
  row("cwp-v3", "clone_with_pids", "powerpc", 325, V18),
  row("cwp-v3", "clone_with_pids", "powerpc64", 325, V18),
  row("eclone", "eclone", "i386", 338, ECLONE),
  row("eclone", "eclone", "ia32", 338, ECLONE),
  row("eclone", "eclone", "x86_64", 300, ECLONE),
  row("eclone", "eclone", "s390", 332, ECLONE),
  row("eclone", "eclone", "s390x", 332, ECLONE),
  row("eclone", "eclone", "powerpc", 323, ECLONE),
  row("eclone", "eclone", "powerpc64", 323, ECLONE),
  row("eclone", "eclone", "arm", 366, ECLONE),
];

/** The eras that have numbers of their own. */
export const HISTORICAL_PROFILES: readonly string[] = [...new Set(HISTORICAL.map(({ profile }) => profile))];

/** The numbers of one era. */
export function numbersUnder(profile: string): HistoricalNumber[] {
  return HISTORICAL.filter((number) => number.profile === profile);
}

import type { TableId } from "../abi/numbers.ts";

/** One architecture's table as its data file holds it. Lists of names are separated by white space. */
export interface TableData {
  readonly table: TableId;
  /** What is added to every number: 4000 on mips o32, bit 30 on x32. 0 when left out. */
  readonly base?: number;
  /** The package and version of the headers. */
  readonly source: string;
  /** The table this one is a difference to: its rows hold here too, but for `without`. */
  readonly like?: TableData;
  readonly without?: string;
  /** Names in ascending order of their numbers, a number wherever the sequence jumps. */
  readonly rows: string;
  /** The kernel that was asked about what follows. */
  readonly kernel?: string;
  /** Rows above the headers' last number, as `rows`. */
  readonly younger?: string;
  /** Calls it answers with ENOSYS, having no entry point of that name: removed, or never there. */
  readonly gone?: string;
  /** Calls it answers with ENOSYS because it was built without them. */
  readonly leftOut?: string;
}

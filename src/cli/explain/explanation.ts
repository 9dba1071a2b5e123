import type { ErrnoName } from "../../abi/errno.ts";

/** Everything a declaration says about a call, resolved against tables, layouts and profiles. Plain data. */
export interface Explanation {
  readonly call: string;
  /** As C writes it. */
  readonly prototype: string;
  readonly support: "full" | "partial" | "declared";
  /** First kernel version that has it; null: as long as trapgate goes back. */
  readonly since: string | null;
  /** First kernel version that no longer has it. */
  readonly until: string | null;
  readonly note: string | null;
  readonly arguments: readonly ExplainedArgument[];
  readonly returns: ExplainedReturn;
  readonly numbers: readonly ExplainedNumbers[];
  readonly structs: readonly ExplainedStruct[];
  readonly ladder: readonly ExplainedRung[];
  readonly quirks: readonly ExplainedQuirk[];
  readonly effects: readonly string[];
  readonly provenance: readonly string[];
}

/** An argument and where it travels. */
export interface ExplainedArgument {
  readonly name: string;
  readonly type: string;
  /** What the type does not say: `in`, `optional`, `clone_flags`, `num_pids elements`. */
  readonly remarks: readonly string[];
  /** Register, or `(register)` for the word it points at, by entry path. */
  readonly places: Readonly<Record<string, string>>;
}

/** The result: its type, and its register by entry path. */
interface ExplainedReturn {
  readonly type: string;
  readonly places: Readonly<Record<string, string>>;
}

/** The number of the call in one table, by profile. */
export interface ExplainedNumbers {
  readonly table: string;
  readonly profiles: Readonly<Record<string, ExplainedNumber>>;
}

/** A number, or why there is none. */
export type ExplainedNumber =
  | { readonly nr: number; readonly remark: string | null }
  | { readonly nr: null; readonly absent: string };

/** A struct as every data model lays it out. */
export interface ExplainedStruct {
  readonly struct: string;
  readonly note: string | null;
  readonly layouts: readonly ExplainedLayout[];
}

/** One layout: fields in order, holes and padding in bytes. */
export interface ExplainedLayout {
  readonly model: string;
  readonly size: number;
  readonly align: number;
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly remarks: readonly string[];
    readonly offset: number;
    readonly size: number;
  }[];
  readonly holes: readonly { readonly offset: number; readonly size: number }[];
  readonly tailPadding: number;
}

/** A defect or oddity of the call's history, and what of it a machine can be booted with. */
export interface ExplainedQuirk {
  readonly id: string;
  readonly title: string;
  readonly happens: string;
  /** What a machine does without it and with it, and which is the default; null where there is no switch. */
  readonly switch: { readonly default: "off" | "on"; readonly off: string; readonly on: string } | null;
  /** Why there is no switch; null where there is one. */
  readonly noSwitch: string | null;
  readonly advice: string;
  readonly profiles: readonly string[];
  /** Tables it shows on; null for all of them. */
  readonly tables: readonly string[] | null;
}

/** A rung, counted from 1 in check order, of the eras that are explained. */
export interface ExplainedRung {
  readonly place: number;
  readonly id: string;
  readonly errno: ErrnoName;
  readonly rules: readonly string[];
  readonly reason: string;
  /** The shared ladder it belongs to; null for the call's own. */
  readonly from: string | null;
  /** The kernels that have it, where they are not all: from the first version on, before the second. */
  readonly since: string | null;
  readonly until: string | null;
}

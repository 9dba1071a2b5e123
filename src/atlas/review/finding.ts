/** Something a careful reviewer of an ABI would say about a declaration. */
export interface Finding {
  /** The rule it breaks, by name: see `REVIEW_RULES`. */
  readonly rule: string;
  /** A fault cannot be mended once the call is released; a remark is to be weighed. */
  readonly weight: "fault" | "remark";
  /** In the arguments or in a struct: `struct target_pid_set.target_pids`. */
  readonly where: string;
  /** What is wrong there. */
  readonly what: string;
  /** The ABIs or tables on which it bites; empty for all. */
  readonly abis: readonly string[];
  readonly fix: string;
}

/** A rule of review: what it asks for, and a call that shows why. */
export interface ReviewRule {
  readonly rule: string;
  readonly asks: string;
  readonly precedent: string;
}

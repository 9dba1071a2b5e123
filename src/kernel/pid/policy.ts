/** Where the number of pid_max that binds a level is found. */
export type PidMaxScope = "global" | "namespace";

/** One check of a chosen number, by name; an era orders them. */
export type ChoiceCheck = "negative" | "beyond-pid-max" | "reserved" | "page" | "taken";

/**
 * How an era gives out numbers. Everything that differs between eras is data here; the allocator is one.
 */
export interface PidPolicy {
  /** What binds a level: the initial namespace's pid_max, or the level's own (about 6.14, T-04). */
  readonly pidMaxScope: PidMaxScope;
  /** RESERVED_PIDS: after a wrap the kernel chooses no number below this. */
  readonly reserved: number;
  /** Checks of a chosen number, in order, for one level at a time. */
  readonly choice: readonly ChoiceCheck[];
  /** With every number in use the kernel's own choice is 0, but where the last one was the first after a wrap. */
  readonly fullMapYieldsZero?: true;
  /** Asking for a number in use beyond the map's first page makes the kernel write outside that page. */
  readonly takenBeyondPageUndefined?: true;
}

/** 2.6.30 with the clone_with_pids series: A-40 … A-47, B-30. */
export const PID_POLICY_2009: PidPolicy = {
  pidMaxScope: "global",
  reserved: 300,
  choice: ["negative", "beyond-pid-max", "page", "taken"],
};

/** Linux 5.5 to 6.13: one pid_max for the machine. */
export const PID_POLICY_CLONE3: PidPolicy = {
  pidMaxScope: "global",
  reserved: 300,
  choice: ["negative", "beyond-pid-max", "page", "taken"],
};

/** Since 6.14 every namespace has a pid_max of its own (T-04). */
export const PID_POLICY_OWN_PID_MAX: PidPolicy = { ...PID_POLICY_CLONE3, pidMaxScope: "namespace" };
/** eclone v14: the upper end first, and below `reserved` only until the kernel's own choice has come past it (E-44, E-48). */
export const PID_POLICY_ECLONE: PidPolicy = {
  ...PID_POLICY_2009,
  choice: ["beyond-pid-max", "negative", "reserved", "page", "taken"],
};

import { CAP } from "../capability.ts";

/** Where the number of pid_max that binds a level is found. */
export type PidMaxScope = "global" | "namespace";

/** One check of a chosen number, by name; an era orders them. */
export type ChoiceCheck =
  | "negative"
  | "below-one"
  | "beyond-pid-max"
  | "reserved"
  | "without-init"
  | "capable"
  | "page"
  | "taken";

/**
 * How an era gives out numbers. Everything that differs between eras is data here; the allocator is one.
 */
export interface PidPolicy {
  /** What binds a level: the initial namespace's pid_max, or the level's own (about 6.14, T-04). */
  readonly pidMaxScope: PidMaxScope;
  /** RESERVED_PIDS: where the kernel's own choice goes on after the highest number. */
  readonly reserved: number;
  /** The last choice from which on it does so; after a lower one it goes on at 1 (T-16). */
  readonly reservedFrom: number;
  /** Checks of every chosen number, at all levels, before any number is taken (T-11). */
  readonly first: readonly ChoiceCheck[];
  /** Checks of a chosen number, in order, when its level is served. */
  readonly choice: readonly ChoiceCheck[];
  /** Any of these, over the user namespace that owns the level, is what "capable" asks for (T-06). */
  readonly capabilities: readonly number[];
  /** A number other than 1 in a namespace without init is given back once it was taken, whoever chose it (T-13). */
  readonly initLate: boolean;
  /** A namespace whose init has gone takes no more numbers, which is seen once they were taken (T-10). */
  readonly closes: boolean;
  /** A failed attempt at the first number of a namespace sets its cursor back (T-18). */
  readonly rewinds: boolean;
  /** With every number in use the kernel's own choice is 0, but where the last one was the first after a wrap. */
  readonly fullMapYieldsZero?: true;
  /** Asking for a number in use beyond the map's first page makes the kernel write outside that page. */
  readonly takenBeyondPageUndefined?: true;
}

/** 2.6.30 with the clone_with_pids series: A-40 … A-47, B-30. */
export const PID_POLICY_2009: PidPolicy = {
  pidMaxScope: "global",
  reserved: 300,
  reservedFrom: 0,
  first: [],
  choice: ["negative", "beyond-pid-max", "page", "taken"],
  capabilities: [],
  initLate: false,
  closes: false,
  rewinds: false,
};

/** eclone v14: the upper end first, and below `reserved` only until the kernel's own choice has come past it (E-44, E-48). */
export const PID_POLICY_ECLONE: PidPolicy = {
  ...PID_POLICY_2009,
  choice: ["beyond-pid-max", "negative", "reserved", "page", "taken"],
};

/** Linux 5.3, and with set_tid 5.5: ladder T, and the cursor of an idr (T-16). */
export const PID_POLICY_5_3: PidPolicy = {
  pidMaxScope: "global",
  reserved: 300,
  reservedFrom: 300,
  first: [],
  choice: ["below-one", "beyond-pid-max", "without-init", "capable", "page", "taken"],
  capabilities: [CAP.SYS_ADMIN],
  initLate: false,
  closes: true,
  rewinds: true,
};

/** Since 5.9 CAP_CHECKPOINT_RESTORE is enough (T-06). */
export const PID_POLICY_5_9: PidPolicy = {
  ...PID_POLICY_5_3,
  capabilities: [CAP.CHECKPOINT_RESTORE, CAP.SYS_ADMIN],
};

/** Since 6.14 every namespace has a pid_max of its own (T-04). */
export const PID_POLICY_6_14: PidPolicy = { ...PID_POLICY_5_9, pidMaxScope: "namespace" };

/** Since 7.0: the caller's numbers are judged at every level, then all are taken (T-11 … T-13). */
export const PID_POLICY_7_0: PidPolicy = {
  ...PID_POLICY_6_14,
  first: ["below-one", "beyond-pid-max", "capable"],
  choice: ["page", "taken"],
  initLate: true,
};

/** What no case can show, and why. Everything else a case says of itself (`provenance`), or the rung that refuses it. */

const MEMORY = "no program can make the kernel's own memory run out";
const FUTURE = "it takes a kernel of 2026, which recorded nothing yet";
const PAST = "it takes a kernel of that time, and no call that chooses pids shows it";
const INNER = "it is about the kernel's own copy, which no program sees";
const HOOK = "it takes a security module that refuses";
const RACE = "it takes a signal in the middle of the call";
const FULL = "it takes as many tasks as there are numbers, or a pid_max that only /proc can lower";

/** Rungs by id, in whatever call, that no case can break. */
export const UNOBSERVABLE_RUNGS: readonly (readonly [pattern: RegExp, because: string])[] = [
  [/no-memory$|^proc-mount$/, MEMORY],
  [/^max-threads$/, "it takes as many tasks as the machine allows"],
  [/^security-hook$/, HOOK],
  [/^pid-exhausted$/, FULL],
  [/^fatal-signal$/, RACE],
];

/** Calls whose other rungs no case can break. */
export const UNOBSERVABLE_CALLS: Readonly<Record<string, string>> = {
  fork: "it has no arguments: no flag is ever set",
  vfork: "it has no arguments: no flag is ever set",
};

/** Rules that no case can show. */
export const UNOBSERVABLE_RULES: Readonly<Record<string, string>> = {
  "A-11": MEMORY,
  "A-17": INNER,
  "A-30": "it is about a word of the posting; A-20 to A-24 show what it means",
  "A-43": MEMORY,
  "A-49": FULL,
  "B-04": HOOK,
  "B-05": MEMORY,
  "B-07": "it takes as many tasks as the machine allows",
  "B-08": MEMORY,
  "B-14": MEMORY,
  "B-15": MEMORY,
  "B-16": RACE,
  "B-22": "the alternate stack of a signal shows in a handler alone",
  "C-22": FUTURE,
  "C-24": FUTURE,
  "C-25": "it takes a 32-bit kernel of today",
  "E-09": MEMORY,
  "E-46": MEMORY,
  "N-02": PAST,
  "N-06": "no call of the corpus has a signed long",
  "N-10": "no case enters by sysenter",
  "N-11": "no case enters by sysenter",
  "P-08": FUTURE,
  "P-09": FUTURE,
  "P-10": FUTURE,
  "P-11": FUTURE,
  "P-12": FUTURE,
  "P-13": RACE,
  "P-14": MEMORY,
  "P-17": "it takes a machine full of tasks, a security module, or memory running out",
  "P-28": RACE,
  "Q-03": "a quirk that is off by default",
  "Q-05": "a quirk that is off by default",
  "Q-10": "a quirk that is off by default",
  "T-02": MEMORY,
  "T-08": FULL,
  "T-11": FUTURE,
  "T-12": FUTURE,
  "T-13": FUTURE,
  "U-06": "no copy of the corpus ends at the limit of a 32-bit kernel",
  "U-07": PAST,
  "U-09": PAST,
  "U-12": "no profile of trapgate's corpus has the generic rule",
  "U-17": INNER,
  "U-18": INNER,
  "X-10": "numbers take CAP_SYS_ADMIN, which lifts the limit the other is about",
  "X-33": FUTURE,
  "X-35": FUTURE,
  "X-39": FUTURE,
  "X-41": "user namespaces nest by id maps, which are written to /proc",
  "X-46": RACE,
};

/** The pairs of rungs that have a rule of their own, of today. */
export const PAIR_RULES: Readonly<Record<string, readonly [string, string]>> = {
  "P-24": ["tls-unreadable", "pid-taken"],
  "X-20": ["size-too-large", "struct-unreadable"],
  "X-21": ["size-too-small", "struct-unreadable"],
  "X-22": ["tail-not-zero", "struct-unreadable"],
  "X-23": ["tail-unreadable", "struct-unreadable"],
  "X-24": ["tail-not-zero", "tid-count-above-32"],
  "X-25": ["tids-unreadable", "unknown-flag"],
  "X-26": ["exit-signal-wide", "tids-unreadable"],
  "X-27": ["tids-unreadable", "pid-not-capable"],
  "X-28": ["pid-below-one", "pid-not-capable"],
  "X-29": ["pid-not-capable", "pid-taken"],
  "X-30": ["pid-count-too-deep", "pid-not-capable"],
  "X-31": ["namespace-not-capable", "pid-below-one"],
  "X-32": ["pid-taken", "pid-below-one"],
  "X-34": ["pid-without-init", "pid-not-capable"],
  "X-36": ["pid-taken", "pidfd-unwritable"],
  "X-37": ["stack-size-zero", "thread-without-sighand"],
  "X-38": ["tid-count-above-32", "tids-null"],
  "X-42": ["cgroup-number", "tids-unreadable"],
  "X-43": ["pid-taken", "cgroup-not-open"],
  "X-44": ["stack-size-zero", "pidfd-is-parent-tid"],
};

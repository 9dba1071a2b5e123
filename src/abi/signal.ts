/** Signal names by number on x86 and most architectures. Source: uapi/asm-generic/signal.h. */
const NAMES: readonly (string | null)[] = [
  null,
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGKILL",
  "SIGUSR1",
  "SIGSEGV",
  "SIGUSR2",
  "SIGPIPE",
  "SIGALRM",
  "SIGTERM",
  "SIGSTKFLT",
  "SIGCHLD",
  "SIGCONT",
  "SIGSTOP",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGURG",
  "SIGXCPU",
  "SIGXFSZ",
  "SIGVTALRM",
  "SIGPROF",
  "SIGWINCH",
  "SIGIO",
  "SIGPWR",
  "SIGSYS",
];

const FIRST_REALTIME = 32;
const LAST_REALTIME = 64;

/** The name of signal `nr`: SIGCHLD, SIGRTMIN, SIGRT_2 …; the number itself when it is no signal. */
export function signalName(nr: number): string {
  const name = NAMES[nr];
  if (name) return name;
  if (nr === FIRST_REALTIME) return "SIGRTMIN";
  if (nr > FIRST_REALTIME && nr <= LAST_REALTIME) return `SIGRT_${nr - FIRST_REALTIME}`;
  return String(nr);
}

/** Other spellings of the same signals. */
const ALIASES: Readonly<Record<string, string>> = {
  SIGIOT: "SIGABRT",
  SIGCLD: "SIGCHLD",
  SIGPOLL: "SIGIO",
  SIGRT_0: "SIGRTMIN",
  SIGRTMAX: "SIGRT_32",
};

const NUMBERS: ReadonlyMap<string, number> = new Map(
  Array.from({ length: LAST_REALTIME }, (_, i) => [signalName(i + 1), i + 1]),
);

/** The number of a signal by name, in any case, with or without SIG; undefined when there is none. */
export function signalNumber(name: string): number | undefined {
  const upper = name.toUpperCase();
  const full = upper.startsWith("SIG") ? upper : `SIG${upper}`;
  return NUMBERS.get(Object.hasOwn(ALIASES, full) ? (ALIASES[full] as string) : full);
}

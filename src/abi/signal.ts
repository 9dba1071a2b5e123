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

/** The number of a signal by name, with or without SIG; undefined when there is none. */
export function signalNumber(name: string): number | undefined {
  const full = name.toUpperCase().startsWith("SIG") ? name.toUpperCase() : `SIG${name.toUpperCase()}`;
  for (let nr = 1; nr <= LAST_REALTIME; nr++) if (signalName(nr) === full) return nr;
  return undefined;
}

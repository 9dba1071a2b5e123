import type { Terminal } from "../terminal.ts";

/** A line that says how far a run is. */
export interface Progress {
  readonly show: (done: number) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

/** Times the line is written anew at most. */
const STEPS = 100;

/** Progress on standard error where that is a screen, and nothing anywhere else. */
export function progressOn(terminal: Terminal, total: number): Progress {
  if (!terminal.screen) return { show: () => {}, clear: () => {} };
  const step = Math.max(1, Math.floor(total / STEPS));
  return {
    show: (done) => {
      if (done % step === 0) terminal.err(`\r${done} of ${total}`);
    },
    clear: () => terminal.err(`\r${" ".repeat(`${total} of ${total}`.length)}\r`),
  };
}

import type { Hex } from "./value.ts";
import { signalText } from "./wait-status.ts";

const SIGNALS = 64;

/** From this many signals on, strace writes those that are missing. */
const MOST: number = Math.floor((SIGNALS * 2) / 3);

/** A signal set in strace's words: `[CHLD USR1]`, `~[KILL STOP]` where most are in it. Source: strace's signal.c. */
export function sigsetText(mask: number | Hex): string {
  const word = BigInt(mask);
  const signals = Array.from({ length: SIGNALS }, (_, i) => i + 1);
  const has = (sig: number): boolean => ((word >> BigInt(sig - 1)) & 1n) === 1n;
  const inverted = signals.filter(has).length >= MOST;
  const named = signals.filter((sig) => has(sig) !== inverted).map((sig) => signalText(sig).slice(3));
  return `${inverted ? "~" : ""}[${named.join(" ")}]`;
}

import { signalName } from "../../abi/signal.ts";

/**
 * A wait status in strace's words: `{WIFEXITED(s) && WEXITSTATUS(s) == 3}`. A word no wait call reports is printed
 * as it is, in hexadecimal. Source: bits/waitstatus.h.
 */
export function waitStatusText(status: number): string {
  if ((status & ~0xffff) !== 0) return hexWord(status);
  const low = status & 0x7f;
  const high = (status >>> 8) & 0xff;
  if (status === 0xffff) return "{WIFCONTINUED(s)}";
  if (low === 0)
    return (status & 0x80) === 0 ? `{WIFEXITED(s) && WEXITSTATUS(s) == ${high}}` : hexWord(status);
  if (low === 0x7f)
    return (status & 0x80) === 0 ? `{WIFSTOPPED(s) && WSTOPSIG(s) == ${signalText(high)}}` : hexWord(status);
  if (high !== 0) return hexWord(status);
  const core = (status & 0x80) === 0 ? "" : " && WCOREDUMP(s)";
  return `{WIFSIGNALED(s) && WTERMSIG(s) == ${signalText(low)}${core}}`;
}

function hexWord(status: number): string {
  return `0x${(status >>> 0).toString(16)}`;
}

/** The name of a signal, or its number when it has none. */
export function signalText(signal: number): string {
  return namedSignal(signal) ?? String(signal);
}

/** The name of a signal, null for 0 and for a number that is no signal. */
export function namedSignal(signal: number): string | null {
  if (!Number.isInteger(signal) || signal < 1 || signal > 64) return null;
  return signalName(signal);
}

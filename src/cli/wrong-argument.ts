import { oneLine } from "../kernel/trace/escape.ts";
import { nearestOnes } from "./nearest.ts";

/** Something on the command line is wrong: told in one line, exit code 2. */
export class WrongArgument extends Error {}

/** Lists up to this long are written out even beside a guess. */
const SHORT_LIST = 12;
/** Longer lists are never written out. */
const LONG_LIST = 40;
const LONGEST_WORD = 60;
/** Equally good guesses beyond this are not named. */
const MOST_GUESSES = 3;

/**
 * `given` is not one of `allowed`: names it, the nearest match, and what is allowed where that fits a line.
 * @param what what it should have been: "call", "command", "option"
 */
export function unknown(what: string, given: string, allowed: Iterable<string>): WrongArgument {
  const names = [...allowed];
  // Where the list follows, one guess is enough.
  const most = names.length > SHORT_LIST ? MOST_GUESSES : 1;
  const near = nearestOnes(given, names).slice(0, most);
  const guess = near.length === 0 ? null : near.join(" or ");
  const text = `unknown ${what} ${word(given)}`;
  if (guess !== null && names.length > SHORT_LIST)
    return new WrongArgument(`${text}: did you mean ${guess}?`);
  const list = names.length > LONG_LIST ? `there are ${names.length}` : `allowed: ${names.join(", ")}`;
  if (guess === null) return new WrongArgument(`${text} (${list})`);
  return new WrongArgument(`${text}: did you mean ${guess}? (${list})`);
}

/** What was given, fit for one line: quoted where it is empty or has blanks, control characters escaped, cut. */
export function word(given: string): string {
  const line = oneLine(given);
  const short = line.length > LONGEST_WORD ? `${line.slice(0, LONGEST_WORD)}...` : line;
  return short === "" || /\s/.test(short) ? `"${short}"` : short;
}

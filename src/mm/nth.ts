/**
 * Which occurrences are meant, in the grammar of strace's `when=`: `"3"`, `"3+"`, `"3..5"`, `"3+2"`, `"3..9+2"`; a
 * number is the same as its text. Counted from 1.
 */
export type When = number | string;

/** A parsed {@link When}. */
export interface Nth {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Reads a {@link When}. @throws RangeError when the text does not follow the grammar */
export function parseWhen(when: When): Nth {
  const text = String(when);
  const match = /^([1-9]\d*)(?:\.\.([1-9]\d*))?(\+(\d*))?$/.exec(text);
  if (match === null)
    throw new RangeError(
      `${JSON.stringify(text)} is not first, first+, first+step, first..last or first..last+step`,
    );
  const first = Number(match[1]);
  const repeats = match[3] !== undefined;
  const step = match[4] ? Number(match[4]) : 1;
  const last = match[2] !== undefined ? Number(match[2]) : repeats ? Number.POSITIVE_INFINITY : first;
  if (step === 0 || last < first) throw new RangeError(`${JSON.stringify(text)} means no occurrence at all`);
  return { first, last, step };
}

/** Whether the `count`-th occurrence is one of them. */
export function isNth(nth: Nth, count: number): boolean {
  return count >= nth.first && count <= nth.last && (count - nth.first) % nth.step === 0;
}

/**
 * A kernel version as one comparable integer: `"2.6.30"` → 2 006 030.
 * @throws RangeError when the text is not numbers joined by dots
 */
export function kernelVersion(text: string): number {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null)
    throw new RangeError(`${JSON.stringify(text)} is not a kernel version such as 2.6.30 or 5.3`);
  return Number(match[1]) * 1_000_000 + Number(match[2]) * 1_000 + Number(match[3] ?? 0);
}

/**
 * A kernel version as one comparable integer: `"2.6.30"` → 2 006 030.
 * @param text two or three numbers below 1000, joined by dots
 * @throws RangeError for any other text
 */
export function kernelVersion(text: string): number {
  const match = typeof text === "string" ? /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text) : null;
  if (match === null)
    throw new RangeError(`${JSON.stringify(text)} is not a kernel version such as 2.6.30 or 5.3`);
  return Number(match[1]) * 1_000_000 + Number(match[2]) * 1_000 + Number(match[3] ?? 0);
}

const NAMED: Readonly<Record<number, string>> = {
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** True for the ten digits in ASCII. */
function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/**
 * Bytes as a C string in quotes: printable ASCII as it is, the usual named escapes, everything else in octal, with
 * three digits only where a digit follows. The result has no control character, whatever the bytes are.
 */
export function quoteBytes(bytes: ArrayLike<number>): string {
  let text = '"';
  for (let i = 0; i < bytes.length; i++) {
    const byte = (bytes[i] ?? 0) & 0xff;
    const named = NAMED[byte];
    if (named !== undefined) text += named;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(isDigit(bytes[i + 1]) ? 3 : 1, "0")}`;
  }
  return `${text}"`;
}

/** Bytes as a C string in quotes, every byte as `\x2a`: for memory that is not text. */
export function quoteHex(bytes: ArrayLike<number>): string {
  let text = '"';
  for (let i = 0; i < bytes.length; i++)
    text += `\\x${((bytes[i] ?? 0) & 0xff).toString(16).padStart(2, "0")}`;
  return `${text}"`;
}

/** Characters that would break a line, move a cursor or turn the reading direction. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Text for one line of a terminal: control characters and line separators become `\x1b` or `\u2028`. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** Bytes from pairs of hexadecimal digits. */
export function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >>> 1);
  putHex(hex, bytes, 0);
  return bytes;
}

/** Puts the bytes that pairs of hexadecimal digits stand for into `to`, from `at` on. */
export function putHex(hex: string, to: Uint8Array, at: number): void {
  for (let i = 0; i + 1 < hex.length; i += 2)
    to[at++] = (digitOf(hex.charCodeAt(i)) << 4) | digitOf(hex.charCodeAt(i + 1));
}

/** The value of a hexadecimal digit, by its character: letters of either case stand nine above their low four bits. */
function digitOf(code: number): number {
  return (code & 15) + (code > 57 ? 9 : 0);
}

/** Pairs of hexadecimal digits from bytes. */
export function hexOf(bytes: Uint8Array, length: number = bytes.length): string {
  let hex = "";
  for (let i = 0; i < length; i++) hex += (bytes[i] ?? 0).toString(16).padStart(2, "0");
  return hex;
}

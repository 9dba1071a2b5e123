import { NATIVE_PATHS } from "../arch/entry.ts";
import { bytesOf, hexOf } from "../kernel/trace/escape.ts";
import type { ChangedWord } from "./answer.ts";
import { type ExpectedMemory, type ExpectedNumber, isX86, type Vector } from "./vector.ts";
import { addressOfWord, hexWord } from "./words.ts";

/** Changed memory of an expectation, word by word as the processor reads it: an unsigned 32-bit number, or a symbol. */
export function expectedWords(
  items: readonly ExpectedMemory[],
  littleEndian = true,
): Map<number, ExpectedNumber> {
  const words = new Map<number, ExpectedNumber>();
  for (const item of items) {
    const addr = addressOfWord(item.addr);
    if ("pid" in item) words.set(addr, item.pid);
    else {
      const bytes =
        "hex" in item ? bytesOf(item.hex) : new Array(item.len).fill(Number.parseInt(item.fill, 16));
      for (let i = 0; i + 3 < bytes.length; i += 4) words.set(addr + i, wordAt(bytes, i, littleEndian));
    }
  }
  return words;
}

/** Whether the processor of a case has its words little end first. */
export function littleEndianOf({ arch }: Pick<Vector, "arch">): boolean {
  return isX86(arch) || NATIVE_PATHS[arch].model.littleEndian;
}

function wordAt(bytes: ArrayLike<number>, at: number, littleEndian: boolean): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return (littleEndian ? a | (b << 8) | (c << 16) | (d << 24) : d | (c << 8) | (b << 16) | (a << 24)) >>> 0;
}

/** A run of one byte is written as `len` and `fill` from this length on. */
const LONG_RUN = 64;

/**
 * Changed words as an expectation writes them: neighbours in one run of bytes, words that are a symbol by themselves.
 * @param symbols by address, the words that stand for a number of the run
 */
export function memoryItems(
  words: readonly ChangedWord[],
  symbols: ReadonlyMap<number, string>,
  littleEndian = true,
): ExpectedMemory[] {
  const items: ExpectedMemory[] = [];
  let run: { addr: number; bytes: number[] } | null = null;
  const close = (): void => {
    if (run !== null) items.push(bytesItem(run.addr, run.bytes));
    run = null;
  };
  for (const { addr, value } of words) {
    const symbol = symbols.get(addr);
    if (symbol !== undefined) {
      close();
      items.push({ addr: hexWord(addr), pid: symbol });
      continue;
    }
    const bytes = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
    if (!littleEndian) bytes.reverse();
    if (run === null || run.addr + run.bytes.length !== addr) {
      close();
      run = { addr, bytes };
    } else run.bytes.push(...bytes);
  }
  close();
  return items;
}

function bytesItem(addr: number, bytes: readonly number[]): ExpectedMemory {
  const [fill = 0] = bytes;
  if (bytes.length >= LONG_RUN && bytes.every((byte) => byte === fill))
    return { addr: hexWord(addr), len: bytes.length, fill: hexOf(Uint8Array.of(fill)) };
  return { addr: hexWord(addr), hex: hexOf(Uint8Array.from(bytes)) };
}

/** The 32-bit words of `now` that differ from `start`, both lying at `addr`. */
export function changedWords(
  addr: number,
  start: Uint8Array,
  now: Uint8Array,
  littleEndian = true,
): ChangedWord[] {
  const changed: ChangedWord[] = [];
  for (let i = 0; i + 3 < now.length; i += 4) {
    const same =
      now[i] === start[i] &&
      now[i + 1] === start[i + 1] &&
      now[i + 2] === start[i + 2] &&
      now[i + 3] === start[i + 3];
    if (!same) changed.push({ addr: addr + i, value: wordAt(now, i, littleEndian) });
  }
  return changed;
}

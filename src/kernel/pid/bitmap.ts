/** Numbers a bitmap holds at most: PID_MAX_LIMIT of a 64-bit kernel. */
export const BITMAP_CAPACITY = 4_194_304;

/** Numbers one chunk holds: the bits of a page, as the kernel's pidmap has them. */
export const CHUNK_NUMBERS = 32_768;

const CHUNKS = BITMAP_CAPACITY / CHUNK_NUMBERS;
const WORDS = CHUNK_NUMBERS / 32;
const SUMMARY_WORDS = WORDS / 32;

/** A word with every bit set, as the signed number it is in an Int32Array. */
const ALL = -1;

/**
 * The bits of 32 768 numbers. Two summaries stand above them: a bit of `full` says that a word is full, a bit of `top`
 * that a word of `full` is.
 */
class Chunk {
  readonly words: Int32Array = new Int32Array(WORDS);
  readonly full: Int32Array = new Int32Array(SUMMARY_WORDS);
  top = 0;

  /** Sets a bit; false when it was set. */
  set(bit: number): boolean {
    const word = bit >>> 5;
    const old = this.words[word] as number;
    const now = old | (1 << bit);
    if (now === old) return false;
    this.words[word] = now;
    if (now === ALL && setBit(this.full, word)) this.top |= 1 << (word >>> 5);
    return true;
  }

  /** Clears a bit; false when it was clear. */
  clear(bit: number): boolean {
    const word = bit >>> 5;
    const old = this.words[word] as number;
    const now = old & ~(1 << bit);
    if (now === old) return false;
    this.words[word] = now;
    if (old === ALL) {
      this.top &= ~(1 << (word >>> 5));
      clearBit(this.full, word);
    }
    return true;
  }

  /** The lowest clear bit at or above `from`; −1 when there is none. */
  lowestClear(from: number): number {
    if (this.top === ALL) return -1;
    const word = from >>> 5;
    const here = lowestClear(this.words[word] as number, from & 31);
    if (here < 32) return word * 32 + here;
    const open = firstOpen(this.full, this.top, word + 1);
    return open < 0 ? -1 : open * 32 + lowestClear(this.words[open] as number, 0);
  }
}

/** The lowest clear bit of `word` at or above `from`; 32 when there is none. */
function lowestClear(word: number, from: number): number {
  if (from >= 32) return 32;
  const clear = ~word & (ALL << from);
  return clear === 0 ? 32 : 31 - Math.clz32(clear & -clear);
}

/**
 * The lowest clear bit of `full` at or above `from`; −1 when there is none. A bit of `top` says that a word of `full`
 * has no clear bit.
 */
function firstOpen(full: Int32Array, top: number, from: number): number {
  let at = from >>> 5;
  if (at >= full.length) return -1;
  let open = lowestClear(full[at] as number, from & 31);
  if (open === 32) {
    at = lowestClear(top, at + 1);
    if (at === 32) return -1;
    open = lowestClear(full[at] as number, 0);
  }
  return at * 32 + open;
}

/** Sets one bit; true when its word is full now. */
function setBit(bits: Int32Array, bit: number): boolean {
  const now = (bits[bit >>> 5] as number) | (1 << bit);
  bits[bit >>> 5] = now;
  return now === ALL;
}

/** Clears one bit. */
function clearBit(bits: Int32Array, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] as number) & ~(1 << bit);
}

/**
 * The set of numbers in use in one pid namespace. Chunks come into being when a number in them is taken; the next free
 * number is found through the summaries, so the cost does not grow with occupancy.
 */
export class PidBitmap {
  private readonly chunks: (Chunk | null)[] = [];
  /** One bit a chunk: it is full. */
  private readonly full: Int32Array = new Int32Array(CHUNKS / 32);
  /** One bit a word of {@link full}, and those set that have no word. */
  private top: number = ALL << (CHUNKS / 32);
  /** Numbers in use. */
  count = 0;

  /** Whether `nr` is in use. */
  has(nr: number): boolean {
    const chunk = this.chunks[nr >>> 15] ?? null;
    if (chunk === null) return false;
    const bit = nr & (CHUNK_NUMBERS - 1);
    return (((chunk.words[bit >>> 5] as number) >>> bit) & 1) === 1;
  }

  /** Whether the chunk of `nr` exists: taking a number in a missing one needs memory. */
  hasChunk(nr: number): boolean {
    return !!this.chunks[nr >>> 15];
  }

  /** Takes `nr`, 0 … 4 194 303; false when it was taken. */
  set(nr: number): boolean {
    const index = nr >>> 15;
    while (this.chunks.length <= index) this.chunks.push(null);
    const chunk = (this.chunks[index] ??= new Chunk());
    if (!chunk.set(nr & (CHUNK_NUMBERS - 1))) return false;
    if (chunk.top === ALL && setBit(this.full, index)) this.top |= 1 << (index >>> 5);
    this.count++;
    return true;
  }

  /** Gives `nr` back; false when it was free. */
  clear(nr: number): boolean {
    const index = nr >>> 15;
    const chunk = this.chunks[index] ?? null;
    if (chunk === null || !chunk.clear(nr & (CHUNK_NUMBERS - 1))) return false;
    clearBit(this.full, index);
    this.top &= ~(1 << (index >>> 5));
    this.count--;
    return true;
  }

  /** The lowest free number in [from, below); −1 when there is none. */
  nextFree(from: number, below: number): number {
    const free = from < below ? this.lowestFree(from) : -1;
    return free < below ? free : -1;
  }

  private lowestFree(from: number): number {
    const index = from >>> 15;
    const here = this.lowestIn(index, from & (CHUNK_NUMBERS - 1));
    if (here >= 0) return here;
    const next = firstOpen(this.full, this.top, index + 1);
    return next < 0 ? -1 : this.lowestIn(next, 0);
  }

  /** The lowest free number of a chunk, which need not exist yet, at or above `from`; −1 when there is none. */
  private lowestIn(index: number, from: number): number {
    const chunk = this.chunks[index] ?? null;
    const bit = chunk === null ? from : chunk.lowestClear(from);
    return bit < 0 ? -1 : index * CHUNK_NUMBERS + bit;
  }
}

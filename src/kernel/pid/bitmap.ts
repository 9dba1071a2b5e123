/** Numbers a bitmap holds at most: PID_MAX_LIMIT of a 64-bit kernel. */
export const BITMAP_CAPACITY = 4_194_304;

/** Numbers one chunk holds: the bits of a page, as the kernel's pidmap has them. */
export const CHUNK_NUMBERS = 32_768;

const CHUNKS = BITMAP_CAPACITY / CHUNK_NUMBERS;
const WORDS = CHUNK_NUMBERS / 32;
const SUMMARY_WORDS = WORDS / 32;

/** The bits of 32 768 numbers, and above them one bit a word that says "this word is full". */
class Chunk {
  readonly words: Uint32Array = new Uint32Array(WORDS);
  readonly full: Uint32Array = new Uint32Array(SUMMARY_WORDS);
  count = 0;
}

const ALL = 0xffffffff;

/** The lowest clear bit of `word` at or above `from`; 32 when there is none. */
function lowestClear(word: number, from: number): number {
  if (from >= 32) return 32;
  const clear = (~word & (ALL << from)) >>> 0;
  return clear === 0 ? 32 : 31 - Math.clz32(clear & -clear);
}

/**
 * The set of numbers in use in one pid namespace. Chunks come into being when a number in them is taken; the next free
 * number is found through the summaries, so the cost does not grow with occupancy.
 */
export class PidBitmap {
  private readonly chunks: (Chunk | null)[] = [];
  /** Numbers in use. */
  count = 0;

  /** Whether `nr` is in use. */
  has(nr: number): boolean {
    const chunk = this.chunks[nr >>> 15];
    if (!chunk) return false;
    const bit = nr & (CHUNK_NUMBERS - 1);
    return (((chunk.words[bit >>> 5] as number) >>> (bit & 31)) & 1) === 1;
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
    const bit = nr & (CHUNK_NUMBERS - 1);
    const word = bit >>> 5;
    const old = chunk.words[word] as number;
    const now = (old | (1 << (bit & 31))) >>> 0;
    if (now === old) return false;
    chunk.words[word] = now;
    if (now === ALL) chunk.full[word >>> 5] = (chunk.full[word >>> 5] as number) | (1 << (word & 31));
    chunk.count++;
    this.count++;
    return true;
  }

  /** Gives `nr` back; false when it was free. */
  clear(nr: number): boolean {
    const chunk = this.chunks[nr >>> 15];
    if (!chunk || !this.has(nr)) return false;
    const bit = nr & (CHUNK_NUMBERS - 1);
    const word = bit >>> 5;
    chunk.words[word] = (chunk.words[word] as number) & ~(1 << (bit & 31));
    chunk.full[word >>> 5] = (chunk.full[word >>> 5] as number) & ~(1 << (word & 31));
    chunk.count--;
    this.count--;
    return true;
  }

  /** The lowest free number in [from, below); −1 when there is none. */
  nextFree(from: number, below: number): number {
    for (let nr = from; nr < below; ) {
      const index = nr >>> 15;
      if (index >= CHUNKS) return -1;
      const chunk = this.chunks[index];
      if (!chunk) return nr;
      if (chunk.count < CHUNK_NUMBERS) {
        const found = freeIn(chunk, nr & (CHUNK_NUMBERS - 1));
        if (found >= 0) {
          const free = index * CHUNK_NUMBERS + found;
          return free < below ? free : -1;
        }
      }
      nr = (index + 1) * CHUNK_NUMBERS;
    }
    return -1;
  }
}

/** The lowest free bit of a chunk at or above `from`; −1 when there is none. */
function freeIn(chunk: Chunk, from: number): number {
  const word = from >>> 5;
  const here = lowestClear(chunk.words[word] as number, from & 31);
  if (here < 32) return word * 32 + here;
  for (let s = (word + 1) >>> 5, bit = (word + 1) & 31; s < SUMMARY_WORDS; s++, bit = 0) {
    const open = lowestClear(chunk.full[s] as number, bit);
    if (open === 32) continue;
    const next = s * 32 + open;
    return next * 32 + lowestClear(chunk.words[next] as number, 0);
  }
  return -1;
}

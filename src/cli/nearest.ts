/** The candidate `given` was most likely meant to be; null when nothing is close. As {@link nearestOnes}. */
export function nearest(given: string, candidates: Iterable<string>): string | null {
  return nearestOnes(given, candidates)[0] ?? null;
}

/**
 * The candidates `given` was most likely meant to be: all that are equally close. One that begins with what was given
 * counts as close; otherwise up to two fifths of the letters may differ. Case, `-` and `_` make no difference.
 */
export function nearestOnes(given: string, candidates: Iterable<string>): string[] {
  const wanted = plain(given);
  if (wanted === "") return [];
  let best: string[] = [];
  let least = Math.max(1, Math.floor(wanted.length * 0.4)) + 1;
  for (const candidate of candidates) {
    const name = plain(candidate);
    // One more than the limit, to see those that are just as close.
    const begins = wanted.length > 2 && name.startsWith(wanted) && name !== wanted;
    const away = begins ? 0.5 : distance(wanted, name, least + 1);
    if (away < least) best = [];
    if (away < least || (away === least && best.length > 0)) {
      least = away;
      best.push(candidate);
    }
  }
  return best;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

/** Letters to insert, drop, change or swap with a neighbour; `limit` when there are that many or more. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(limit, last[b.length] ?? limit);
}

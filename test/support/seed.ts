/** Properties run from this seed unless TRAPGATE_SEED says otherwise. */
const DEFAULT_SEED = 20_090_528;

/** The seed of this run's properties. @throws Error when TRAPGATE_SEED is no integer */
export function seedOfRun(asked: string | undefined = process.env.TRAPGATE_SEED): number {
  if (asked === undefined) return DEFAULT_SEED;
  const seed = asked.trim() === "" ? Number.NaN : Number(asked);
  if (!Number.isSafeInteger(seed)) throw new Error(`TRAPGATE_SEED is "${asked}": give an integer`);
  return seed;
}

import fc from "fast-check";

/** Properties run from this seed unless TRAPGATE_SEED says otherwise; a failure prints seed and path. */
const DEFAULT_SEED = 20_090_528;

const asked = process.env.TRAPGATE_SEED;
const seed = asked === undefined ? DEFAULT_SEED : Number(asked);
if (!Number.isSafeInteger(seed)) throw new Error(`TRAPGATE_SEED is ${asked}: give an integer`);

fc.configureGlobal({ seed });

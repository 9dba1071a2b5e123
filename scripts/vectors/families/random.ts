import { randomCase } from "../../../src/conform/random/campaign.ts";
import type { Vector, VectorArch } from "../../../src/conform/vector.ts";

const SEED = 20090528;
const COUNT = 240;

/** Random calls: whatever nobody has thought of. The same ones as `trapgate conform --random --seed 20090528`. */
export function randoms(arch: VectorArch): Vector[] {
  return Array.from({ length: COUNT }, (_, n) => randomCase(SEED, n).vector).filter(
    (vector) => vector.arch === arch,
  );
}

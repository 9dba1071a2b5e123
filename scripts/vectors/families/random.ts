import { randomCase } from "../../../src/conform/random/campaign.ts";
import type { Vector, VectorArch } from "../../../src/conform/vector.ts";
import { randomLife } from "../random-life.ts";

const SEED = 20090528;
const COUNT = 240;

/** Random calls: whatever nobody has thought of. */
export function randoms(arch: VectorArch): Vector[] {
  return Array.from({ length: COUNT }, (_, n) => randomCase(SEED, n).vector).filter(
    (vector) => vector.arch === arch,
  );
}

const LIVES = 120;
const LIVES_SEED = 2009;

/** Random lives of processes: groups, sessions, signals, waits and credentials as they meet. */
export function lives(arch: VectorArch): Vector[] {
  return Array.from({ length: LIVES }, (_, n) => randomLife(LIVES_SEED, n)).filter((v) => v.arch === arch);
}

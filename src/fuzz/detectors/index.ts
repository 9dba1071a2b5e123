import type { Detector } from "../detector.ts";
import { compatDrift } from "./compat-drift.ts";
import { doubleFetch } from "./double-fetch.ts";
import { errorOrder } from "./error-order.ts";
import { faultAtomicity } from "./fault-atomicity.ts";
import { kernelBytes } from "./kernel-bytes.ts";
import { leak } from "./leak.ts";
import { oops } from "./oops.ts";
import { partialCopy } from "./partial-copy.ts";
import { touchBeforeTurn } from "./touch-before-turn.ts";
import { writeOnFailure } from "./write-on-failure.ts";

/** Every detector that needs nothing but the lab. */
export const DETECTORS: readonly Detector[] = [
  oops,
  doubleFetch,
  touchBeforeTurn,
  writeOnFailure,
  partialCopy,
  kernelBytes,
  errorOrder,
  faultAtomicity,
  leak,
  compatDrift,
];

/** A detector by name. @throws RangeError naming those there are */
export function detectorNamed(name: string): Detector {
  const found = DETECTORS.find((detector) => detector.name === name);
  if (found === undefined)
    throw new RangeError(
      `no detector is called ${name}: there are ${DETECTORS.map((d) => d.name).join(", ")}`,
    );
  return found;
}

import { NO_ID, OVERFLOW_ID } from "../task/uid-map.ts";

/** (old_uid_t) −1. */
const NO_ID16 = 0xffff;

/** `low2highuid`: a 16-bit number as 32 bits, −1 as −1. */
export function high(id: number): number {
  return id === NO_ID16 ? NO_ID : id;
}

/** `high2lowuid`: a number as 16 bits; one that does not fit is told as 65534. */
export function low(id: number): number {
  return id > NO_ID16 ? OVERFLOW_ID : id;
}

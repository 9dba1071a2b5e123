/** xorshift: a fixed sequence of numbers below `limit`, so that the branch predictor learns nothing. */
export function scattered(length: number, limit: number): Int32Array {
  const out = new Int32Array(length);
  let x = 88172645;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    out[i] = (x >>> 0) % limit;
  }
  return out;
}

import type { Call } from "../../../src/kernel/index.ts";

/** A call as it is but for some parts: what a building block of the kernel sees that is handed the wrong one. */
export function seenAs<R extends string>(k: Call<R>, parts: Partial<Call<R>>): Call<R> {
  const failing = { fail: (rung: R) => k.fail(rung), failWith: k.failWith.bind(k) };
  return Object.defineProperties(Object.create(k) as Call<R>, {
    ...Object.getOwnPropertyDescriptors(failing),
    ...Object.getOwnPropertyDescriptors(parts),
  });
}

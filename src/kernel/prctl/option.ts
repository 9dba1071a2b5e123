import type { prctl } from "../../abi/calls/prctl.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";

/** prctl as its options see it. */
export type PrctlCall = Call<Rungs<typeof prctl>>;

/** The four words behind the option, in address form. */
export type Words = readonly [arg2: number, arg3: number, arg4: number, arg5: number];

/** What one option does. */
export type Option = (k: PrctlCall, words: Words) => Result;

import { addressOf, hiOf, loOf } from "../../abi/address.ts";
import { RLIMIT } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";

/** A resource limit: two 64-bit numbers, {@link RLIM_INFINITY} for none. Immutable. */
export interface ResourceLimit {
  readonly soft: Word64;
  readonly hard: Word64;
}

/** No limit. */
export const RLIM_INFINITY: Word64 = Object.freeze({ lo: 0xffffffff, hi: 0xffffffff });

/** A limit from numbers; Infinity is {@link RLIM_INFINITY}. */
export function limitOf(soft: number, hard: number = soft): ResourceLimit {
  return Object.freeze({ soft: wordOf(soft), hard: wordOf(hard) });
}

function wordOf(limit: number): Word64 {
  if (limit === Number.POSITIVE_INFINITY) return RLIM_INFINITY;
  return Object.freeze({ lo: loOf(limit), hi: hiOf(limit) });
}

/** One side of a limit as a number to compare with: in address form, Infinity for none. */
export function limitValue(limit: Word64): number {
  if (limit.lo === RLIM_INFINITY.lo && limit.hi === RLIM_INFINITY.hi) return Number.POSITIVE_INFINITY;
  return addressOf(limit.lo, limit.hi);
}

const NONE = Number.POSITIVE_INFINITY;
const STACK = 8 * 2 ** 20;
const MSGQUEUE = 819_200;
const FILES = [1024, 4096] as const;

/**
 * The limits of the first process by resource. Source: asm-generic/resource.h INIT_RLIMITS, and kernel/fork.c
 * fork_init for the two that depend on the most threads there may be.
 * @param memlock bytes that may be locked: 64 KiB until 5.15, 8 MiB since
 */
export function initialLimits(maxThreads: number, memlock: number): readonly ResourceLimit[] {
  const limits = Array.from({ length: Object.keys(RLIMIT).length }, () => limitOf(NONE));
  const set = (resource: number, soft: number, hard?: number): void => {
    limits[resource] = limitOf(soft, hard);
  };
  set(RLIMIT.STACK, STACK, NONE);
  set(RLIMIT.CORE, 0, NONE);
  set(RLIMIT.NPROC, Math.floor(maxThreads / 2));
  set(RLIMIT.NOFILE, ...FILES);
  set(RLIMIT.MEMLOCK, memlock);
  set(RLIMIT.SIGPENDING, Math.floor(maxThreads / 2));
  set(RLIMIT.MSGQUEUE, MSGQUEUE);
  set(RLIMIT.NICE, 0);
  set(RLIMIT.RTPRIO, 0);
  return limits;
}

import { CALLS } from "../abi/calls/index.ts";
import type { FlagSetDecl } from "../abi/flags.ts";
import type { StructDecl } from "../abi/struct.ts";
import type { SyscallDecl } from "../abi/syscall.ts";
import { kernelVersion } from "../abi/version.ts";
import { RECORDING_PROFILE } from "../conform/on-emulator.ts";
import type { Implementation } from "../kernel/call.ts";
import type { Machine } from "../kernel/machine.ts";
import { PROFILES, type Profile, profileNamed } from "../kernel/profile/index.ts";
import type { Task } from "../kernel/task/task.ts";
import { FUZZ_ARCHS, type FuzzArch } from "./program.ts";

/** What a target is made of; everything has a default. */
export interface FuzzTargetOptions {
  /** Your own declarations with their handlers, as `boot` takes them. */
  readonly calls?: readonly Implementation[];
  /** Structs and flag sets your declarations name. */
  readonly structs?: readonly StructDecl[];
  readonly flagSets?: readonly FlagSetDecl[];
  /** The calls to be tested, by name: your own, trapgate's, or both. Default: your own; without any, all of trapgate's. */
  readonly test?: readonly string[];
  /** The era, by name or a profile of your own. Default: the recorded cases' own, or the newest that has the calls. */
  readonly profile?: string | Profile;
  /** Ways in to be tried. Default all three; calls without a number on one are left out there. */
  readonly archs?: readonly FuzzArch[];
  /** Prepares the machine once before it is fuzzed: files to be open, limits, tasks. Memory from 0x20000000 to 0x28000000 is the lab's. */
  readonly setup?: (machine: Machine, main: Task) => void;
  /** Counters of a handler that was loaded instrumented: each says how often something ran. The lab zeroes them. */
  readonly counters?: Uint32Array;
}

/** What is fuzzed: handlers, the machine they run on, and the ways in. */
export interface FuzzTarget {
  readonly calls: readonly Implementation[];
  readonly structs: readonly StructDecl[];
  readonly flagSets: readonly FlagSetDecl[];
  /** Names of the calls to be tested. */
  readonly test: readonly string[];
  readonly profile: Profile;
  readonly archs: readonly FuzzArch[];
  readonly setup: ((machine: Machine, main: Task) => void) | null;
  readonly counters: Uint32Array | null;
}

/** Calls that end or stop the caller, or wait for what never comes: nothing to be learnt from one by itself. */
const ENDS: ReadonlySet<string> = new Set(["exit", "exit_group", "pause"]);

/**
 * A target of your own calls; the lab is told nothing but their declarations.
 * @throws RangeError for a call to be tested that nobody declares, and for an unknown profile
 * @example
 * ```ts
 * import { implement } from "trapgate";
 * import { fuzz, fuzzTarget } from "trapgate/fuzz";
 * const peek = {
 *   name: "peek", numbers: { x86_64: 1000 }, args: { from: { in: "int" }, to: { out: "int" } }, returns: "int",
 *   ladder: [["from-unreadable", "EFAULT", [], "from"], ["negative", "EINVAL", [], "*from < 0"],
 *     ["to-unwritable", "EFAULT", [], "to"]], support: "full", provenance: ["an example"],
 * } as const;
 * const handler = implement(peek, (k, { from, to }) => {
 *   if (!k.uaccess.getUser(from, 4)) return k.fail("from-unreadable");
 *   if (!k.uaccess.putUser(to, 4, k.uaccess.lo)) return k.fail("to-unwritable");
 *   return (k.uaccess.lo | 0) < 0 ? k.fail("negative") : 0;
 * });
 * const { findings } = fuzz(fuzzTarget({ calls: [handler] }), { seed: 1, runs: 20_000 });
 * console.log(findings.some((f) => f.detector === "write-on-failure" && f.site === "to")); // true
 * ```
 */
export function fuzzTarget(options: FuzzTargetOptions): FuzzTarget {
  const { calls = [] } = options;
  const own = calls.map((call) => call.decl.name);
  const all = [...CALLS.map((decl: SyscallDecl) => decl.name).filter((name) => !ENDS.has(name)), ...own];
  const test = options.test ?? (own.length > 0 ? own : all);
  for (const name of test)
    if (!all.includes(name) && !ENDS.has(name)) throw new RangeError(`no call is called ${name}`);
  const profile = options.profile ?? eraOf(options.test ?? []);
  return {
    calls,
    structs: options.structs ?? [],
    flagSets: options.flagSets ?? [],
    test,
    profile: typeof profile === "string" ? profileNamed(profile) : profile,
    archs: options.archs ?? FUZZ_ARCHS,
    setup: options.setup ?? null,
    counters: options.counters ?? null,
  };
}

/**
 * The target of some of trapgate's own calls.
 * @param names calls by name; all of them when left out
 * @throws RangeError for a name that no call has
 */
export function targetOf(names: string | readonly string[] = [], profile?: string): FuzzTarget {
  const test = typeof names === "string" ? [names] : names;
  return fuzzTarget({ ...(test.length > 0 ? { test } : {}), ...(profile === undefined ? {} : { profile }) });
}

/** The era of the recorded cases, or the newest other one that has every call asked for. */
function eraOf(names: readonly string[]): Profile {
  const asked = CALLS.filter((decl: SyscallDecl) => names.includes(decl.name)) as readonly SyscallDecl[];
  const has = (profile: Profile): boolean => {
    const kernel = kernelVersion(profile.kernel);
    return asked.every(
      ({ since, until, numbers }) =>
        (since === undefined || kernel >= kernelVersion(since)) &&
        (until === undefined || kernel < kernelVersion(until)) &&
        (Object.values(numbers).some((spec) => typeof spec !== "object" || !("profiles" in spec)) ||
          JSON.stringify(numbers).includes(`"${profile.name}"`)),
    );
  };
  const recorded = profileNamed(RECORDING_PROFILE);
  return [recorded, ...Object.values(PROFILES).reverse()].find(has) ?? recorded;
}

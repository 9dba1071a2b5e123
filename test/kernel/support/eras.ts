import { PROFILES, type Profile } from "../../../src/kernel/index.ts";

export type Arch = "x86_64" | "i386";

/** One row of a test table: a kernel and an era. */
export interface Era {
  readonly arch: Arch;
  readonly profile: string;
}

const ARCHES: readonly Arch[] = ["x86_64", "i386"];

function eras(...profiles: readonly string[]): readonly Era[] {
  return ARCHES.flatMap((arch) => profiles.map((profile) => ({ arch, profile })));
}

/** Both architectures, in every profile that has clone_with_pids. */
export const ERAS: readonly Era[] = eras("cwp-v2", "cwp-v3", "cwp-v2-newpid");
export const ECLONE: readonly Era[] = eras("eclone");
/** Every era whose copy_process is that of 2.6.30 to 2.6.35. */
export const BASE: readonly Era[] = [...ERAS, ...ECLONE];
export const V2: readonly Era[] = eras("cwp-v2");
export const V3: readonly Era[] = eras("cwp-v3");
export const V2_NEWPID: readonly Era[] = eras("cwp-v2-newpid");

const CLONE3 = [
  "clone3-53",
  "clone3-55",
  "clone3-57",
  "clone3-59",
  "clone3-63",
  "clone3-614",
  "clone3-7x",
] as const;

/** Every era that has clone3, or from one of them on. */
export function clone3Eras(from: (typeof CLONE3)[number] = "clone3-53"): readonly Era[] {
  return eras(...CLONE3.slice(CLONE3.indexOf(from)));
}

/** The eras of clone3 before one of them. */
export function clone3ErasBefore(end: (typeof CLONE3)[number]): readonly Era[] {
  return eras(...CLONE3.slice(0, CLONE3.indexOf(end)));
}

/** What an era answers when no number is left: rules §3.5. */
export function exhausted(era: Era): "EAGAIN" | "EBUSY" {
  return era.profile === "eclone" ? "EBUSY" : "EAGAIN";
}

/** What a table's title says of a row. */
export const TITLE = "$arch $profile";

/** A profile of trapgate's with some of its data changed; its name, and so its numbers, stay. */
export function variant(name: string, change: Partial<Profile>): Profile {
  const base = PROFILES[name];
  if (base === undefined) throw new RangeError(`no profile ${name}`);
  return { ...base, ...change };
}

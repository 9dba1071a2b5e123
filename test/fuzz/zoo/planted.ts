import type { ArgsOf, CheckedDecl, StructDecl, SyscallDecl } from "../../../src/abi/index.ts";
import {
  type Call,
  type Implementation,
  implement,
  type Result,
  type Rungs,
} from "../../../src/kernel/index.ts";

/** The detectors of the fuzz room, by name. */
export type DetectorName =
  | "double-fetch"
  | "touch-before-turn"
  | "write-on-failure"
  | "partial-copy"
  | "kernel-bytes"
  | "error-order"
  | "fault-atomicity"
  | "compat-drift"
  | "oops"
  | "hang"
  | "leak";

/** One realistic mistake in a copy of a call. */
export interface PlantedBug {
  /** The call and the mistake: `zoo_read/one-too-many`. */
  readonly name: string;
  /** What is wrong, in a line. */
  readonly about: string;
  /** The detector that should find it. */
  readonly detector: DetectorName;
  readonly call: Implementation;
}

/** A call of the zoo: the clean original and its copies with a mistake. */
export interface ZooCall {
  readonly name: string;
  readonly original: Implementation;
  /** The era it runs in. */
  readonly profile: string;
  readonly structs: readonly StructDecl[];
  readonly bugs: readonly PlantedBug[];
}

type HandlerOf<D extends SyscallDecl> = (k: Call<Rungs<D>>, args: ArgsOf<D>) => Result;

interface Original<D extends SyscallDecl> {
  readonly handler: HandlerOf<D>;
  readonly profile?: string;
  readonly structs?: readonly StructDecl[];
}

interface Mistake<D extends SyscallDecl> {
  readonly about: string;
  readonly detector: DetectorName;
  readonly handler: HandlerOf<D>;
}

/** The number of every call of the zoo: each is booted on a machine of its own. */
export const ZOO_NUMBERS = {
  x86_64: { nr: 1000, assigned: "a call of the zoo; no kernel has it" },
  i386: { nr: 1000, assigned: "a call of the zoo; no kernel has it" },
} as const;

const TODAY = "clone3-614";

/** A declaration, its clean handler, and handlers with one mistake each by name. */
export function zooCall<const D extends SyscallDecl>(
  decl: CheckedDecl<D>,
  original: Original<D>,
  mistakes: Readonly<Record<string, Mistake<D>>>,
): ZooCall {
  return {
    name: decl.name,
    original: implement(decl, original.handler),
    profile: original.profile ?? TODAY,
    structs: original.structs ?? [],
    bugs: Object.entries(mistakes).map(([name, { about, detector, handler }]) => ({
      name: `${decl.name}/${name}`,
      about,
      detector,
      call: implement(decl, handler),
    })),
  };
}

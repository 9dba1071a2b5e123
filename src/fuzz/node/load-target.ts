import { CALLS } from "../../abi/calls/index.ts";
import type { FlagSetDecl } from "../../abi/flags.ts";
import type { StructDecl } from "../../abi/struct.ts";
import type { Implementation } from "../../kernel/call.ts";
import { type FuzzTarget, fuzzTarget, targetOf } from "../target.ts";
import { LoadError } from "./load-error.ts";
import { loadModule } from "./load-module.ts";

/** What is fuzzed, in words that another thread or another machine understands. */
export interface TargetSpec {
  /** A module that exports handlers made by `implement`, or a target made by `fuzzTarget`; null for trapgate's own calls. */
  readonly file: string | null;
  /** The calls to be tested; none for all the target has. */
  readonly calls: readonly string[];
  /** The era by name; null for the target's own. */
  readonly profile: string | null;
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * Makes a target.
 * @throws LoadError for a file that cannot be loaded or has nothing to test
 * @throws RangeError for a call that nobody declares, and for an unknown profile
 */
export async function loadTarget({ file, calls, profile }: TargetSpec): Promise<FuzzTarget> {
  if (file === null) return targetOf(calls, profile ?? undefined);
  const found = [...new Set((await loadModule(file)).flatMap(flatten))];
  const own = { ...(calls.length > 0 ? { test: calls } : {}), ...(profile === null ? {} : { profile }) };
  const targets = found.filter((one) => "test" in one && "archs" in one) as unknown as FuzzTarget[];
  if (targets.length > 1)
    throw new LoadError(`it exports ${targets.length} targets: one is fuzzed at a time`);
  const [target] = targets;
  if (target !== undefined) {
    const { setup, counters, ...rest } = target;
    return fuzzTarget({
      ...{ ...rest, ...own },
      ...(setup === null ? {} : { setup }),
      ...(counters === null ? {} : { counters }),
    });
  }
  const implementations = found.filter(
    (one) => "decl" in one && typeof one.handler === "function",
  ) as unknown as Implementation[];
  if (implementations.length === 0)
    throw new LoadError("it exports no handler made by implement(), and no target made by fuzzTarget()");
  return fuzzTarget({
    calls: implementations,
    structs: found.filter((one) => "struct" in one) as unknown as StructDecl[],
    flagSets: found.filter((one) => "flagset" in one) as unknown as FlagSetDecl[],
    ...own,
  });
}

/** Names of every call a target can be asked to test: trapgate's own, and those it brings. */
export function namesIn({ calls }: Pick<FuzzTarget, "calls">): string[] {
  return [...new Set([...calls.map(({ decl }) => decl.name), ...CALLS.map(({ name }) => name)])].sort();
}

/** A value, or those of a list. */
function flatten(value: unknown): Plain[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  return typeof value === "object" && value !== null ? [value as Plain] : [];
}

import { describe, expect, test } from "vitest";
import { CLONE_PLAN } from "../../scripts/vectors/pairs/clone.ts";
import { CLONE3_PLAN } from "../../scripts/vectors/pairs/clone3.ts";
import { pairsOf } from "../../scripts/vectors/pairs/join.ts";
import { CALLS } from "../../src/abi/calls/index.ts";
import type { Rung } from "../../src/abi/index.ts";
import { LADDERS } from "../../src/abi/ladders/index.ts";
import { Registry } from "../../src/abi/registry.ts";
import { FLAG_SETS, STRUCTS } from "../../src/abi/structs/index.ts";
import { kernelVersion } from "../../src/abi/version.ts";
import { EmulatedKernel, type Vector } from "../../src/conform/index.ts";
import { PROFILES, profileNamed } from "../../src/kernel/index.ts";

// One registry for all: which rung stands before which is the declarations' own affair.
const registry = new Registry({ calls: CALLS, structs: STRUCTS, flagsets: FLAG_SETS, ladders: LADDERS });
const ERAS = Object.keys(PROFILES).filter((name) => name.startsWith("clone3"));
const CASES = [CLONE3_PLAN, CLONE_PLAN].flatMap((plan) =>
  pairsOf(plan)
    .drafts.filter(({ arch }) => arch === "x86_64")
    .map((vector) => ({ call: plan.call, vector })),
);

/** Of rungs that are checked byte by byte or level by level the first is a matter of where, not of the ladder. */
function areOfOneRound(a: Rung | undefined, b: Rung | undefined): boolean {
  return a?.each !== undefined && a.each === b?.each;
}

/**
 * Cases are laid out for today's kernels. Until 5.17 nobody counted a user's processes in the user namespaces above its
 * own too, so what fills RLIMIT_NPROC of a user that came from another namespace did not then.
 */
function breaksIn(version: number, broken: readonly string[], id: string): boolean {
  const inNamespace = broken.some((other) => other.startsWith("user-namespace-"));
  return id !== "nproc-limit" || !inNamespace || version >= kernelVersion("5.17");
}

/** The rung that spoke in the case's call, null when it went well; undefined when the case has calls that are not here. */
function speaker(kernel: EmulatedKernel, vector: Vector): string | null | undefined {
  let rung: string | null = null;
  const answer = kernel.run(vector, (record, label) => {
    if (label === "c" && record.kind === "exit" && record.outcome.kind === "error")
      rung = record.outcome.rung?.id ?? null;
  });
  return "skipped" in answer || answer.unsupported !== undefined ? undefined : rung;
}

describe.each(ERAS)("pairs of rungs, %s", (era) => {
  const kernel = new EmulatedKernel(era);
  const version = kernelVersion(profileNamed(era).kernel);

  test("X-20 … X-44 no rung that a call breaks stands before the one that speaks", () => {
    let spoken = 0;
    for (const { call, vector } of CASES) {
      const ladder = registry.get(call)?.ladderIn(version) ?? [];
      const place = (id: string): number => ladder.findIndex((rung) => rung.id === id);
      const all = vector.provenance?.breaks?.c ?? [];
      const broken = all.filter((id) => place(id) >= 0 && breaksIn(version, all, id));
      const spoke = speaker(kernel, vector);
      // What an era does not know it does not refuse.
      if (spoke === undefined || (spoke === null && broken.length === 0)) continue;
      const at = spoke === null ? -1 : place(spoke);
      const earlier = broken.filter((id) => place(id) < at && !areOfOneRound(ladder[place(id)], ladder[at]));
      expect({ id: vector.id, spoke, declared: at >= 0, earlier }).toEqual({
        id: vector.id,
        spoke,
        declared: true,
        earlier: [],
      });
      spoken++;
    }
    expect(spoken).toBeGreaterThan(50);
  });
});

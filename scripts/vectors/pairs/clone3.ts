import type { VectorArch } from "../../../src/conform/vector.ts";
import { clone3Draft, FLAG } from "../clone3-wish.ts";
import { ARCHES } from "../draft.ts";
import { type Plan, provenanceOf } from "./join.ts";
import {
  ALLOC_PID,
  APART_TODAY,
  CLASH_TODAY,
  CLONE3_OWN,
  COPY_PROCESS,
  COPY_PROCESS_END,
  KERNEL_CLONE,
  NAMESPACE_DYING,
  NEEDS,
  PRELUDES,
  SOUND,
  type TodayDemand,
  type TodayWish,
  UNOBSERVABLE_TODAY,
} from "./today.ts";

/** clone3 of today: ladders C, P and T. */
export const CLONE3_PLAN: Plan<TodayWish, VectorArch> = {
  call: "clone3",
  ways: ARCHES,
  plain: SOUND,
  demands: [
    ...CLONE3_OWN,
    ...KERNEL_CLONE,
    ...COPY_PROCESS,
    ...ALLOC_PID,
    NAMESPACE_DYING,
    ...COPY_PROCESS_END,
  ],
  unobservable: {
    ...UNOBSERVABLE_TODAY,
    "pidfd-detached": "CLONE_DETACHED is legacy-flag's already (C-15)",
  },
  needs: NEEDS,
  preludes: PRELUDES,
  apart: APART_TODAY,
  clash: CLASH_TODAY,
  settle(wish, demands) {
    const common = settleToday(wish, demands);
    if (typeof common === "string") return common;
    const asked = (key: keyof TodayWish): boolean => demands.some((d) => d.allow?.[key] !== undefined);
    const silent = (common.flags & (FLAG.THREAD | FLAG.PARENT)) !== 0n && !asked("exitSignal");
    return {
      ...common,
      exitSignal: silent ? 0n : common.exitSignal,
      size: asked("size") ? common.size : common.tail === "none" ? 88 : 96,
    };
  },
  draft: (id, group, arch, wish, broken) => ({
    ...clone3Draft(id, group, arch, { ...wish, tids: [wish.tid0, wish.tid1, 602] }),
    provenance: provenanceOf("kernel", broken),
  }),
};

/** What both calls of today have in common when nobody asks for it. */
export function settleToday(wish: TodayWish, demands: readonly TodayDemand[]): TodayWish | string {
  const { flags, preludes, capable } = wish;
  if (preludes.includes("unshare-newpid") && preludes.includes("dead-namespace"))
    return "one needs an unshared namespace, the other a dead one";
  const init = (flags & FLAG.PARENT) === 0n || demands.some((d) => d.allow?.nsInit !== undefined);
  // Who makes a user namespace may make others in it: without a capability they would break P-18.
  const others = demands.some(
    (d) => d.rung === "namespace-not-capable" || ((d.off ?? 0n) & FLAG.NEWUSER) !== 0n,
  );
  const spaces = (flags & (FLAG.NEWIPC | FLAG.NEWPID | FLAG.NEWNS)) !== 0n;
  const alone = (flags & (FLAG.THREAD | FLAG.FS)) === 0n;
  const free = !capable && spaces && !others && alone && !preludes.includes("unshare-newuser");
  return {
    ...wish,
    flags: free ? flags | FLAG.NEWUSER : flags,
    nsInit: init,
    parentTid: demands.some((d) => d.rung === "pidfd-is-parent-tid") ? wish.pidfd : wish.parentTid,
  };
}

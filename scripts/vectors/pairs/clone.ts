import type { VectorArch } from "../../../src/conform/vector.ts";
import { cloneDraft, FLAG } from "../clone3-wish.ts";
import { ARCHES } from "../draft.ts";
import { settleToday } from "./clone3.ts";
import { type Plan, provenanceOf } from "./join.ts";
import {
  APART_TODAY,
  CLASH_TODAY,
  COPY_PROCESS,
  COPY_PROCESS_END,
  NAMESPACE_DYING,
  NEEDS,
  PRELUDES,
  SOUND,
  type TodayDemand,
  type TodayWish,
  UNOBSERVABLE_TODAY,
} from "./today.ts";

const { PIDFD, PARENT_SETTID, DETACHED } = FLAG;

/** L-02: with one pointer for both, the two flags are enough. */
const PIDFD_IS_PARENT_TID: TodayDemand = {
  rung: "pidfd-is-parent-tid",
  rule: "L-02",
  what: "PIDFD and PARENT_SETTID",
  on: PIDFD | PARENT_SETTID,
};

/** P-07 stands behind what clone3 refuses by itself; here it is seen. */
const PIDFD_DETACHED: TodayDemand = {
  rung: "pidfd-detached",
  rule: "P-07",
  what: "PIDFD and DETACHED",
  on: PIDFD | DETACHED,
};

const ORDER = ["thread-in-other-namespace"];

/** clone of today: ladder P, and of ladders C and T what it has no way around. */
export const CLONE_PLAN: Plan<TodayWish, VectorArch> = {
  call: "clone",
  ways: ARCHES,
  plain: SOUND,
  demands: [
    PIDFD_IS_PARENT_TID,
    ...insertedAfter(COPY_PROCESS, ORDER, PIDFD_DETACHED),
    NAMESPACE_DYING,
    ...COPY_PROCESS_END.filter(({ rung }) => rung !== "cgroup-not-open"),
  ],
  unobservable: {
    ...UNOBSERVABLE_TODAY,
    "pid-count-too-deep": "clone chooses no numbers",
    "pid-below-one": "clone chooses no numbers",
    "pid-beyond-max": "clone chooses no numbers",
    "pid-not-capable": "clone chooses no numbers",
    "pid-taken": "clone chooses no numbers",
    "pid-without-init": "the kernel's own first choice is 1",
    "cgroup-not-open": "CLONE_INTO_CGROUP does not fit clone's flags (L-05)",
  },
  needs: NEEDS,
  preludes: PRELUDES,
  apart: APART_TODAY,
  clash: CLASH_TODAY,
  settle: settleToday,
  draft: (id, group, arch, wish, broken) => ({
    ...cloneDraft(id, group, arch, wish),
    provenance: provenanceOf("kernel", broken),
  }),
};

/** The list with one more demand behind the last of these rungs. */
function insertedAfter(
  demands: readonly TodayDemand[],
  rungs: readonly string[],
  more: TodayDemand,
): readonly TodayDemand[] {
  const at = demands.findLastIndex(({ rung }) => rungs.includes(rung)) + 1;
  return [...demands.slice(0, at), more, ...demands.slice(at)];
}

export type { Dialect } from "./follow/dialect.ts";
export { differencesOf } from "./follow/difference.ts";
export { type Followed, type FollowFailure, type FollowOptions, followSchedule } from "./follow/follow.ts";
export { portraitOf } from "./follow/portrait.ts";
export { type PlanOptions, planRestart } from "./plan/plan.ts";
export {
  type Actor,
  isRefusal,
  type Refusal,
  type RefusalRule,
  type Role,
  type Schedule,
  type Step,
} from "./plan/step.ts";
export { parseTree, TreeError } from "./tree/parse.ts";
export { treeSchema } from "./tree/schema.ts";
export type { GoneLeader, Tree, TreeNamespace, TreeTask } from "./tree/tree.ts";

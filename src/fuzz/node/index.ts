/** What the lab needs of Node: workers, files, other machines. */
export {
  Campaign,
  type CampaignFigures,
  type CampaignFinding,
  type CampaignNews,
  type CampaignOptions,
} from "./campaign.ts";
export {
  type CampaignProgress,
  CorpusFolder,
  checkProgram,
  hashOf,
  leastOf,
  programIn,
} from "./corpus-folder.ts";
export { RefusedTarget } from "./crew-member.ts";
export { type Asked, differential } from "./differential.ts";
export { FindingFolder } from "./finding-folder.ts";
export { LoadError } from "./load-error.ts";
export { loadModule } from "./load-module.ts";
export { loadTarget, namesIn, type TargetSpec } from "./load-target.ts";
export { type QueueAddress, QueueError, queueAddress } from "./queue/address.ts";
export { itemsOf, type QueuePlan, type WorkItem } from "./queue/plan.ts";
export { QueueCampaign, type QueueWorkers } from "./queue/queue-campaign.ts";
export { type Lease, WorkQueue } from "./queue/work-queue.ts";

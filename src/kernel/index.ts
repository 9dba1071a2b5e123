export { type BootOptions, boot, defaultPath } from "./boot.ts";
export { type Call, type Implementation, implement, type Resume, type Rungs } from "./call.ts";
export {
  allCapabilities,
  CAP,
  type CapabilityName,
  type CapabilitySet,
  capabilities,
  hasCapability,
  NO_CAPABILITIES,
  withoutCapabilities,
} from "./capability.ts";
export { Guest, type Word } from "./guest.ts";
export { Machine, type Oops, type SecurityHook } from "./machine.ts";
export { BLOCKED, NO_RETURN, type Result } from "./outcome.ts";
export {
  type PidSpelling,
  readPids,
  type SpellingRefusal,
  spellPids,
  translatePids,
} from "./pid/spelling.ts";
export {
  isPidRefusal,
  type NewpidRule,
  type PidRefusal,
  type PidViewpoint,
  type PidWish,
} from "./pid/wish.ts";
export { type EcloneRules, PROFILES, type Profile, profileNamed } from "./profile/index.ts";
export { QUIRKS, type Quirk, type QuirkId } from "./quirk/catalogue.ts";
export { type QuirkSwitch, withQuirks } from "./quirk/switch.ts";
export type { Credentials } from "./task/credentials.ts";
export { type Disposition, Sighand } from "./task/sighand.ts";
export { SIG } from "./task/signal-queue.ts";
export type { Task, TaskState } from "./task/task.ts";
export * from "./trace/index.ts";

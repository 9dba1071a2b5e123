import { allCapabilities, type CapabilitySet, capabilities, NO_CAPABILITIES } from "../kernel/capability.ts";
import type { Vector } from "./vector.ts";

const ALL = allCapabilities();

/** The capabilities a case's main task starts with, effective and permitted. */
export function capabilitySet({ caps }: Pick<Vector, "caps">): CapabilitySet {
  if (caps === "all") return ALL;
  return caps === "none" ? NO_CAPABILITIES : capabilities(caps);
}

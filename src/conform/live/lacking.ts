import { CAP, type CapabilityName } from "../../kernel/capability.ts";
import { operationsOf, type SysOperation, type Vector } from "../vector.ts";
import { wordOf } from "../words.ts";
import { constant, nameOf } from "./call-words.ts";
import { LIMITS } from "./limits.ts";
import { memoryAt } from "./start-text.ts";

/** PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_CAP_AMBIENT. */
const CAPABILITY_OPTIONS: ReadonlySet<bigint> = new Set([23n, 24n, 47n]);
const SYS_RESOURCE = 1n << BigInt(CAP.SYS_RESOURCE);
const UNLIMITED = (1n << 64n) - 1n;

/**
 * Why a case that has all capabilities would be answered differently by a machine whose root lacks some; null when those are
 * none of its business: only calls that show capabilities, take them on, or ask for one of these, are.
 * @param missing as bits
 */
export function lackOf(vector: Vector, missing: bigint): string | null {
  if (missing === 0n || vector.caps !== "all") return null;
  for (const operation of operationsOf(vector.program)) {
    if (operation.op !== "sys") continue;
    const name = nameOf(operation, vector);
    if (name !== undefined && matters(name, operation, vector, missing))
      return `root lacks ${namesOf(missing)} here, and ${name} may tell`;
  }
  return null;
}

/** Capabilities by name, as cases spell them. */
export function namesOf(bits: bigint): string {
  const names = (Object.keys(CAP) as CapabilityName[]).filter((name) => (bits >> BigInt(CAP[name])) & 1n);
  return names.map((name) => `CAP_${name}`).join(" ");
}

function matters(name: string, call: SysOperation, vector: Vector, missing: bigint): boolean {
  switch (name) {
    case "capget":
      return true;
    case "capset":
      return asksFor(call, vector, missing);
    case "prctl": {
      const option = constant(call.args[0]);
      return option === null || CAPABILITY_OPTIONS.has(option & 0xffffffffn);
    }
    case "prlimit64":
      return (missing & SYS_RESOURCE) !== 0n && raises(call, vector);
    case "setrlimit":
      return (missing & SYS_RESOURCE) !== 0n;
    default:
      return false;
  }
}

/** Whether capset could ask for a capability that is missing: effective, permitted, inheritable, each in two words. */
function asksFor(call: SysOperation, vector: Vector, missing: bigint): boolean {
  const at = constant(call.args[1]);
  const bytes = at === null ? null : memoryAt(vector, Number(at), 24);
  if (bytes === null) return at === null;
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let set = 0; set < 3; set++) {
    const low = BigInt(words.getUint32(4 * set, true));
    const high = BigInt(words.getUint32(12 + 4 * set, true));
    if (((low | (high << 32n)) & missing) !== 0n) return true;
  }
  return false;
}

/** Whether prlimit64 could raise a hard limit. */
function raises(call: SysOperation, vector: Vector): boolean {
  const resource = constant(call.args[1]);
  const at = constant(call.args[2]);
  if (at === 0n) return false;
  const bytes = at === null ? null : memoryAt(vector, Number(at), 16);
  if (resource === null || bytes === null) return at === null || resource === null;
  const limit = LIMITS.find(([number]) => BigInt(number) === (wordOf(Number(resource)) & 0xffffffffn));
  const hard = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(8, true);
  if (limit === undefined) return hard > 0n;
  const [low, high] = limit[2];
  return hard > BigInt(low >>> 0) + (BigInt(high >>> 0) << 32n) && hard <= UNLIMITED;
}

import { AMBIENT, SECBIT } from "../../abi/structs/index.ts";
import {
  CAP,
  hasCapability,
  joinedCapabilities,
  NO_CAPABILITIES,
  onlyCapability,
  withoutCapabilities,
} from "../capability.ts";
import type { Result } from "../outcome.ts";
import { commitCreds } from "../task/commit-creds.ts";
import type { Credentials } from "../task/credentials.ts";
import { nsCapable } from "../task/ns-capable.ts";
import type { Option, PrctlCall } from "./option.ts";

function exists(k: PrctlCall, cap: number): boolean {
  return cap <= k.profile.processes.lastCapability;
}

function mayChange({ task: { cred } }: PrctlCall): boolean {
  return nsCapable(cred, cred.userNs, CAP.SETPCAP);
}

/** prepare_creds and commit_creds around a change. */
function change(k: PrctlCall, changed: Partial<Credentials>): Result {
  if (!k.allocate("cred")) return k.fail("no-memory");
  commitCreds(k.task, { ...k.task.cred, ...changed });
  return 0;
}

/** PR_CAPBSET_READ: 1 for a capability of the bounding set. */
export const capbsetRead: Option = (k, [cap]) => {
  if (!exists(k, cap)) return k.fail("no-such-capability");
  return hasCapability(k.task.cred.bounding, cap) ? 1 : 0;
};

/** PR_CAPBSET_DROP: one capability less in the bounding set. */
export const capbsetDrop: Option = (k, [cap]) => {
  if (!mayChange(k)) return k.fail("not-capable");
  if (!exists(k, cap)) return k.fail("no-such-capability");
  return change(k, { bounding: withoutCapabilities(k.task.cred.bounding, onlyCapability(cap)) });
};

/** PR_GET_SECUREBITS. */
export const getSecurebits: Option = (k) => k.task.cred.securebits;

/** PR_SET_SECUREBITS: locked bits stay, locks stay, and most bits take CAP_SETPCAP. */
export const setSecurebits: Option = (k, [bits]) => {
  const { known, unprivileged } = k.profile.processes.securebits;
  const old = k.task.cred.securebits;
  const locks = old & (known << 1);
  const changed = old ^ bits;
  const wrong = ((locks >> 1) & changed) !== 0 || (locks & ~bits) !== 0 || bits > (known | (known << 1));
  if (wrong || (bits & ~(known | (known << 1))) !== 0) return k.fail("locked");
  if (!mayChange(k) && (changed === 0 || (changed & ~(unprivileged | (unprivileged << 1))) !== 0))
    return k.fail("not-capable");
  return change(k, { securebits: bits });
};

/** PR_GET_KEEPCAPS. */
export const getKeepcaps: Option = (k) => ((k.task.cred.securebits & SECBIT.KEEP_CAPS) !== 0 ? 1 : 0);

/** PR_SET_KEEPCAPS: giving up root's number leaves the permitted capabilities. */
export const setKeepcaps: Option = (k, [keep]) => {
  if (keep > 1) return k.fail("value");
  const { securebits } = k.task.cred;
  if ((securebits & SECBIT.KEEP_CAPS_LOCKED) !== 0) return k.fail("locked");
  return change(k, {
    securebits: keep === 1 ? securebits | SECBIT.KEEP_CAPS : securebits & ~SECBIT.KEEP_CAPS,
  });
};

/** PR_CAP_AMBIENT: capabilities that outlive execve. */
export const capAmbient: Option = (k, [how, cap, arg4, arg5]) => {
  const { cred } = k.task;
  if (how === AMBIENT.CLEAR_ALL) {
    if (cap !== 0 || arg4 !== 0 || arg5 !== 0) return k.fail("ambient");
    return change(k, { ambient: NO_CAPABILITIES });
  }
  if (!exists(k, cap) || arg4 !== 0 || arg5 !== 0) return k.fail("ambient");
  switch (how) {
    case AMBIENT.IS_SET:
      return hasCapability(cred.ambient, cap) ? 1 : 0;
    case AMBIENT.LOWER:
      return change(k, { ambient: withoutCapabilities(cred.ambient, onlyCapability(cap)) });
    case AMBIENT.RAISE: {
      const may =
        hasCapability(cred.permitted, cap) &&
        hasCapability(cred.inheritable, cap) &&
        (cred.securebits & SECBIT.NO_CAP_AMBIENT_RAISE) === 0;
      if (!may) return k.fail("ambient-raise");
      return change(k, { ambient: joinedCapabilities(cred.ambient, onlyCapability(cap)) });
    }
    default:
      return k.fail("ambient");
  }
};

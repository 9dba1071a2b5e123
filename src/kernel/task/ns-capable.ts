import { hasCapability } from "../capability.ts";
import type { Credentials, UserNamespace } from "./credentials.ts";

/**
 * `ns_capable()`: whether a task with these credentials has a capability over what `target` owns. It holds the
 * capability there or in a namespace above, or it made the namespace: whoever has the owner's euid in the namespace
 * right above has them all. Where user namespaces do not count (2009) it is a plain look at the effective set.
 * Source: security/commoncap.c cap_capable.
 */
export function nsCapable(cred: Credentials, target: UserNamespace, cap: number): boolean {
  if (!target.rules.capabilities) return hasCapability(cred.effective, cap);
  for (let ns: UserNamespace = target; ; ) {
    if (ns === cred.userNs) return hasCapability(cred.effective, cap);
    const { parent } = ns;
    if (parent === null || ns.level <= cred.userNs.level) return false;
    if (parent === cred.userNs && ns.owner === cred.euid) return true;
    ns = parent;
  }
}

/** Whether {@link nsCapable} holds for one of `caps`. */
export function nsCapableAny(cred: Credentials, target: UserNamespace, caps: readonly number[]): boolean {
  for (const cap of caps) if (nsCapable(cred, target, cap)) return true;
  return false;
}

/** `capable()`: {@link nsCapable} over the initial user namespace. */
export function capable(cred: Credentials, cap: number): boolean {
  return hasCapability(cred.effective, cap) && (cred.userNs.level === 0 || !cred.userNs.rules.capabilities);
}

import type { UserNamespace } from "./credentials.ts";

/** What a number that a user namespace has no name for is told as (sysctl overflowuid and overflowgid). */
export const OVERFLOW_ID = 65_534;

/** (uid_t) −1: no user, in no namespace. */
export const NO_ID = 0xffff_ffff;

/**
 * `make_kuid`, `make_kgid`: the kernel's own number for what a user namespace calls `id`; null when it calls nothing
 * so. Before user namespaces had maps (2009) a number was a number.
 */
export function kernelId(ns: UserNamespace, id: number): number | null {
  if (!ns.rules.capabilities) return id;
  return ns.mapped && id !== NO_ID ? id : null;
}

/** `from_kuid_munged`, `from_kgid_munged`: what a user namespace calls one of the kernel's numbers. */
export function userId(ns: UserNamespace, id: number): number {
  return ns.mapped || !ns.rules.capabilities ? id : OVERFLOW_ID;
}

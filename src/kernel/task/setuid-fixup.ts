import { SECBIT } from "../../abi/structs/index.ts";
import {
  capabilities,
  commonCapabilities,
  joinedCapabilities,
  NO_CAPABILITIES,
  withoutCapabilities,
} from "../capability.ts";
import type { Credentials } from "./credentials.ts";
import { kernelId } from "./uid-map.ts";

/** The capabilities that are about files (CAP_FS_SET). */
const FS_SET = capabilities([
  "CHOWN",
  "MKNOD",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "LINUX_IMMUTABLE",
  "MAC_OVERRIDE",
]);

/**
 * `cap_emulate_setxuid`: who gives up root's number everywhere gives up its capabilities, unless it asked to keep them;
 * the effective ones go and come with the effective number. Source: security/commoncap.c.
 */
export function fixupSetuid(cred: Credentials, old: Credentials): Credentials {
  if ((old.securebits & SECBIT.NO_SETUID_FIXUP) !== 0) return cred;
  const root = kernelId(old.userNs, 0);
  const isRoot = (c: Credentials): boolean => c.uid === root || c.euid === root || c.suid === root;
  let { effective, permitted, ambient } = cred;
  if (isRoot(old) && !isRoot(cred)) {
    if ((old.securebits & SECBIT.KEEP_CAPS) === 0) {
      permitted = NO_CAPABILITIES;
      effective = NO_CAPABILITIES;
    }
    ambient = NO_CAPABILITIES;
  }
  if (old.euid === root && cred.euid !== root) effective = NO_CAPABILITIES;
  if (old.euid !== root && cred.euid === root) effective = permitted;
  return { ...cred, effective, permitted, ambient };
}

/** The same for the user of file accesses: the capabilities about files go and come with root's number. */
export function fixupSetfsuid(cred: Credentials, old: Credentials): Credentials {
  if ((old.securebits & SECBIT.NO_SETUID_FIXUP) !== 0) return cred;
  const root = kernelId(old.userNs, 0);
  const { effective, permitted } = cred;
  if (old.fsuid === root && cred.fsuid !== root)
    return { ...cred, effective: withoutCapabilities(effective, FS_SET) };
  if (old.fsuid !== root && cred.fsuid === root)
    return { ...cred, effective: joinedCapabilities(effective, commonCapabilities(permitted, FS_SET)) };
  return cred;
}

import { capget as capgetDecl, capset as capsetDecl } from "../../abi/calls/capability.ts";
import { userPtr } from "../../abi/pointer.ts";
import { CAP_VERSION, cap_user_data, cap_user_header } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import {
  allCapabilities,
  CAP,
  type CapabilitySet,
  commonCapabilities,
  isSubset,
  joinedCapabilities,
} from "../capability.ts";
import type { Result } from "../outcome.ts";
import { commitCreds } from "../task/commit-creds.ts";
import type { Credentials } from "../task/credentials.ts";
import { nsCapable } from "../task/ns-capable.ts";
import type { Task } from "../task/task.ts";

/** Bytes of one `struct __user_cap_data_struct`. */
const DATA_BYTES = 12;

type HeaderCall = Call<Rungs<typeof capsetDecl>>;

/** `capget`. Source: kernel/capability.c. */
export const capget: Implementation = implement(capgetDecl, (k, { header, dataptr }) => {
  const structs = readVersion(k as unknown as HeaderCall, header);
  if (structs < 0 || dataptr === 0) {
    // Without room for the sets a caller only asks for the version: that it was wrong is no failure.
    const asks = dataptr === 0 && k.profile.processes.capgetWithoutData;
    if (structs >= 0) return asks ? 0 : readSets(k, header, dataptr, structs);
    return asks && structs === VERSION ? 0 : k.fail(versionRung(structs));
  }
  return readSets(k, header, dataptr, structs);
});

function readSets(k: Call<Rungs<typeof capgetDecl>>, header: number, data: number, structs: number): Result {
  const at = userPtr<"pid_t", "in">(header + k.layout(cap_user_header).field("pid").offset);
  if (!k.uaccess.getUser(at, 4)) return k.fail("pid-unreadable");
  const pid = k.uaccess.lo | 0;
  if (pid < 0) return k.fail("pid-negative");
  const target =
    pid === 0 ? k.task : ((k.task.pidNs.find(pid)?.task("pid") as Task | null | undefined) ?? null);
  if (target === null) return k.fail("no-task");
  const { effective, permitted, inheritable } = target.cred;
  const words = [effective, permitted, inheritable];
  const buffer = k.kstack(2 * DATA_BYTES);
  const { littleEndian } = k.path.model;
  for (const [i, set] of words.entries()) {
    k.view.setUint32(buffer + i * 4, set.lo, littleEndian);
    k.view.setUint32(buffer + DATA_BYTES + i * 4, set.hi, littleEndian);
  }
  const left = k.uaccess.copyToUser(userPtr<"cap_user_data", "out">(data), buffer, structs * DATA_BYTES);
  return left === 0 ? 0 : k.fail("data-unwritable");
}

/** `capset`. Source: kernel/capability.c, security/commoncap.c. */
export const capset: Implementation = implement(capsetDecl, (k, { header, data }) => {
  const structs = readVersion(k, header);
  if (structs < 0) return k.fail(versionRung(structs));
  const at = userPtr<"pid_t", "in">(header + k.layout(cap_user_header).field("pid").offset);
  if (!k.uaccess.getUser(at, 4)) return k.fail("pid-unreadable");
  const pid = k.uaccess.lo | 0;
  if (pid !== 0 && pid !== k.task.tid) return k.fail("other-task");
  const buffer = k.kstack(2 * DATA_BYTES);
  if (k.uaccess.copyFromUser(buffer, data, structs * DATA_BYTES) !== 0) return k.fail("data-unreadable");
  if (!k.allocate("cred")) return k.fail("no-memory");
  const layout = k.layout(cap_user_data);
  const all = allCapabilities(k.profile.processes.lastCapability);
  const set = (name: string): CapabilitySet =>
    commonCapabilities(all, {
      lo: layout.field(name).lo(k.view, buffer),
      hi: structs === 1 ? 0 : layout.field(`${name}_hi`).lo(k.view, buffer),
    });
  return change(k, set("effective"), set("permitted"), set("inheritable"));
});

/** `cap_capset`: what may be asked for. */
function change(
  k: HeaderCall,
  effective: CapabilitySet,
  permitted: CapabilitySet,
  inheritable: CapabilitySet,
): Result {
  const old = k.task.cred;
  const capped = !nsCapable(old, old.userNs, CAP.SETPCAP);
  if (capped && !isSubset(inheritable, joinedCapabilities(old.inheritable, old.permitted)))
    return k.fail("inheritable-beyond-permitted");
  if (!isSubset(inheritable, joinedCapabilities(old.inheritable, old.bounding)))
    return k.fail("inheritable-beyond-bounding");
  if (!isSubset(permitted, old.permitted)) return k.fail("permitted-grows");
  if (!isSubset(effective, permitted)) return k.fail("effective-beyond-permitted");
  const ambient = commonCapabilities(old.ambient, commonCapabilities(permitted, inheritable));
  const cred: Credentials = { ...old, effective, permitted, inheritable, ambient };
  commitCreds(k.task, cred);
  return 0;
}

/** What a version can be wrong with, in place of how many structs it has. */
const UNREADABLE = -1;
const UNWRITABLE = -2;
const VERSION = -3;

function versionRung(wrong: number): "version-unreadable" | "version-unwritable" | "version" {
  if (wrong === UNREADABLE) return "version-unreadable";
  return wrong === UNWRITABLE ? "version-unwritable" : "version";
}

/** `cap_validate_magic`: how many structs the caller's version has; negative for what is wrong with it. */
function readVersion(k: Call, header: number): number {
  const at = userPtr<"u32", "inout">(header);
  if (!k.uaccess.getUser(at, 4)) return UNREADABLE;
  switch (k.uaccess.lo) {
    case CAP_VERSION.V1:
      return 1;
    case CAP_VERSION.V2:
    case CAP_VERSION.V3:
      return 2;
    default:
      return k.uaccess.putUser(at, 4, CAP_VERSION.V3) ? VERSION : UNWRITABLE;
  }
}

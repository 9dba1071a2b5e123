import { CLONE } from "../../abi/structs/index.ts";
import { LIMITS } from "../../mm/limits.ts";
import type { CopyStep } from "../clone/step-names.ts";
import { PID_POLICY_2009 } from "../pid/policy.ts";
import { FILES_2009 } from "./files-era.ts";
import { MEMORY_2009 } from "./memory-era.ts";
import { PROCESSES_2_6_30 } from "./process-era.ts";

import type { Profile } from "./profile.ts";

/** copy_process of 2.6.30: B-23 and B-24 came with 2.6.32 and are not in it. */
const COPY_PROCESS_2_6_30: readonly CopyStep[] = [
  "newns-fs",
  "thread-without-sighand",
  "sighand-without-vm",
  "security-hook",
  "dup-task",
  "nproc",
  "creds-2009",
  "max-threads",
  "semundo",
  "files",
  "fs",
  "sighand",
  "signal",
  "mm",
  "namespace-capable",
  "newipc-sysvsem",
  "namespaces",
  "newpid-thread",
  "pid-namespace",
  "thread",
  "pid",
  "proc-mount",
  "signal-pending",
];

const UNSHARE_2_6_30 =
  (CLONE.THREAD |
    CLONE.FS |
    CLONE.NEWNS |
    CLONE.SIGHAND |
    CLONE.VM |
    CLONE.FILES |
    CLONE.SYSVSEM |
    CLONE.NEWUTS |
    CLONE.NEWIPC |
    CLONE.NEWNET) >>>
  0;

const NAMESPACES_2_6_30 = (CLONE.NEWNS | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWPID | CLONE.NEWNET) >>> 0;

/** May 2009: the RFC as first posted with nested namespaces; CLONE_NEWPID is refused with chosen pids. */
export const cwpV2: Profile = {
  name: "cwp-v2",
  title: "RFC v2, May 2009, on 2.6.30: CLONE_NEWPID refused together with chosen pids",
  kernel: "2.6.30",
  entry: { wideNumber: true },
  limits: { i386: LIMITS.i386_2009, x86_64: LIMITS.x86_64_2009, compat: LIMITS.x86_64_2009 },
  pids: PID_POLICY_2009,
  pidMax: { initial: 32768, floor: 301, ceiling32: 32768, ceiling64: 4194304 },
  newpidWithPids: "refuse",
  legacyHighFlags: true,
  siblingExitSignal: "given",
  copyProcess: COPY_PROCESS_2_6_30,
  errno: { "below-min-addr-late": "EACCES" },
  tlsEntries: { i386: [6, 8], x86_64: [12, 14] },
  tlsFrom: "frame",
  tlsDescriptorFor: "task",
  tlsDescriptorChecked: false,
  cloneStopped: true,
  clearTidWhenKilled: false,
  rusageFirst: true,
  processes: PROCESSES_2_6_30,
  userNamespaces: { capabilities: false, accounts: "namespace" },
  newUserTakesRoot: true,
  maxUserNsParent: Number.POSITIVE_INFINITY,
  namespaceFlags: NAMESPACES_2_6_30,
  pidfdOpenFlags: 0,
  setnsPidfdFlags: 0,
  unshareFlags: UNSHARE_2_6_30,
  rlimits: { memlock: 65_536, resourceFirst: true, zeroCpuIsOne: true },
  files: FILES_2009,
  memory: MEMORY_2009,
  archPrctl: { cpuid: false, xcomp: false },
  maxPidNsLevel: Number.POSITIVE_INFINITY,
};

/** The RFC's own open point carried out: with CLONE_NEWPID one level more, and 1 or 0 for the new one. */
export const cwpV2Newpid: Profile = {
  ...cwpV2,
  name: "cwp-v2-newpid",
  title: "RFC v2 with Oren Laadan's rule for CLONE_NEWPID, which was never coded",
  newpidWithPids: "last-slot-1-or-0",
};

/** July–September 2009: CLONE_NEWPID allowed, the new namespace's number always the kernel's choice. */
export const cwpV3: Profile = {
  ...cwpV2,
  name: "cwp-v3",
  title: "v3, July to September 2009, on 2.6.31: CLONE_NEWPID allowed, its pid always 1",
  kernel: "2.6.31",
  newpidWithPids: "kernel-chooses-1",
};

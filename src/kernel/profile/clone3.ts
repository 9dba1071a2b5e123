import { CLONE } from "../../abi/structs/index.ts";
import { LIMITS, type UserLimit } from "../../mm/limits.ts";
import type { CopyStep } from "../clone/step-names.ts";
import { PID_POLICY_CLONE3, PID_POLICY_OWN_PID_MAX } from "../pid/alloc.ts";
import { FILES_5_3, FILES_5_8, FILES_5_14, FILES_6_4 } from "./files-era.ts";
import type { Profile } from "./profile.ts";

/** copy_process of 5.3: ladder P, with the process limit before the credentials (P-16, X-41). */
const COPY_PROCESS_5_3: readonly CopyStep[] = [
  "pidfd-is-parent-tid",
  "newns-fs",
  "thread-without-sighand",
  "sighand-without-vm",
  "parent-by-init",
  "signal-pending",
  "dup-task",
  "nproc",
  "creds",
  "max-threads",
  "security-hook",
  "semundo",
  "files",
  "fs",
  "sighand",
  "signal",
  "mm",
  "namespace-capable",
  "newipc-sysvsem",
  "namespaces",
  "pid-namespace",
  "thread",
  "pid",
  "pidfd",
];

/** Since about 5.17 the credentials come first: too many user namespaces speak before RLIMIT_NPROC. */
const COPY_PROCESS_5_17: readonly CopyStep[] = COPY_PROCESS_5_3.map((step) =>
  step === "nproc" ? "creds" : step === "creds" ? "nproc" : step,
);

const UNSHARE_5_3 =
  (CLONE.THREAD |
    CLONE.FS |
    CLONE.NEWNS |
    CLONE.SIGHAND |
    CLONE.VM |
    CLONE.FILES |
    CLONE.SYSVSEM |
    CLONE.NEWUTS |
    CLONE.NEWIPC |
    CLONE.NEWNET |
    CLONE.NEWUSER |
    CLONE.NEWPID |
    CLONE.NEWCGROUP) >>>
  0;

/** CLONE_NEWTIME has its bit in the signal byte, and so no name in legacy clone's flags. */
const NEWTIME = 0x80;

function limits(x86_64: UserLimit): Profile["limits"] {
  return { i386: LIMITS.i386_generic, x86_64, compat: x86_64 };
}

/** Linux 5.3: clone3, its struct 64 bytes long. */
export const clone3_53: Profile = {
  name: "clone3-53",
  title: "Linux 5.3: clone3 with a struct of 64 bytes",
  kernel: "5.3",
  entry: { wideNumber: false },
  limits: limits(LIMITS.x86_64_task_size),
  pids: PID_POLICY_CLONE3,
  pidMax: { initial: 32768, floor: 301, ceiling32: 32768, ceiling64: 4194304 },
  newpidWithPids: "kernel-chooses-1",
  copyProcess: COPY_PROCESS_5_3,
  errno: {},
  tlsEntries: { i386: [6, 8], x86_64: [12, 14] },
  tlsFrom: "argument",
  cloneStopped: false,
  clearTidWhenKilled: true,
  rusageFirst: false,
  unshareFlags: UNSHARE_5_3,
  memlock: 65_536,
  files: FILES_5_3,
  maxPidNsLevel: 32,
};

/** Linux 5.5: set_tid, for CAP_SYS_ADMIN, and CLONE_CLEAR_SIGHAND. */
export const clone3_55: Profile = {
  ...clone3_53,
  name: "clone3-55",
  title: "Linux 5.5: set_tid with CAP_SYS_ADMIN, CLONE_CLEAR_SIGHAND",
  kernel: "5.5",
};

/** Linux 5.7: CLONE_INTO_CGROUP; CLONE_NEWTIME, of 5.6, is unshare's alone. */
export const clone3_57: Profile = {
  ...clone3_55,
  name: "clone3-57",
  title: "Linux 5.7: CLONE_INTO_CGROUP",
  kernel: "5.7",
  unshareFlags: (UNSHARE_5_3 | NEWTIME) >>> 0,
};

/** Linux 5.9: CAP_CHECKPOINT_RESTORE is enough for set_tid. */
export const clone3_59: Profile = {
  ...clone3_57,
  name: "clone3-59",
  title: "Linux 5.9: CAP_CHECKPOINT_RESTORE is enough for set_tid",
  kernel: "5.9",
  files: FILES_5_8,
};

/** Linux 6.3: clone3 takes CLONE_NEWTIME. */
export const clone3_63: Profile = {
  ...clone3_59,
  name: "clone3-63",
  title: "Linux 6.3: clone3 takes CLONE_NEWTIME",
  kernel: "6.3",
  limits: limits(LIMITS.x86_64_sign_bit),
  memlock: 8_388_608,
  files: FILES_5_14,
  copyProcess: COPY_PROCESS_5_17,
};

/** Linux 6.14 to 6.18: pid_max by namespace. */
export const clone3_614: Profile = {
  ...clone3_63,
  name: "clone3-614",
  title: "Linux 6.14 to 6.18: every pid namespace has its own pid_max",
  kernel: "6.14",
  files: FILES_6_4,
  limits: limits(LIMITS.x86_64_user_ptr_max),
  pids: PID_POLICY_OWN_PID_MAX,
};

/** Linux 7: numbers in two phases, flag bits 34 to 37, the exit signal checked for every caller. */
export const clone3_7x: Profile = {
  ...clone3_614,
  name: "clone3-7x",
  title: "Linux 7: numbers chosen in two phases, flag bits 34 to 37",
  kernel: "7.0",
};

import { CLONE, CLONE_HIGH, CLONE_NEWTIME, PIDFD } from "../../abi/structs/index.ts";
import { LIMITS, type UserLimit } from "../../mm/limits.ts";
import type { CopyStep } from "../clone/step-names.ts";
import { PID_POLICY_5_3, PID_POLICY_5_9, PID_POLICY_6_14, PID_POLICY_7_0 } from "../pid/policy.ts";
import { FILES_5_3, FILES_5_8, FILES_5_14, FILES_6_12 } from "./files-era.ts";
import { MEMORY_4_17, MEMORY_6_11 } from "./memory-era.ts";
import { PROCESSES_5_3, PROCESSES_5_4, PROCESSES_5_9, PROCESSES_6_3, PROCESSES_6_14 } from "./process-era.ts";
import type { Clone3Rules, Profile } from "./profile.ts";

/** kernel_clone and copy_process of 5.3: ladder P, with the process limit before the credentials (P-16, X-41). */
const COPY_PROCESS_5_3: readonly CopyStep[] = [
  "pidfd-is-parent-tid",
  "newns-fs",
  "newuser-fs",
  "thread-without-sighand",
  "sighand-without-vm",
  "parent-by-init",
  "thread-namespaces",
  "pidfd-detached",
  "pidfd-thread",
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
  "newpid",
  "pid-namespace",
  "thread",
  "pid",
  "pidfd",
  "fatal-signal",
];

/** Since 5.6 there are time namespaces, since 5.7 CLONE_INTO_CGROUP. */
const COPY_PROCESS_5_7: readonly CopyStep[] = COPY_PROCESS_5_3.flatMap((step) => {
  if (step === "thread-namespaces") return [step, "time-namespace"];
  return step === "pidfd" ? [step, "cgroup"] : [step];
});

/** Since about 5.17 the credentials come first: too many user namespaces speak before RLIMIT_NPROC. */
const COPY_PROCESS_6_3: readonly CopyStep[] = COPY_PROCESS_5_7.flatMap((step) => {
  if (step === "nproc") return ["creds"];
  if (step === "creds") return ["nproc"];
  // Since 6.1 the child takes its clocks over when it gets memory of its own.
  return step === "time-namespace" ? [] : [step];
});

/** Since 6.9 there are pidfds of threads. */
const COPY_PROCESS_6_14: readonly CopyStep[] = COPY_PROCESS_6_3.filter((step) => step !== "pidfd-thread");

/** Since 7.0 the exit signal is everybody's (C-24), and flag bits 34 to 37 have rules (C-22, P-08 … P-12). */
const COPY_PROCESS_7_0: readonly CopyStep[] = COPY_PROCESS_6_14.flatMap((step) => {
  if (step === "pidfd-is-parent-tid") return ["empty-mntns", step, "exit-signal"];
  if (step !== "pidfd-detached") return [step];
  return [
    step,
    "autoreap-sibling",
    "parent-by-autoreaped",
    "nnp-thread",
    "autokill-alone",
    "autokill-capable",
  ];
});

const NAMESPACES_5_3 =
  (CLONE.NEWNS | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWPID | CLONE.NEWNET | CLONE.NEWCGROUP) >>> 0;

/** What unshare knows beside namespaces. */
const SHARED =
  CLONE.THREAD | CLONE.FS | CLONE.SIGHAND | CLONE.VM | CLONE.FILES | CLONE.SYSVSEM | CLONE.NEWUSER;

const CLONE3_5_3: Clone3Rules = {
  knownSize: 64,
  refusedFlags: CLONE.DETACHED | CLONE.CSIGNAL,
  highFlags: 0,
  exitSignalEarly: true,
};
const CLONE3_5_5: Clone3Rules = { ...CLONE3_5_3, knownSize: 80, highFlags: CLONE_HIGH.CLEAR_SIGHAND };
const CLONE3_5_7: Clone3Rules = {
  ...CLONE3_5_5,
  knownSize: 88,
  highFlags: CLONE_HIGH.CLEAR_SIGHAND | CLONE_HIGH.INTO_CGROUP,
};
const CLONE3_6_3: Clone3Rules = { ...CLONE3_5_7, refusedFlags: CLONE3_5_3.refusedFlags & ~CLONE_NEWTIME };
const CLONE3_7_0: Clone3Rules = { ...CLONE3_6_3, highFlags: 0x3f, exitSignalEarly: false };

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
  pids: PID_POLICY_5_3,
  pidMax: { initial: 32768, floor: 301, ceiling32: 32768, ceiling64: 4194304 },
  newpidWithPids: "kernel-chooses-1",
  siblingExitSignal: "leader",
  clone3: CLONE3_5_3,
  legacyHighFlags: false,
  copyProcess: COPY_PROCESS_5_3,
  errno: {},
  tlsEntries: { i386: [6, 8], x86_64: [12, 14] },
  tlsFrom: "argument",
  tlsDescriptorFor: "entry",
  tlsDescriptorChecked: true,
  cloneStopped: false,
  clearTidWhenKilled: true,
  rusageFirst: false,
  processes: PROCESSES_5_3,
  userNamespaces: { capabilities: true, accounts: "user" },
  newUserTakesRoot: false,
  maxUserNsParent: 32,
  namespaceFlags: NAMESPACES_5_3,
  pidfdOpenFlags: 0,
  setnsPidfdFlags: 0,
  unshareFlags: (SHARED | NAMESPACES_5_3) >>> 0,
  rlimits: { memlock: 65_536, resourceFirst: false, zeroCpuIsOne: true },
  files: FILES_5_3,
  memory: MEMORY_4_17,
  archPrctl: { cpuid: true, xcomp: false },
  maxPidNsLevel: 32,
};

/** Linux 5.5: set_tid, for CAP_SYS_ADMIN, and CLONE_CLEAR_SIGHAND. */
export const clone3_55: Profile = {
  ...clone3_53,
  name: "clone3-55",
  title: "Linux 5.5: set_tid with CAP_SYS_ADMIN, CLONE_CLEAR_SIGHAND",
  kernel: "5.5",
  processes: PROCESSES_5_4,
  clone3: CLONE3_5_5,
  rlimits: { ...clone3_53.rlimits, zeroCpuIsOne: false },
};

/** Linux 5.7: CLONE_INTO_CGROUP; CLONE_NEWTIME, of 5.6, is unshare's alone. */
export const clone3_57: Profile = {
  ...clone3_55,
  name: "clone3-57",
  title: "Linux 5.7: CLONE_INTO_CGROUP",
  kernel: "5.7",
  copyProcess: COPY_PROCESS_5_7,
  clone3: CLONE3_5_7,
  namespaceFlags: (NAMESPACES_5_3 | CLONE_NEWTIME) >>> 0,
  unshareFlags: (SHARED | NAMESPACES_5_3 | CLONE_NEWTIME) >>> 0,
};

/** Linux 5.9: CAP_CHECKPOINT_RESTORE is enough for set_tid. */
export const clone3_59: Profile = {
  ...clone3_57,
  name: "clone3-59",
  title: "Linux 5.9: CAP_CHECKPOINT_RESTORE is enough for set_tid",
  kernel: "5.9",
  processes: PROCESSES_5_9,
  files: FILES_5_8,
  pids: PID_POLICY_5_9,
  setnsPidfdFlags: (NAMESPACES_5_3 | CLONE_NEWTIME | CLONE.NEWUSER) >>> 0,
};

/** Linux 6.3: clone3 takes CLONE_NEWTIME. */
export const clone3_63: Profile = {
  ...clone3_59,
  name: "clone3-63",
  title: "Linux 6.3: clone3 takes CLONE_NEWTIME",
  kernel: "6.3",
  processes: PROCESSES_6_3,
  limits: limits(LIMITS.x86_64_sign_bit),
  rlimits: { memlock: 8_388_608, resourceFirst: false, zeroCpuIsOne: false },
  files: FILES_5_14,
  archPrctl: { cpuid: true, xcomp: true },
  copyProcess: COPY_PROCESS_6_3,
  clone3: CLONE3_6_3,
  userNamespaces: { capabilities: true, accounts: "chain" },
  pidfdOpenFlags: PIDFD.NONBLOCK,
};

/** Linux 6.14 to 6.18: pid_max by namespace. */
export const clone3_614: Profile = {
  ...clone3_63,
  name: "clone3-614",
  title: "Linux 6.14 to 6.18: every pid namespace has its own pid_max",
  kernel: "6.14",
  processes: PROCESSES_6_14,
  files: FILES_6_12,
  memory: MEMORY_6_11,
  copyProcess: COPY_PROCESS_6_14,
  pidfdOpenFlags: PIDFD.NONBLOCK | PIDFD.THREAD,
  limits: limits(LIMITS.x86_64_user_ptr_max),
  pids: PID_POLICY_6_14,
};

/** Linux 7: numbers in two phases, flag bits 34 to 37, the exit signal checked for every caller. */
export const clone3_7x: Profile = {
  ...clone3_614,
  name: "clone3-7x",
  title: "Linux 7: numbers chosen in two phases, flag bits 34 to 37",
  kernel: "7.0",
  copyProcess: COPY_PROCESS_7_0,
  clone3: CLONE3_7_0,
  pids: PID_POLICY_7_0,
};

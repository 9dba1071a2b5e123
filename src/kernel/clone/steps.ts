import type { Result } from "../outcome.ts";
import {
  dupTask,
  flagsKnown,
  maxThreads,
  newnsFs,
  nproc,
  parentByInit,
  securityHook,
  sighandWithoutVm,
  signalPending,
  threadWithoutSighand,
} from "./checks.ts";
import {
  autokillAlone,
  autokillCapable,
  autoreapSibling,
  emptyMntns,
  exitSignal,
  fatalSignal,
  newuserFs,
  nnpThread,
  parentByAutoreaped,
  pidfdDetached,
  pidfdIsParentTid,
  pidfdThread,
  threadNamespaces,
  timeNamespace,
} from "./checks-today.ts";
import { choosePid } from "./choose-pid.ts";
import {
  copyCreds,
  copyCreds2009,
  copyFiles,
  copyFs,
  copyMm,
  copySemundo,
  copySighand,
  copySignal,
} from "./copy.ts";
import { copyThread } from "./copy-thread.ts";
import type { Fork } from "./fork.ts";
import {
  copyNamespaces,
  copyPidNamespace,
  namespaceCapable,
  newipcSysvsem,
  newPidNamespace,
  newpidParent,
  newpidThread,
  procMount,
} from "./namespaces.ts";
import { intoCgroup, storePidfd } from "./pidfd.ts";
import type { CopyStep } from "./step-names.ts";

/** One step of copy_process: 0, or a negative result that ends it. */
export type Step = (fork: Fork) => Result;

/** Every step an era may order, by name. */
export const STEPS: Readonly<Record<CopyStep, Step>> = {
  "empty-mntns": emptyMntns,
  "pidfd-is-parent-tid": pidfdIsParentTid,
  "exit-signal": exitSignal,
  "flags-known": flagsKnown,
  "newns-fs": newnsFs,
  "newuser-fs": newuserFs,
  "thread-without-sighand": threadWithoutSighand,
  "sighand-without-vm": sighandWithoutVm,
  "parent-by-init": parentByInit,
  "thread-namespaces": threadNamespaces,
  "time-namespace": timeNamespace,
  "pidfd-detached": pidfdDetached,
  "pidfd-thread": pidfdThread,
  "autoreap-sibling": autoreapSibling,
  "parent-by-autoreaped": parentByAutoreaped,
  "nnp-thread": nnpThread,
  "autokill-alone": autokillAlone,
  "autokill-capable": autokillCapable,
  "security-hook": securityHook,
  "dup-task": dupTask,
  nproc,
  creds: copyCreds,
  "creds-2009": copyCreds2009,
  "max-threads": maxThreads,
  semundo: copySemundo,
  files: copyFiles,
  fs: copyFs,
  sighand: copySighand,
  signal: copySignal,
  mm: copyMm,
  "namespace-capable": namespaceCapable,
  "newipc-sysvsem": newipcSysvsem,
  namespaces: copyNamespaces,
  "newpid-parent": newpidParent,
  "newpid-thread": newpidThread,
  newpid: newPidNamespace,
  "pid-namespace": copyPidNamespace,
  thread: copyThread,
  pid: choosePid,
  "proc-mount": procMount,
  pidfd: storePidfd,
  cgroup: intoCgroup,
  "fatal-signal": fatalSignal,
  "signal-pending": signalPending,
};

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
import { choosePid } from "./choose-pid.ts";
import { copyCreds, copyFiles, copyFs, copyMm, copySemundo, copySighand, copySignal } from "./copy.ts";
import { copyThread } from "./copy-thread.ts";
import type { Fork } from "./fork.ts";
import {
  copyNamespaces,
  copyPidNamespace,
  namespaceCapable,
  newipcSysvsem,
  newpidParent,
  newpidThread,
  procMount,
} from "./namespaces.ts";
import { pidfdIsParentTid, storePidfd } from "./pidfd.ts";
import type { CopyStep } from "./step-names.ts";

/** One step of copy_process: 0, or a negative result that ends it. */
export type Step = (fork: Fork) => Result;

/** Every step an era may order, by name. */
export const STEPS: Readonly<Record<CopyStep, Step>> = {
  "pidfd-is-parent-tid": pidfdIsParentTid,
  "flags-known": flagsKnown,
  "newns-fs": newnsFs,
  "thread-without-sighand": threadWithoutSighand,
  "sighand-without-vm": sighandWithoutVm,
  "parent-by-init": parentByInit,
  "security-hook": securityHook,
  "dup-task": dupTask,
  nproc,
  creds: copyCreds,
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
  "pid-namespace": copyPidNamespace,
  thread: copyThread,
  pid: choosePid,
  "proc-mount": procMount,
  pidfd: storePidfd,
  "signal-pending": signalPending,
};

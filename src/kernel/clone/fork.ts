import type { fork as forkCall } from "../../abi/calls/index.ts";
import type { PtRegs } from "../../arch/pt-regs.ts";
import type { AddressSpace } from "../../mm/address-space.ts";
import type { Call, Rungs } from "../call.ts";
import type { OpenFile } from "../file/open-file.ts";
import { type Pid, releaseUnborn } from "../pid/pid.ts";
import type { Credentials } from "../task/credentials.ts";
import type { FilesStruct } from "../task/files-struct.ts";
import type { FsStruct } from "../task/fs-struct.ts";
import type { NsProxy } from "../task/nsproxy.ts";
import type { Sighand } from "../task/sighand.ts";
import type { SignalStruct } from "../task/signal-struct.ts";
import type { Task } from "../task/task.ts";
import { dropPidfd } from "./pidfd.ts";
import type { ForkRequest } from "./request.ts";
import type { TargetPids } from "./target-pids.ts";

/** What every caller of do_fork_with_pids can fail with. */
export type ForkCall = Call<Rungs<typeof forkCall>>;

/** A child in the making: what the steps of copy_process have got hold of so far, to be let go of on failure. */
export class Fork {
  readonly k: ForkCall;
  readonly request: ForkRequest;
  readonly targetPids: TargetPids;
  readonly current: Task;
  /** Low word of the flags: the request's, and what a flag implies. */
  flags: number;
  /** The user's process count has been raised. */
  counted = false;
  cred: Credentials;
  regs: PtRegs | null = null;
  files: FilesStruct | null = null;
  fs: FsStruct | null = null;
  sighand: Sighand | null = null;
  signal: SignalStruct | null = null;
  mm: AddressSpace | null = null;
  nsproxy: NsProxy;
  fsBase: number;
  tls: Task["tls"];
  pid: Pid | null = null;
  /** The descriptor of CLONE_PIDFD, reserved, and the file it will point at. */
  pidfd: { readonly fd: number; readonly file: OpenFile } | null = null;

  constructor(k: ForkCall, request: ForkRequest, targetPids: TargetPids) {
    this.k = k;
    this.request = request;
    this.flags = request.flags;
    this.targetPids = targetPids;
    const current = k.task;
    this.current = current;
    this.cred = current.cred;
    this.nsproxy = current.nsproxy;
    this.fsBase = current.fsBase;
    this.tls = current.tls;
  }

  /** Whether every bit of `mask` in the low flag word is set. */
  has(mask: number): boolean {
    return (this.flags & mask) >>> 0 === mask;
  }

  /** Whether some bit of `mask` in the low flag word is set. */
  some(mask: number): boolean {
    return (this.flags & mask) !== 0;
  }

  /** Whether a bit of the high flag word is set, of those the era has: before clone3 none of them means anything. */
  hasHigh(mask: number): boolean {
    const { flagsHigh } = this.request;
    return flagsHigh !== 0 && (flagsHigh & mask & (this.k.profile.clone3?.highFlags ?? 0)) !== 0;
  }

  /** Lets go of everything, in reverse order: the labels at the end of copy_process. */
  abort(): void {
    const { machine } = this.k;
    dropPidfd(this);
    if (this.pid !== null) releaseUnborn(this.pid);
    if (this.mm !== null) machine.putMm(this.mm);
    if (this.sighand !== null) this.sighand.users--;
    if (this.fs !== null) this.fs.users--;
    if (this.files !== null && --this.files.users === 0) this.files.close(machine);
    if (this.regs !== null) machine.regsPool.free(this.regs);
    if (this.counted) this.cred.user.removeProcess();
  }
}

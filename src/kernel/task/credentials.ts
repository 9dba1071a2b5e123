import { allCapabilities, type CapabilitySet, hasCapability } from "../capability.ts";

/** A user namespace: who owns it, and how deep it lies below the initial one (level 0). */
export class UserNamespace {
  readonly id: number;
  readonly level: number;
  readonly parent: UserNamespace | null;
  /** Effective uid of the task that made it; that task has every capability over it. */
  readonly owner: number;
  /** The accounts of this namespace by uid, made when first asked for. */
  readonly users: Map<number, UserAccount> = new Map();

  constructor(id: number, parent: UserNamespace | null, owner: number) {
    this.id = id;
    this.parent = parent;
    this.level = parent === null ? 0 : parent.level + 1;
    this.owner = owner;
  }

  /** The account of `uid` here (`user_struct`). */
  account(uid: number): UserAccount {
    let user = this.users.get(uid);
    if (user === undefined) {
      user = new UserAccount(uid, this);
      this.users.set(uid, user);
    }
    return user;
  }
}

/** `struct user_struct`: what is counted per user. */
export class UserAccount {
  readonly uid: number;
  readonly ns: UserNamespace;
  /** Tasks whose real user this is; held against RLIMIT_NPROC (B-06). */
  processes = 0;
  /** Pages the user's pipes may hold, full or not. */
  pipeBuffers = 0;

  constructor(uid: number, ns: UserNamespace) {
    this.uid = uid;
    this.ns = ns;
  }

  /** INIT_USER: the root user of the initial namespace, whom RLIMIT_NPROC never stops (B-06). */
  get isInitUser(): boolean {
    return this.uid === 0 && this.ns.level === 0;
  }
}

/** `struct cred`: immutable, shared between tasks, replaced as a whole. */
export interface Credentials {
  readonly uid: number;
  readonly euid: number;
  readonly suid: number;
  readonly gid: number;
  readonly egid: number;
  readonly sgid: number;
  readonly effective: CapabilitySet;
  readonly permitted: CapabilitySet;
  readonly inheritable: CapabilitySet;
  readonly bounding: CapabilitySet;
  readonly user: UserAccount;
  readonly userNs: UserNamespace;
}

/** Root of `userNs` with every capability. */
export function rootCredentials(userNs: UserNamespace): Credentials {
  const all = allCapabilities();
  return {
    uid: 0,
    euid: 0,
    suid: 0,
    gid: 0,
    egid: 0,
    sgid: 0,
    effective: all,
    permitted: all,
    inheritable: { lo: 0, hi: 0 },
    bounding: all,
    user: userNs.account(0),
    userNs,
  };
}

/**
 * `capable()` of 2.6.30: a plain look at the effective set, no user namespace considered.
 */
export function capable(cred: Credentials, cap: number): boolean {
  return hasCapability(cred.effective, cap);
}

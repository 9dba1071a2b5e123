import { allCapabilities, type CapabilitySet, NO_CAPABILITIES } from "../capability.ts";

/** What user namespaces mean in an era. */
export interface UserNamespaceRules {
  /** A capability is held over a namespace and what lies below it (since 3.8); else it holds everywhere (2009). */
  readonly capabilities: boolean;
  /**
   * Whose processes RLIMIT_NPROC counts: a uid's in each namespace (2009), a uid's anywhere, or both, every namespace
   * counting for its maker too (since 5.14).
   */
  readonly accounts: "namespace" | "user" | "chain";
}

/** A user namespace: who owns it, and how deep it lies below the initial one (level 0). */
export class UserNamespace {
  readonly id: number;
  readonly level: number;
  readonly parent: UserNamespace | null;
  /** Effective uid of the task that made it; that task has every capability over it. */
  readonly owner: number;
  readonly rules: UserNamespaceRules;
  /**
   * Uids and gids of the machine have names here. Those of a new namespace have none until its maps are written, for
   * which trapgate has no file.
   */
  mapped: boolean;
  /** RLIMIT_NPROC of the maker, as far as it was bound by it: what the namespace counts at most for that account. */
  nprocLimit: number = Number.POSITIVE_INFINITY;
  /** The accounts of this namespace by uid, made when first asked for. */
  readonly users: Map<number, UserAccount> = new Map();

  /** @param rules those of the initial namespace; every other has its parent's */
  constructor(id: number, parent: UserNamespace | null, owner: number, rules: UserNamespaceRules) {
    this.id = id;
    this.parent = parent;
    this.level = parent === null ? 0 : parent.level + 1;
    this.owner = owner;
    this.rules = rules;
    this.mapped = parent === null;
  }

  /** Whether `other` is this namespace or lies below it (in_userns). */
  contains(other: UserNamespace): boolean {
    let ns: UserNamespace | null = other;
    while (ns !== null && ns.level > this.level) ns = ns.parent;
    return ns === this;
  }

  /** The account of `uid` here (`user_struct`, `ucounts`). */
  account(uid: number): UserAccount {
    if (this.parent !== null && this.rules.accounts === "user") return this.parent.account(uid);
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
  /** Tasks whose real user this is; held against RLIMIT_NPROC (B-06, P-16). */
  processes = 0;
  /** Pages the user's pipes may hold, full or not. */
  pipeBuffers = 0;
  /** The account of the namespace's maker, for which every task counts too. */
  readonly above: UserAccount | null;

  constructor(uid: number, ns: UserNamespace) {
    this.uid = uid;
    this.ns = ns;
    this.above = ns.rules.accounts === "chain" ? (ns.parent?.account(ns.owner) ?? null) : null;
  }

  /** INIT_USER: the root user of the initial namespace, whom RLIMIT_NPROC never stops (B-06). */
  get isInitUser(): boolean {
    return this.uid === 0 && (this.ns.level === 0 || this.ns.rules.accounts !== "namespace");
  }

  /** A task more whose real user this is. */
  addProcess(): void {
    for (let user: UserAccount | null = this; user !== null; user = user.above) user.processes++;
  }

  /** A task less. */
  removeProcess(): void {
    for (let user: UserAccount | null = this; user !== null; user = user.above) user.processes--;
  }

  /** Whether there are `limit` tasks already, or too many for a namespace above; `more` of them are not to count yet. */
  isFull(limit: number, more: number): boolean {
    let most = limit;
    for (let user: UserAccount | null = this; user !== null; user = user.above) {
      if (user.processes - more >= most) return true;
      most = user.ns.nprocLimit;
    }
    return false;
  }
}

/**
 * `struct cred`: immutable, shared between tasks, replaced as a whole. Users and groups are the kernel's own numbers
 * (kuid_t); what a user namespace calls them is another matter (uid-map.ts).
 */
export interface Credentials {
  readonly uid: number;
  readonly euid: number;
  readonly suid: number;
  readonly fsuid: number;
  readonly gid: number;
  readonly egid: number;
  readonly sgid: number;
  readonly fsgid: number;
  /** Supplementary groups, ascending. */
  readonly groups: readonly number[];
  readonly effective: CapabilitySet;
  readonly permitted: CapabilitySet;
  readonly inheritable: CapabilitySet;
  readonly bounding: CapabilitySet;
  readonly ambient: CapabilitySet;
  /** Bits of SECBIT: whether root's number means root's capabilities. */
  readonly securebits: number;
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
    fsuid: 0,
    gid: 0,
    egid: 0,
    sgid: 0,
    fsgid: 0,
    groups: [],
    effective: all,
    permitted: all,
    inheritable: NO_CAPABILITIES,
    bounding: all,
    ambient: NO_CAPABILITIES,
    securebits: 0,
    user: userNs.account(0),
    userNs,
  };
}

/**
 * The credentials of whoever makes or enters a user namespace today: every capability, over that namespace alone; the
 * uids stay what they were (set_cred_user_ns).
 */
export function credentialsIn(userNs: UserNamespace, old: Credentials): Credentials {
  const all = allCapabilities();
  return {
    ...old,
    effective: all,
    permitted: all,
    inheritable: NO_CAPABILITIES,
    bounding: all,
    ambient: NO_CAPABILITIES,
    securebits: 0,
    user: userNs.account(old.uid),
    userNs,
  };
}

import type { PidNamespace } from "../pid/namespace.ts";
import type { UserNamespace } from "./credentials.ts";

/** What namespaces there are beside those of pids and users. */
export type PlainNamespaceKind = "mnt" | "uts" | "ipc" | "cgroup" | "net" | "time";

/** A namespace trapgate only keeps apart by identity. */
export interface PlainNamespace {
  readonly kind: PlainNamespaceKind;
  readonly id: number;
  /** Whose capabilities count over it. */
  readonly userNs: UserNamespace;
}

/** `struct nsproxy`: immutable, shared, replaced as a whole. */
export interface NsProxy {
  readonly mnt: PlainNamespace;
  readonly uts: PlainNamespace;
  readonly ipc: PlainNamespace;
  readonly cgroup: PlainNamespace;
  readonly net: PlainNamespace;
  readonly time: PlainNamespace;
  /** Where the clocks of the task's children are; they are the task's own until CLONE_NEWTIME. */
  readonly timeForChildren: PlainNamespace;
  /** Where the task's children are born; the task's own namespace is that of its struct pid. */
  readonly pidNs: PidNamespace;
}

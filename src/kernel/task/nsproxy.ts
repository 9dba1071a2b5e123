import type { PidNamespace } from "../pid/namespace.ts";

/** A namespace trapgate only keeps apart by identity. */
export interface PlainNamespace {
  readonly kind: "mnt" | "uts" | "ipc" | "net";
  readonly id: number;
}

/** `struct nsproxy`: immutable, shared, replaced as a whole. */
export interface NsProxy {
  readonly mnt: PlainNamespace;
  readonly uts: PlainNamespace;
  readonly ipc: PlainNamespace;
  readonly net: PlainNamespace;
  /** Where the task's children are born; the task's own namespace is that of its struct pid. */
  readonly pidNs: PidNamespace;
}

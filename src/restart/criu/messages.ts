/** A field of a message: a number, a message, or a list of numbers. */
export type Field =
  | { readonly name: string; readonly kind: "uint32" | "uint32s" }
  | { readonly name: string; readonly kind: Message };

/** Fields by number: those that say something of a process tree. Others are passed over. */
export interface Message {
  readonly [number: number]: Field;
}

/** pstree_entry. Source: CRIU, images/pstree.proto. */
const PSTREE_ENTRY: Message = {
  1: { name: "pid", kind: "uint32" },
  2: { name: "ppid", kind: "uint32" },
  3: { name: "pgid", kind: "uint32" },
  4: { name: "sid", kind: "uint32" },
  5: { name: "threads", kind: "uint32s" },
};

/** task_kobj_ids_entry, as far as it is of use. Source: CRIU, images/core.proto. */
const IDS_ENTRY: Message = { 5: { name: "pid_ns_id", kind: "uint32" } };

/** core_entry, likewise. */
const CORE_ENTRY: Message = {
  3: {
    name: "tc",
    kind: { 1: { name: "task_state", kind: "uint32" }, 2: { name: "exit_code", kind: "uint32" } },
  },
  4: { name: "ids", kind: IDS_ENTRY },
};

/** The kinds of image that tell of a tree, by crit's name of their magic. Source: CRIU, criu/include/magic.h. */
export const IMAGES: Readonly<Record<ImageKind, { readonly magic: number; readonly entry: Message }>> = {
  PSTREE: { magic: 0x5027_3030, entry: PSTREE_ENTRY },
  CORE: { magic: 0x5505_3847, entry: CORE_ENTRY },
  IDS: { magic: 0x5443_2030, entry: IDS_ENTRY },
};

/** A kind of image. */
export type ImageKind = "PSTREE" | "CORE" | "IDS";

/** What every image begins with since version 1.1. */
export const IMG_COMMON_MAGIC = 0x5456_4319;

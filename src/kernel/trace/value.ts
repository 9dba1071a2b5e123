/** A 64-bit quantity as `0x` and lower-case hexadecimal digits without leading zeros: JSON has no 64-bit integer. */
export type Hex = `0x${string}`;

/** What a traced value is, as a tree that survives JSON. How it is written is the renderer's choice. */
export type TraceValue =
  | TraceInt
  | TraceAddress
  | TraceSignal
  | TraceFlags
  | TracePointer
  | TraceStruct
  | TraceArray
  | TraceString;

/** What an integer stands for, where its type says so. */
export type TraceRole = "pid" | "uid" | "gid" | "fd" | "size" | "char" | "sigset" | "wait-status";

/** An integer with the width and the sign of its type. */
export interface TraceInt {
  readonly kind: "int";
  /** The value; as {@link Hex}, unsigned, where a JavaScript number would round it. */
  readonly value: number | Hex;
  readonly role?: TraceRole;
}

/** An address the kernel does not follow here. */
export interface TraceAddress {
  readonly kind: "address";
  readonly address: Hex;
}

/** A signal number. */
export interface TraceSignal {
  readonly kind: "signal";
  readonly value: number;
  /** `SIGCHLD`, `SIGRT_2`; null for 0 and for a number that is no signal. */
  readonly name: string | null;
}

/** A word of flags. */
export interface TraceFlags {
  readonly kind: "flags";
  /** Name of the flag set. */
  readonly set: string;
  readonly raw: Hex;
  /** As the flag set writes it: `CLONE_VM|SIGCHLD`. */
  readonly text: string;
}

/**
 * How far a pointer was followed:
 * - `null`: it is NULL;
 * - `decoded`: `to` is what it points at;
 * - `pending`: an out-pointer at entry, its contents come with the exit record;
 * - `unreadable`: nothing to show, the memory faults at `readable` bytes;
 * - `uncounted`: the count that governs it is negative, unknown, or below the smallest published size;
 * - `too-deep`: the limit of nesting or of nodes was reached.
 */
export type PointerState = "null" | "decoded" | "pending" | "unreadable" | "uncounted" | "too-deep";

/** A pointer and, where it could be followed, what it points at. */
export interface TracePointer {
  readonly kind: "pointer";
  readonly address: Hex;
  readonly state: PointerState;
  /** What the memory held: at entry for an in-pointer, at exit for an out-pointer. */
  readonly to?: TraceValue;
  /** The call may write there as well as read; what it wrote comes with the exit record. */
  readonly inout?: true;
  /** State `unreadable`: bytes that could be read before the fault. */
  readonly readable?: number;
}

/** A struct, field by field. */
export interface TraceStruct {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: readonly TraceField[];
  /** Present where the caller's struct is larger than the one known here and the rest is not all zero. */
  readonly tail?: TraceTail;
}

/** One field of a struct. */
export interface TraceField {
  readonly name: string;
  readonly value: TraceValue;
}

/** The bytes of a struct behind its last known field. */
export interface TraceTail {
  /** Offset of the first byte. */
  readonly from: number;
  /** Offset behind the last byte, by the caller's size. */
  readonly to: number | Hex;
  /** Two hexadecimal digits a byte, as many as were recorded; null when they cannot be read. */
  readonly bytes: string | null;
}

/** An array; `items` may be fewer than `count`. */
export interface TraceArray {
  readonly kind: "array";
  readonly items: readonly TraceValue[];
  /** The count that governs it. */
  readonly count: number;
  /** Address of the first element that cannot be read. */
  readonly cut?: Hex;
}

/** Bytes that are meant as text or as an opaque buffer. */
export interface TraceString {
  readonly kind: "string";
  /** Two hexadecimal digits a byte, without the NUL. */
  readonly bytes: string;
  /** Whether the text ended here: a NUL was met, or the buffer's size was reached. */
  readonly ended: boolean;
}

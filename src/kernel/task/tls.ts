/** Bits of the last word of `struct user_desc`. Source: asm/ldt.h. */
const SEG_32BIT = 0x1;
const CONTENTS = 0x6;
const CONTENTS_EXPAND_DOWN = 0x2;
const SEG_NOT_PRESENT = 0x20;
/** read_exec_only and seg_not_present: how a descriptor says that there is none. */
const EMPTY = 0x28;
/** The bit fields anybody looks at: all but `lm`, which nobody may set. */
const KNOWN = 0x7f;
/** A segment's limit has 20 bits. */
const LIMIT = 0xfffff;

/** A TLS descriptor of a task, in the words of `struct user_desc`. */
export type TlsDescriptor = readonly [entry: number, base: number, limit: number, flags: number];

/** The three TLS slots of a task; null is an empty one. */
export type TlsSlots = readonly (TlsDescriptor | null)[];

/** Slots of a task without a descriptor. */
export const NO_TLS: TlsSlots = Object.freeze([null, null, null]);

/**
 * `tls_desc_okay`: whether a descriptor may stand in a TLS slot (since 3.20): none at all, all zero, or that of a
 * 32-bit data segment that is present. Source: arch/x86/kernel/tls.c.
 */
export function tlsDescOkay(base: number, limit: number, flags: number): boolean {
  const bits = flags & KNOWN;
  if (base === 0 && limit === 0 && (bits === 0 || bits === EMPTY)) return true;
  return (
    (bits & SEG_32BIT) !== 0 && (bits & CONTENTS) <= CONTENTS_EXPAND_DOWN && (bits & SEG_NOT_PRESENT) === 0
  );
}

/**
 * `set_tls_desc`: the slots with one of them filled, or emptied by a descriptor that says there is none.
 * @param index of the slot, 0 … 2
 * @param zeroIsNone all zero says so too (since 3.20)
 */
export function withDescriptor(
  slots: TlsSlots | null,
  index: number,
  [entry, base, limit, flags]: TlsDescriptor,
  zeroIsNone: boolean,
): TlsSlots {
  const bits = flags & KNOWN;
  const none = base === 0 && limit === 0 && (bits === EMPTY || (bits === 0 && zeroIsNone));
  const descriptor: TlsDescriptor = [entry, base, limit & LIMIT, flags & KNOWN];
  return (slots ?? NO_TLS).map((old, i) => (i === index ? (none ? null : descriptor) : old));
}

/** `fill_user_desc`: the descriptor of a slot as get_thread_area tells it. */
export function describeSlot(slots: TlsSlots | null, index: number, entry: number): TlsDescriptor {
  return slots?.[index] ?? [entry, 0, 0, EMPTY];
}

/** Bits of the last word of `struct user_desc`. Source: asm/ldt.h. */
const SEG_32BIT = 0x1;
const CONTENTS = 0x6;
const CONTENTS_EXPAND_DOWN = 0x2;
const SEG_NOT_PRESENT = 0x20;
/** read_exec_only and seg_not_present: how a descriptor says that there is none. */
const EMPTY = 0x28;
/** The bit fields there are; what lies above them is never looked at. */
const KNOWN = 0xff;

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

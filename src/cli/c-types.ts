import type { CType } from "../abi/ctype.ts";
import { ctypeText } from "../kernel/trace/ctype-text.ts";

/**
 * A struct field's type as its C header writes it: what the kernel does with a pointer is not part of that,
 * and one kept in 64 bits is no pointer to C.
 */
export function fieldType(type: CType): string {
  if (typeof type === "object" && "of" in type && !("flags" in type)) return "__aligned_u64";
  return ctypeText(type).replace(/^const /, "");
}

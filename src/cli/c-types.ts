import type { CType } from "../abi/ctype.ts";
import { ctypeText } from "../kernel/trace/ctype-text.ts";

/** A struct field's type as its C header writes it: what the kernel does with a pointer is not part of that. */
export function fieldType(type: CType): string {
  return ctypeText(type).replace(/^const /, "");
}

import { type CType, isScalarName, pointerOf } from "../../abi/ctype.ts";

/** A declared type in C: `const struct target_pid_set *`, `unsigned long`, `pid_t *`. */
export function ctypeText(type: CType): string {
  if (typeof type === "string")
    return type === "fd" || type === "signal" ? "int" : type === "addr" ? "unsigned long" : type;
  if ("flags" in type) return ctypeText(type.of);
  if ("string" in type) return type.string === "in" ? "const char *" : "char *";
  if ("array" in type) return `${ctypeText(type.array)}[${type.length}]`;
  if ("struct" in type) return `struct ${type.struct}`;
  const pointer = pointerOf(type);
  if (pointer === null) return "unsigned long";
  const to = isScalarName(pointer.to) ? ctypeText(pointer.to) : `struct ${pointer.to}`;
  return `${pointer.direction === "in" ? "const " : ""}${to} *`;
}

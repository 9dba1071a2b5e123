import type { CType, DataModel, ScalarName, StructDecl } from "../../src/abi/index.ts";

/** The scalars in C, by what the kernel's headers make of them; no header is included. */
const C_NAMES: Readonly<Record<ScalarName, string>> = {
  char: "char",
  "signed char": "signed char",
  "unsigned char": "unsigned char",
  short: "short",
  "unsigned short": "unsigned short",
  int: "int",
  "unsigned int": "unsigned int",
  long: "long",
  "unsigned long": "unsigned long",
  "long long": "long long",
  "unsigned long long": "unsigned long long",
  u8: "unsigned char",
  u16: "unsigned short",
  u32: "unsigned int",
  u64: "unsigned long long",
  s8: "signed char",
  s16: "short",
  s32: "int",
  s64: "long long",
  aligned_u64: "aligned_u64",
  pid_t: "int",
  uid_t: "unsigned int",
  gid_t: "unsigned int",
  size_t: "__SIZE_TYPE__",
  ssize_t: "long",
  off_t: "long",
  fd: "int",
  signal: "int",
  addr: "unsigned long",
  sigset_t: "unsigned long long",
  old_sigset_t: "unsigned long",
  old_uid_t: "unsigned short",
  old_gid_t: "unsigned short",
};

/** `int (*f[3])[2]` and the like: C's declarators grow around the name. */
function declarator(type: CType, name: string): string {
  if (typeof type === "string") return `${C_NAMES[type]} ${name}`;
  if ("flags" in type) return `${C_NAMES[type.of]} ${name}`;
  if ("array" in type) return declarator(type.array, `${name}[${type.length}]`);
  if ("struct" in type) return `struct ${type.struct} ${name}`;
  if ("of" in type && type.of === "u64") return `${C_NAMES.aligned_u64} ${name}`;
  // What a pointer points at does not change its size.
  return `void *${name}`;
}

/**
 * A C file that says where everything lies. It defines the structs and has a function whose assembly carries one line
 * `->struct field offset size` a field and one `->struct size align` a struct: reading the compiler's assembly needs
 * neither headers, nor an assembler, nor a machine to run on.
 */
export function cSource(decls: readonly StructDecl[], model: DataModel): string {
  const lines = ["typedef unsigned long long aligned_u64 __attribute__((aligned(8)));"];
  for (const { struct, fields, packed, size } of decls) {
    const attribute = packed?.includes(model.name) ? " __attribute__((packed))" : "";
    lines.push(`struct ${struct} {`);
    if (size !== undefined) lines.push(`union { char bytes[${size}]; struct {`);
    for (const [name, type] of Object.entries(fields)) lines.push(`  ${declarator(type, name)};`);
    if (size !== undefined) lines.push("}; };");
    lines.push(`}${attribute};`);
  }
  lines.push(
    '#define SAY(text, a, b) __asm__ volatile(".ascii \\"->" text " %c0 %c1\\"" :: "i"(a), "i"(b))',
    "void where(void) {",
  );
  for (const { struct, fields } of decls) {
    const of = `struct ${struct}`;
    for (const name of Object.keys(fields)) {
      const size = `sizeof(((${of} *)0)->${name})`;
      lines.push(`  SAY("${struct} ${name}", __builtin_offsetof(${of}, ${name}), ${size});`);
    }
    lines.push(`  SAY("${struct}", sizeof(${of}), _Alignof(${of}));`);
  }
  lines.push("}", "");
  return lines.join("\n");
}

/** The lines {@link cSource} planted, in order: `struct field offset size`, `struct size align`. */
export function plantedLines(assembly: string): string[] {
  return [...assembly.matchAll(/->([^"\\]+)"/g)].map((match) => match[1] as string);
}

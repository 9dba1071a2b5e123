import { type DataModel, layoutOf, type StructDecl, type StructLookup } from "../../src/abi/index.ts";

/** Built-in structs as the kernel's headers have them: ours, the header, and what the header calls the struct. */
export const HEADERS: readonly (readonly [struct: string, header: string, theirs?: string])[] = [
  ["clone_args", "linux/sched.h"],
  ["epoll_event", "linux/eventpoll.h"],
  ["open_how", "linux/openat2.h"],
  ["mount_attr", "linux/mount.h"],
  ["futex_waitv", "linux/futex.h"],
  ["statx_timestamp", "linux/stat.h"],
  ["statx", "linux/stat.h"],
  ["io_sqring_offsets", "linux/io_uring.h"],
  ["io_cqring_offsets", "linux/io_uring.h"],
  ["io_uring_params", "linux/io_uring.h"],
  ["__kernel_timespec", "linux/time_types.h"],
  ["rlimit64", "linux/resource.h"],
  ["iovec", "linux/uio.h"],
];

/** A C file that says where the headers put every field, as `cSource` does for structs written out. */
export function headerSource(fieldsOf: (struct: string) => readonly string[]): string {
  const lines = [...new Set(HEADERS.map(([, header]) => `#include <${header}>`))];
  lines.push(
    '#define SAY(text, a, b) __asm__ volatile(".ascii \\"->" text " %c0 %c1\\"" :: "i"(a), "i"(b))',
    "void where(void) {",
  );
  for (const [struct, , theirs = struct] of HEADERS) {
    const of = `struct ${theirs}`;
    for (const field of fieldsOf(struct))
      lines.push(
        `  SAY("${struct} ${field}", __builtin_offsetof(${of}, ${field}), sizeof(((${of} *)0)->${field}));`,
      );
    lines.push(`  SAY("${struct}", sizeof(${of}), _Alignof(${of}));`);
  }
  return [...lines, "}", ""].join("\n");
}

/** What it should say, if our layouts are right. */
export function headerLines(decls: readonly StructDecl[], model: DataModel, types: StructLookup): string[] {
  return HEADERS.flatMap(([struct]) => {
    const decl = decls.find((one) => one.struct === struct);
    if (decl === undefined) return [`${struct} is not among ours`];
    const { fields, size, align } = layoutOf(decl, model, types);
    return [...fields.map((f) => `${struct} ${f.name} ${f.offset} ${f.size}`), `${struct} ${size} ${align}`];
  });
}

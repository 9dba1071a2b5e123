/**
 * `struct user_desc` of x86: one thread-local-storage descriptor, 16 bytes on every data model.
 * `flags` stands for the kernel's bit fields (seg_32bit, contents, read_exec_only, …), kept as one word.
 * Source: rules B-12, B-13; asm/ldt.h.
 */
export const user_desc = {
  struct: "user_desc",
  fields: {
    entry_number: "int",
    base_addr: "unsigned int",
    limit: "unsigned int",
    flags: "unsigned int",
  },
} as const;

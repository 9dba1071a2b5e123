/**
 * eclone's `struct clone_args`: 48 bytes, at the same offsets on 32 and 64 bit. The kernel's own name for it is
 * clone_args; nine years later clone3 gave that name to a struct with other fields, so this one is called after its
 * call. Source: rules §5.2; include/linux/types.h of the 2010 series.
 */
export const eclone_args = {
  struct: "eclone_args",
  fields: {
    clone_flags_high: "u64",
    child_stack: "u64",
    child_stack_size: "u64",
    parent_tid_ptr: "u64",
    child_tid_ptr: "u64",
    nr_pids: "u32",
    reserved0: "u32",
  },
  note: "struct clone_args of the 2010 series; clone3 has another struct of that name",
} as const;

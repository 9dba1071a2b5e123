/**
 * `struct target_pid_set`: a signed count and a pointer to the numbers, oldest namespace first.
 * The pointer makes its size differ between 32 and 64 bit (8 and 16 bytes), which is what reviewers objected to
 * until v6 of the series. Source: rules §3.1, A-20 … A-24.
 */
export const target_pid_set = {
  struct: "target_pid_set",
  fields: {
    num_pids: "int",
    target_pids: { in: "pid_t", count: "num_pids" },
  },
  note: "2009: v2 and v3 of the series; a flexible array replaced the pointer in v6",
} as const;

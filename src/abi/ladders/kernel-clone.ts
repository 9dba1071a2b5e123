/** What `kernel_clone` looks at before copy_process, for every caller. Source: rules C-23, C-24; kernel/fork.c. */
export const kernel_clone = {
  ladder: "kernel_clone",
  rungs: [
    ["pidfd-is-parent-tid", "EINVAL", ["C-23", "L-02"], "the pidfd and the parent's tid would share a place"],
    [
      "exit-signal-invalid",
      "EINVAL",
      ["C-24", "C-11", "L-06"],
      "the exit signal is above 64",
      { since: "7.0" },
    ],
  ],
  provenance: "kernel/fork.c kernel_clone, 5.3 to 7.0",
} as const;

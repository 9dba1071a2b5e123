/** `pid_ns_prepare_proc`, what copy_process does after alloc_pid for a new pid namespace. Source: rule B-15. */
export const pid_ns_prepare_proc = {
  ladder: "pid_ns_prepare_proc",
  rungs: [["proc-mount", "ENOMEM", "B-15", "the new namespace's proc mount failed"]],
  provenance: "kernel/fork.c copy_process, 2.6.30 to 2.6.35",
} as const;

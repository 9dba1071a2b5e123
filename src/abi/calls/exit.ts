/** `exit`: end the calling thread; the low byte of the code is kept. */
export const exit = {
  name: "exit",
  numbers: { x86_64: 60, i386: 1, arm64: 93, s390x: 1, powerpc64: 1 },
  args: { error_code: "int" },
  returns: "int",
  ladder: [],
  effects: ["never returns", "the word at the task's clear_child_tid becomes 0 where memory is shared"],
  support: "full",
  provenance: ["kernel/exit.c sys_exit"],
} as const;

/** `exit_group`: end every thread of the caller's group. */
export const exit_group = {
  name: "exit_group",
  numbers: { x86_64: 231, i386: 252, arm64: 94, s390x: 248, powerpc64: 234 },
  args: { error_code: "int" },
  returns: "int",
  ladder: [],
  effects: ["never returns", "every thread of the group ends"],
  support: "full",
  provenance: ["kernel/exit.c sys_exit_group"],
} as const;

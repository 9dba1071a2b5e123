/** `set_tid_address`: where a word becomes 0 when the caller exits and its memory is shared still. */
export const set_tid_address = {
  name: "set_tid_address",
  numbers: { x86_64: 218, i386: 258, arm64: 96, s390x: 252, powerpc64: 232 },
  args: { tidptr: "addr" },
  returns: "pid_t",
  ladder: [],
  effects: ["the address is kept and not looked at; 0 forgets it"],
  support: "full",
  provenance: ["kernel/fork.c set_tid_address"],
} as const;

/** `personality`: which system the caller expects; 0xffffffff only asks. */
export const personality = {
  name: "personality",
  numbers: { x86_64: 135, i386: 136, arm64: 92, s390x: 136, powerpc64: 136 },
  args: { personality: "unsigned int" },
  returns: "unsigned int",
  ladder: [],
  effects: ["the word is kept, and given to children"],
  support: "partial",
  note: "nothing here behaves differently for it",
  provenance: ["kernel/exec_domain.c personality"],
} as const;

/** `sched_yield`: let others run first. */
export const sched_yield = {
  name: "sched_yield",
  numbers: { x86_64: 24, i386: 158, arm64: 124, s390x: 158, powerpc64: 158 },
  args: {},
  returns: "int",
  ladder: [],
  effects: ["none: who runs when is the host's choice"],
  support: "full",
  provenance: ["kernel/sched/core.c sched_yield"],
} as const;

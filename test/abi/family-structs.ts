// Structs as the rules write them down that no call of the machine has.

/** v7's struct for clone2 (rules §5.1). */
export const clone2_struct = {
  struct: "clone2_struct",
  fields: {
    flags: "u64",
    stack: "u64",
    nr_pids: "u32",
    ptid: "u32",
    ctid: "u32",
    reserved1: "u32",
    reserved2: "u64",
  },
} as const;

/** `struct epoll_event`: packed on x86_64 and x32 alone. */
export const epoll_event = {
  struct: "epoll_event",
  fields: { events: "u32", data: "u64" },
  packed: ["x86_64", "x32"],
} as const;

/** Every kind of alignment in one struct: what tells the data models apart. */
export const alignments = {
  struct: "alignments",
  fields: { a: "char", b: "long long", c: { in: "int" }, d: "short", e: "long" },
} as const;

/** A union in the kernel, of which one branch is of interest: as long as the longest. */
export const branch = {
  struct: "branch",
  fields: { a: "int", b: { in: "int" } },
  size: 100,
} as const;

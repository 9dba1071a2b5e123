import type { ReviewRule } from "./finding.ts";

const rule = (name: string, asks: string, precedent: string): ReviewRule => ({ rule: name, asks, precedent });

/** Every rule of review, in the order findings are told. */
export const REVIEW_RULES: readonly ReviewRule[] = [
  rule(
    "word-in-struct",
    "no pointer and no long in a struct: it differs between 32 and 64 bit, and a compat kernel has to translate it",
    "v6 of the clone_with_pids series replaced the pointer by a flexible array; clone3 keeps addresses in __aligned_u64",
  ),
  rule(
    "layout-differs",
    "one layout everywhere: 8-byte integers at multiples of 8, so that i386 agrees with x86_64",
    "__aligned_u64 exists for this; eclone and clone3 place every u64 at a multiple of 8",
  ),
  rule(
    "packed-on-some",
    "packed nowhere, or everywhere",
    "epoll_event, packed on x86_64 alone: gVisor, Rust's libc, Go and asterinas have each had it wrong",
  ),
  rule(
    "implicit-hole",
    "no unnamed bytes: coming in they can never be given a meaning, going out they leak",
    "futex_waitv and statx_timestamp name theirs __reserved",
  ),
  rule(
    "signed-count",
    "counts and sizes are unsigned",
    "num_pids < 0 needed a check of its own until v6; eclone's helper takes an int again, and counts from 2^31 slip past it (Q-01)",
  ),
  rule(
    "not-extensible",
    "a struct comes with its size, or has reserved fields that must be zero",
    "v7 to v11 of the series redid the struct each time it grew; openat2 and clone3 take a size",
  ),
  rule(
    "exact-size",
    "a size the kernel does not know is accepted as long as what it does not know is zero",
    "eclone refuses every size but 48; clone3 has grown twice since 5.3 (copy_struct_from_user)",
  ),
  rule(
    "reserved-unchecked",
    "reserved fields are refused unless they are zero, or they stay reserved for ever",
    "eclone checks reserved0 (E-03), io_uring_setup its resv and futex_waitv its __reserved",
  ),
  rule(
    "no-flags",
    "a flags argument from the first day",
    "preadv, epoll_create, dup2, signalfd, renameat: each had to be made again with flags",
  ),
  rule(
    "flags-unchecked",
    "unknown flags are refused, or they can never be used",
    "clone ignores unknown bits: 0x1000 became CLONE_PIDFD ten years later, and programs had been setting it; openat needed openat2 for the same reason",
  ),
  rule(
    "flags-width",
    "flags are an unsigned int, or a u64 in a struct: a long has bits on 64 bit that 32 bit has not",
    "eclone split its flags into flags_low and clone_flags_high; clone3 has a u64",
  ),
  rule(
    "flags-exhausted",
    "flags that are left",
    "all 32 bits of clone's flags are taken: v7 of the series went to 64 (clone2), as clone3 did",
  ),
  rule(
    "too-many-words",
    "at most six argument words on every architecture, 64-bit pairs and what is left out before them included",
    "sync_file_range needed a second form, sync_file_range2, on arm and powerpc",
  ),
  rule(
    "six-arguments",
    "room for one argument more: some architectures have the sixth word on the stack or in a frame pointer",
    "i386 passes the sixth in ebp, sysenter on the stack; mips o32 has four registers; v7 of the series gave up on arguments",
  ),
  rule(
    "pair-misaligned",
    "64-bit arguments at even places, or architectures disagree about the registers",
    "pread64 and readahead leave a register out on arm, powerpc and mips; preadv takes two longs instead",
  ),
  rule(
    "split-by-hand",
    "one value in one argument: the convention of each architecture splits it, where it has to",
    "preadv and preadv2 take pos_l and pos_h: on 64 bit the kernel shifts pos_h out (pos_from_hilo)",
  ),
  rule(
    "argument-order",
    "one order of arguments on every architecture",
    "clone has four (rules §8); eclone and clone3 have one",
  ),
  rule(
    "pid-viewpoint",
    "it is said which namespace a pid belongs to",
    "the series' own description said descendant and meant ancestor (A-30); clone3 turned the order round, innermost first",
  ),
  rule(
    "late-capability",
    "privilege is asked before user memory is read, and before the caller can make the kernel allocate",
    "clone_with_pids and eclone copy and allocate first (A-11, A-13; E-09, E-11)",
  ),
  rule(
    "early-write",
    "nothing is written out before the point of no return: a failed call has no effect",
    "clone3 writes the pidfd and may fail after that (P-25, P-31): the number of a closed descriptor stays behind",
  ),
  rule(
    "number-taken",
    "a number nobody has",
    "337, 338, 323, 325 and 300 went to recvmmsg, fanotify_init and prlimit64 while the series was out of tree",
  ),
  rule(
    "no-compat-entry",
    "the compat table is wired up in the same patch",
    "clone_with_pids on x86_64 kernels: a 32-bit task gets ENOSYS",
  ),
];

import type { SyscallDecl } from "../../abi/syscall.ts";

/**
 * `openat2`: open with a struct that grows; whatever it does not know it refuses. Source: fs/open.c; openat2(2).
 */
const openat2 = {
  name: "openat2",
  since: "5.6",
  numbers: { x86_64: 437, i386: 437 },
  args: { dfd: "fd", filename: { string: "in" }, how: { in: "open_how", size: "usize" }, usize: "size_t" },
  returns: "fd",
  ladder: [
    ["size-too-small", "EINVAL", [], "the size is below that of the first version"],
    ["size-too-large", "E2BIG", [], "the size is above a page"],
    ["tail-not-zero", "E2BIG", [], "the part of the struct the kernel does not know is not zero"],
    ["struct-unreadable", "EFAULT", [], "struct open_how cannot be read"],
    ["unknown-flag", "EINVAL", [], "a flag or a resolve bit is not known"],
    ["mode-without-creation", "EINVAL", [], "a mode is given and nothing is created"],
  ],
  support: "declared",
  provenance: ["fs/open.c", "openat2(2)"],
} as const;

/** `epoll_ctl`: one of three operations on an epoll instance. Source: fs/eventpoll.c; epoll_ctl(2). */
const epoll_ctl = {
  name: "epoll_ctl",
  numbers: { x86_64: 233, i386: 255 },
  args: { epfd: "fd", op: "int", fd: "fd", event: { in: "epoll_event", optional: true } },
  returns: "int",
  ladder: [
    ["event-unreadable", "EFAULT", [], "the operation needs an event, and it cannot be read"],
    ["not-open", "EBADF", [], "epfd or fd is no open descriptor"],
    ["not-pollable", "EPERM", [], "the file cannot be polled"],
    ["no-epoll", "EINVAL", [], "epfd is no epoll instance, or is fd itself"],
    ["unknown-option", "EINVAL", [], "op is none of the operations"],
  ],
  support: "declared",
  note: "every bit of events is kept: unknown ones are not refused",
  provenance: ["fs/eventpoll.c", "epoll_ctl(2)"],
} as const;

/** `futex_waitv`: wait on several futexes. Source: kernel/futex/syscalls.c. */
const futex_waitv = {
  name: "futex_waitv",
  since: "5.16",
  numbers: { x86_64: 449, i386: 449 },
  args: {
    waiters: { in: "futex_waitv", count: "nr_futexes" },
    nr_futexes: "unsigned int",
    flags: "unsigned int",
    timeout: { in: "__kernel_timespec", optional: true },
    clockid: "int",
  },
  returns: "int",
  ladder: [
    ["unknown-flag", "EINVAL", [], "flags is not 0"],
    ["count-range", "EINVAL", [], "no waiter, or more than 128"],
    ["waiter-unreadable", "EFAULT", [], "the waiters cannot be read"],
    ["unknown-flag-of-waiter", "EINVAL", [], "a waiter has an unknown flag"],
    ["reserved-set", "EINVAL", [], "a waiter's reserved word is not 0"],
  ],
  support: "declared",
  provenance: ["kernel/futex/syscalls.c"],
} as const;

/** `mount_setattr`: change the attributes of mounts. Source: fs/namespace.c; mount_setattr(2). */
const mount_setattr = {
  name: "mount_setattr",
  since: "5.12",
  numbers: { x86_64: 442, i386: 442 },
  args: {
    dfd: "fd",
    path: { string: "in" },
    flags: "unsigned int",
    uattr: { in: "mount_attr", size: "usize" },
    usize: "size_t",
  },
  returns: "int",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag is not known"],
    ["size-too-large", "E2BIG", [], "the size is above a page"],
    ["size-too-small", "EINVAL", [], "the size is below that of the first version"],
    ["not-capable", "EPERM", [], "mounts are not the caller's to change"],
    ["tail-not-zero", "E2BIG", [], "the part of the struct the kernel does not know is not zero"],
    ["struct-unreadable", "EFAULT", [], "struct mount_attr cannot be read"],
    ["unknown-attribute", "EINVAL", [], "an attribute or a propagation is not known"],
  ],
  support: "declared",
  provenance: ["fs/namespace.c", "mount_setattr(2)"],
} as const;

/** `preadv`: the offset in two longs, so that no architecture has to align a pair. Source: fs/read_write.c. */
const preadv = {
  name: "preadv",
  since: "2.6.30",
  numbers: { x86_64: 295, i386: 333 },
  args: {
    fd: "unsigned long",
    vec: { in: "iovec", count: "vlen" },
    vlen: "unsigned long",
    pos_l: "unsigned long",
    pos_h: "unsigned long",
  },
  returns: "ssize_t",
  ladder: [
    ["position-negative", "EINVAL", [], "the offset is negative"],
    ["not-open", "EBADF", [], "fd is no open descriptor"],
    ["not-seekable", "ESPIPE", [], "the file has no positions"],
  ],
  support: "declared",
  provenance: ["fs/read_write.c", "preadv(2)"],
} as const;

/** `fallocate`: two offsets of 64 bits, at even places. Source: fs/open.c; fallocate(2). */
const fallocate = {
  name: "fallocate",
  since: "2.6.23",
  numbers: { x86_64: 285, i386: 324 },
  args: { fd: "fd", mode: "int", offset: "s64", len: "s64" },
  returns: "int",
  ladder: [
    ["not-open", "EBADF", [], "fd is no open descriptor"],
    ["range-wrong", "EINVAL", [], "the offset is negative, or the length is not positive"],
    ["unknown-mode", "EOPNOTSUPP", [], "a bit of the mode is not known"],
  ],
  support: "declared",
  provenance: ["fs/open.c", "fallocate(2)"],
} as const;

/** `sync_file_range`: seven words where pairs are even. Source: fs/sync.c; sync_file_range(2). */
const sync_file_range = {
  name: "sync_file_range",
  since: "2.6.17",
  numbers: { x86_64: 277, i386: 314 },
  args: { fd: "fd", offset: "s64", nbytes: "s64", flags: "unsigned int" },
  returns: "int",
  ladder: [
    ["not-open", "EBADF", [], "fd is no open descriptor"],
    ["unknown-flag", "EINVAL", [], "a flag is not known"],
    ["range-wrong", "EINVAL", [], "the range is negative or wraps"],
  ],
  support: "declared",
  provenance: ["fs/sync.c", "sync_file_range(2)"],
} as const;

/** `io_uring_setup`: a struct both ways, with reserved words. Source: io_uring/io_uring.c. */
const io_uring_setup = {
  name: "io_uring_setup",
  since: "5.1",
  numbers: { x86_64: 425, i386: 425 },
  args: { entries: "u32", params: { inout: "io_uring_params" } },
  returns: "fd",
  ladder: [
    ["params-unreadable", "EFAULT", [], "struct io_uring_params cannot be read"],
    ["reserved-set", "EINVAL", [], "a reserved word is not 0"],
    ["unknown-flag", "EINVAL", [], "a flag is not known"],
    ["entries-range", "EINVAL", [], "no entry, or too many"],
    ["params-unwritable", "EFAULT", [], "struct io_uring_params cannot be written"],
  ],
  support: "declared",
  provenance: ["io_uring/io_uring.c"],
} as const;

/** `statx`: a mask says what is wanted, and the result what is there. Source: fs/stat.c; statx(2). */
const statx = {
  name: "statx",
  since: "4.11",
  numbers: { x86_64: 332, i386: 383 },
  args: {
    dfd: "fd",
    filename: { string: "in" },
    flags: "unsigned int",
    mask: "unsigned int",
    buffer: { out: "statx" },
  },
  returns: "int",
  ladder: [
    ["reserved-mask", "EINVAL", [], "the reserved bit of the mask is set"],
    ["unknown-flag", "EINVAL", [], "a flag is not known"],
    ["name-unreadable", "EFAULT", [], "the name cannot be read"],
    ["buffer-unwritable", "EFAULT", [], "the result cannot be written"],
  ],
  support: "declared",
  provenance: ["fs/stat.c", "statx(2)"],
} as const;

/**
 * Well-known calls trapgate describes without emulating them: what the review is tried on. Their ladders name the
 * checks at the door and leave the rest to the file systems.
 */
export const UAPI_CALLS: readonly SyscallDecl[] = [
  openat2,
  epoll_ctl,
  futex_waitv,
  mount_setattr,
  preadv,
  fallocate,
  sync_file_range,
  io_uring_setup,
  statx,
];

import type { StructDecl } from "../../abi/struct.ts";

/**
 * `struct epoll_event`: packed on x86_64 and x32 alone, so that a 64-bit x86 kernel has i386's layout; everywhere else
 * four bytes of padding stand before the data. Source: uapi/linux/eventpoll.h.
 */
export const epoll_event = {
  struct: "epoll_event",
  fields: { events: "u32", data: "u64" },
  packed: ["x86_64", "x32"],
  note: "EPOLL_PACKED is empty but for __x86_64__",
} as const;

/** `struct open_how`: openat2's, which grows. Source: uapi/linux/openat2.h. */
export const open_how = {
  struct: "open_how",
  fields: { flags: "u64", mode: "u64", resolve: "u64" },
  versions: { VER0: 24 },
} as const;

/** `struct mount_attr`: mount_setattr's, which grows. Source: uapi/linux/mount.h. */
export const mount_attr = {
  struct: "mount_attr",
  fields: { attr_set: "u64", attr_clr: "u64", propagation: "u64", userns_fd: "u64" },
  versions: { VER0: 32 },
} as const;

/** `struct futex_waitv`: an address in 64 bits wherever it came from. Source: uapi/linux/futex.h. */
export const futex_waitv = {
  struct: "futex_waitv",
  fields: { val: "u64", uaddr: "u64", flags: "u32", __reserved: "u32" },
} as const;

/** `struct statx_timestamp`. Source: uapi/linux/stat.h. */
export const statx_timestamp = {
  struct: "statx_timestamp",
  fields: { tv_sec: "s64", tv_nsec: "u32", __reserved: "s32" },
} as const;

/** `struct statx`: 256 bytes everywhere, what is left of them spare. Source: uapi/linux/stat.h. */
export const statx_result = {
  struct: "statx",
  fields: {
    stx_mask: "u32",
    stx_blksize: "u32",
    stx_attributes: "u64",
    stx_nlink: "u32",
    stx_uid: "u32",
    stx_gid: "u32",
    stx_mode: "u16",
    __spare0: { array: "u16", length: 1 },
    stx_ino: "u64",
    stx_size: "u64",
    stx_blocks: "u64",
    stx_attributes_mask: "u64",
    stx_atime: { struct: "statx_timestamp" },
    stx_btime: { struct: "statx_timestamp" },
    stx_ctime: { struct: "statx_timestamp" },
    stx_mtime: { struct: "statx_timestamp" },
    stx_rdev_major: "u32",
    stx_rdev_minor: "u32",
    stx_dev_major: "u32",
    stx_dev_minor: "u32",
    stx_mnt_id: "u64",
    stx_dio_mem_align: "u32",
    stx_dio_offset_align: "u32",
    __spare3: { array: "u64", length: 12 },
  },
  note: "as of 6.1; later kernels use some of __spare3",
} as const;

/** `struct io_sqring_offsets`. Source: uapi/linux/io_uring.h. */
export const io_sqring_offsets = {
  struct: "io_sqring_offsets",
  fields: {
    head: "u32",
    tail: "u32",
    ring_mask: "u32",
    ring_entries: "u32",
    flags: "u32",
    dropped: "u32",
    array: "u32",
    resv1: "u32",
    resv2: "u64",
  },
} as const;

/** `struct io_cqring_offsets`. Source: uapi/linux/io_uring.h. */
export const io_cqring_offsets = {
  struct: "io_cqring_offsets",
  fields: {
    head: "u32",
    tail: "u32",
    ring_mask: "u32",
    ring_entries: "u32",
    overflow: "u32",
    cqes: "u32",
    flags: "u32",
    resv1: "u32",
    resv2: "u64",
  },
} as const;

/** `struct io_uring_params`: in and out, reserved words checked for zero. Source: uapi/linux/io_uring.h. */
export const io_uring_params = {
  struct: "io_uring_params",
  fields: {
    sq_entries: "u32",
    cq_entries: "u32",
    flags: "u32",
    sq_thread_cpu: "u32",
    sq_thread_idle: "u32",
    features: "u32",
    wq_fd: "u32",
    resv: { array: "u32", length: 3 },
    sq_off: { struct: "io_sqring_offsets" },
    cq_off: { struct: "io_cqring_offsets" },
  },
} as const;

/** `struct __kernel_timespec`: the same on 32 and 64 bit. Source: uapi/linux/time_types.h. */
export const kernel_timespec = {
  struct: "__kernel_timespec",
  fields: { tv_sec: "s64", tv_nsec: "s64" },
} as const;

/** Structs of calls trapgate describes without emulating them, by their uapi headers. */
export const UAPI_STRUCTS: readonly StructDecl[] = [
  epoll_event,
  open_how,
  mount_attr,
  futex_waitv,
  statx_timestamp,
  statx_result,
  io_sqring_offsets,
  io_cqring_offsets,
  io_uring_params,
  kernel_timespec,
];

import { describe, expect, test } from "vitest";
import { CLONE, F, O, RLIMIT } from "../../../src/abi/structs/index.ts";
import { DEV_NULL } from "../../../src/kernel/file/dev-null.ts";
import { allocFile } from "../../../src/kernel/file/open-file.ts";
import type { Guest } from "../../../src/kernel/index.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { become, expectFailure, Lab, SCRATCH } from "../support/lab.ts";

/** A caller whose descriptors 0 and 1 are the ends of a pipe. */
function piped(era: { readonly arch: "x86_64" | "i386"; readonly profile: string }): {
  lab: Lab;
  caller: Guest;
} {
  const lab = new Lab(era);
  expect(lab.caller.call("pipe2", { fildes: SCRATCH, flags: O.NONBLOCK })).toBe(0);
  return { lab, caller: lab.caller };
}

const fcntl = (guest: Guest, fd: number, cmd: number, arg: number | bigint = 0): number | null =>
  guest.call("fcntl", { fd, cmd, arg });

describe.each(ERAS)(`fcntl, ${TITLE}`, (era) => {
  test("the descriptor comes before the command", () => {
    const { lab, caller } = piped(era);
    expectFailure(lab, fcntl(caller, 9, 999), "EBADF", "bad-fd");
    expectFailure(lab, fcntl(caller, 0, 999), "EINVAL", "unknown-command");
    expectFailure(lab, fcntl(caller, 0, F.GETPIPE_SZ), "EINVAL", "unknown-command");
  });

  test("F_DUPFD takes the lowest free descriptor from a number on; FD_CLOEXEC is the descriptor's", () => {
    const { lab, caller } = piped(era);
    expect([
      fcntl(caller, 0, F.DUPFD, 10),
      fcntl(caller, 0, F.DUPFD_CLOEXEC, 10),
      fcntl(caller, 0, F.DUPFD),
    ]).toEqual([10, 11, 2]);
    expect([10, 11].map((fd) => fcntl(caller, fd, F.GETFD))).toEqual([0, 1]);
    expect([fcntl(caller, 10, F.SETFD, 0xff), fcntl(caller, 10, F.GETFD), fcntl(caller, 0, F.GETFD)]).toEqual(
      [0, 1, 0],
    );
    expectFailure(lab, fcntl(caller, 0, F.DUPFD, 1024), "EINVAL", "above-limit");
    caller.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(3));
    expectFailure(lab, fcntl(caller, 0, F.DUPFD, 2), "EMFILE", "too-many-fds");
    expectFailure(lab, fcntl(caller, 0, F.DUPFD, 3), "EINVAL", "above-limit");
  });

  test("status flags are the open file's, shared by its descriptors; the access mode never changes", () => {
    const { caller } = piped(era);
    caller.call("dup", { fildes: 1 });
    expect([fcntl(caller, 0, F.GETFL), fcntl(caller, 1, F.GETFL)]).toEqual([
      O.NONBLOCK,
      O.NONBLOCK | O.WRONLY,
    ]);
    expect(fcntl(caller, 1, F.SETFL, O.APPEND | O.RDWR | O.CLOEXEC)).toBe(0);
    expect([fcntl(caller, 2, F.GETFL), fcntl(caller, 0, F.GETFL)]).toEqual([O.APPEND | O.WRONLY, O.NONBLOCK]);
    // Without O_NONBLOCK the full pipe is waited at.
    for (let i = 0; i < 16; i++) caller.call("write", { fd: 1, buf: SCRATCH, count: 4096 });
    fcntl(caller, 1, F.SETFL, O.NONBLOCK);
    expect(caller.errno(caller.call("write", { fd: 2, buf: SCRATCH, count: 1 }))).toBe("EAGAIN");
  });

  test("O_NOATIME takes the owner, O_DIRECT a file that knows it; only what can tell keeps O_ASYNC", () => {
    const { lab, caller } = piped(era);
    const file = allocFile(lab.machine, DEV_NULL, O.RDWR);
    if (file !== null) caller.task.files.install(5, file);
    become(caller, 1000, []);
    caller.task.cred = { ...caller.task.cred, fsuid: 1000 };
    expectFailure(lab, fcntl(caller, 0, F.SETFL, O.NOATIME), "EPERM", "not-owner");
    become(caller, 1000, ["FOWNER"]);
    expect(fcntl(caller, 0, F.SETFL, O.NOATIME | O.DIRECT | O.ASYNC)).toBe(0);
    expect(fcntl(caller, 0, F.GETFL)).toBe(O.NOATIME | O.DIRECT | O.ASYNC);
    expectFailure(lab, fcntl(caller, 5, F.SETFL, O.DIRECT), "EINVAL", "no-direct-io");
    expect([fcntl(caller, 5, F.SETFL, O.ASYNC | O.APPEND), fcntl(caller, 5, F.GETFL)]).toEqual([
      0,
      O.RDWR | O.APPEND,
    ]);
  });
});

describe("what came later, on 6.14", () => {
  const era = { arch: "x86_64", profile: "clone3-614" } as const;

  test("a pipe's size: a power of two of pages, no less than is in it, no more than a user may have", () => {
    const { lab, caller } = piped(era);
    const size = (bytes: number): number | null => fcntl(caller, 0, F.SETPIPE_SZ, bytes);
    expect([fcntl(caller, 1, F.GETPIPE_SZ), size(1), size(4097), fcntl(caller, 0, F.GETPIPE_SZ)]).toEqual([
      65_536, 4096, 8192, 8192,
    ]);
    for (let i = 0; i < 2; i++) caller.call("write", { fd: 1, buf: SCRATCH, count: 4096 });
    expect(caller.errno(caller.call("write", { fd: 1, buf: SCRATCH, count: 1 }))).toBe("EAGAIN");
    expectFailure(lab, size(4096), "EBUSY", "pipe-in-use");
    expectFailure(lab, size(0x8000_0001), "EINVAL", "pipe-size");
    expect(size(2 ** 21)).toBe(2 ** 21);
    become(caller, 1000, []);
    expect(size(2 ** 20)).toBe(2 ** 20);
    expectFailure(lab, size(2 ** 21), "EPERM", "pipe-size-limit");
    caller.task.files.close(lab.machine);
    expect(lab.machine.rootUserNs.account(0).pipeBuffers).toBe(0);
  });

  test("a writer that waits goes on when the pipe gets longer", () => {
    const { lab, caller } = piped(era);
    fcntl(caller, 1, F.SETFL, 0);
    const child = lab.fork();
    for (let i = 0; i < 16; i++) caller.call("write", { fd: 1, buf: SCRATCH, count: 4096 });
    expect(child.call("write", { fd: 1, buf: SCRATCH, count: 10 })).toBeNull();
    fcntl(caller, 0, F.SETPIPE_SZ, 2 ** 17);
    expect([child.task.state, child.result]).toEqual(["running", 10]);
  });

  test("F_DUPFD_QUERY knows one open file from another", () => {
    const { lab, caller } = piped(era);
    caller.call("dup", { fildes: 0 });
    expect([fcntl(caller, 0, F.DUPFD_QUERY, 2), fcntl(caller, 0, F.DUPFD_QUERY, 1)]).toEqual([1, 0]);
    expectFailure(lab, fcntl(caller, 0, F.DUPFD_QUERY, 9), "EBADF", "other-fd-bad");
  });

  test("close_range closes or marks what is open in it, in a table of the caller's own if asked", () => {
    const { lab, caller } = piped(era);
    const range = (fd: number, max_fd: number, flags = 0): number | null =>
      caller.call("close_range", { fd, max_fd, flags });
    for (const fd of [5, 7, 9]) caller.call("dup2", { oldfd: 0, newfd: fd });
    expectFailure(lab, range(5, 4, 8), "EINVAL", "unknown-flag");
    expectFailure(lab, range(5, 4), "EINVAL", "range-backwards");
    expect(range(6, 8)).toBe(0);
    expect(caller.task.files.descriptors()).toEqual([0, 1, 5, 9]);
    expect(range(5, 0xffff_ffff, 4)).toBe(0);
    expect([0, 5, 9].map((fd) => fcntl(caller, fd, F.GETFD))).toEqual([0, 1, 1]);
    const child = lab.fork(caller, CLONE.FILES);
    expect(child.call("close_range", { fd: 0, max_fd: 100, flags: 2 })).toBe(0);
    expect([child.task.files.descriptors(), caller.task.files.descriptors()]).toEqual([[], [0, 1, 5, 9]]);
    expect([child.task.files.users, caller.task.files.users]).toEqual([1, 1]);
  });
});

import { describe, expect, test } from "vitest";
import { CLONE, O, RLIMIT } from "../../../src/abi/structs/index.ts";
import { fdget, fdInstall, getUnusedFd, putUnusedFd } from "../../../src/kernel/file/descriptor.ts";
import type { FileOperations } from "../../../src/kernel/file/file-operations.ts";
import { allocFile } from "../../../src/kernel/file/open-file.ts";
import type { Guest, Machine } from "../../../src/kernel/index.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { expectFailure, Lab } from "../support/lab.ts";

/** Opens `count` files and says, in `closed`, which of them have been closed. */
function openFiles(guest: Guest, count: number, closed: number[] = []): number[] {
  return Array.from({ length: count }, (_, i) => {
    const op: FileOperations = { name: "a file", release: () => closed.push(i) };
    return open(guest, op);
  });
}

function open({ machine, task }: Guest, op: FileOperations): number {
  const file = allocFile(machine, op, O.RDWR);
  const fd = getUnusedFd(task, false);
  if (file === null || typeof fd === "string") throw new Error("no descriptor");
  fdInstall(task, fd, file);
  return fd;
}

const used = (machine: Machine): [files: number, frames: number] => [machine.filp.used, machine.pool.used];

describe.each(ERAS)(`Descriptors, ${TITLE}`, (era) => {
  const make = (): { lab: Lab; caller: Guest; closed: number[] } => {
    const lab = new Lab(era);
    const closed: number[] = [];
    expect(openFiles(lab.caller, 3, closed)).toEqual([0, 1, 2]);
    return { lab, caller: lab.caller, closed };
  };

  test("the lowest free descriptor is given out", () => {
    const { caller } = make();
    expect(caller.call("dup", { fildes: 0 })).toBe(3);
    expect(caller.call("dup", { fildes: 3 })).toBe(4);
    expect(caller.call("close", { fd: 1 })).toBe(0);
    expect(caller.call("close", { fd: 3 })).toBe(0);
    expect(caller.call("dup", { fildes: 0 })).toBe(1);
    expect(caller.call("dup", { fildes: 0 })).toBe(3);
    expect(caller.call("dup", { fildes: 0 })).toBe(5);
    expect(caller.task.files.descriptors()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("close: the open file is closed with its last descriptor, wherever that is", () => {
    const { lab, caller, closed } = make();
    caller.call("dup", { fildes: 0 });
    expect(caller.call("close", { fd: 0 })).toBe(0);
    expectFailure(lab, caller.call("close", { fd: 0 }), "EBADF", "bad-fd");
    expectFailure(lab, caller.call("close", { fd: -1 }), "EBADF", "bad-fd");
    const child = lab.fork();
    caller.call("close", { fd: 3 });
    expect(closed).toEqual([]);
    child.call("exit", { error_code: 0 });
    expect(closed).toEqual([0]);
  });

  test("dup: EBADF before EMFILE", () => {
    const { lab, caller } = make();
    caller.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(3));
    expectFailure(lab, caller.call("dup", { fildes: 9 }), "EBADF", "bad-fd");
    expectFailure(lab, caller.call("dup", { fildes: 0 }), "EMFILE", "too-many-fds");
    caller.call("close", { fd: 1 });
    expect(caller.call("dup", { fildes: 0 })).toBe(1);
  });

  test("dup2: onto itself it is a look, onto another it closes what was there", () => {
    const { lab, caller, closed } = make();
    expect(caller.call("dup2", { oldfd: 2, newfd: 2 })).toBe(2);
    expectFailure(lab, caller.call("dup2", { oldfd: 9, newfd: 9 }), "EBADF", "bad-fd");
    expectFailure(lab, caller.call("dup2", { oldfd: 9, newfd: 1 }), "EBADF", "old-fd-bad");
    expectFailure(lab, caller.call("dup2", { oldfd: 9, newfd: 1 << 20 }), "EBADF", "new-fd-too-high");
    expectFailure(lab, caller.call("dup2", { oldfd: 0, newfd: -1 }), "EBADF", "new-fd-too-high");
    expect(closed).toEqual([]);
    expect(caller.call("dup2", { oldfd: 0, newfd: 1 })).toBe(1);
    expect(closed).toEqual([1]);
    // A limit that has been lowered since binds new descriptors only; onto itself nothing is new.
    caller.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(2));
    expect(caller.call("dup2", { oldfd: 2, newfd: 2 })).toBe(2);
    expectFailure(lab, caller.call("dup2", { oldfd: 0, newfd: 2 }), "EBADF", "new-fd-too-high");
  });

  test("dup3: flags, then the same descriptor, then the limit, then the old descriptor", () => {
    const { lab, caller } = make();
    const dup3 = (oldfd: number, newfd: number, flags: number): number | null =>
      caller.call("dup3", { oldfd, newfd, flags });
    expectFailure(lab, dup3(9, 9, 1), "EINVAL", "unknown-flag");
    expectFailure(lab, dup3(9, 9, O.CLOEXEC), "EINVAL", "same-fd");
    expectFailure(lab, dup3(9, 1024, 0), "EBADF", "new-fd-too-high");
    expectFailure(lab, dup3(9, 10, 0), "EBADF", "old-fd-bad");
    expect(dup3(0, 10, O.CLOEXEC)).toBe(10);
    expect(caller.task.files.getCloseOnExec(10)).toBe(true);
    // FD_CLOEXEC is the descriptor's, not the file's: no copy inherits it.
    expect(caller.call("dup", { fildes: 10 })).toBe(3);
    expect(caller.task.files.getCloseOnExec(3)).toBe(false);
    expect(dup3(0, 10, 0)).toBe(10);
    expect(caller.task.files.getCloseOnExec(10)).toBe(false);
  });

  test("a child has a copy of the table with FD_CLOEXEC and all, or shares it under CLONE_FILES", () => {
    const { lab, caller } = make();
    caller.call("dup3", { oldfd: 0, newfd: 5, flags: O.CLOEXEC });
    const copy = lab.fork();
    expect(copy.task.files.getCloseOnExec(5)).toBe(true);
    expect(copy.call("close", { fd: 0 })).toBe(0);
    expect(caller.call("dup", { fildes: 0 })).toBe(3);
    const shares = lab.fork(caller, CLONE.FILES);
    expect(shares.call("dup", { fildes: 0 })).toBe(4);
    expect(caller.call("close", { fd: 4 })).toBe(0);
    expect(fdget(shares.task, 4)).toBeNull();
  });

  test("a descriptor that is reserved is taken, and nothing is open there", () => {
    const { lab, caller } = make();
    expect(getUnusedFd(caller.task, true)).toBe(3);
    expectFailure(lab, caller.call("close", { fd: 3 }), "EBADF", "bad-fd");
    expectFailure(lab, caller.call("dup2", { oldfd: 0, newfd: 3 }), "EBUSY", "new-fd-reserved");
    expect(caller.call("dup", { fildes: 0 })).toBe(4);
    putUnusedFd(caller.task, 3);
    expect(caller.call("dup", { fildes: 0 })).toBe(3);
    expect(caller.task.files.getCloseOnExec(3)).toBe(false);
  });

  test("a long table takes memory, which comes back; without it the answer is ENOMEM", () => {
    const { lab, caller } = make();
    const { machine } = lab;
    caller.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(Number.POSITIVE_INFINITY));
    const [files, frames] = used(machine);
    expect(caller.call("dup2", { oldfd: 0, newfd: 100_000 })).toBe(100_000);
    expect(used(machine)).toEqual([files, frames + (131_072 * 8) / 4096]);
    expectFailure(lab, caller.call("dup2", { oldfd: 0, newfd: 300_000 }), "ENOMEM", "no-memory");
    expectFailure(lab, caller.call("dup2", { oldfd: 0, newfd: 1 << 20 }), "EBADF", "new-fd-too-high");
    const short = lab.plain({});
    // 256 frames of 512 are taken, and a copy wants as many.
    expectFailure(lab, short, "ENOMEM", "copy-no-memory");
    expect(caller.call("close", { fd: 100_000 })).toBe(0);
    const child = lab.fork();
    expect(used(machine)).toEqual([files, frames + (131_072 * 8) / 4096]);
    lab.bury(child);
    caller.task.files.close(machine);
    expect(machine.filp.used).toBe(0);
    expect(machine.pool.used).toBeLessThan(frames);
  });
});

import { describe, expect, test } from "vitest";
import { CLONE, O, RLIMIT } from "../../../src/abi/structs/index.ts";
import { type Guest, SIG } from "../../../src/kernel/index.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { FaultPlan, PAGE_SIZE } from "../../../src/mm/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { become, expectFailure, HOLE, Lab, SCRATCH } from "../support/lab.ts";

/** Where data goes and comes from, apart from {@link SCRATCH}: two pages before the hole. */
const BUFFER = HOLE - 2 * PAGE_SIZE;

/** Makes a pipe and returns its two ends. */
function pipe(guest: Guest, flags: number = O.NONBLOCK): { r: number; w: number } {
  expect(guest.call("pipe2", { fildes: SCRATCH, flags })).toBe(0);
  return { r: guest.readInt(SCRATCH), w: guest.readInt(SCRATCH + 4) };
}

const read = (guest: Guest, fd: number, count: number, buf: number = BUFFER): number | null =>
  guest.call("read", { fd, buf, count });
const write = (guest: Guest, fd: number, count: number, buf: number = BUFFER): number | null =>
  guest.call("write", { fd, buf, count });

function text(guest: Guest, at: number, n: number): string {
  return String.fromCharCode(...guest.read(at, n));
}

function put(guest: Guest, at: number, what: string): void {
  guest.write(
    at,
    Uint8Array.from(what, (c) => c.charCodeAt(0)),
  );
}

describe.each(ERAS)(`Pipes, ${TITLE}`, (era) => {
  test("what is written is read, in order, and merged into one page", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const { r, w } = pipe(caller);
    put(caller, BUFFER, "hello world");
    expect(write(caller, w, 6)).toBe(6);
    expect(write(caller, w, 5, BUFFER + 6)).toBe(5);
    expect(read(caller, r, 4, SCRATCH)).toBe(4);
    expect(text(caller, SCRATCH, 4)).toBe("hell");
    expect(read(caller, r, 100, SCRATCH)).toBe(7);
    expect(text(caller, SCRATCH, 7)).toBe("o world");
    expectFailure(lab, read(caller, r, 100, SCRATCH), "EAGAIN", "would-block");
  });

  test("the ends are one-way, and EBADF comes before the buffer", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller);
    expectFailure(lab, read(lab.caller, w, 1, -1), "EBADF", "not-readable");
    expectFailure(lab, write(lab.caller, r, 1, -1), "EBADF", "not-writable");
    expectFailure(lab, read(lab.caller, 99, 1, -1), "EBADF", "bad-fd");
    expectFailure(lab, write(lab.caller, -1, 0, -1), "EBADF", "bad-fd");
  });

  test("EFAULT has two tiers: the range before anything, the pages with the bytes", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const beyond = era.arch === "i386" ? 0xfffff000 : -4096;
    const { r, w } = pipe(caller);
    expectFailure(lab, read(caller, r, 16, HOLE), "EAGAIN", "would-block");
    expectFailure(lab, read(caller, r, 16, beyond), "EFAULT", "not-user-range");
    expectFailure(lab, read(caller, r, 0, beyond), "EFAULT", "not-user-range");
    expectFailure(lab, write(caller, w, 0, beyond), "EFAULT", "not-user-range");
    expect(read(caller, r, 0, HOLE)).toBe(0);
    expect(write(caller, w, 0, HOLE)).toBe(0);
    expectFailure(lab, write(caller, w, 16, HOLE), "EFAULT", "buffer-unreadable");
    write(caller, w, 16);
    expectFailure(lab, read(caller, r, 16, HOLE), "EFAULT", "buffer-unwritable");
    caller.call("close", { fd: w });
    expect(read(caller, r, 16, HOLE - 16)).toBe(16);
    // At the end of the data there is nothing to move, and so no page to miss.
    expect(read(caller, r, 16, HOLE)).toBe(0);
    expectFailure(lab, read(caller, r, 16, beyond), "EFAULT", "not-user-range");
  });

  test("a write moves whole pages: a fault in the first is EFAULT, after it a short count", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const { r, w } = pipe(caller);
    expectFailure(lab, write(caller, w, 4096, HOLE - 4080), "EFAULT", "buffer-unreadable");
    expectFailure(lab, read(caller, r, 4096), "EAGAIN", "would-block");
    expect(write(caller, w, 8192, HOLE - 4096 - 100)).toBe(4096);
    expect(read(caller, r, 8192)).toBe(4096);
    // The same when the odd bytes would have joined the last page.
    write(caller, w, 10);
    expectFailure(lab, write(caller, w, 16, HOLE - 8), "EFAULT", "buffer-unreadable");
    expect(read(caller, r, 100)).toBe(10);
  });

  test("a read that meets a fault leaves the bytes before it in memory, and all of them in the pipe", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const { r, w } = pipe(caller);
    put(caller, BUFFER, "0123456789abcdef");
    write(caller, w, 16);
    expectFailure(lab, read(caller, r, 16, HOLE - 8), "EFAULT", "buffer-unwritable");
    expect(text(caller, HOLE - 8, 8)).toBe("01234567");
    expect(read(caller, r, 16, SCRATCH)).toBe(16);
    expect(text(caller, SCRATCH, 16)).toBe("0123456789abcdef");
    // Two pages are there: the first fits, the second does not.
    write(caller, w, 4096);
    write(caller, w, 4096);
    expect(read(caller, r, 8192, HOLE - 4096 - 8)).toBe(4096);
    expect(read(caller, r, 8192)).toBe(4096);
  });

  test("a pipe holds 16 pages, however little stands in them; PIPE_BUF bytes are written whole or not at all", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const { r, w } = pipe(caller);
    for (let i = 0; i < 15; i++) expect(write(caller, w, 4096)).toBe(4096);
    expect(write(caller, w, 5000)).toBe(4096);
    expectFailure(lab, write(caller, w, 1), "EAGAIN", "would-block");
    // Read bytes make room where the page is given back, not before.
    read(caller, r, 4095);
    expectFailure(lab, write(caller, w, 1), "EAGAIN", "would-block");
    read(caller, r, 1);
    expect(write(caller, w, 2)).toBe(2);
    expectFailure(lab, write(caller, w, 4095), "EAGAIN", "would-block");
    expect(write(caller, w, 4094)).toBe(4094);
    // 5000 = 904 that would join the last page, which is full, and so 5000 in pages of their own.
    read(caller, r, 4096);
    expect(write(caller, w, 5000)).toBe(4096);
  });

  test("EPIPE with SIGPIPE when nobody reads, but not for nothing; EOF when nobody writes", () => {
    const lab = new Lab(era);
    const writer = lab.fork();
    writer.task.sighand.set(SIG.PIPE, { handler: 1, restart: true });
    const { r, w } = pipe(writer);
    writer.call("close", { fd: r });
    lab.fresh();
    expect(write(writer, w, 0, HOLE)).toBe(0);
    expect(lab.records.some((record) => record.kind === "signal")).toBe(false);
    expectFailure(lab, write(writer, w, 1, HOLE), "EPIPE", "no-reader");
    expect(lab.records.some((record) => record.kind === "signal" && record.name === "SIGPIPE")).toBe(true);
    writer.task.sighand.set(SIG.PIPE, "default");
    expect(write(writer, w, 1)).toBeNull();
    expect(writer.task.exitStatus).toBe(SIG.PIPE);

    const { r: r2, w: w2 } = pipe(lab.caller);
    write(lab.caller, w2, 3);
    lab.caller.call("close", { fd: w2 });
    expect([read(lab.caller, r2, 10), read(lab.caller, r2, 10)]).toEqual([3, 0]);
  });

  test("a reader waits until something is written", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller, 0);
    const child = lab.fork();
    expect(read(child, r, 100)).toBeNull();
    expect(child.task.state).toBe("blocked");
    put(lab.caller, BUFFER, "abc");
    expect(write(lab.caller, w, 3)).toBe(3);
    expect([child.task.state, child.result, text(child, BUFFER, 3)]).toEqual(["running", 3, "abc"]);
  });

  test("a reader that waits wakes when the last writer is gone, however it went", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller, 0);
    const reader = lab.fork();
    reader.call("close", { fd: w });
    const writer = lab.fork();
    expect(read(reader, r, 100)).toBeNull();
    lab.caller.call("close", { fd: w });
    expect(reader.task.state).toBe("blocked");
    lab.caller.call("kill", { pid: writer.task.tid, sig: SIG.KILL });
    expect([reader.task.state, reader.result]).toEqual(["running", 0]);
  });

  test("readers that wait are served in the order they came", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller, 0);
    const readers = [lab.fork(), lab.fork(), lab.fork()];
    for (const reader of readers) expect(read(reader, r, 2)).toBeNull();
    put(lab.caller, BUFFER, "aabb");
    write(lab.caller, w, 4);
    expect(readers.map(({ task }) => task.state)).toEqual(["running", "running", "blocked"]);
    expect(readers.slice(0, 2).map((g) => text(g, BUFFER, 2))).toEqual(["aa", "bb"]);
  });

  test("a writer waits while the pipe is full, and what it has moved so far can be read meanwhile", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller, 0);
    const child = lab.fork();
    for (let i = 0; i < 15; i++) write(lab.caller, w, 4096);
    expect(write(child, w, 8192)).toBeNull();
    expect(read(lab.caller, r, 4096)).toBe(4096);
    expect([child.task.state, child.result]).toEqual(["running", 8192]);
  });

  test("a writer that waits gets EPIPE, or what it has moved, when the last reader is gone", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller, 0);
    const [one, two] = [lab.fork(), lab.fork()];
    for (const child of [one, two]) {
      child.task.sighand.set(SIG.PIPE, { handler: 1, restart: false });
      child.call("close", { fd: r });
    }
    for (let i = 0; i < 15; i++) write(lab.caller, w, 4096);
    expect(write(one, w, 8192)).toBeNull();
    expect(write(two, w, 1)).toBeNull();
    lab.caller.call("close", { fd: r });
    expect([one.result, two.errno(two.result)]).toEqual([4096, "EPIPE"]);
  });

  test("a signal ends a wait: with EINTR, or with what was moved; one that is not handled so restarts it", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller, 0);
    const [reader, writer] = [lab.fork(), lab.fork()];
    const kill = (guest: Guest): unknown => lab.caller.call("kill", { pid: guest.task.tid, sig: SIG.USR1 });
    for (const [restart, state] of [
      [true, "blocked"],
      [false, "running"],
    ] as const) {
      reader.task.sighand.set(SIG.USR1, { handler: 1, restart });
      if (reader.task.state === "running") expect(read(reader, r, 10)).toBeNull();
      kill(reader);
      expect(reader.task.state).toBe(state);
    }
    expect(reader.errno(reader.result)).toBe("EINTR");
    for (let i = 0; i < 15; i++) write(lab.caller, w, 4096);
    writer.task.sighand.set(SIG.USR1, { handler: 1, restart: true });
    expect(write(writer, w, 8192)).toBeNull();
    kill(writer);
    expect([writer.task.state, writer.result]).toEqual(["running", 4096]);
  });

  test("whoever waits keeps the file open, and lets go of it when it ends", () => {
    const lab = new Lab(era);
    const { r, w } = pipe(lab.caller, 0);
    const thread = lab.fork(lab.caller, CLONE.THREAD | CLONE.SIGHAND | CLONE.VM | CLONE.FILES);
    expect(read(thread, r, 10)).toBeNull();
    lab.caller.call("close", { fd: r });
    // The descriptor is gone, the reader is not.
    expect(write(lab.caller, w, 3)).toBe(3);
    expect(thread.result).toBe(3);
    lab.caller.task.sighand.set(SIG.PIPE, "ignore");
    expectFailure(lab, write(lab.caller, w, 3), "EPIPE", "no-reader");

    const child = lab.fork();
    const second = pipe(child, 0);
    expect(read(child, second.r, 10)).toBeNull();
    lab.caller.call("kill", { pid: child.task.tid, sig: SIG.KILL });
    lab.caller.call("close", { fd: w });
    expect([lab.machine.filp.used, lab.machine.pipes.used]).toEqual([0, 0]);
  });

  test("pipe: the first number stays written before a fault, no descriptor stays taken", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    caller.writeInts(HOLE - 4, [-1]);
    expectFailure(lab, caller.call("pipe", { fildes: HOLE - 4 }), "EFAULT", "fds-unwritable");
    expect(caller.readInt(HOLE - 4)).toBe(0);
    expect(caller.task.files.descriptors()).toEqual([]);
    expect([lab.machine.filp.used, lab.machine.pipes.used]).toEqual([0, 0]);
  });

  test("pipe2: flags, then the limit of descriptors, then memory", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const pipe2 = (fildes: number, flags: number): number | null => caller.call("pipe2", { fildes, flags });
    caller.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(1));
    expectFailure(lab, pipe2(HOLE, 1), "EINVAL", "unknown-flag");
    expectFailure(lab, pipe2(HOLE, O.DIRECT), "EINVAL", "unknown-flag");
    expectFailure(lab, pipe2(HOLE, 0), "EMFILE", "too-many-fds");
    caller.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(2));
    expectFailure(lab, pipe2(HOLE, 0), "EFAULT", "fds-unwritable");
    expect(pipe2(SCRATCH, O.CLOEXEC)).toBe(0);
    expect([0, 1].map((fd) => caller.task.files.getCloseOnExec(fd))).toEqual([true, true]);
  });

  test("pages of a pipe come from guest memory: without a frame ENOMEM, or what was moved", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    for (const [i, rung] of ["no-pipe", "no-file"].entries()) {
      lab.usePlan(new FaultPlan().failAllocation(i + 1, "frame"));
      expectFailure(lab, caller.call("pipe", { fildes: SCRATCH }), "ENFILE", rung);
    }
    lab.usePlan(null);
    expect([lab.machine.filp.used, lab.machine.pipes.used]).toEqual([0, 0]);
    const { w } = pipe(caller, 0);
    caller.write(BUFFER, new Uint8Array(8192));
    lab.usePlan(new FaultPlan().failAllocation(1, "frame"));
    expectFailure(lab, write(caller, w, 10), "ENOMEM", "no-page");
    lab.usePlan(new FaultPlan().failAllocation(2, "frame"));
    expect(write(caller, w, 8192)).toBe(4096);
    lab.usePlan(null);
    caller.task.files.close(lab.machine);
    expect([lab.machine.filp.used, lab.machine.pipes.used]).toEqual([0, 0]);
  });

  test("a child has the same ends; a pipe lives while one of them does", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    const { r, w } = pipe(caller);
    const child = lab.fork();
    caller.call("close", { fd: r });
    caller.call("close", { fd: w });
    write(child, w, 100);
    expect(read(child, r, 50)).toBe(50);
    const { used } = lab.machine.pool;
    lab.bury(child);
    expect(lab.machine.pool.used).toBeLessThan(used);
    expect([lab.machine.filp.used, lab.machine.pipes.used]).toEqual([0, 0]);
  });
});

test("O_DIRECT: every write is a packet, what of it a read does not take is gone (since 3.4)", () => {
  const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
  const { caller } = lab;
  const { r, w } = pipe(caller, O.DIRECT | O.NONBLOCK);
  put(caller, BUFFER, "abcdefghij");
  write(caller, w, 5);
  write(caller, w, 5, BUFFER + 5);
  expect(read(caller, r, 2, SCRATCH)).toBe(2);
  expect(read(caller, r, 100, SCRATCH)).toBe(5);
  expect(text(caller, SCRATCH, 5)).toBe("fghij");
  expectFailure(lab, caller.call("pipe2", { fildes: HOLE, flags: O.EXCL }), "ENOPKG", "no-watch-queue");
});

test("a user without privilege who holds many pipe pages gets pipes of two (since 5.14)", () => {
  const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
  const { caller } = lab;
  become(caller, 1000, []);
  caller.task.cred.user.pipeBuffers = 16_384 - 15;
  const { w } = pipe(caller);
  expect([1, 2, 3].map(() => caller.errno(write(caller, w, 4096)))).toEqual([null, null, "EAGAIN"]);
  become(caller, 1000, ["SYS_RESOURCE"]);
  const { w: wide } = pipe(caller);
  for (let i = 0; i < 16; i++) expect(write(caller, wide, 4096)).toBe(4096);
});

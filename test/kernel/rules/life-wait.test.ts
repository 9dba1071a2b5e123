import { describe, expect, test } from "vitest";
import { layoutOf } from "../../../src/abi/struct.ts";
import { CLONE, rusage, WAIT } from "../../../src/abi/structs/index.ts";
import { type Guest, SIG } from "../../../src/kernel/index.ts";
import { PAGE_SIZE, PROT_READ } from "../../../src/mm/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { HOLE, KERNEL_ADDRESS, Lab, nest, SCRATCH } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
const STATUS = SCRATCH;
const USAGE = SCRATCH + 0x100;

describe.each(ERAS)(`Wait, ${TITLE}`, (era) => {
  const wait = (guest: Guest, upid: number, options = 0): number | null =>
    guest.call("wait4", { upid, stat_addr: STATUS, options });
  const exit = (guest: Guest, code = 0): unknown => guest.call("exit_group", { error_code: code });

  test("without children: ECHILD; WNOHANG with children that run: 0", () => {
    const lab = new Lab(era);
    expect(lab.caller.errno(wait(lab.caller, -1))).toBe("ECHILD");
    expect(lab.caller.errno(wait(lab.caller, -1, WAIT.WNOHANG))).toBe("ECHILD");
    lab.caller.writeInts(STATUS, [77]);
    const child = lab.fork();
    expect(wait(lab.caller, -1, WAIT.WNOHANG)).toBe(0);
    expect(lab.caller.readInt(STATUS)).toBe(77);
    exit(child, 1);
    expect(wait(lab.caller, -1, WAIT.WNOHANG)).toBe(child.task.tid);
    expect(lab.caller.readInt(STATUS)).toBe(1 << 8);
    expect(lab.caller.errno(wait(lab.caller, -1))).toBe("ECHILD");
  });

  test("a wait that blocks completes when a child exits", () => {
    const lab = new Lab(era, { level: 1 });
    const one = lab.fork();
    const two = lab.fork();
    expect(wait(lab.caller, two.task.tid)).toBeNull();
    expect(lab.caller.task.state).toBe("blocked");
    expect(() => lab.caller.call("getpid")).toThrow(RangeError);
    exit(one, 1);
    expect(lab.caller.task.state).toBe("blocked");
    exit(two, 2);
    expect(lab.caller.task.state).toBe("running");
    expect([lab.caller.result, lab.caller.readInt(STATUS)]).toEqual([two.task.tid, 2 << 8]);
    expect(wait(lab.caller, -1)).toBe(one.task.tid);
  });

  test("whom a wait is for: a number, any, a group, the caller's own group", () => {
    const lab = new Lab(era);
    const [a, b, c] = [lab.fork(), lab.fork(), lab.fork()];
    expect(b.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(c.call("setpgid", { pid: 0, pgid: b.task.tid })).toBe(0);
    for (const guest of [c, b, a]) exit(guest, guest.task.tid);
    expect(lab.caller.errno(wait(lab.caller, 40))).toBe("ECHILD");
    expect(lab.caller.errno(wait(lab.caller, -40))).toBe("ECHILD");
    expect(lab.caller.errno(wait(lab.caller, -0x8000_0000))).toBe("ECHILD");
    expect(wait(lab.caller, -b.task.tid)).toBe(b.task.tid);
    expect(wait(lab.caller, 0)).toBe(a.task.tid);
    expect(lab.caller.errno(wait(lab.caller, 0))).toBe("ECHILD");
    expect(wait(lab.caller, c.task.tid)).toBe(c.task.tid);
  });

  test("only children count: no grandchild, no sibling, no thread, no number of another namespace", () => {
    const lab = new Lab(era, { level: 1 });
    const child = lab.fork();
    const grandchild = lab.fork(child);
    const thread = lab.fork(child, THREAD);
    for (const guest of [grandchild, thread, lab.caller]) {
      expect(lab.caller.errno(wait(lab.caller, guest.task.tid, WAIT.WALL))).toBe("ECHILD");
    }
    expect(lab.caller.errno(wait(lab.caller, child.task.pidNumbers()[0] ?? 0))).not.toBeNull();
    expect(grandchild.errno(wait(grandchild, -1))).toBe("ECHILD");
  });

  test("the result is the child's number as the caller sees it", () => {
    const lab = new Lab(era, { level: 1 });
    const init = nest(lab.caller);
    const inside = lab.fork(init);
    expect(wait(lab.caller, -1)).toBeNull();
    exit(init, 4);
    expect(lab.caller.result).toBe(init.task.pidNumbers()[1]);
    expect(inside.task.state).toBe("dead");
  });

  test("__WCLONE sees children with another exit signal than SIGCHLD, __WALL sees all", () => {
    const lab = new Lab(era);
    const usual = lab.fork();
    const cloned = lab.child({ signal: SIG.USR1 });
    const silent = lab.child({ signal: 0 });
    lab.caller.task.sighand.set(SIG.USR1, { handler: 1, restart: true });
    for (const guest of [silent, cloned, usual]) exit(guest);
    expect(lab.caller.errno(wait(lab.caller, cloned.task.tid))).toBe("ECHILD");
    expect(lab.caller.errno(wait(lab.caller, usual.task.tid, WAIT.WCLONE))).toBe("ECHILD");
    expect(wait(lab.caller, -1, WAIT.WCLONE)).toBe(cloned.task.tid);
    expect(wait(lab.caller, -1)).toBe(usual.task.tid);
    expect(wait(lab.caller, -1, WAIT.WALL)).toBe(silent.task.tid);
  });

  test("an unknown option is EINVAL, before anything else", () => {
    const lab = new Lab(era);
    for (const options of [0x10, WAIT.WEXITED, WAIT.WNOWAIT, 0x100, 0x1000_0000]) {
      expect(lab.caller.errno(wait(lab.caller, -1, options))).toBe("EINVAL");
    }
    const all = WAIT.WNOHANG | WAIT.WUNTRACED | WAIT.WCONTINUED | WAIT.WNOTHREAD | WAIT.WCLONE | WAIT.WALL;
    expect(lab.caller.errno(wait(lab.caller, -1, all >>> 0))).toBe("ECHILD");
  });

  test("a status that cannot be written is EFAULT, and the child is reaped all the same", () => {
    const lab = new Lab(era);
    for (const stat_addr of [8, HOLE, HOLE - 2, KERNEL_ADDRESS[era.arch]]) {
      const child = lab.fork();
      exit(child);
      expect(lab.caller.errno(lab.caller.call("wait4", { upid: -1, stat_addr }))).toBe("EFAULT");
      expect(lab.rung).toBe("status-unwritable");
      expect(child.task.state).toBe("dead");
      expect(lab.machine.tasks.size).toBe(1);
    }
    lab.caller.task.mm?.protect(SCRATCH, PAGE_SIZE, PROT_READ);
    exit(lab.fork());
    expect(lab.caller.errno(wait(lab.caller, -1))).toBe("EFAULT");
    // With nothing to report nothing is written, and nothing faults.
    lab.fork();
    expect(lab.caller.call("wait4", { upid: -1, stat_addr: 8, options: WAIT.WNOHANG })).toBe(0);
  });

  test("rusage is written, 144 or 72 bytes, before the status; a fault is EFAULT and the child is reaped", () => {
    const lab = new Lab(era);
    const size = era.arch === "i386" ? 72 : 144;
    expect(layoutOf(rusage, lab.caller.task.path.model, lab.machine.registry.types).size).toBe(size);
    lab.caller.write(USAGE, new Uint8Array(160).fill(0xaa));
    exit(lab.fork(), 1);
    lab.log.clear();
    expect(lab.caller.call("wait4", { upid: -1, stat_addr: STATUS, ru: USAGE })).toBe(2);
    const bytes = [...lab.caller.read(USAGE, 160)];
    expect(bytes.slice(0, size).every((byte) => byte === 0)).toBe(true);
    expect(bytes.slice(size).every((byte) => byte === 0xaa)).toBe(true);
    expect(lab.log.entries.map((e) => [e.address, e.length])).toEqual([
      [USAGE, size],
      [STATUS, 4],
    ]);

    lab.caller.writeInts(STATUS, [77]);
    const child = lab.fork();
    exit(child, 2);
    const fault = lab.caller.call("wait4", { upid: -1, stat_addr: STATUS, ru: HOLE - size + 1 });
    expect([lab.caller.errno(fault), lab.rung]).toEqual(["EFAULT", "rusage-unwritable"]);
    expect([lab.caller.readInt(STATUS), child.task.state]).toEqual([77, "dead"]);
  });

  test("a stopped and a continued child are reported once each, to those who ask", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    const { tid } = child.task;
    lab.caller.call("kill", { pid: tid, sig: SIG.STOP });
    expect(child.task.state).toBe("stopped");
    expect(wait(lab.caller, -1, WAIT.WNOHANG)).toBe(0);
    expect(wait(lab.caller, -1, WAIT.WUNTRACED)).toBe(tid);
    expect(lab.caller.readInt(STATUS)).toBe((SIG.STOP << 8) | 0x7f);
    expect(wait(lab.caller, -1, WAIT.WUNTRACED | WAIT.WNOHANG)).toBe(0);
    lab.caller.call("kill", { pid: tid, sig: SIG.CONT });
    expect(child.task.state).toBe("running");
    expect(wait(lab.caller, -1, WAIT.WNOHANG | WAIT.WUNTRACED)).toBe(0);
    expect(wait(lab.caller, -1, WAIT.WCONTINUED)).toBe(tid);
    expect(lab.caller.readInt(STATUS)).toBe(0xffff);
    expect(wait(lab.caller, -1, WAIT.WCONTINUED | WAIT.WNOHANG)).toBe(0);
  });

  test("a wait that blocks completes when a child stops", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const child = lab.fork(parent);
    // In a group of its own, which its parent connects with the rest of the session.
    expect(child.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(wait(parent, -1, WAIT.WUNTRACED)).toBeNull();
    lab.caller.call("kill", { pid: child.task.tid, sig: SIG.TSTP });
    expect([parent.result, parent.readInt(STATUS)]).toEqual([child.task.tid, (SIG.TSTP << 8) | 0x7f]);
  });

  test("a signal with a handler that restarts leaves the wait alone; without, it is EINTR", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const child = lab.fork(parent);
    parent.task.sighand.set(SIG.USR1, { handler: 1, restart: true });
    parent.task.sighand.set(SIG.HUP, { handler: 1, restart: false });
    expect(wait(parent, -1)).toBeNull();
    for (const sig of [SIG.USR1, SIG.WINCH]) {
      lab.caller.call("kill", { pid: parent.task.tid, sig });
      expect(parent.task.state).toBe("blocked");
    }
    lab.caller.call("kill", { pid: parent.task.tid, sig: SIG.HUP });
    expect([parent.task.state, parent.errno(parent.result)]).toEqual(["running", "EINTR"]);
    expect(wait(parent, -1)).toBeNull();
    exit(child, 6);
    expect([parent.result, parent.readInt(STATUS)]).toEqual([child.task.tid, 6 << 8]);
  });

  test("the SIGCHLD of the child that is waited for does not interrupt the wait", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    parent.task.sighand.set(SIG.CHLD, { handler: 1, restart: false });
    const child = lab.fork(parent);
    expect(wait(parent, -1)).toBeNull();
    lab.fresh();
    exit(child, 6);
    expect(parent.result).toBe(child.task.tid);
    expect(parent.readInt(STATUS)).toBe(6 << 8);
    // The handler runs all the same, on the way out.
    const mine = lab.records.filter((r) => r.task.pids[0] === parent.task.tid).map((r) => r.kind);
    expect(mine).toEqual(["exit", "signal"]);
    // The SIGCHLD of another child does.
    const one = lab.fork(parent);
    const two = lab.fork(parent);
    expect(wait(parent, one.task.tid)).toBeNull();
    exit(two);
    expect(parent.errno(parent.result)).toBe("EINTR");
  });

  test("a fatal signal ends a wait and the task", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    lab.fork(parent);
    expect(wait(parent, -1)).toBeNull();
    lab.caller.call("kill", { pid: parent.task.tid, sig: SIG.TERM });
    expect(parent.task.state).toBe("zombie");
    expect(wait(lab.caller, parent.task.tid)).toBe(parent.task.tid);
    expect(lab.caller.readInt(STATUS)).toBe(SIG.TERM);
  });

  test("any thread may wait for the group's children, and __WNOTHREAD for its own alone", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    const child = lab.fork(leader);
    exit(child);
    const nr = child.task.tid;
    for (const whom of [-1, nr]) expect(thread.errno(wait(thread, whom, WAIT.WNOTHREAD))).toBe("ECHILD");
    expect(wait(thread, -1)).toBe(nr);
    const second = lab.fork(leader);
    exit(second);
    expect(wait(thread, second.task.tid)).toBe(second.task.tid);
  });

  test("one child is waited for by its parent's group alone, even by its number", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const grandchild = lab.fork(leader);
    exit(grandchild);
    expect(lab.caller.errno(wait(lab.caller, grandchild.task.tid))).toBe("ECHILD");
    expect(wait(leader, grandchild.task.tid)).toBe(grandchild.task.tid);
  });

  test("two threads wait for one child: one has it, the other ECHILD", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    const child = lab.fork(leader);
    expect([wait(leader, -1), wait(thread, -1)]).toEqual([null, null]);
    exit(child);
    const results = [leader, thread].map((guest) => guest.errno(guest.result) ?? guest.result);
    expect(results.sort()).toEqual([child.task.tid, "ECHILD"].sort());
  });

  if (era.arch === "i386") {
    test("waitpid is wait4 without rusage", () => {
      const lab = new Lab(era);
      exit(lab.fork(), 9);
      expect(lab.caller.call("waitpid", { pid: -1, stat_addr: STATUS, options: 0 })).toBe(2);
      expect(lab.caller.readInt(STATUS)).toBe(9 << 8);
      expect(lab.caller.errno(lab.caller.call("waitpid", { pid: -1, options: 0x10 }))).toBe("EINVAL");
    });
  }
});

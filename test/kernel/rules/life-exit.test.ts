import { describe, expect, test } from "vitest";
import { CLONE, WAIT } from "../../../src/abi/structs/index.ts";
import { type Guest, SIG, type Task } from "../../../src/kernel/index.ts";
import { census } from "../support/census.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { Lab, nest, numbersOf, SCRATCH } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
const STATUS = SCRATCH;

describe.each(ERAS)(`Exit, ${TITLE}`, (era) => {
  /** wait4 for one child; returns its status. */
  function reap(parent: Guest, nr: number): number {
    expect(parent.call("wait4", { upid: nr, stat_addr: STATUS, options: WAIT.WALL })).toBe(nr);
    return parent.readInt(STATUS);
  }

  const alive = (task: Task): boolean => task.state !== "zombie" && task.state !== "dead";

  test("the low byte of the code is kept, in bits 8 to 15 of the status", () => {
    const lab = new Lab(era);
    for (const [code, kept] of [
      [0, 0],
      [1, 1],
      [255, 255],
      [256, 0],
      [-1, 255],
      [0x1234, 0x34],
    ] as const) {
      for (const call of ["exit", "exit_group"]) {
        const child = lab.fork();
        expect(child.call(call, { error_code: code })).toBeNull();
        expect(child.task.state).toBe("zombie");
        expect(child.task.mm).toBeNull();
        expect(reap(lab.caller, child.task.tid)).toBe(kept << 8);
        expect(child.task.state).toBe("dead");
      }
    }
  });

  test("a zombie keeps its numbers, can be signalled to no effect, and runs no more", () => {
    const lab = new Lab(era, { level: 1 });
    const child = lab.child({ pids: [77, 99] });
    child.call("exit", { error_code: 0 });
    expect(numbersOf(child)).toEqual([77, 99]);
    expect(lab.caller.call("kill", { pid: 99, sig: SIG.KILL })).toBe(0);
    expect(lab.caller.call("getpgid", { pid: 99 })).toBe(lab.caller.call("getpgid", { pid: 0 }));
    expect(() => child.call("getpid")).toThrow(RangeError);
    reap(lab.caller, 99);
    expect(lab.caller.errno(lab.caller.call("kill", { pid: 99, sig: 0 }))).toBe("ESRCH");
  });

  test("orphans go to the init of their namespace, which can reap them", () => {
    const lab = new Lab(era, { level: 1 });
    const parent = lab.fork();
    const orphan = lab.fork(parent);
    const zombie = lab.fork(parent);
    zombie.call("exit", { error_code: 7 });
    expect(orphan.call("getppid")).toBe(parent.task.tid);
    parent.call("exit_group", { error_code: 0 });
    expect(orphan.call("getppid")).toBe(1);
    expect(orphan.task.realParent).toBe(lab.caller.task);
    expect(reap(lab.caller, zombie.task.tid)).toBe(7 << 8);
    expect(reap(lab.caller, parent.task.tid)).toBe(0);
    orphan.call("exit", { error_code: 8 });
    expect(reap(lab.caller, orphan.task.tid)).toBe(8 << 8);
  });

  test("an orphan's private exit signal becomes SIGCHLD", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const orphan = lab.child({ signal: SIG.USR1 }, parent);
    parent.call("exit", { error_code: 0 });
    expect(orphan.task.exitSignal).toBe(SIG.CHLD);
    // So a plain wait sees it, which it would not have before.
    orphan.call("exit", { error_code: 0 });
    expect(lab.caller.call("wait4", { upid: orphan.task.tid })).toBe(orphan.task.tid);
  });

  test("an orphan whose namespace is deeper sees parent 0 before and after", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const inside = nest(parent);
    expect(inside.call("getppid")).toBe(0);
    parent.call("exit", { error_code: 0 });
    expect(inside.call("getppid")).toBe(0);
    expect(inside.task.realParent).toBe(lab.caller.task);
  });

  test("children go to another thread of the group first", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    const child = lab.child({ signal: SIG.USR1 }, leader);
    leader.task.sighand.set(SIG.USR1, { handler: 1, restart: true });
    leader.call("exit", { error_code: 3 });
    expect(child.call("getppid")).toBe(leader.task.tid);
    expect(child.task.realParent).toBe(thread.task);
    expect(child.task.exitSignal).toBe(SIG.USR1);
    expect(thread.call("getpid")).toBe(leader.task.tid);
    child.call("exit", { error_code: 0 });
    expect(thread.call("wait4", { upid: -1, options: WAIT.WALL })).toBe(child.task.tid);
  });

  test("a leader that exits first waits as a zombie for its threads, and only then can be reaped", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    lab.fresh();
    leader.call("exit", { error_code: 3 });
    expect(leader.task.state).toBe("zombie");
    expect(lab.caller.call("wait4", { upid: -1, options: WAIT.WNOHANG })).toBe(0);
    thread.call("exit", { error_code: 4 });
    expect(thread.task.state).toBe("dead");
    expect(reap(lab.caller, leader.task.tid)).toBe(3 << 8);
  });

  test("exit_group ends every thread with its code, a leader that had gone before included", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const threads = [lab.fork(leader, THREAD), lab.fork(leader, THREAD), lab.fork(leader, THREAD)];
    leader.call("exit", { error_code: 3 });
    threads[1]?.call("exit_group", { error_code: 9 });
    expect(threads.map((thread) => thread.task.state)).toEqual(["dead", "dead", "dead"]);
    expect(reap(lab.caller, leader.task.tid)).toBe(9 << 8);
    expect(lab.machine.nrThreads).toBe(1);
  });

  test("exit ends one thread and leaves the others", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const one = lab.fork(leader, THREAD);
    const two = lab.fork(leader, THREAD);
    one.call("exit", { error_code: 1 });
    expect([alive(leader.task), one.task.state, alive(two.task)]).toEqual([true, "dead", true]);
    expect(lab.machine.find(lab.machine.rootPidNs, 3)).toBeNull();
  });

  test("the exit of a namespace's init kills everybody in it, deeper levels included, and leaves nothing", () => {
    const lab = new Lab(era, { level: 1 });
    lab.fork();
    lab.caller.writeInts(STATUS, [0]);
    const before = census(lab.machine);
    const init = nest(lab.caller);
    const child = lab.fork(init);
    const grandchild = lab.fork(child);
    const thread = lab.fork(grandchild, THREAD);
    const deeper = nest(grandchild);
    const deepest = nest(lab.fork(deeper));
    const dead = [child, grandchild, thread, deeper, deepest];
    child.call("setsid");
    init.call("exit_group", { error_code: 5 });
    for (const guest of dead) expect(alive(guest.task)).toBe(false);
    // The init itself is what its parent can wait for; there is nobody else.
    expect(reap(lab.caller, init.task.nrIn(lab.caller.task.pidNs))).toBe(5 << 8);
    const options = WAIT.WNOHANG | WAIT.WALL;
    for (const guest of lab.inits) {
      expect(guest.call("wait4", { upid: -1, options })).toBe(0);
    }
    const { namespaces, tasks, ...rest } = census(lab.machine);
    const { namespaces: was, tasks: wereThere, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect(tasks).toHaveLength(wereThere.length);
    const numbers = (all: typeof was): unknown => Object.values(all).map((ns) => ns.numbers);
    expect(numbers(namespaces)).toEqual(numbers(was));
  });

  test("the exit of a namespace's init sends its parent one SIGCHLD, for the init", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    parent.task.sighand.set(SIG.CHLD, { handler: 1, restart: true });
    lab.caller.task.sighand.set(SIG.CHLD, { handler: 1, restart: true });
    const init = nest(parent);
    lab.fork(lab.fork(lab.fork(init)));
    lab.fresh();
    init.call("exit", { error_code: 0 });
    const signals = lab.records.filter((r) => r.kind === "signal");
    expect(signals.map((r) => [r.signal, r.task.pids])).toEqual([[SIG.CHLD, [parent.task.tid]]]);
  });

  test("the exit of a namespace's init ends waits inside it, vfork's too", () => {
    const lab = new Lab(era);
    const init = nest(lab.caller);
    const waiter = lab.fork(init);
    lab.fork(waiter);
    expect(waiter.call("wait4", { upid: -1 })).toBeNull();
    const vforker = lab.fork(init);
    expect(vforker.call("vfork")).toBeNull();
    const again = [...lab.machine.tasks].at(-1);
    if (again === undefined) throw new Error("vfork made no task");
    const inner = lab.machine.find(init.task.pidNs, again.tid);
    expect(inner).toBe(again);
    expect(vforker.child(again.tid).call("vfork")).toBeNull();
    init.call("exit_group", { error_code: 0 });
    expect(lab.machine.tasks.size).toBe(2);
    expect(reap(lab.caller, 2)).toBe(0);
    expect(lab.caller.errno(lab.caller.call("wait4", { upid: -1 }))).toBe("ECHILD");
    expect(lab.machine.regsPool.live).toBe(2);
  });

  test("a namespace's init with threads goes when its last thread does", () => {
    const lab = new Lab(era);
    const init = nest(lab.caller);
    const thread = lab.fork(init, THREAD);
    const child = lab.fork(init);
    init.call("exit", { error_code: 0 });
    expect(alive(child.task)).toBe(true);
    expect(child.task.realParent).toBe(thread.task);
    expect(child.call("getppid")).toBe(1);
    thread.call("exit", { error_code: 0 });
    expect(alive(child.task)).toBe(false);
    expect(lab.machine.tasks.size).toBe(2);
  });

  test("the exit of the initial namespace's init is a panic: the machine stands still", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    lab.caller.call("exit_group", { error_code: 0 });
    expect(lab.machine.panicked).toContain("Attempted to kill init!");
    expect(child.task.state).toBe("running");
    const before = child.task.regs.bytes();
    child.trap();
    expect(child.task.regs.bytes()).toEqual(before);
  });

  test("a parent that ignores SIGCHLD has no zombies; its waits end with ECHILD", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    parent.task.sighand.set(SIG.CHLD, "ignore");
    const one = lab.fork(parent);
    one.call("exit", { error_code: 0 });
    expect(one.task.state).toBe("dead");
    const two = lab.fork(parent);
    expect(parent.call("wait4", { upid: -1 })).toBeNull();
    two.call("exit", { error_code: 0 });
    expect(parent.errno(parent.result)).toBe("ECHILD");
    // Another exit signal than SIGCHLD makes a zombie all the same.
    const three = lab.child({ signal: SIG.USR1 }, parent);
    parent.task.sighand.set(SIG.USR1, { handler: 1, restart: true });
    three.call("exit", { error_code: 0 });
    expect(three.task.state).toBe("zombie");
  });

  test("user process counts follow tasks, zombies included", () => {
    const lab = new Lab(era);
    const user = lab.machine.rootUserNs.account(0);
    const start = user.processes;
    const child = lab.fork();
    const thread = lab.fork(child, THREAD);
    expect(user.processes).toBe(start + 2);
    thread.call("exit", { error_code: 0 });
    child.call("exit", { error_code: 0 });
    expect(user.processes).toBe(start + 1);
    reap(lab.caller, child.task.tid);
    expect(user.processes).toBe(start);
  });
});

import { describe, expect, test } from "vitest";
import { CLONE, WAIT } from "../../../src/abi/structs/index.ts";
import { type Guest, SIG } from "../../../src/kernel/index.ts";
import { sendSignal } from "../../../src/kernel/signal/send.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { become, Lab, nest, SCRATCH } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
const HANDLED = { handler: 0x4000, restart: true } as const;

describe.each(ERAS)(`Kill, ${TITLE}`, (era) => {
  const kill = (guest: Guest, pid: number, sig: number): number | string | null => {
    const result = guest.call("kill", { pid, sig });
    return guest.errno(result) ?? result;
  };
  const states = (...guests: Guest[]): string[] => guests.map((guest) => guest.task.state);
  /** The signals the last calls delivered, with the number of the sender as the receiver sees it. */
  const delivered = (lab: Lab): unknown[] =>
    lab.records.flatMap((r) => (r.kind === "signal" ? [[r.task.tid, r.signal, r.info.from]] : []));

  test("the ladder: no such process, then the number, then the permission", () => {
    const lab = new Lab(era, { level: 1 });
    const own = lab.fork();
    const other = lab.fork();
    become(own, 1000, []);
    become(other, 1001, []);
    expect(kill(own, 999, 70)).toBe("ESRCH");
    for (const sig of [-1, 65, 1000]) expect(kill(own, other.task.tid, sig)).toBe("EINVAL");
    for (const sig of [0, SIG.TERM, SIG.KILL]) expect(kill(own, other.task.tid, sig)).toBe("EPERM");
    expect(states(own, other)).toEqual(["running", "running"]);
  });

  test("who may signal whom: the same user, CAP_KILL, and SIGCONT within a session", () => {
    const lab = new Lab(era);
    const [own, same, other] = [lab.fork(), lab.fork(), lab.fork()];
    become(own, 1000, []);
    become(same, 1000, []);
    become(other, 1001, []);
    expect(kill(own, same.task.tid, 0)).toBe(0);
    expect(kill(own, other.task.tid, SIG.CONT)).toBe(0);
    expect(other.call("setsid")).toBe(other.task.tid);
    expect(kill(own, other.task.tid, SIG.CONT)).toBe("EPERM");
    become(own, 1000, ["KILL"]);
    expect(kill(own, other.task.tid, SIG.TERM)).toBe(0);
    expect(states(other)).toEqual(["zombie"]);
  });

  test("signal 0 asks and does nothing", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    expect([kill(lab.caller, child.task.tid, 0), kill(lab.caller, 0, 0), kill(lab.caller, -1, 0)]).toEqual([
      0, 0, 0,
    ]);
    expect(states(child)).toEqual(["running"]);
  });

  test("a thread's number means its whole group", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    const other = lab.fork(leader, THREAD);
    expect(kill(lab.caller, thread.task.tid, SIG.TERM)).toBe(0);
    expect(states(leader, thread, other)).toEqual(["zombie", "dead", "dead"]);
    expect(lab.caller.call("wait4", { upid: leader.task.tid, stat_addr: SCRATCH })).toBe(leader.task.tid);
    expect(lab.caller.readInt(SCRATCH)).toBe(SIG.TERM);
  });

  test("kill(-1) reaches everybody in the caller's namespace but its init and the caller's group", () => {
    const lab = new Lab(era, { level: 1 });
    const outside = lab.inits[0]?.call("fork") ?? 0;
    const sender = lab.fork();
    const thread = lab.fork(sender, THREAD);
    const victims = [lab.fork(), lab.fork(sender), nest(lab.caller)];
    expect(kill(sender, -1, SIG.KILL)).toBe(0);
    expect(states(...victims)).toEqual(["zombie", "zombie", "zombie"]);
    expect(states(lab.caller, sender, thread)).toEqual(["running", "running", "running"]);
    expect(lab.machine.find(lab.machine.rootPidNs, outside)?.state).toBe("running");
  });

  test("K-30 kill(-1) that finds nobody is ESRCH", () => {
    const lab = new Lab(era, { level: 1 });
    expect(kill(lab.caller, -1, SIG.TERM)).toBe("ESRCH");
    const child = lab.fork();
    expect(kill(child, -1, SIG.TERM)).toBe("ESRCH");
    expect(kill(lab.caller, -1, SIG.TERM)).toBe(0);
    expect(states(child)).toEqual(["zombie"]);
  });

  test("kill(-1) passes over those it may not signal, and a bad number is EINVAL when there is somebody", () => {
    const lab = new Lab(era, { level: 1 });
    const sender = lab.fork();
    const victim = lab.fork();
    become(sender, 1000, []);
    expect(kill(sender, -1, SIG.KILL)).toBe(0);
    expect(states(victim)).toEqual(["running"]);
    expect(kill(sender, -1, 99)).toBe("EINVAL");
  });

  test("kill(0) and kill(-pgid) reach a process group, the caller included", () => {
    const lab = new Lab(era, { level: 1 });
    const leader = lab.fork();
    expect(leader.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    const member = lab.fork(leader);
    const inside = nest(leader);
    const stranger = lab.fork();
    for (const guest of [leader, member, inside, stranger]) guest.task.sighand.set(SIG.USR1, HANDLED);
    lab.fresh();
    expect(kill(member, 0, SIG.USR1)).toBe(0);
    const reached = (tids: readonly number[]): void =>
      expect(
        delivered(lab)
          .map((d) => (d as number[])[0])
          .sort(),
      ).toEqual([...tids].sort());
    reached([leader.task.tid, member.task.tid, inside.task.tid]);
    lab.fresh();
    expect(kill(lab.caller, -leader.task.tid, SIG.USR1)).toBe(0);
    reached([leader.task.tid, member.task.tid, inside.task.tid]);
    expect(kill(lab.caller, -999, SIG.USR1)).toBe("ESRCH");
    expect(kill(lab.caller, -0x8000_0000, SIG.USR1)).toBe("ESRCH");
  });

  test("a group call succeeds when one member could be signalled, else the last error stands", () => {
    const lab = new Lab(era);
    const sender = lab.fork();
    const foreign = lab.fork();
    const own = lab.fork();
    expect(foreign.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(own.call("setpgid", { pid: 0, pgid: foreign.task.tid })).toBe(0);
    become(sender, 1000, []);
    become(foreign, 1001, []);
    become(own, 1000, []);
    expect(kill(sender, -foreign.task.tid, SIG.TERM)).toBe(0);
    expect(states(foreign, own)).toEqual(["running", "zombie"]);
    lab.caller.call("wait4", { upid: own.task.tid });
    expect(kill(sender, -foreign.task.tid, SIG.TERM)).toBe("EPERM");
    expect(kill(sender, -foreign.task.tid, 77)).toBe("EINVAL");
  });

  test("K-30 an init cannot be killed from inside; its parent namespace's SIGKILL works", () => {
    const lab = new Lab(era);
    const init = nest(lab.caller);
    const child = lab.fork(init);
    for (let sig = 1; sig <= 64; sig++) {
      expect(kill(child, 1, sig)).toBe(0);
      expect(kill(init, 1, sig)).toBe(0);
    }
    expect(states(init, child)).toEqual(["running", "running"]);
    const seen = init.task.pidNumbers()[0] ?? 0;
    for (const sig of [SIG.TERM, SIG.HUP, SIG.INT, SIG.TSTP, 34]) expect(kill(lab.caller, seen, sig)).toBe(0);
    expect(states(init, child)).toEqual(["running", "running"]);
    expect(kill(lab.caller, seen, SIG.KILL)).toBe(0);
    expect(states(init, child)).toEqual(["zombie", "dead"]);
    expect(lab.caller.call("wait4", { upid: -1, stat_addr: SCRATCH })).toBe(seen);
    expect(lab.caller.readInt(SCRATCH)).toBe(SIG.KILL);
  });

  test("K-30 an init takes what it handles; SIGSTOP of its parent namespace stops it", () => {
    const lab = new Lab(era);
    const init = nest(lab.caller);
    const child = lab.fork(init);
    const seen = init.task.pidNumbers()[0] ?? 0;
    init.task.sighand.set(SIG.USR1, HANDLED);
    lab.fresh();
    kill(child, 1, SIG.USR1);
    kill(lab.caller, seen, SIG.USR1);
    expect(delivered(lab)).toEqual([
      [1, SIG.USR1, child.task.tid],
      [1, SIG.USR1, 0],
    ]);
    kill(child, 1, SIG.STOP);
    expect(states(init)).toEqual(["running"]);
    kill(lab.caller, seen, SIG.STOP);
    expect(states(init)).toEqual(["stopped"]);
    kill(child, 1, SIG.CONT);
    expect(states(init)).toEqual(["running"]);
  });

  test("the initial namespace's init is deaf to everything it does not handle", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    for (let sig = 1; sig <= 64; sig++) kill(child, 1, sig);
    expect(lab.caller.call("getpid")).toBe(1);
    expect(lab.machine.panicked).toBeNull();
  });

  test("K-31 a sender outside the receiver's namespace is 0, one inside has its number there", () => {
    const lab = new Lab(era, { level: 2 });
    const child = lab.child({ pids: [77, 99] });
    child.task.sighand.set(SIG.USR1, HANDLED);
    const sibling = lab.fork();
    const [init, middle] = lab.inits;
    if (init === undefined || middle === undefined) throw new Error("three levels");
    lab.fresh();
    kill(sibling, 99, SIG.USR1);
    kill(middle, 77, SIG.USR1);
    kill(init, child.task.pidNumbers()[0] ?? 0, SIG.USR1);
    expect(delivered(lab)).toEqual([
      [99, SIG.USR1, sibling.task.tid],
      [99, SIG.USR1, 0],
      [99, SIG.USR1, 0],
    ]);
  });

  test("what the default action of a signal does", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    for (const [sig, state] of [
      [SIG.HUP, "zombie"],
      [SIG.KILL, "zombie"],
      [SIG.USR1, "zombie"],
      [34, "zombie"],
      [64, "zombie"],
      [SIG.CHLD, "running"],
      [SIG.URG, "running"],
      [SIG.WINCH, "running"],
      [SIG.CONT, "running"],
      [SIG.STOP, "stopped"],
      [SIG.TSTP, "stopped"],
      [SIG.TTIN, "stopped"],
      [SIG.TTOU, "stopped"],
    ] as const) {
      const child = lab.fork(parent);
      expect(child.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
      kill(lab.caller, child.task.tid, sig);
      expect([sig, child.task.state]).toEqual([sig, state]);
      if (state !== "zombie") continue;
      expect(parent.call("wait4", { upid: child.task.tid, stat_addr: SCRATCH })).toBe(child.task.tid);
      expect(parent.readInt(SCRATCH)).toBe(sig);
    }
  });

  test("SIGKILL and SIGSTOP can neither be handled nor ignored", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    for (const sig of [SIG.KILL, SIG.STOP]) {
      child.task.sighand.set(sig, HANDLED);
      child.task.sighand.set(sig, "ignore");
    }
    kill(lab.caller, child.task.tid, SIG.STOP);
    expect(states(child)).toEqual(["stopped"]);
    kill(lab.caller, child.task.tid, SIG.KILL);
    expect(states(child)).toEqual(["zombie"]);
  });

  test("a stopped task takes SIGKILL and SIGCONT at once, the rest when it goes on", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    kill(lab.caller, child.task.tid, SIG.STOP);
    kill(lab.caller, child.task.tid, SIG.TERM);
    expect(states(child)).toEqual(["stopped"]);
    kill(lab.caller, child.task.tid, SIG.CONT);
    expect(states(child)).toEqual(["zombie"]);
    const other = lab.fork();
    kill(lab.caller, other.task.tid, SIG.STOP);
    kill(lab.caller, other.task.tid, SIG.KILL);
    expect(states(other)).toEqual(["zombie"]);
  });

  test("a signal stops and continues every thread of a group", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    kill(lab.caller, leader.task.tid, SIG.STOP);
    expect(states(leader, thread)).toEqual(["stopped", "stopped"]);
    kill(lab.caller, leader.task.tid, SIG.CONT);
    expect(states(leader, thread)).toEqual(["running", "running"]);
    expect(thread.call("getpid")).toBe(leader.task.tid);
  });

  test("a task that signals itself takes the signal on the way out of kill", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    expect(kill(child, child.task.tid, SIG.TERM)).toBeNull();
    expect(states(child)).toEqual(["zombie"]);
    const handler = lab.fork();
    handler.task.sighand.set(SIG.TERM, HANDLED);
    lab.fresh();
    expect(kill(handler, handler.task.tid, SIG.TERM)).toBe(0);
    expect(lab.records.map((r) => r.kind)).toEqual(["enter", "exit", "signal"]);
  });

  test("the kernel's own signals have no sender", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    child.task.sighand.set(SIG.USR1, HANDLED);
    lab.fresh();
    sendSignal(lab.machine, child.task, SIG.USR1, null);
    lab.machine.settle();
    expect(delivered(lab)).toEqual([[child.task.tid, SIG.USR1, 0]]);
    expect(lab.caller.call("wait4", { upid: -1, options: WAIT.WNOHANG })).toBe(0);
  });
});

import { describe, expect, test } from "vitest";
import { CLONE, kernel_sigaction, PR, SA, WAIT } from "../../../src/abi/structs/index.ts";
import { type Guest, SIG, type Word } from "../../../src/kernel/index.ts";
import { BASE, clone3Eras, clone3ErasBefore, ERAS, TITLE } from "../support/eras.ts";
import { become, Lab, nest, SCRATCH } from "../support/lab.ts";

const TODAY = clone3Eras();
const ALL = [...BASE, ...TODAY];
const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
const HANDLED = { handler: 0x4000, restart: true } as const;

const exit = (guest: Guest, code = 0): unknown => guest.call("exit_group", { error_code: code });
const kill = (guest: Guest, pid: number, sig: number): unknown => guest.call("kill", { pid, sig });
const prctl = (guest: Guest, option: number, arg2: Word = 0): number | null =>
  guest.call("prctl", { option, arg2 });
const wait = (guest: Guest, upid: number, options = 0): number | string | null => {
  const result = guest.call("wait4", { upid, stat_addr: SCRATCH, options });
  return guest.errno(result) ?? result;
};

/** Sets what a guest's group does with SIGCHLD. */
function onChild(guest: Guest, sa_handler: number, sa_flags: number): void {
  guest.writeStruct(SCRATCH, kernel_sigaction, { sa_handler, sa_flags, sa_restorer: 0, sa_mask: 0 });
  expect(guest.call("rt_sigaction", { sig: SIG.CHLD, act: SCRATCH, sigsetsize: 8 })).toBe(0);
}

const signalsOf = (lab: Lab, guest: Guest): number[] =>
  lab.records.flatMap((r) =>
    r.kind === "signal" && r.task.pids[0] === guest.task.pid.numbers[0] ? [r.signal] : [],
  );

describe.each(ALL)(`Children and their parents, ${TITLE}`, (era) => {
  test("who ignores SIGCHLD, or says SA_NOCLDWAIT, has no zombies; a blocked wait ends with ECHILD", () => {
    for (const [handler, flags] of [
      [1, 0],
      [0, SA.NOCLDWAIT],
      [0x4000, SA.NOCLDWAIT | SA.RESTART],
    ] as const) {
      const lab = new Lab(era);
      const parent = lab.fork();
      onChild(parent, handler, flags);
      const [one, two] = [lab.fork(parent), lab.fork(parent)];
      expect(parent.call("wait4", { upid: -1 })).toBeNull();
      lab.fresh();
      exit(one);
      expect([one.task.state, parent.task.state]).toEqual(["dead", "blocked"]);
      // SA_NOCLDWAIT tells the parent all the same.
      expect(signalsOf(lab, parent)).toEqual(handler > 1 ? [SIG.CHLD] : []);
      exit(two);
      expect(parent.errno(parent.result)).toBe("ECHILD");
    }
  });

  test("only a child that would send SIGCHLD vanishes so", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    onChild(parent, 1, 0);
    const silent = lab.made(lab.plain({ signal: 0 }, parent), parent);
    exit(silent, 2);
    expect(wait(parent, -1, WAIT.WALL)).toBe(silent.task.tid);
  });

  test("a stop and a continuation send SIGCHLD each; SA_NOCLDSTOP spares the parent both", () => {
    for (const [flags, told] of [
      [SA.RESTART, [SIG.CHLD, SIG.CHLD]],
      [SA.RESTART | SA.NOCLDSTOP, []],
    ] as const) {
      const lab = new Lab(era);
      const parent = lab.fork();
      onChild(parent, 0x4000, flags);
      const child = lab.fork(parent);
      lab.fresh();
      kill(lab.caller, child.task.tid, SIG.STOP);
      kill(lab.caller, child.task.tid, SIG.CONT);
      expect(signalsOf(lab, parent)).toEqual(told);
    }
  });

  test("a group is stopped when its last thread is; a thread that cannot be interrupted holds it up", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    expect(thread.call("vfork")).toBeNull();
    kill(lab.caller, leader.task.tid, SIG.STOP);
    expect([leader.task.state, thread.task.state]).toEqual(["stopped", "blocked"]);
    expect(wait(lab.caller, leader.task.tid, WAIT.WUNTRACED | WAIT.WNOHANG)).toBe(0);
    const child = [...(thread.task.children ?? [])][0];
    if (child === undefined) throw new Error("vfork made nobody");
    kill(lab.caller, child.pid.numbers[0] ?? 0, SIG.KILL);
    expect(thread.task.state).toBe("stopped");
    expect(wait(lab.caller, leader.task.tid, WAIT.WUNTRACED)).toBe(leader.task.tid);
    kill(lab.caller, leader.task.tid, SIG.CONT);
    expect([leader.task.state, thread.task.state]).toEqual(["running", "running"]);
  });

  test("jobs of an orphaned group are not stopped by the terminal's signals, SIGSTOP stops all", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const child = lab.fork(parent);
    expect(child.call("setsid")).toBe(child.task.tid);
    for (const sig of [SIG.TSTP, SIG.TTIN, SIG.TTOU]) {
      kill(lab.caller, child.task.tid, sig);
      expect(child.task.state).toBe("running");
    }
    // Neither does a parent in the group itself help: it would be stopped too.
    const member = lab.fork(child);
    kill(lab.caller, member.task.tid, SIG.TSTP);
    expect(member.task.state).toBe("running");
    kill(lab.caller, child.task.tid, SIG.STOP);
    expect(child.task.state).toBe("stopped");
  });

  test("a group that is orphaned while a job of it is stopped gets SIGHUP and SIGCONT", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const [stopped, other] = [lab.fork(parent), lab.fork(parent)];
    for (const guest of [stopped, other])
      expect(guest.call("setpgid", { pid: 0, pgid: stopped.task.tid })).toBe(0);
    stopped.task.sighand.set(SIG.HUP, HANDLED);
    other.task.sighand.set(SIG.HUP, HANDLED);
    kill(lab.caller, stopped.task.tid, SIG.STOP);
    lab.fresh();
    exit(parent);
    expect([stopped.task.state, signalsOf(lab, stopped), signalsOf(lab, other)]).toEqual([
      "running",
      [SIG.HUP],
      [SIG.HUP],
    ]);
  });

  test("PR_SET_PDEATHSIG: sent when the parent exits, unless that may not; a fork does not inherit it", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const [one, two] = [lab.fork(parent), lab.fork(parent)];
    for (const guest of [one, two]) {
      guest.task.sighand.set(SIG.USR1, HANDLED);
      expect(prctl(guest, PR.SET_PDEATHSIG, SIG.USR1)).toBe(0);
    }
    const grandchild = lab.fork(one);
    become(two, 1001, []);
    become(parent, 1000, []);
    become(one, 1000, []);
    lab.fresh();
    exit(parent);
    expect([signalsOf(lab, one), signalsOf(lab, two)]).toEqual([[SIG.USR1], []]);
    expect(grandchild.task.deathSignal).toBe(0);
  });
});

describe.each(TODAY)(`Children and their parents today, ${TITLE}`, (era) => {
  test("PR_SET_CHILD_SUBREAPER: orphans go to the nearest one above, not past their namespace's init", () => {
    const lab = new Lab(era);
    const reaper = lab.fork();
    const parent = lab.fork(reaper);
    const before = lab.fork(parent);
    expect(prctl(reaper, PR.SET_CHILD_SUBREAPER, 5)).toBe(0);
    const after = lab.fork(parent);
    const init = nest(parent);
    const inside = lab.fork(lab.fork(init));
    expect(prctl(reaper, PR.GET_CHILD_SUBREAPER, SCRATCH)).toBe(0);
    expect(reaper.readInt(SCRATCH)).toBe(1);
    expect(prctl(parent, PR.GET_CHILD_SUBREAPER, SCRATCH)).toBe(0);
    expect(parent.readInt(SCRATCH)).toBe(0);
    const middle = inside.task.realParent;
    kill(lab.caller, middle.pid.numbers[0] ?? 0, SIG.KILL);
    expect(inside.task.realParent).toBe(init.task);
    exit(parent);
    for (const guest of [before, after, init]) expect(guest.task.realParent).toBe(reaper.task);
    expect(prctl(reaper, PR.SET_CHILD_SUBREAPER, 0)).toBe(0);
    exit(reaper);
    expect(before.task.realParent).toBe(lab.caller.task);
  });

  test("a namespace's init that goes ignores SIGCHLD, in the table of handlers it shares (oracle 24)", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const flags = CLONE.VM | CLONE.SIGHAND | CLONE.VFORK | CLONE.NEWPID;
    expect(lab.plain({ flags }, parent)).toBeNull();
    const init = [...(parent.task.children ?? [])][0];
    if (init === undefined) throw new Error("no init was made");
    kill(lab.caller, init.pid.numbers[0] ?? 0, SIG.KILL);
    expect(parent.result).toBe(init.pid.numbers[0]);
    expect(parent.task.sighand.get(SIG.CHLD)).toBe("ignore");
    expect(wait(parent, -1)).toBe("ECHILD");
  });

  test("SIGKILL ends a vfork's wait, and so does what ends the group; a signal with a core file waits", () => {
    for (const [sig, state] of [
      [SIG.KILL, "zombie"],
      [SIG.TERM, "zombie"],
      [SIG.QUIT, "blocked"],
    ] as const) {
      const lab = new Lab(era);
      const parent = lab.fork();
      expect(parent.call("vfork")).toBeNull();
      kill(lab.caller, parent.task.tid, sig);
      expect(parent.task.state).toBe(state);
    }
  });

  test("a waiter whose child has left its group sleeps on while others exit", () => {
    const lab = new Lab(era);
    const [mine, other] = [lab.fork(), lab.fork()];
    expect(other.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(lab.caller.call("wait4", { upid: 0 })).toBeNull();
    expect(mine.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    exit(other);
    expect(lab.caller.task.state).toBe("blocked");
  });

  test("wait4 and kill of INT_MIN are ESRCH", () => {
    const lab = new Lab(era);
    lab.fork();
    expect([wait(lab.caller, -0x8000_0000), lab.rung]).toEqual(["ESRCH", "int-min"]);
    expect(lab.caller.errno(kill(lab.caller, -0x8000_0000, 0) as number)).toBe("ESRCH");
  });
});

describe.each(ERAS)(`Waiters of 2009, ${TITLE}`, (era) => {
  test("every child that exits wakes every waiter of its parent's group", () => {
    const lab = new Lab(era);
    const [mine, other] = [lab.fork(), lab.fork()];
    expect(other.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(lab.caller.call("wait4", { upid: 0 })).toBeNull();
    expect(mine.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    exit(other);
    expect(lab.caller.errno(lab.caller.result)).toBe("ECHILD");
  });
});

const leaderFirst = (lab: Lab): number => {
  const leader = lab.fork();
  const thread = lab.fork(leader, THREAD);
  leader.call("exit", { error_code: 1 });
  thread.call("exit", { error_code: 2 });
  expect(wait(lab.caller, leader.task.tid)).toBe(leader.task.tid);
  return lab.caller.readInt(SCRATCH) >> 8;
};

test.each(clone3Eras("clone3-63"))("the last thread's exit is the group's, $arch $profile", (era) => {
  expect(leaderFirst(new Lab(era))).toBe(2);
});

test.each([...BASE, ...clone3ErasBefore("clone3-63")])(
  "the leader's exit is the group's, $arch $profile",
  (era) => {
    expect(leaderFirst(new Lab(era))).toBe(1);
  },
);

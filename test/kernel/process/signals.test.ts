import { describe, expect, test } from "vitest";
import { layoutOf } from "../../../src/abi/struct.ts";
import { CLONE, kernel_sigaction, old_sigaction, SA, SIG_HOW, WAIT } from "../../../src/abi/structs/index.ts";
import { ENTRY_PATHS } from "../../../src/arch/index.ts";
import { type Guest, SIG, type Word } from "../../../src/kernel/index.ts";
import { PAGE_SIZE, PROT_READ } from "../../../src/mm/index.ts";
import { BASE, clone3Eras, clone3ErasBefore, TITLE } from "../support/eras.ts";
import { become, HOLE, Lab, nest, SCRATCH } from "../support/lab.ts";

const NEW = SCRATCH;
const OLD = SCRATCH + 0x100;
const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
const HANDLED = { handler: 0x4000, restart: true } as const;
const TODAY = clone3Eras();
const ALL = [...BASE, ...TODAY];

const answer = (guest: Guest, result: number | null): number | string | null => guest.errno(result) ?? result;

/** Calls by name with arguments in order, and says how it went. */
function call(guest: Guest, name: string, args: Readonly<Record<string, Word>>): number | string | null {
  return answer(guest, guest.call(name, args));
}

interface Action {
  readonly sa_handler?: Word;
  readonly sa_flags?: Word;
  readonly sa_restorer?: Word;
  readonly sa_mask?: Word;
}

function put(guest: Guest, at: number, action: Action): void {
  guest.writeStruct(at, kernel_sigaction, {
    sa_handler: 0,
    sa_flags: 0,
    sa_restorer: 0,
    sa_mask: 0,
    ...action,
  });
}

function got(guest: Guest, at: number): Record<string, number | bigint> {
  const layout = layoutOf(kernel_sigaction, guest.task.path.model, guest.machine.registry.types);
  return layout.read(new DataView(guest.read(at, layout.size).buffer), 0);
}

function sigaction(
  guest: Guest,
  sig: number,
  action: Action | null,
  more: Record<string, Word> = {},
): unknown {
  if (action !== null) put(guest, NEW, action);
  return call(guest, "rt_sigaction", {
    sig,
    act: action === null ? 0 : NEW,
    oact: 0,
    sigsetsize: 8,
    ...more,
  });
}

function setMask(guest: Guest, how: number, mask: bigint): unknown {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, mask, true);
  guest.write(NEW, bytes);
  return call(guest, "rt_sigprocmask", { how, nset: NEW, oset: 0, sigsetsize: 8 });
}

function readSet(guest: Guest, at: number): bigint {
  return new DataView(guest.read(at, 8).buffer).getBigUint64(0, true);
}

const bit = (sig: number): bigint => 1n << BigInt(sig - 1);
const kill = (guest: Guest, pid: number, sig: number): unknown => call(guest, "kill", { pid, sig });
const exit = (guest: Guest, code = 0): unknown => guest.call("exit_group", { error_code: code });

/** What waits for a task and is blocked. */
function pending(guest: Guest): bigint {
  expect(call(guest, "rt_sigpending", { uset: OLD, sigsetsize: 8 })).toBe(0);
  return readSet(guest, OLD);
}

/** The wait status of a child that has ended. */
function status(lab: Lab, child: Guest): number {
  expect(lab.caller.call("wait4", { upid: child.task.tid, stat_addr: SCRATCH, options: WAIT.WALL })).toBe(
    child.task.tid,
  );
  return lab.caller.readInt(SCRATCH);
}

describe.each(ALL)(`rt_sigaction, ${TITLE}`, (era) => {
  test("what is set is told, but for what no mask blocks", () => {
    const lab = new Lab(era);
    const action = {
      sa_handler: 0x12345,
      sa_flags: SA.RESTART | SA.SIGINFO,
      sa_restorer: 0x777,
      sa_mask: -1,
    };
    expect(sigaction(lab.caller, SIG.USR1, action)).toBe(0);
    expect(sigaction(lab.caller, SIG.USR1, null, { oact: OLD })).toBe(0);
    const mask = BigInt.asUintN(64, -1n) & ~bit(SIG.KILL) & ~bit(SIG.STOP);
    const old = got(lab.caller, OLD);
    expect([old.sa_handler, old.sa_flags, old.sa_restorer].map(Number)).toEqual([0x12345, 0x10000004, 0x777]);
    expect(old.sa_mask).toBe(mask);
  });

  test("the ladder: the size of the mask, the new action, the number, and at last the old one", () => {
    const lab = new Lab(era);
    const why = (sig: number, act: Word, oact: Word, sigsetsize: number): unknown[] => [
      call(lab.caller, "rt_sigaction", { sig, act, oact, sigsetsize }),
      lab.rung,
    ];
    for (const size of [0, 4, 7, 9, 16]) expect(why(0, 8, 8, size)).toEqual(["EINVAL", "sigsetsize"]);
    expect(why(0, 8, 8, 8)).toEqual(["EFAULT", "action-unreadable"]);
    for (const sig of [0, 65, -1, SIG.KILL, SIG.STOP])
      expect(why(sig, NEW, 8, 8)).toEqual(["EINVAL", "signal-number"]);
    expect(why(SIG.KILL, 0, 8, 8)).toEqual(["EFAULT", "old-unwritable"]);
    expect(why(SIG.KILL, 0, OLD, 8)).toEqual([0, null]);
  });

  test("an old action that cannot be written is EFAULT, and the new one is in force", () => {
    const lab = new Lab(era);
    expect(sigaction(lab.caller, SIG.USR1, { sa_handler: 1 }, { oact: 8 })).toBe("EFAULT");
    expect(lab.caller.task.sighand.get(SIG.USR1)).toBe("ignore");
  });

  test("a pending signal that is ignored from now on is dropped, blocked or not", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    setMask(child, SIG_HOW.BLOCK, bit(SIG.USR1) | bit(SIG.CHLD));
    kill(child, child.task.tid, SIG.USR1);
    kill(child, child.task.tid, SIG.CHLD);
    expect(pending(child)).toBe(bit(SIG.USR1) | bit(SIG.CHLD));
    sigaction(child, SIG.USR1, { sa_handler: 1 });
    expect(pending(child)).toBe(bit(SIG.CHLD));
    // SIGCHLD's default action is to be ignored.
    sigaction(child, SIG.CHLD, { sa_handler: 0 });
    expect(pending(child)).toBe(0n);
  });

  test("SA_RESETHAND: the handler is used once, its flags and mask stay", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    sigaction(child, SIG.USR1, { sa_handler: 0x4000, sa_flags: SA.RESETHAND });
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect(child.task.state).toBe("running");
    sigaction(child, SIG.USR1, null, { oact: OLD });
    const { sa_handler, sa_flags } = got(child, OLD);
    expect([sa_handler, sa_flags].map(Number)).toEqual([0, SA.RESETHAND]);
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect(status(lab, child)).toBe(SIG.USR1);
  });
});

describe.each([...BASE, ...clone3ErasBefore("clone3-63")])(`Flags of actions, ${TITLE}`, (era) => {
  test("an unknown flag stays", () => {
    const lab = new Lab(era);
    sigaction(lab.caller, SIG.USR1, { sa_handler: 0x4000, sa_flags: 0x400 | 0x8000 });
    sigaction(lab.caller, SIG.USR1, null, { oact: OLD });
    expect(Number(got(lab.caller, OLD).sa_flags)).toBe(0x8400);
  });
});

describe.each(clone3Eras("clone3-63"))(`Flags of actions since 5.11, ${TITLE}`, (era) => {
  test("an unknown flag is cleared, so that a program can tell", () => {
    const lab = new Lab(era);
    sigaction(lab.caller, SIG.USR1, { sa_handler: 0x4000, sa_flags: 0x400 | SA.NODEFER });
    sigaction(lab.caller, SIG.USR1, null, { oact: OLD });
    expect(Number(got(lab.caller, OLD).sa_flags)).toBe(SA.NODEFER);
  });

  if (era.arch === "x86_64") {
    test("compat: member by member, even after a fault; native: up to the fault", () => {
      const lab = new Lab(era, { bits: 32 });
      const hole = HOLE - 8;
      sigaction(lab.caller, SIG.USR1, { sa_handler: 0x4000, sa_flags: SA.RESTART });
      expect(call(lab.caller, "rt_sigaction", { sig: SIG.USR1, oact: hole, sigsetsize: 8 })).toBe("EFAULT");
      expect([lab.caller.readInt(hole), lab.caller.readInt(hole + 4)]).toEqual([0x4000, SA.RESTART]);
      // The other way round: the mask lies in a page again, behind one that cannot be written.
      const cut = SCRATCH + PAGE_SIZE;
      lab.caller.task.mm?.protect(SCRATCH, PAGE_SIZE, PROT_READ);
      lab.caller.write(cut, new Uint8Array(16).fill(0xaa));
      expect(call(lab.caller, "rt_sigaction", { sig: SIG.USR1, oact: cut - 12, sigsetsize: 8 })).toBe(
        "EFAULT",
      );
      expect(readSet(lab.caller, cut)).toBe(0n);
    });
  }
});

describe.each(ALL)(`Masks, ${TITLE}`, (era) => {
  test("SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK; SIGKILL and SIGSTOP are never blocked; the old mask is told", () => {
    const lab = new Lab(era);
    const { caller } = lab;
    setMask(caller, SIG_HOW.SETMASK, BigInt.asUintN(64, -1n));
    call(caller, "rt_sigprocmask", { how: 99, nset: 0, oset: OLD, sigsetsize: 8 });
    const all = BigInt.asUintN(64, -1n) & ~bit(SIG.KILL) & ~bit(SIG.STOP);
    expect(readSet(caller, OLD)).toBe(all);
    setMask(caller, SIG_HOW.UNBLOCK, all & ~bit(64) & ~bit(SIG.USR1));
    setMask(caller, SIG_HOW.BLOCK, bit(33));
    call(caller, "rt_sigprocmask", { how: 0, nset: 0, oset: OLD, sigsetsize: 8 });
    expect(readSet(caller, OLD)).toBe(bit(64) | bit(SIG.USR1) | bit(33));
  });

  test("the ladder: size, new mask, how, and at last the old mask, when the new one is in force", () => {
    const lab = new Lab(era);
    const why = (how: number, nset: Word, oset: Word, sigsetsize: number): unknown[] => [
      call(lab.caller, "rt_sigprocmask", { how, nset, oset, sigsetsize }),
      lab.rung,
    ];
    expect(why(9, 8, 8, 4)).toEqual(["EINVAL", "sigsetsize"]);
    expect(why(9, 8, 8, 8)).toEqual(["EFAULT", "mask-unreadable"]);
    lab.caller.write(NEW, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
    expect(why(9, NEW, 8, 8)).toEqual(["EINVAL", "how"]);
    expect(why(SIG_HOW.BLOCK, NEW, 8, 8)).toEqual(["EFAULT", "old-unwritable"]);
    expect(lab.caller.task.sigmask).toEqual({ lo: 1, hi: 0 });
    expect(why(9, 0, 0, 8)).toEqual([0, null]);
  });

  test("a blocked signal waits, and ends its receiver when it is let through", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    setMask(child, SIG_HOW.BLOCK, bit(SIG.TERM));
    kill(lab.caller, child.task.tid, SIG.TERM);
    expect([child.task.state, pending(child)]).toEqual(["running", bit(SIG.TERM)]);
    expect(setMask(child, SIG_HOW.SETMASK, 0n)).toBeNull();
    expect(status(lab, child)).toBe(SIG.TERM);
  });

  test("a child has its parent's mask, and nothing pending", () => {
    const lab = new Lab(era);
    setMask(lab.caller, SIG_HOW.BLOCK, bit(SIG.USR1));
    kill(lab.caller, 1, SIG.USR1);
    const child = lab.fork();
    expect([child.task.sigmask.lo, pending(child)]).toEqual([1 << (SIG.USR1 - 1), 0n]);
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect(child.task.state).toBe("running");
  });

  test("a signal its receiver ignores is pending all the same while it is blocked", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    sigaction(child, SIG.USR1, { sa_handler: 1 });
    setMask(child, SIG_HOW.BLOCK, bit(SIG.USR1));
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect(pending(child)).toBe(bit(SIG.USR1));
    expect(setMask(child, SIG_HOW.SETMASK, 0n)).toBe(0);
    expect(pending(child)).toBe(0n);
  });

  test("of a group, a thread takes the signal that does not block it", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    leader.task.sighand.set(SIG.USR1, HANDLED);
    setMask(leader, SIG_HOW.BLOCK, bit(SIG.USR1));
    lab.fresh();
    kill(lab.caller, leader.task.tid, SIG.USR1);
    expect(lab.records.filter((r) => r.kind === "signal").map((r) => r.task.tid)).toEqual([thread.task.tid]);
  });

  test("rt_sigpending writes as many bytes as it is asked for, 8 at most", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    setMask(child, SIG_HOW.BLOCK, BigInt.asUintN(64, -1n));
    kill(lab.caller, child.task.tid, SIG.HUP);
    child.write(OLD, new Uint8Array(8).fill(0xaa));
    expect(call(child, "rt_sigpending", { uset: OLD, sigsetsize: 2 })).toBe(0);
    expect([...child.read(OLD, 4)]).toEqual([1, 0, 0xaa, 0xaa]);
    expect([call(child, "rt_sigpending", { uset: 8, sigsetsize: 9 }), lab.rung]).toEqual([
      "EINVAL",
      "sigsetsize",
    ]);
    expect([call(child, "rt_sigpending", { uset: 8, sigsetsize: 8 }), lab.rung]).toEqual([
      "EFAULT",
      "set-unwritable",
    ]);
    expect(call(child, "rt_sigpending", { uset: 8, sigsetsize: 0 })).toBe(0);
  });
});

describe.each(ALL)(`pause and sigsuspend, ${TITLE}`, (era) => {
  test("pause ends with a handler, even one that restarts calls, and with nothing else", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    child.task.sighand.set(SIG.USR1, HANDLED);
    expect(child.call("pause")).toBeNull();
    for (const sig of [SIG.WINCH, SIG.CHLD, SIG.STOP, SIG.CONT]) kill(lab.caller, child.task.tid, sig);
    expect(child.task.state).toBe("blocked");
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect(answer(child, child.result)).toBe("EINTR");
    expect(child.call("pause")).toBeNull();
    kill(lab.caller, child.task.tid, SIG.TERM);
    expect(status(lab, child)).toBe(SIG.TERM);
  });

  test("a handler that comes while a paused task is stopped ends the pause when it goes on", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    child.task.sighand.set(SIG.USR1, HANDLED);
    expect(child.call("pause")).toBeNull();
    kill(lab.caller, child.task.tid, SIG.STOP);
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect(child.task.state).toBe("stopped");
    kill(lab.caller, child.task.tid, SIG.CONT);
    expect([child.task.state, answer(child, child.result)]).toEqual(["running", "EINTR"]);
  });

  test("sigsuspend waits under another mask, and what was pending goes through it", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    child.task.sighand.set(SIG.USR1, HANDLED);
    setMask(child, SIG_HOW.BLOCK, bit(SIG.USR1) | bit(SIG.HUP));
    kill(lab.caller, child.task.tid, SIG.USR1);
    child.write(NEW, new Uint8Array(8));
    expect(call(child, "rt_sigsuspend", { unewset: NEW, sigsetsize: 8 })).toBe("EINTR");
    expect(child.task.sigmask.lo).toBe(Number(bit(SIG.USR1) | bit(SIG.HUP)));
    child.write(NEW, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
    expect(call(child, "rt_sigsuspend", { unewset: NEW, sigsetsize: 8 })).toBeNull();
    kill(lab.caller, child.task.tid, SIG.HUP);
    expect([child.task.state, child.task.sigmask.lo]).toEqual(["blocked", 1]);
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect([answer(child, child.result), child.task.sigmask.lo]).toEqual([
      "EINTR",
      Number(bit(SIG.USR1) | bit(SIG.HUP)),
    ]);
    expect([call(child, "rt_sigsuspend", { unewset: 8, sigsetsize: 4 }), lab.rung]).toEqual([
      "EINVAL",
      "sigsetsize",
    ]);
    expect([call(child, "rt_sigsuspend", { unewset: 8, sigsetsize: 8 }), lab.rung]).toEqual([
      "EFAULT",
      "mask-unreadable",
    ]);
  });

  test("the first handler decides what becomes of a call that was cut short", () => {
    const lab = new Lab(era);
    for (const [first, second, end] of [
      [true, false, "blocked"],
      [false, true, "running"],
    ] as const) {
      const parent = lab.fork();
      lab.fork(parent);
      parent.task.sighand.set(SIG.HUP, { handler: 0x4000, restart: first });
      parent.task.sighand.set(SIG.USR1, { handler: 0x4000, restart: second });
      expect(parent.call("wait4", { upid: -1 })).toBeNull();
      for (const sig of [SIG.STOP, SIG.USR1, SIG.HUP, SIG.CONT]) kill(lab.caller, parent.task.tid, sig);
      expect(parent.task.state).toBe(end);
      if (end === "running") expect(answer(parent, parent.result)).toBe("EINTR");
    }
  });
});

describe.each(ALL)(`tkill and tgkill, ${TITLE}`, (era) => {
  test("one thread takes it, and no other; a fatal one ends the group", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    leader.task.sighand.set(SIG.USR1, HANDLED);
    setMask(thread, SIG_HOW.BLOCK, bit(SIG.USR1));
    lab.fresh();
    expect(call(lab.caller, "tkill", { pid: thread.task.tid, sig: SIG.USR1 })).toBe(0);
    expect(lab.records.filter((r) => r.kind === "signal")).toEqual([]);
    expect([pending(thread), pending(leader)]).toEqual([bit(SIG.USR1), 0n]);
    const args = { tgid: leader.task.tid, pid: thread.task.tid };
    expect(call(lab.caller, "tgkill", { ...args, sig: SIG.TERM })).toBe(0);
    expect(status(lab, leader)).toBe(SIG.TERM);
  });

  test("the ladder: numbers above 0, a thread of that group, the signal, the permission", () => {
    const lab = new Lab(era);
    const [own, other] = [lab.fork(), lab.fork()];
    become(own, 1000, []);
    become(other, 1001, []);
    const { tid } = other.task;
    const why = (name: string, args: Record<string, number>): unknown[] => [call(own, name, args), lab.rung];
    expect(why("tkill", { pid: 0, sig: 99 })).toEqual(["EINVAL", "not-a-thread"]);
    expect(why("tkill", { pid: 99, sig: 99 })).toEqual(["ESRCH", "no-task"]);
    expect(why("tkill", { pid: tid, sig: 65 })).toEqual(["EINVAL", "signal-number"]);
    expect(why("tkill", { pid: tid, sig: 0 })).toEqual(["EPERM", "not-permitted"]);
    expect(why("tgkill", { tgid: 0, pid: tid, sig: 99 })).toEqual(["EINVAL", "not-a-thread"]);
    expect(why("tgkill", { tgid: tid, pid: -1, sig: 99 })).toEqual(["EINVAL", "not-a-thread"]);
    expect(why("tgkill", { tgid: own.task.tid, pid: tid, sig: 99 })).toEqual(["ESRCH", "no-task"]);
    expect(why("tgkill", { tgid: tid, pid: tid, sig: 0 })).toEqual(["EPERM", "not-permitted"]);
  });

  test("a namespace's init is as deaf to them as to kill", () => {
    const lab = new Lab(era);
    const init = nest(lab.caller);
    const inside = lab.fork(init);
    expect(call(inside, "tkill", { pid: 1, sig: SIG.KILL })).toBe(0);
    expect(init.task.state).toBe("running");
    expect(call(lab.caller, "tkill", { pid: init.task.pidNumbers()[0] ?? 0, sig: SIG.KILL })).toBe(0);
    expect(init.task.state).toBe("zombie");
  });
});

describe.each(ALL.filter(({ arch }) => arch === "i386"))(`Signals of i386, ${TITLE}`, (era) => {
  test("sigaction has a mask of 32 signals", () => {
    const lab = new Lab(era);
    const action = { sa_handler: 0x4000, sa_flags: SA.RESTART, sa_restorer: 9, sa_mask: 0xffff_ffff };
    lab.caller.writeStruct(NEW, old_sigaction, action);
    expect(call(lab.caller, "sigaction", { sig: SIG.USR1, act: NEW, oact: 0 })).toBe(0);
    expect(lab.caller.task.sighand.action(SIG.USR1).mask).toEqual({ lo: 0xfffbfeff, hi: 0 });
    expect(call(lab.caller, "sigaction", { sig: SIG.USR1, act: 0, oact: OLD })).toBe(0);
    expect([0, 4, 8, 12].map((at) => lab.caller.readInt(OLD + at) >>> 0)).toEqual([
      0x4000,
      0xfffbfeff,
      SA.RESTART,
      9,
    ]);
    expect([call(lab.caller, "sigaction", { sig: 0, act: 8, oact: 8 }), lab.rung]).toEqual([
      "EFAULT",
      "action-unreadable",
    ]);
    expect(call(lab.caller, "sigaction", { sig: SIG.KILL, act: NEW, oact: 8 })).toBe("EINVAL");
    expect(call(lab.caller, "sigaction", { sig: SIG.USR1, act: NEW, oact: 8 })).toBe("EFAULT");
  });

  test("signal sets a handler for once and returns the one before", () => {
    const lab = new Lab(era);
    expect(call(lab.caller, "signal", { sig: SIG.USR1, handler: 0x4000 })).toBe(0);
    const { flags } = lab.caller.task.sighand.action(SIG.USR1);
    expect(flags.lo).toBe((SA.RESETHAND | SA.NODEFER) >>> 0);
    expect(call(lab.caller, "signal", { sig: SIG.USR1, handler: 1 })).toBe(0x4000);
    expect(call(lab.caller, "signal", { sig: SIG.KILL, handler: 1 })).toBe("EINVAL");
  });

  test("sigprocmask, ssetmask, sgetmask, sigpending and sigsuspend know 32 signals", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    child.task.sighand.set(SIG.USR1, HANDLED);
    setMask(child, SIG_HOW.SETMASK, bit(64));
    child.writeInts(NEW, [Number(bit(SIG.USR1))]);
    expect(call(child, "sigprocmask", { how: SIG_HOW.SETMASK, nset: NEW, oset: OLD })).toBe(0);
    expect([child.readInt(OLD), child.task.sigmask]).toEqual([
      0,
      { lo: Number(bit(SIG.USR1)), hi: 0x8000_0000 },
    ]);
    expect(call(child, "sigprocmask", { how: 9, nset: NEW, oset: 8 })).toBe("EINVAL");
    expect(call(child, "sgetmask", {})).toBe(Number(bit(SIG.USR1)));
    kill(lab.caller, child.task.tid, SIG.USR1);
    expect(call(child, "sigpending", { uset: OLD })).toBe(0);
    expect(child.readInt(OLD)).toBe(Number(bit(SIG.USR1)));
    expect(call(child, "sigpending", { uset: 8 })).toBe("EFAULT");
    expect(call(child, "sigsuspend", { mask: 0 })).toBe("EINTR");
    expect(call(child, "ssetmask", { newmask: 3 })).toBe(Number(bit(SIG.USR1)));
    expect(child.task.sigmask).toEqual({ lo: 3, hi: 0 });
  });
});

test("ssetmask on a 64-bit kernel widens its word: the sign bit blocks every signal from 32 on", () => {
  const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
  const int80 = ENTRY_PATHS["x86_64/int80"];
  expect(lab.caller.call("ssetmask", { newmask: 0x8000_0000 }, int80)).toBe(0);
  expect(lab.caller.task.sigmask).toEqual({ lo: 0x8000_0000, hi: 0xffff_ffff });
  exit(lab.fork());
});

test("sgetmask on a 64-bit kernel leaves the whole mask in the register", () => {
  const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
  setMask(lab.caller, SIG_HOW.SETMASK, bit(64) | bit(33) | bit(1));
  lab.caller.call("sgetmask", {}, ENTRY_PATHS["x86_64/int80"]);
  expect([lab.caller.task.regs.lo("ax"), lab.caller.task.regs.hi("ax")]).toEqual([1, 0x8000_0001]);
});

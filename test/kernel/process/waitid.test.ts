import { describe, expect, test } from "vitest";
import { layoutOf } from "../../../src/abi/struct.ts";
import { CLD, CLONE, P, siginfo, WAIT } from "../../../src/abi/structs/index.ts";
import { ENTRY_PATHS } from "../../../src/arch/index.ts";
import { type Guest, SIG } from "../../../src/kernel/index.ts";
import { BASE, clone3Eras, clone3ErasBefore, type Era, TITLE } from "../support/eras.ts";
import { become, HOLE, KERNEL_ADDRESS, Lab, nest, SCRATCH } from "../support/lab.ts";

const INFO = SCRATCH + 0x100;
const USAGE = SCRATCH + 0x400;
const EXITED = WAIT.WEXITED;
const TODAY = clone3Eras();
const ALL = [...BASE, ...TODAY];

interface Options {
  readonly upid?: number;
  readonly infop?: number | bigint;
  readonly ru?: number | bigint;
  readonly options?: number;
}

/** waitid by a guest: its errno, or its result. */
function waitid(guest: Guest, which: number, more: Options = {}): number | string | null {
  const result = guest.call("waitid", { which, upid: 0, infop: INFO, options: EXITED, ...more });
  return guest.errno(result) ?? result;
}

/** What a siginfo holds, of the members waitid writes. */
function info(guest: Guest, at = INFO): Record<string, number> {
  const { machine, task } = guest;
  const layout = layoutOf(siginfo, task.path.model, machine.registry.types);
  const view = new DataView(guest.read(at, layout.size).buffer);
  const read = (path: string): number => layout.field(path).int(view, 0);
  return {
    signo: read("si_signo"),
    errno: read("si_errno"),
    code: read("si_code"),
    pid: read("_sigchld.si_pid"),
    uid: read("_sigchld.si_uid"),
    status: read("_sigchld.si_status"),
  };
}

const NOTHING = { signo: 0, errno: 0, code: 0, pid: 0, uid: 0, status: 0 };

/** Fills the siginfo's place, to see what is written. */
function soil(guest: Guest): void {
  guest.write(INFO, new Uint8Array(128).fill(0xaa));
}

const exit = (guest: Guest, code = 0): unknown => guest.call("exit_group", { error_code: code });

describe.each(ALL)(`waitid, ${TITLE}`, (era) => {
  test("an exited child: SIGCHLD, CLD_EXITED, its number, its user and its exit code; it is reaped", () => {
    const lab = new Lab(era, { level: 1 });
    const child = lab.fork();
    become(child, 1000, []);
    exit(child, 7);
    expect(waitid(lab.caller, P.ALL)).toBe(0);
    expect(info(lab.caller)).toEqual({
      ...NOTHING,
      signo: SIG.CHLD,
      code: CLD.EXITED,
      pid: child.task.pid.numbers[1],
      uid: 1000,
      status: 7,
    });
    expect(child.task.state).toBe("dead");
    expect(waitid(lab.caller, P.ALL)).toBe("ECHILD");
  });

  test("a killed, a stopped and a continued child, and WNOWAIT, which leaves everything to be reported again", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    const { tid } = child.task;
    const kill = (sig: number): unknown => lab.caller.call("kill", { pid: tid, sig });
    const report = (options: number): unknown[] => {
      soil(lab.caller);
      const keep = waitid(lab.caller, P.PID, { upid: tid, options: options | WAIT.WNOWAIT });
      const kept = info(lab.caller);
      expect([keep, waitid(lab.caller, P.PID, { upid: tid, options })]).toEqual([0, 0]);
      expect(info(lab.caller)).toEqual(kept);
      expect(kept.pid).toBe(tid);
      return [kept.code, kept.status];
    };
    kill(SIG.STOP);
    expect(report(WAIT.WUNTRACED)).toEqual([CLD.STOPPED, SIG.STOP]);
    kill(SIG.CONT);
    expect(report(WAIT.WCONTINUED)).toEqual([CLD.CONTINUED, SIG.CONT]);
    kill(SIG.KILL);
    expect(report(EXITED)).toEqual([CLD.KILLED, SIG.KILL]);
    expect(child.task.state).toBe("dead");
  });

  test("si_pid is at 16 on LP64 and at 12 on i386, and the siginfo has 128 bytes", () => {
    const lab = new Lab(era);
    const layout = layoutOf(siginfo, lab.caller.task.path.model, lab.machine.registry.types);
    const at = era.arch === "i386" ? 12 : 16;
    expect([layout.field("_sigchld.si_pid").offset, layout.size]).toEqual([at, 128]);
  });

  test("children who have exited are nobody to a wait for stops alone", () => {
    const lab = new Lab(era);
    exit(lab.fork());
    expect(waitid(lab.caller, P.ALL, { options: WAIT.WUNTRACED })).toBe("ECHILD");
    lab.fork();
    expect(waitid(lab.caller, P.ALL, { options: WAIT.WUNTRACED | WAIT.WNOHANG })).toBe(0);
  });

  test("WNOHANG with nothing to report: 0, and zeros in the siginfo", () => {
    const lab = new Lab(era);
    lab.fork();
    soil(lab.caller);
    expect(waitid(lab.caller, P.ALL, { options: EXITED | WAIT.WNOHANG })).toBe(0);
    expect(info(lab.caller)).toEqual(NOTHING);
    expect(waitid(lab.caller, P.ALL, { options: EXITED | WAIT.WNOHANG, infop: 0 })).toBe(0);
    expect(waitid(lab.caller, P.ALL, { options: EXITED | WAIT.WNOHANG, infop: 8 })).toBe("EFAULT");
  });

  test("whom it is for: a number, a group; a number below 1 is nobody's", () => {
    const lab = new Lab(era);
    const [one, two] = [lab.fork(), lab.fork()];
    expect(two.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    for (const guest of [one, two]) exit(guest);
    expect(waitid(lab.caller, P.PID, { upid: 99 })).toBe("ECHILD");
    for (const upid of [0, -1, -0x8000_0000]) expect(waitid(lab.caller, P.PID, { upid })).toBe("EINVAL");
    expect([waitid(lab.caller, P.PGID, { upid: -1 }), lab.rung]).toEqual(["EINVAL", "id"]);
    expect(waitid(lab.caller, P.PGID, { upid: two.task.tid })).toBe(0);
    expect(info(lab.caller).pid).toBe(two.task.tid);
    expect(waitid(lab.caller, P.PID, { upid: one.task.tid })).toBe(0);
  });

  test("a fault of rusage comes first; the child is reaped whatever cannot be written", () => {
    const lab = new Lab(era);
    const fault = (more: Options): unknown => {
      const child = lab.fork();
      exit(child);
      soil(lab.caller);
      const answer = waitid(lab.caller, P.ALL, more);
      expect([answer, child.task.state]).toEqual(["EFAULT", "dead"]);
      return lab.rung;
    };
    expect(fault({ ru: HOLE, infop: HOLE })).toBe("rusage-unwritable");
    expect(info(lab.caller).signo).toBe(0xaaaaaaaa | 0);
    expect(fault({ ru: USAGE, infop: HOLE })).toBe("info-unwritable");
    expect(fault({ infop: KERNEL_ADDRESS[era.arch] })).toBe("info-unwritable");
  });

  test("a siginfo that reaches into a hole keeps what was written before it", () => {
    const lab = new Lab(era);
    const at = HOLE - 8;
    lab.caller.write(at, new Uint8Array(8).fill(0xaa));
    exit(lab.fork());
    expect(waitid(lab.caller, P.ALL, { infop: at })).toBe("EFAULT");
    expect([lab.caller.readInt(at), lab.caller.readInt(at + 4)]).toEqual([SIG.CHLD, 0]);
  });

  test("an unknown option, none that says what for, and an unknown type are EINVAL in this order", () => {
    const lab = new Lab(era);
    const why = (which: number, options: number): unknown => {
      const answer = waitid(lab.caller, which, { options, upid: -1 });
      return [answer, lab.rung];
    };
    expect(why(9, 0x10)).toEqual(["EINVAL", "options"]);
    expect(why(9, WAIT.WNOHANG)).toEqual(["EINVAL", "no-option"]);
    expect(why(9, EXITED)).toEqual(["EINVAL", "type"]);
    expect(why(P.PID, EXITED)).toEqual(["EINVAL", "id"]);
  });

  test("it blocks, and completes when a child exits", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    expect(waitid(lab.caller, P.PID, { upid: child.task.tid })).toBeNull();
    exit(child, 300);
    expect([lab.caller.result, info(lab.caller).status]).toEqual([0, 300 & 0xff]);
  });
});

describe.each(BASE)(`waitid of its time, ${TITLE}`, (era) => {
  test("a failure writes nothing; without a siginfo the result is the child's number", () => {
    const lab = new Lab(era);
    soil(lab.caller);
    expect(waitid(lab.caller, P.ALL)).toBe("ECHILD");
    expect(waitid(lab.caller, P.ALL, { infop: 8 })).toBe("ECHILD");
    expect(waitid(lab.caller, P.ALL, { options: 0 })).toBe("EINVAL");
    expect(info(lab.caller)).not.toEqual(NOTHING);
    const child = lab.fork();
    exit(child);
    expect(waitid(lab.caller, P.ALL, { infop: 0 })).toBe(child.task.tid);
  });

  test("neither __WALL and its like, nor the caller's own group, nor P_PIDFD", () => {
    const lab = new Lab(era);
    for (const bit of [WAIT.WALL, WAIT.WCLONE, WAIT.WNOTHREAD])
      expect(waitid(lab.caller, P.ALL, { options: (EXITED | bit) >>> 0 })).toBe("EINVAL");
    expect([waitid(lab.caller, P.PGID), lab.rung]).toEqual(["EINVAL", "id"]);
    expect([waitid(lab.caller, P.PIDFD), lab.rung]).toEqual(["EINVAL", "type"]);
  });

  if (era.arch === "x86_64") {
    test("the compat call is a wrapper: nothing is written without a child, and NULL is an address as any", () => {
      const lab = new Lab(era, { bits: 32 });
      const child = lab.fork();
      soil(lab.caller);
      expect(waitid(lab.caller, P.ALL, { options: EXITED | WAIT.WNOHANG })).toBe(0);
      expect(info(lab.caller)).not.toEqual(NOTHING);
      exit(child);
      expect(waitid(lab.caller, P.ALL, { infop: 0 })).toBe("EFAULT");
    });
  }
});

describe.each(TODAY)(`waitid today, ${TITLE}`, (era) => {
  test("a failure writes zeros, and a fault of the siginfo speaks in its place", () => {
    const lab = new Lab(era);
    for (const [more, errno] of [
      [{}, "ECHILD"],
      [{ options: 0 }, "EINVAL"],
      [{ options: 0x10 }, "EINVAL"],
    ] as const) {
      soil(lab.caller);
      expect(waitid(lab.caller, P.ALL, more)).toBe(errno);
      expect(info(lab.caller)).toEqual(NOTHING);
      expect([waitid(lab.caller, P.ALL, { ...more, infop: 8 }), lab.rung]).toEqual([
        "EFAULT",
        "failure-unwritable",
      ]);
      expect(waitid(lab.caller, P.ALL, { ...more, infop: 0 })).toBe(errno);
    }
  });

  test("without a siginfo the result is 0", () => {
    const lab = new Lab(era);
    exit(lab.fork());
    expect(waitid(lab.caller, P.ALL, { infop: 0 })).toBe(0);
  });

  test("__WALL, __WCLONE and __WNOTHREAD as for wait4", () => {
    const lab = new Lab(era);
    const silent = lab.made(lab.plain({ signal: 0 }));
    exit(silent);
    expect(waitid(lab.caller, P.ALL)).toBe("ECHILD");
    expect(waitid(lab.caller, P.ALL, { options: EXITED | WAIT.WNOWAIT | WAIT.WALL })).toBe(0);
    expect(waitid(lab.caller, P.ALL, { options: (EXITED | WAIT.WCLONE) >>> 0 })).toBe(0);
    const thread = lab.fork(lab.caller, CLONE.THREAD | CLONE.SIGHAND | CLONE.VM);
    exit(lab.fork());
    expect(waitid(thread, P.ALL, { options: EXITED | WAIT.WNOTHREAD })).toBe("ECHILD");
    expect(waitid(thread, P.ALL)).toBe(0);
  });

  test("int 0x80 of a 64-bit program gets the siginfo of i386", () => {
    if (era.arch === "i386") return;
    const lab = new Lab(era);
    const child = lab.fork();
    exit(child, 5);
    const result = lab.caller.call(
      "waitid",
      { which: P.ALL, infop: INFO, options: EXITED },
      ENTRY_PATHS["x86_64/int80"],
    );
    expect([result, lab.caller.readInt(INFO + 12), lab.caller.readInt(INFO + 20)]).toEqual([
      0,
      child.task.tid,
      5,
    ]);
  });
});

const PIDFD_SINCE: readonly Era[] = clone3Eras("clone3-55");

describe.each(PIDFD_SINCE)(`waitid by pidfd, ${TITLE}`, (era) => {
  test("P_PGID with 0 is the caller's own group, even where its number is not visible", () => {
    const lab = new Lab(era);
    const inside = nest(lab.caller);
    const child = lab.fork(inside);
    exit(child, 3);
    expect(inside.call("getpgid", { pid: 0 })).toBe(0);
    expect(waitid(inside, P.PGID)).toBe(0);
    expect(info(inside).status).toBe(3);
  });

  test("a pidfd stands for its process; any other descriptor, and none, are EBADF", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    const fd = lab.caller.call("pidfd_open", { pid: child.task.tid, flags: 0 }) as number;
    expect(fd).toBeGreaterThanOrEqual(0);
    exit(child, 4);
    expect([waitid(lab.caller, P.PIDFD, { upid: -1 }), lab.rung]).toEqual(["EINVAL", "id"]);
    expect([waitid(lab.caller, P.PIDFD, { upid: 99 }), lab.rung]).toEqual(["EBADF", "not-a-pidfd"]);
    expect(lab.caller.call("pipe", { fildes: SCRATCH })).toBe(0);
    expect(waitid(lab.caller, P.PIDFD, { upid: lab.caller.readInt(SCRATCH) })).toBe("EBADF");
    expect(waitid(lab.caller, P.PIDFD, { upid: fd })).toBe(0);
    expect(info(lab.caller).status).toBe(4);
    expect(waitid(lab.caller, P.PIDFD, { upid: fd })).toBe("ECHILD");
  });
});

describe.each(clone3ErasBefore("clone3-55"))(`waitid before 5.4, ${TITLE}`, (era) => {
  test("no P_PIDFD, and P_PGID takes a number above 0", () => {
    const lab = new Lab(era);
    expect([waitid(lab.caller, P.PIDFD), lab.rung]).toEqual(["EINVAL", "type"]);
    expect([waitid(lab.caller, P.PGID), lab.rung]).toEqual(["EINVAL", "id"]);
  });
});

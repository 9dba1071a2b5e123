import { describe, expect, test } from "vitest";
import {
  CAP_VERSION,
  cap_user_data,
  cap_user_header,
  kernel_sigaction,
  P,
  PR,
  SA,
  SIG_HOW,
  WAIT,
} from "../../../src/abi/structs/index.ts";
import { type Guest, SIG, TextTrace, type Word } from "../../../src/kernel/index.ts";
import { clone3Eras, TITLE } from "../support/eras.ts";
import { Lab, SCRATCH } from "../support/lab.ts";

const AT = SCRATCH;
const OUT = SCRATCH + 0x100;

/** What a call looks like in a trace. */
function line(lab: Lab, guest: Guest, name: string, args: Readonly<Record<string, Word>>): string {
  lab.fresh();
  guest.call(name, args);
  const text = new TextTrace({ prefix: false, align: 0 });
  return (lab.records.map((record) => text.push(record)).join("") + text.flush()).split("\n")[0] ?? "";
}

describe.each(clone3Eras("clone3-614"))(`As strace writes it, ${TITLE}`, (era) => {
  test("waitid: the siginfo of an exit, of a kill, of nothing; an unknown type", () => {
    const lab = new Lab(era);
    lab.caller.write(AT, new Uint8Array(128));
    const args = { which: P.ALL, upid: 0, infop: AT, options: WAIT.WEXITED, ru: 0 };
    const child = lab.fork();
    expect(line(lab, lab.caller, "waitid", { ...args, options: WAIT.WEXITED | WAIT.WNOHANG })).toBe(
      "waitid(P_ALL, 0, {}, WNOHANG|WEXITED, NULL) = 0",
    );
    child.call("exit_group", { error_code: 3 });
    expect(line(lab, lab.caller, "waitid", args)).toBe(
      "waitid(P_ALL, 0, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=2, si_uid=0, si_status=3, " +
        "si_utime=0, si_stime=0}, WEXITED, NULL) = 0",
    );
    const killed = lab.fork();
    lab.caller.call("kill", { pid: killed.task.tid, sig: SIG.KILL });
    expect(line(lab, lab.caller, "waitid", args)).toContain(
      "si_code=CLD_KILLED, si_pid=3, si_uid=0, si_status=SIGKILL",
    );
    expect(line(lab, lab.caller, "waitid", { ...args, which: 9 })).toBe(
      `waitid(0x9 /* P_??? */, 0, 0x${AT.toString(16)}, WEXITED, NULL) = -1 EINVAL (Invalid argument)`,
    );
  });

  test("rt_sigaction and rt_sigprocmask: actions and masks", () => {
    const lab = new Lab(era);
    const put = (sa_flags: number): void =>
      lab.caller.writeStruct(AT, kernel_sigaction, {
        sa_handler: 1,
        sa_flags,
        sa_restorer: 0x777,
        sa_mask: 1 << (SIG.CHLD - 1),
      });
    put(SA.RESTORER | SA.RESTART);
    expect(line(lab, lab.caller, "rt_sigaction", { sig: SIG.CHLD, act: AT, oact: OUT, sigsetsize: 8 })).toBe(
      "rt_sigaction(SIGCHLD, {sa_handler=SIG_IGN, sa_mask=[CHLD], sa_flags=SA_RESTORER|SA_RESTART, " +
        "sa_restorer=0x777}, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0",
    );
    put(SA.NOCLDSTOP);
    expect(line(lab, lab.caller, "rt_sigaction", { sig: SIG.CHLD, act: AT, oact: 0, sigsetsize: 8 })).toBe(
      "rt_sigaction(SIGCHLD, {sa_handler=SIG_IGN, sa_mask=[CHLD], sa_flags=SA_NOCLDSTOP}, NULL, 8) = 0",
    );
    lab.caller.write(AT, new Uint8Array(8).fill(0xff));
    expect(
      line(lab, lab.caller, "rt_sigprocmask", { how: SIG_HOW.BLOCK, nset: AT, oset: OUT, sigsetsize: 8 }),
    ).toBe("rt_sigprocmask(SIG_BLOCK, ~[], [], 8) = 0");
    expect(line(lab, lab.caller, "rt_sigprocmask", { how: 99, nset: 0, oset: OUT, sigsetsize: 8 })).toBe(
      "rt_sigprocmask(0x63 /* SIG_??? */, NULL, ~[KILL STOP], 8) = 0",
    );
  });

  test("prctl shows the arguments its option has a use for", () => {
    const lab = new Lab(era);
    const prctl = (option: number, arg2: Word = 0): string =>
      line(lab, lab.caller, "prctl", { option, arg2 });
    lab.caller.write(AT, new TextEncoder().encode("hello\0"));
    expect(prctl(PR.SET_NAME, AT)).toBe('prctl(PR_SET_NAME, "hello") = 0');
    expect(prctl(PR.GET_NAME, OUT)).toBe('prctl(PR_GET_NAME, "hello") = 0');
    expect(prctl(PR.GET_DUMPABLE)).toBe("prctl(PR_GET_DUMPABLE) = 1");
    expect(prctl(PR.SET_PDEATHSIG, SIG.KILL)).toBe("prctl(PR_SET_PDEATHSIG, SIGKILL) = 0");
    expect(prctl(PR.GET_PDEATHSIG, OUT)).toBe("prctl(PR_GET_PDEATHSIG, [SIGKILL]) = 0");
    expect(prctl(PR.CAPBSET_READ, 40)).toBe("prctl(PR_CAPBSET_READ, CAP_CHECKPOINT_RESTORE) = 1");
    expect(prctl(PR.CAPBSET_READ, 400)).toMatch(
      /^prctl\(PR_CAPBSET_READ, 0x190 \/\* CAP_\?\?\? \*\/\) = -1 EINVAL/,
    );
    expect(prctl(9999, 7)).toMatch(/^prctl\(0x270f \/\* PR_\?\?\? \*\/, 7, 0, 0, 0\) = -1 EINVAL/);
  });

  test("capset: versions by name, a set as one word", () => {
    const lab = new Lab(era);
    lab.caller.writeStruct(AT, cap_user_header, { version: CAP_VERSION.V3, pid: 0 });
    lab.caller.writeStruct(OUT, cap_user_data, {
      effective: 1 << 5,
      permitted: 1 << 5,
      inheritable: 0,
      effective_hi: 1 << 8,
      permitted_hi: 1 << 8,
      inheritable_hi: 0,
    });
    expect(line(lab, lab.fork(), "capset", { header: AT, data: OUT })).toBe(
      "capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=CAP_KILL|CAP_CHECKPOINT_RESTORE, " +
        "permitted=CAP_KILL|CAP_CHECKPOINT_RESTORE, inheritable=0}) = 0",
    );
  });

  test("a table's own name for a call: getuid32 and getuid on i386", () => {
    const lab = new Lab(era);
    const wide = era.arch === "x86_64" ? "getuid" : "getuid32";
    expect(line(lab, lab.caller, "getuid", {})).toBe(`${wide}() = 0`);
    if (era.arch === "i386") expect(line(lab, lab.caller, "getuid16", {})).toBe("getuid() = 0");
    expect(line(lab, lab.caller, "setresuid", { ruid: 0xffff_ffff, euid: 0, suid: 7 })).toMatch(
      /^setresuid(32)?\(-1, 0, 7\) = 0$/,
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLONE, PR, RLIMIT, SECBIT } from "../../../src/abi/structs/index.ts";
import { CAP, type Guest, hasCapability, type Word } from "../../../src/kernel/index.ts";
import { BASE, clone3Eras, clone3ErasBefore, TITLE } from "../support/eras.ts";
import { become, HOLE, Lab, SCRATCH } from "../support/lab.ts";

const TODAY = clone3Eras();
const ALL = [...BASE, ...TODAY];
const MINUS_1 = 0xffff_ffff;

function call(guest: Guest, name: string, args: Readonly<Record<string, Word>> = {}): number | string | null {
  const result = guest.call(name, args);
  return guest.errno(result) ?? result;
}

const uids = ({ task: { cred } }: Guest): number[] => [cred.uid, cred.euid, cred.suid, cred.fsuid];
const gids = ({ task: { cred } }: Guest): number[] => [cred.gid, cred.egid, cred.sgid, cred.fsgid];
const able = ({ task: { cred } }: Guest, cap: number): boolean => hasCapability(cred.effective, cap);

/** A task of user 1000, with no capability unless named. */
function ordinary(lab: Lab, caps: readonly string[] = []): Guest {
  const guest = lab.fork();
  become(guest, 1000, caps);
  const { cred } = guest.task;
  guest.task.cred = { ...cred, fsuid: 1000, gid: 1000, egid: 1000, sgid: 1000, fsgid: 1000 };
  return guest;
}

describe.each(ALL)(`Users and groups, ${TITLE}`, (era) => {
  test("setuid: all numbers with CAP_SETUID, else the effective one, to what the caller has", () => {
    const lab = new Lab(era);
    const root = lab.fork();
    expect(call(root, "setuid", { uid: 1000 })).toBe(0);
    expect(uids(root)).toEqual([1000, 1000, 1000, 1000]);
    expect([call(root, "setuid", { uid: 0 }), call(root, "getuid"), call(root, "geteuid")]).toEqual([
      "EPERM",
      1000,
      1000,
    ]);
    const saved = ordinary(lab);
    saved.task.cred = { ...saved.task.cred, suid: 7 };
    expect(call(saved, "setuid", { uid: 7 })).toBe(0);
    expect(uids(saved)).toEqual([1000, 7, 7, 7]);
  });

  test("setreuid: the real one to real or effective, the effective to any; the saved one follows", () => {
    const lab = new Lab(era);
    const guest = ordinary(lab);
    guest.task.cred = { ...guest.task.cred, euid: 5, suid: 6 };
    expect(call(guest, "setreuid", { ruid: 6, euid: MINUS_1 })).toBe("EPERM");
    expect(call(guest, "setreuid", { ruid: MINUS_1, euid: 9 })).toBe("EPERM");
    expect(call(guest, "setreuid", { ruid: MINUS_1, euid: 6 })).toBe(0);
    expect(uids(guest)).toEqual([1000, 6, 6, 6]);
    expect(call(guest, "setreuid", { ruid: 6, euid: 1000 })).toBe(0);
    expect(uids(guest)).toEqual([6, 1000, 1000, 1000]);
  });

  test("setresuid: any to any of the three; −1 leaves one alone", () => {
    const lab = new Lab(era);
    const guest = ordinary(lab);
    guest.task.cred = { ...guest.task.cred, euid: 5, suid: 6 };
    const setres = (ruid: number, euid: number, suid: number): unknown =>
      call(guest, "setresuid", { ruid, euid, suid });
    expect(setres(9, MINUS_1, MINUS_1)).toBe("EPERM");
    expect(setres(MINUS_1, MINUS_1, 9)).toBe("EPERM");
    expect(setres(6, 1000, 5)).toBe(0);
    expect(uids(guest)).toEqual([6, 1000, 5, 1000]);
    expect(call(guest, "getresuid", { ruidp: SCRATCH, euidp: SCRATCH + 4, suidp: SCRATCH + 8 })).toBe(0);
    expect([0, 4, 8].map((at) => guest.readInt(SCRATCH + at))).toEqual([6, 1000, 5]);
  });

  test("groups go by the same rules, and take no capability away", () => {
    const lab = new Lab(era);
    const guest = ordinary(lab);
    expect(call(guest, "setgid", { gid: 5 })).toBe("EPERM");
    guest.task.cred = { ...guest.task.cred, egid: 5, sgid: 6 };
    expect(call(guest, "setregid", { rgid: 5, egid: 6 })).toBe(0);
    expect(gids(guest)).toEqual([5, 6, 6, 6]);
    expect(call(guest, "setresgid", { rgid: 6, egid: 5, sgid: MINUS_1 })).toBe(0);
    expect(gids(guest)).toEqual([6, 5, 6, 5]);
    expect([call(guest, "getgid"), call(guest, "getegid")]).toEqual([6, 5]);
    const root = lab.fork();
    expect(call(root, "setgid", { gid: 9 })).toBe(0);
    expect([gids(root), able(root, CAP.SETGID)]).toEqual([[9, 9, 9, 9], true]);
  });

  test("setfsuid returns the old number, whether it may be changed or not, and takes the capabilities about files", () => {
    const lab = new Lab(era);
    const guest = ordinary(lab);
    expect([call(guest, "setfsuid", { uid: 5 }), call(guest, "setfsuid", { uid: 1000 })]).toEqual([
      1000, 1000,
    ]);
    expect(call(guest, "setfsgid", { gid: 5 })).toBe(1000);
    expect(gids(guest)).toEqual([1000, 1000, 1000, 1000]);
    const root = lab.fork();
    expect(call(root, "setfsuid", { uid: 5 })).toBe(0);
    expect([able(root, CAP.FOWNER), able(root, CAP.KILL)]).toEqual([false, true]);
    expect(call(root, "setfsuid", { uid: 0 })).toBe(5);
    expect(able(root, CAP.FOWNER)).toBe(true);
    expect(call(root, "setfsgid", { gid: 5 })).toBe(0);
    expect(gids(root)).toEqual([0, 0, 0, 5]);
  });

  test("capabilities follow root's number: effective with the effective one, all with the last", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    expect(call(guest, "setresuid", { ruid: MINUS_1, euid: 1000, suid: MINUS_1 })).toBe(0);
    expect([able(guest, CAP.KILL), hasCapability(guest.task.cred.permitted, CAP.KILL)]).toEqual([
      false,
      true,
    ]);
    expect(call(guest, "setresuid", { ruid: MINUS_1, euid: 0, suid: MINUS_1 })).toBe(0);
    expect(able(guest, CAP.KILL)).toBe(true);
    expect(call(guest, "setresuid", { ruid: 1000, euid: 1000, suid: 1000 })).toBe(0);
    expect(guest.task.cred.permitted).toEqual({ lo: 0, hi: 0 });
  });

  test("PR_SET_KEEPCAPS leaves the permitted ones, SECBIT_NO_SETUID_FIXUP leaves everything", () => {
    const lab = new Lab(era);
    const [keeps, fixed] = [lab.fork(), lab.fork()];
    expect(call(keeps, "prctl", { option: PR.SET_KEEPCAPS, arg2: 1 })).toBe(0);
    expect(call(fixed, "prctl", { option: PR.SET_SECUREBITS, arg2: SECBIT.NO_SETUID_FIXUP })).toBe(0);
    for (const guest of [keeps, fixed]) expect(call(guest, "setuid", { uid: 1000 })).toBe(0);
    expect([able(keeps, CAP.KILL), hasCapability(keeps.task.cred.permitted, CAP.KILL)]).toEqual([
      false,
      true,
    ]);
    expect(able(fixed, CAP.KILL)).toBe(true);
  });

  test("who changes its rights forgets its death signal and may not be dumped", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const look = (): unknown[] => [call(guest, "prctl", { option: PR.GET_DUMPABLE }), guest.task.deathSignal];
    call(guest, "prctl", { option: PR.SET_PDEATHSIG, arg2: 9 });
    call(guest, "setresuid", { ruid: MINUS_1, euid: MINUS_1, suid: 7 });
    expect(look()).toEqual([1, 9]);
    call(guest, "setresuid", { ruid: MINUS_1, euid: 7, suid: MINUS_1 });
    expect(look()).toEqual([0, 0]);
    // A forked child's memory is as its parent's was, and no longer the same.
    const child = lab.fork(guest);
    expect(call(child, "prctl", { option: PR.SET_DUMPABLE, arg2: 1 })).toBe(0);
    expect([call(child, "prctl", { option: PR.GET_DUMPABLE }), look()[0]]).toEqual([1, 0]);
    expect(call(child, "prctl", { option: PR.SET_DUMPABLE, arg2: 2 })).toBe("EINVAL");
  });

  test("the process counts for its real user", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const count = (uid: number): number => lab.machine.rootUserNs.account(uid).processes;
    const before = count(0);
    call(guest, "setresuid", { ruid: 1000, euid: 0, suid: 0 });
    expect([count(0), count(1000)]).toEqual([before - 1, 1]);
    guest.call("exit_group", { error_code: 0 });
    lab.caller.call("wait4", { upid: -1 });
    expect([count(0), count(1000)]).toEqual([before - 1, 0]);
  });

  test("getgroups and setgroups: sorted, as many as there are, and not without CAP_SETGID", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    guest.writeInts(SCRATCH, [30, 10, 20, 10]);
    expect(call(guest, "setgroups", { gidsetsize: 4, grouplist: SCRATCH })).toBe(0);
    expect(call(guest, "getgroups", { gidsetsize: 0, grouplist: 8 })).toBe(4);
    expect(call(guest, "getgroups", { gidsetsize: 9, grouplist: SCRATCH + 0x100 })).toBe(4);
    expect([0, 4, 8, 12].map((at) => guest.readInt(SCRATCH + 0x100 + at))).toEqual([10, 10, 20, 30]);
    const why = (name: string, gidsetsize: number, grouplist: number): unknown[] => [
      call(guest, name, { gidsetsize, grouplist }),
      lab.rung,
    ];
    expect(why("getgroups", -1, 8)).toEqual(["EINVAL", "size-negative"]);
    expect(why("getgroups", 3, 8)).toEqual(["EINVAL", "size-too-small"]);
    expect(why("getgroups", 4, HOLE - 8)).toEqual(["EFAULT", "list-unwritable"]);
    expect([guest.readInt(HOLE - 8), guest.readInt(HOLE - 4)]).toEqual([10, 10]);
    for (const size of [-1, 65_537]) expect(why("setgroups", size, 8)).toEqual(["EINVAL", "size"]);
    expect(why("setgroups", 1, 8)).toEqual(["EFAULT", "list-unreadable"]);
    become(guest, 1000, []);
    expect(why("setgroups", -1, 8)).toEqual(["EPERM", "not-permitted"]);
  });

  test("getresuid stops at the first number that cannot be written", () => {
    const lab = new Lab(era);
    const guest = ordinary(lab);
    guest.writeInts(SCRATCH, [7, 7, 7]);
    const why = (ruidp: number, euidp: number, suidp: number): unknown[] => [
      call(guest, "getresuid", { ruidp, euidp, suidp }),
      lab.rung,
    ];
    expect(why(8, 8, 8)).toEqual(["EFAULT", "real-unwritable"]);
    expect(why(SCRATCH, 8, SCRATCH + 8)).toEqual(["EFAULT", "effective-unwritable"]);
    expect([guest.readInt(SCRATCH), guest.readInt(SCRATCH + 8)]).toEqual([1000, 7]);
    expect(why(SCRATCH, SCRATCH + 4, 8)).toEqual(["EFAULT", "saved-unwritable"]);
  });

  test("law: whoever has no CAP_SETUID ends with numbers it had", () => {
    const lab = new Lab(era);
    const guest = ordinary(lab);
    const { cred } = guest.task;
    const id = fc.constantFrom(0, 5, 6, 7, 1000, MINUS_1);
    const calls = fc.oneof(
      fc.record({ name: fc.constant("setuid"), args: fc.record({ uid: id }) }),
      fc.record({ name: fc.constant("setreuid"), args: fc.record({ ruid: id, euid: id }) }),
      fc.record({ name: fc.constant("setresuid"), args: fc.record({ ruid: id, euid: id, suid: id }) }),
      fc.record({ name: fc.constant("setfsuid"), args: fc.record({ uid: id }) }),
    );
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 6 }), (all) => {
        guest.task.cred = { ...cred, uid: 5, euid: 6, suid: 7, fsuid: 6, user: cred.userNs.account(5) };
        cred.user.removeProcess();
        guest.task.cred.user.addProcess();
        for (const { name, args } of all) {
          const before = new Set([...uids(guest)]);
          call(guest, name, args);
          for (const uid of uids(guest)) expect(before).toContain(uid);
        }
        guest.task.cred.user.removeProcess();
        cred.user.addProcess();
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(TODAY)(`Users today, ${TITLE}`, (era) => {
  test("−1 is nobody's number", () => {
    const lab = new Lab(era);
    for (const [name, args] of [
      ["setuid", { uid: MINUS_1 }],
      ["setgid", { gid: MINUS_1 }],
    ] as const)
      expect(call(lab.caller, name, args)).toBe("EINVAL");
    expect([call(lab.caller, "setfsuid", { uid: MINUS_1 }), uids(lab.caller)]).toEqual([0, [0, 0, 0, 0]]);
    lab.caller.writeInts(SCRATCH, [-1]);
    expect(call(lab.caller, "setgroups", { gidsetsize: 1, grouplist: SCRATCH })).toBe("EINVAL");
  });

  test("a new user namespace has no names: 65534, EINVAL, and no groups to set", () => {
    const lab = new Lab(era);
    const guest = lab.made(lab.plain({ flags: CLONE.NEWUSER }));
    for (const name of ["getuid", "geteuid", "getgid", "getegid"]) expect(call(guest, name)).toBe(65_534);
    expect(able(guest, CAP.SETUID)).toBe(true);
    expect([
      call(guest, "setuid", { uid: 0 }),
      call(guest, "setresgid", { rgid: 0, egid: MINUS_1, sgid: MINUS_1 }),
    ]).toEqual(["EINVAL", "EINVAL"]);
    expect(call(guest, "setresuid", { ruid: MINUS_1, euid: MINUS_1, suid: MINUS_1 })).toBe(0);
    expect(call(guest, "setfsuid", { uid: 0 })).toBe(65_534);
    expect(call(guest, "setgroups", { gidsetsize: 0, grouplist: 0 })).toBe("EPERM");
  });

  test("becoming a user with too many processes is no failure", () => {
    const lab = new Lab(era);
    lab.machine.rootUserNs.account(1000).processes = 5;
    lab.caller.call("setrlimit", { resource: RLIMIT.NPROC, rlim: 0 });
    expect(call(lab.caller, "setuid", { uid: 1000 })).toBe(0);
  });
});

describe.each(BASE)(`Users of 2009, ${TITLE}`, (era) => {
  test("−1 is a number as any", () => {
    const lab = new Lab(era);
    expect(call(lab.caller, "setuid", { uid: MINUS_1 })).toBe(0);
    expect(uids(lab.caller)[0]).toBe(MINUS_1);
  });

  test("becoming a user with RLIMIT_NPROC processes is EAGAIN", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const rlimits = [...guest.task.signal.rlimits];
    rlimits[RLIMIT.NPROC] = { soft: { lo: 5, hi: 0 }, hard: { lo: 5, hi: 0 } };
    guest.task.signal.rlimits = rlimits;
    lab.machine.rootUserNs.account(1000).processes = 5;
    expect([call(guest, "setuid", { uid: 1000 }), lab.rung]).toEqual(["EAGAIN", "too-many-processes"]);
    expect(uids(guest)).toEqual([0, 0, 0, 0]);
  });
});

const moveFsuid = (lab: Lab): number => {
  const guest = ordinary(lab, ["SETUID"]);
  call(guest, "setfsuid", { uid: 9 });
  expect(call(guest, "setresuid", { ruid: MINUS_1, euid: MINUS_1, suid: MINUS_1 })).toBe(0);
  return uids(guest)[3] as number;
};

test.each(clone3Eras("clone3-63"))("setresuid of nothing leaves the fsuid alone, $arch $profile", (era) => {
  expect(moveFsuid(new Lab(era))).toBe(9);
});

test.each([...BASE, ...clone3ErasBefore("clone3-63")])(
  "setresuid of nothing resets the fsuid, $arch $profile",
  (era) => {
    expect(moveFsuid(new Lab(era))).toBe(1000);
  },
);

describe.each(ALL.filter(({ arch }) => arch === "i386"))(`16-bit numbers, ${TITLE}`, (era) => {
  test("a number that does not fit is told as 65534, 65535 stands for −1", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    expect(call(guest, "setresuid", { ruid: 70_000, euid: 0, suid: 65_535 })).toBe(0);
    expect([call(guest, "getuid"), call(guest, "getuid16"), call(guest, "geteuid16")]).toEqual([
      70_000, 65_534, 0,
    ]);
    guest.writeInts(SCRATCH, [-1, -1]);
    expect(call(guest, "getresuid16", { ruidp: SCRATCH, euidp: SCRATCH + 2, suidp: SCRATCH + 4 })).toBe(0);
    expect([...guest.read(SCRATCH, 8)]).toEqual([0xfe, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(call(guest, "setresuid16", { ruid: 0xffff, euid: 0xffff, suid: 7 })).toBe(0);
    expect(uids(guest)).toEqual([70_000, 0, 7, 0]);
    // Only 16 bits of the register count.
    expect(call(guest, "setreuid16", { ruid: 0xffff, euid: 0x12340007 })).toBe(0);
    expect(uids(guest)[1]).toBe(7);
  });

  test("groups in 16 bits", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    guest.writeInts(SCRATCH, [100_000, 3]);
    expect(call(guest, "setgroups", { gidsetsize: 2, grouplist: SCRATCH })).toBe(0);
    expect(call(guest, "getgroups16", { gidsetsize: 2, grouplist: SCRATCH })).toBe(2);
    expect([...guest.read(SCRATCH, 4)]).toEqual([3, 0, 0xfe, 0xff]);
    guest.write(SCRATCH, Uint8Array.of(9, 0, 8, 0));
    expect(call(guest, "setgroups16", { gidsetsize: 2, grouplist: SCRATCH })).toBe(0);
    expect(guest.task.cred.groups).toEqual([8, 9]);
    expect([call(guest, "setgid16", { gid: 5 }), call(guest, "setfsgid16", { gid: 6 })]).toEqual([0, 5]);
    expect([call(guest, "getgid16"), call(guest, "getegid16")]).toEqual([5, 5]);
  });
});

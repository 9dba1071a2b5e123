import { describe, expect, test } from "vitest";
import { CLONE, CLONE_NEWTIME, O, PIDFD, RLIMIT } from "../../../src/abi/structs/index.ts";
import { CAP, Guest } from "../../../src/kernel/index.ts";
import { nsCapable } from "../../../src/kernel/task/ns-capable.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { FaultPlan } from "../../../src/mm/index.ts";
import { Lab3 } from "../support/clone3.ts";
import { clone3Eras, clone3ErasBefore, type Era, TITLE } from "../support/eras.ts";
import { become, dropCapabilities, expectFailure, nest, numbersOf, SCRATCH } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;

function isBefore(era: Era, name: Parameters<typeof clone3ErasBefore>[0]): boolean {
  return clone3ErasBefore(name).some(({ profile }) => profile === era.profile);
}

function unshare(lab: Lab3, flags: number | bigint, guest: Guest = lab.caller): number | null {
  lab.fresh();
  return guest.call("unshare", { unshare_flags: flags });
}

describe.each(clone3Eras())(`unshare, ${TITLE}`, (era) => {
  test("a flag that cannot be unshared is EINVAL, in the upper half too", () => {
    const lab = new Lab3(era);
    const flags = [0x1, 0x40, CLONE.PIDFD, CLONE.PARENT, CLONE.IO, CLONE.DETACHED];
    if (isBefore(era, "clone3-57")) flags.push(CLONE_NEWTIME);
    for (const flag of flags) expectFailure(lab, unshare(lab, flag), "EINVAL", "unknown-flag");
    if (era.arch === "x86_64") expectFailure(lab, unshare(lab, 1n << 32n), "EINVAL", "unknown-flag");
    expect(unshare(lab, 0)).toBe(0);
  });

  test("a single thread has nothing to leave but what it shares with others", () => {
    const lab = new Lab3(era);
    for (const flag of [CLONE.THREAD, CLONE.SIGHAND, CLONE.VM, CLONE.SYSVSEM])
      expect(unshare(lab, flag)).toBe(0);
    lab.made(lab.plain({ flags: CLONE.VM }));
    expectFailure(lab, unshare(lab, CLONE.VM), "EINVAL", "shared-with-threads");
    expect([unshare(lab, CLONE.SIGHAND), unshare(lab, CLONE.THREAD)]).toEqual([0, 0]);
    lab.made(lab.plain({ flags: CLONE.VM | CLONE.SIGHAND }));
    expectFailure(lab, unshare(lab, CLONE.SIGHAND), "EINVAL", "shared-with-threads");
    expect(unshare(lab, CLONE.THREAD)).toBe(0);
    lab.made(lab.plain({ flags: THREAD }));
    for (const flag of [CLONE.THREAD, CLONE.NEWUSER])
      expectFailure(lab, unshare(lab, flag), "EINVAL", "shared-with-threads");
    expect([unshare(lab, CLONE.FS), unshare(lab, CLONE.NEWUTS)]).toEqual([0, 0]);
  });

  test("every namespace takes CAP_SYS_ADMIN, which is looked at before anything else about it", () => {
    const lab = new Lab3(era);
    expect(unshare(lab, CLONE.NEWPID)).toBe(0);
    expectFailure(lab, unshare(lab, CLONE.NEWPID), "EINVAL", "newpid-again");
    dropCapabilities(lab.caller);
    for (const flag of [CLONE.NEWPID, CLONE.NEWNS, CLONE.NEWUTS, CLONE.NEWIPC, CLONE.NEWNET, CLONE.NEWCGROUP])
      expectFailure(lab, unshare(lab, flag), "EPERM", "not-capable");
    expect(unshare(lab, CLONE.FILES | CLONE.FS)).toBe(0);
  });

  test("P-15 whoever has no capability makes a user namespace, and with it the others", () => {
    const lab = new Lab3(era);
    become(lab.caller, 1000, []);
    const { uts } = lab.caller.task.nsproxy;
    expect(unshare(lab, CLONE.NEWUSER | CLONE.NEWUTS | CLONE.NEWPID)).toBe(0);
    const { cred, nsproxy } = lab.caller.task;
    expect([cred.uid, cred.userNs.level, cred.userNs.owner, nsproxy.uts === uts]).toEqual([
      1000,
      1,
      1000,
      false,
    ]);
    expect(nsproxy.pidNs.userNs).toBe(cred.userNs);
    expectFailure(lab, unshare(lab, CLONE.NEWUSER), "EPERM", "user-namespace-unmapped");
    // What was there before belongs to somebody else.
    expect(nsCapable(cred, nsproxy.mnt.userNs, CAP.SYS_ADMIN)).toBe(false);
    expect(lab.child3().task.tid).toBe(1);
  });

  test("a call that fails changes nothing, not even what could be left", () => {
    const lab = new Lab3(era);
    lab.made(lab.plain({ flags: CLONE.FILES | CLONE.FS }));
    const { files, fs, nsproxy } = lab.caller.task;
    const users = [files.users, fs.users];
    lab.usePlan(new FaultPlan().failAllocation(1, "uts_namespace"));
    const flags = CLONE.FILES | CLONE.FS | CLONE.NEWUTS;
    expectFailure(lab, unshare(lab, flags), "ENOMEM", "namespace-no-memory");
    lab.usePlan(null);
    const now = lab.caller.task;
    expect([now.files === files, now.fs === fs, now.nsproxy === nsproxy]).toEqual([true, true, true]);
    expect([files.users, fs.users]).toEqual(users);
    expect(unshare(lab, flags)).toBe(0);
    expect([files.users, fs.users, lab.caller.task.files.users]).toEqual([1, 1, 1]);
  });

  test("P-21 the 33rd pid namespace is ENOSPC", () => {
    const lab = new Lab3(era, { level: 32 });
    expectFailure(lab, unshare(lab, CLONE.NEWPID), "ENOSPC", "pid-namespace-too-deep");
  });

  test("P-21 a pid namespace is made only below one whose owner is above the maker's user namespace", () => {
    const lab = new Lab3(era);
    const inside = lab.child3({ flags: CLONE.NEWUSER | CLONE.NEWPID });
    // Back in the outer user namespace, as setns could bring it there.
    inside.task.cred = { ...inside.task.cred, userNs: lab.machine.rootUserNs };
    expect(inside.errno(unshare(lab, CLONE.NEWPID, inside))).toBe("EINVAL");
    expect(lab.rung).toBe("newpid-foreign");
  });

  test("after unshare the caller keeps its numbers, its first child is init and the next one its subject", () => {
    const lab = new Lab3(era, { level: 1 });
    unshare(lab, CLONE.NEWPID);
    const init = lab.child3();
    const second = lab.child3();
    expect([init.task.tid, second.task.tid, lab.caller.task.tid]).toEqual([1, 2, 1]);
    expect([init.call("getppid"), numbersOf(second).length]).toEqual([0, 3]);
    expect(lab.child3({ flags: CLONE.PARENT_SETTID }).task.realParent).toBe(lab.caller.task);
  });
});

describe.each(clone3Eras())(`pidfd_open, ${TITLE}`, (era) => {
  function open(lab: Lab3, pid: number, flags = 0): number | null {
    lab.fresh();
    return lab.caller.call("pidfd_open", { pid, flags });
  }

  test("flags are the era's; the number is positive and somebody's", () => {
    const lab = new Lab3(era, { level: 1 });
    const known = isBefore(era, "clone3-63")
      ? 0
      : PIDFD.NONBLOCK | (isBefore(era, "clone3-614") ? 0 : PIDFD.THREAD);
    for (let bit = 0; bit < 32; bit++) {
      const flag = 2 ** bit;
      if ((known & flag) === 0) expectFailure(lab, open(lab, 1, flag), "EINVAL", "unknown-flag");
      else expect(open(lab, 1, flag)).toBeGreaterThanOrEqual(0);
    }
    for (const pid of [0, -1, -0x8000_0000]) expectFailure(lab, open(lab, pid), "EINVAL", "pid-not-positive");
    for (const pid of [2, 0x7fff_ffff]) expectFailure(lab, open(lab, pid), "ESRCH", "no-process");
  });

  test("a zombie is a process, a thread is none; what only a group has is neither", () => {
    const lab = new Lab3(era, { level: 1 });
    const late = !isBefore(era, "clone3-614");
    const child = lab.child3();
    const nr = child.task.tid;
    const thread = lab.made(lab.plain({ flags: THREAD }, child), child);
    expectFailure(lab, open(lab, thread.task.tid), late ? "ENOENT" : "EINVAL", "not-a-leader");
    if (late) expect(open(lab, thread.task.tid, PIDFD.THREAD)).toBe(0);
    child.call("setsid");
    const member = lab.made(lab.plain({}, child), child);
    child.call("exit_group");
    expect(open(lab, nr)).toBeGreaterThanOrEqual(0);
    lab.caller.call("wait4", { upid: nr });
    expectFailure(lab, open(lab, nr), late ? "ESRCH" : "EINVAL", "task-gone");
    member.call("exit_group");
    lab.caller.call("wait4", { upid: member.task.tid });
    expectFailure(lab, open(lab, nr), "ESRCH", "no-process");
  });

  test("the descriptor is the lowest free one, closed by execve; without one EMFILE, without memory ENOMEM", () => {
    const lab = new Lab3(era);
    const { files, signal } = lab.caller.task;
    expect(open(lab, 1)).toBe(0);
    expect([files.getCloseOnExec(0), (files.lookup(0)?.flags ?? 0) & O.ACCMODE]).toEqual([true, O.RDWR]);
    signal.setRlimit(RLIMIT.NOFILE, limitOf(1));
    expectFailure(lab, open(lab, 1), "EMFILE", "too-many-fds");
    lab.caller.call("close", { fd: 0 });
    lab.machine.filp.alloc = () => false;
    expectFailure(lab, open(lab, 1), "ENOMEM", "no-memory");
    expect(files.descriptors()).toEqual([]);
  });
});

describe.each(clone3Eras("clone3-59"))(`setns by a pidfd, ${TITLE}`, (era) => {
  const ALL = CLONE.NEWNS | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWNET | CLONE.NEWCGROUP;

  /** A lab whose caller holds a pidfd of `target`. */
  function holding(lab: Lab3, target: Guest, guest: Guest = lab.caller): number {
    return guest.call("pidfd_open", { pid: target.task.nrIn(guest.task.pidNs) }) ?? -1;
  }
  function setns(lab: Lab3, fd: number, flags: number, guest: Guest = lab.caller): number | null {
    lab.fresh();
    return guest.call("setns", { fd, flags });
  }

  test("EBADF without a file, EINVAL for any other file, for no flag, and for one that is no namespace", () => {
    const lab = new Lab3(era);
    expectFailure(lab, setns(lab, 9, CLONE.NEWPID), "EBADF", "not-open");
    const fd = holding(lab, lab.caller);
    for (const flags of [0, CLONE.VM, CLONE.NEWPID | CLONE.VM, CLONE.IO | 0])
      expectFailure(lab, setns(lab, fd, flags), "EINVAL", "unknown-flag");
    lab.caller.call("pipe2", { fildes: 0x1000_1000, flags: 0 });
    const pipe = lab.caller.readInt(0x1000_1000);
    expectFailure(lab, setns(lab, pipe, CLONE.NEWPID), "EINVAL", "not-a-namespace");
  });

  test("the caller keeps its pid; its children are born below, where the maker is invisible", () => {
    const lab = new Lab3(era, { level: 1 });
    const init = nest(lab.caller);
    expect(setns(lab, holding(lab, init), CLONE.NEWPID)).toBe(0);
    expect(lab.caller.call("getpid")).toBe(1);
    const child = lab.child3();
    expect([numbersOf(child).length, child.task.tid, child.call("getppid")]).toEqual([3, 2, 0]);
    // A new namespace or a thread of its own would be neither here nor there.
    for (const [flags, rung] of [
      [CLONE.NEWPID, "newpid-again"],
      [THREAD, "thread-in-other-namespace"],
    ] as const)
      expectFailure(lab, lab.plain({ flags }), "EINVAL", rung);
    expect(lab.clone3({ tids: [77, 78] })).toBe(78);
    // And back again.
    expect(setns(lab, holding(lab, lab.caller), CLONE.NEWPID)).toBe(0);
    expect(numbersOf(lab.child3())).toHaveLength(2);
  });

  test("only downwards: EINVAL for a namespace above or beside the caller's own", () => {
    const lab = new Lab3(era, { level: 1 });
    const [a, b] = [nest(lab.caller), nest(lab.caller)];
    const up = holding(lab, lab.caller);
    const beside = holding(lab, b);
    // A child has its parent's descriptors.
    const inside = lab.made(lab.plain({ flags: CLONE.NEWPID }));
    expect([inside.errno(setns(lab, up, CLONE.NEWPID, inside)), lab.rung]).toEqual([
      "EINVAL",
      "pid-not-below",
    ]);
    expect([inside.errno(setns(lab, beside, CLONE.NEWPID, inside)), lab.rung]).toEqual([
      "EINVAL",
      "pid-not-below",
    ]);
    expect(a.task.pidNs.level).toBe(2);
    expect(setns(lab, up, ALL, inside)).toBe(0);
  });

  test("a process that has exited has no namespaces: ESRCH, as a zombie and after", () => {
    const lab = new Lab3(era);
    const init = nest(lab.caller);
    const fd = holding(lab, init);
    expect(setns(lab, fd, CLONE.NEWPID)).toBe(0);
    const nr = init.task.nrIn(lab.caller.task.pidNs);
    init.call("exit");
    expectFailure(lab, setns(lab, fd, CLONE.NEWPID), "ESRCH", "task-gone");
    expectFailure(lab, lab.plain(), "ENOMEM", "namespace-dying");
    lab.caller.call("wait4", { upid: nr });
    expectFailure(lab, setns(lab, fd, CLONE.NEWUTS), "ESRCH", "task-gone");
  });

  test("it takes CAP_SYS_ADMIN over the namespace and at home: EPERM", () => {
    const lab = new Lab3(era);
    const init = nest(lab.caller);
    const fd = holding(lab, init);
    dropCapabilities(lab.caller, ["SYS_PTRACE"]);
    for (const [flags, rung] of [
      [CLONE.NEWNS, "mnt-not-capable"],
      [CLONE.NEWUTS, "not-capable"],
      [CLONE.NEWIPC, "not-capable"],
      [CLONE.NEWPID, "pid-not-capable"],
      [CLONE.NEWCGROUP, "late-not-capable"],
      [CLONE.NEWNET, "late-not-capable"],
      [CLONE_NEWTIME, "time-not-capable"],
    ] as const)
      expectFailure(lab, setns(lab, fd, flags), "EPERM", rung);
    dropCapabilities(lab.caller, ["SYS_PTRACE", "SYS_ADMIN"]);
    expectFailure(lab, setns(lab, fd, CLONE.NEWNS), "EPERM", "mnt-not-capable");
    expect(setns(lab, fd, CLONE.NEWUTS)).toBe(0);
  });

  test("whose process may not be looked into is not entered: EPERM", () => {
    const lab = new Lab3(era);
    const init = nest(lab.caller);
    const fd = holding(lab, init);
    become(lab.caller, 1000, ["SYS_ADMIN"]);
    expectFailure(lab, setns(lab, fd, CLONE.NEWPID), "EPERM", "not-accessible");
    become(lab.caller, 1000, ["SYS_ADMIN", "SYS_PTRACE"]);
    expect(setns(lab, fd, CLONE.NEWPID)).toBe(0);
    // The same user is let in as long as the process has no capability more.
    become(init, 1000, []);
    become(lab.caller, 1000, ["SYS_ADMIN"]);
    init.task.cred = { ...init.task.cred, gid: 0, egid: 0, sgid: 0 };
    expect(setns(lab, fd, CLONE.NEWPID)).toBe(0);
    become(init, 1000, ["KILL"]);
    expectFailure(lab, setns(lab, fd, CLONE.NEWPID), "EPERM", "not-accessible");
  });

  test("a user namespace: never one's own; not by a thread, nor with shared fs; with CAP_SYS_ADMIN over it", () => {
    const lab = new Lab3(era);
    const target = lab.child3({ flags: CLONE.NEWUSER });
    const fd = holding(lab, target);
    expectFailure(lab, setns(lab, holding(lab, lab.caller), CLONE.NEWUSER), "EINVAL", "user-own");
    const sharer = lab.made(lab.plain({ flags: CLONE.FS }));
    expectFailure(lab, setns(lab, fd, CLONE.NEWUSER), "EINVAL", "user-shared-fs");
    lab.bury(sharer);
    const thread = lab.made(lab.plain({ flags: THREAD }));
    expectFailure(lab, setns(lab, fd, CLONE.NEWUSER), "EINVAL", "user-thread");
    thread.call("exit");
    const { cred } = lab.caller.task;
    expect(setns(lab, fd, CLONE.NEWUSER)).toBe(0);
    expect(lab.caller.task.cred.userNs).toBe(target.task.cred.userNs);
    lab.caller.task.cred = cred;
    become(lab.caller, 1000, ["SYS_PTRACE"]);
    expectFailure(lab, setns(lab, fd, CLONE.NEWUSER), "EPERM", "user-not-capable");
  });

  test("a mount namespace alone wants fs of one's own; a time namespace memory of one's own", () => {
    const lab = new Lab3(era);
    const fd = holding(lab, nest(lab.caller));
    lab.made(lab.plain({ flags: CLONE.FS | CLONE.VM }));
    expectFailure(lab, setns(lab, fd, CLONE.NEWNS), "EINVAL", "mnt-shared-fs");
    expect(setns(lab, fd, CLONE.NEWNS | CLONE.NEWUTS)).toBe(0);
    expectFailure(lab, setns(lab, fd, CLONE_NEWTIME), "EUSERS", "time-shared-vm");
  });

  test("all at once, or nothing", () => {
    const lab = new Lab3(era);
    const target = lab.child3({ flags: ALL | CLONE.NEWPID });
    const fd = holding(lab, target);
    const before = lab.caller.task.nsproxy;
    lab.made(lab.plain({ flags: CLONE.VM }));
    expectFailure(lab, setns(lab, fd, ALL | CLONE.NEWPID | CLONE_NEWTIME), "EUSERS", "time-shared-vm");
    expect(lab.caller.task.nsproxy).toBe(before);
    expect(setns(lab, fd, ALL | CLONE.NEWPID)).toBe(0);
    const { uts, ipc, net, mnt, cgroup, pidNs } = lab.caller.task.nsproxy;
    expect({ uts, ipc, net, mnt, cgroup, pidNs }).toEqual(
      (({ uts, ipc, net, mnt, cgroup, pidNs }) => ({ uts, ipc, net, mnt, cgroup, pidNs }))(
        target.task.nsproxy,
      ),
    );
  });
});

describe.each(clone3ErasBefore("clone3-59"))(`setns before 5.8, ${TITLE}`, (era) => {
  test("a pidfd is no namespace", () => {
    const lab = new Lab3(era);
    const fd = lab.caller.call("pidfd_open", { pid: 1 }) ?? -1;
    lab.fresh();
    expectFailure(lab, lab.caller.call("setns", { fd, flags: CLONE.NEWPID }), "EINVAL", "not-a-namespace");
  });
});

test("a capability counts over its own user namespace and those below, and for the owner right below", () => {
  const lab = new Lab3({ arch: "x86_64", profile: "clone3-614" });
  become(lab.caller, 1000, []);
  const child = lab.child3({ flags: CLONE.NEWUSER });
  child.task.cred.userNs.mapped = true;
  const grandchild = lab.made(lab.clone3({ flags: CLONE.NEWUSER }, child), child);
  const spaces = [lab.machine.rootUserNs, child.task.cred.userNs, grandchild.task.cred.userNs];
  const over = (guest: Guest): boolean[] => spaces.map((ns) => nsCapable(guest.task.cred, ns, CAP.SYS_ADMIN));
  // The maker of the first owns it, and so what lies below it.
  expect(over(lab.caller)).toEqual([false, true, true]);
  expect(over(child)).toEqual([false, true, true]);
  expect(over(grandchild)).toEqual([false, false, true]);
  const stranger = new Guest(lab.machine, lab.fork().task);
  become(stranger, 1001, []);
  expect(over(stranger)).toEqual([false, false, false]);
  become(stranger, 1001, ["SYS_ADMIN"]);
  expect(over(stranger)).toEqual([true, true, true]);
});

describe.each(clone3Eras())(`An init whose namespace has a parent outside, ${TITLE}`, (era) => {
  const WNOHANG = 1;
  const wait = (lab: Lab3, nr: number): number | null =>
    lab.caller.call("wait4", { upid: nr, options: WNOHANG, stat_addr: SCRATCH });

  test("it is no zombie before the parent has reaped everybody else there", () => {
    const lab = new Lab3(era, { level: 1 });
    unshare(lab, CLONE.NEWPID);
    const [init, second, third] = [lab.child3(), lab.child3(), lab.child3()];
    const [i, s, t] = [init, second, third].map(({ task }) => task.nrIn(lab.caller.task.pidNs)) as [
      number,
      number,
      number,
    ];
    init.call("exit", { error_code: 7 });
    expect([init.task.state, second.task.state]).toEqual(["exiting", "zombie"]);
    expect(wait(lab, i)).toBe(0);
    // It can be named and signalled, to no avail, and has a pidfd.
    expect([lab.caller.call("kill", { pid: i, sig: 9 }), lab.caller.call("pidfd_open", { pid: i })]).toEqual([
      0, 0,
    ]);
    expectFailure(lab, lab.plain(), "ENOMEM", "namespace-dying");
    expect(wait(lab, s)).toBe(s);
    expect(wait(lab, i)).toBe(0);
    expect(wait(lab, -1)).toBe(t);
    expect(wait(lab, i)).toBe(i);
    expect(lab.caller.readInt(SCRATCH)).toBe(0x700);
  });

  test("nor while a group of its own has a member outside", () => {
    const lab = new Lab3(era, { level: 1 });
    unshare(lab, CLONE.NEWPID);
    const init = lab.child3();
    const leader = lab.child3();
    leader.call("setpgid", { pid: 0, pgid: 0 });
    const nr = leader.task.nrIn(lab.caller.task.pidNs);
    expect(lab.caller.call("setpgid", { pid: 0, pgid: nr })).toBe(0);
    init.call("exit", { error_code: 7 });
    expect(wait(lab, nr)).toBe(nr);
    expect(init.task.state).toBe("exiting");
    expect(lab.caller.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(init.task.state).toBe("zombie");
  });

  test("a parent that waits for it goes on when it is one", () => {
    const lab = new Lab3(era, { level: 1 });
    const maker = lab.fork();
    unshare(lab, CLONE.NEWPID, maker);
    const init = lab.made(lab.clone3({}, maker), maker);
    const second = lab.made(lab.clone3({}, maker), maker);
    const thread = lab.made(lab.plain({ flags: CLONE.VM }, lab.caller));
    expect(thread.task.state).toBe("running");
    init.call("exit", { error_code: 7 });
    expect(maker.call("wait4", { upid: init.task.nrIn(maker.task.pidNs) })).toBeNull();
    expect([maker.task.state, second.task.state]).toEqual(["blocked", "zombie"]);
    // The maker dies: the orphans go to the init outside, which reaps.
    lab.machine.kill(maker.task);
    lab.machine.settle();
    expect(init.task.realParent).toBe(lab.caller.task);
    while ((lab.caller.call("wait4", { upid: -1, options: WNOHANG | 0x4000_0000 }) ?? -1) > 0);
    expect([init.task.state, second.task.state]).toEqual(["dead", "dead"]);
  });

  test("namespaces below go first, whoever the parents are", () => {
    const lab = new Lab3(era, { level: 1 });
    const outer = lab.child3({ flags: CLONE.NEWPID });
    const maker = lab.made(lab.clone3({}, outer), outer);
    unshare(lab, CLONE.NEWPID, maker);
    const inner = lab.made(lab.clone3({}, maker), maker);
    lab.made(lab.clone3({}, maker), maker);
    inner.call("exit");
    expect(inner.task.state).toBe("exiting");
    outer.call("exit");
    lab.machine.settle();
    expect(outer.task.state).toBe("zombie");
    wait(lab, -1);
    expect(lab.machine.nrThreads).toBe(2);
  });
});

import { describe, expect, test } from "vitest";
import { CLONE, CLONE_NEWTIME, RLIMIT } from "../../../src/abi/structs/index.ts";
import { CAP, Guest, SIG } from "../../../src/kernel/index.ts";
import { sendSignal } from "../../../src/kernel/signal/send.ts";
import { nsCapable } from "../../../src/kernel/task/ns-capable.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { FaultPlan } from "../../../src/mm/index.ts";
import { census, withoutCursors } from "../support/census.ts";
import { expectRefused, high, Lab3, type Wish3 } from "../support/clone3.ts";
import { clone3Eras, clone3ErasBefore, TITLE } from "../support/eras.ts";
import {
  become,
  dropCapabilities,
  expectFailure,
  HOLE,
  KERNEL_ADDRESS,
  nest,
  SCRATCH,
} from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
const SPACES = {
  NEWNS: CLONE.NEWNS,
  NEWUTS: CLONE.NEWUTS,
  NEWIPC: CLONE.NEWIPC,
  NEWPID: CLONE.NEWPID,
  NEWNET: CLONE.NEWNET,
  NEWCGROUP: CLONE.NEWCGROUP,
} as const;

/** Kernel objects copy_process makes, and the flags under which it needs them. */
const OBJECTS: readonly (readonly [site: string, flags: number, rung: string])[] = [
  ["task_struct", 0, "task-no-memory"],
  ["cred", 0, "copy-no-memory"],
  ["user_namespace", CLONE.NEWUSER, "user-namespace-no-memory"],
  ["sem_undo", CLONE.SYSVSEM, "copy-no-memory"],
  ["files_struct", 0, "copy-no-memory"],
  ["fs_struct", 0, "copy-no-memory"],
  ["sighand_struct", 0, "copy-no-memory"],
  ["signal_struct", 0, "copy-no-memory"],
  ["mm_struct", 0, "copy-no-memory"],
  ["nsproxy", CLONE.NEWUTS, "namespace-no-memory"],
  ["mnt_namespace", CLONE.NEWNS, "namespace-no-memory"],
  ["uts_namespace", CLONE.NEWUTS, "namespace-no-memory"],
  ["ipc_namespace", CLONE.NEWIPC, "namespace-no-memory"],
  ["pid_namespace", CLONE.NEWPID, "pid-namespace-no-memory"],
  ["cgroup_namespace", CLONE.NEWCGROUP, "pid-namespace-no-memory"],
  ["net_namespace", CLONE.NEWNET, "pid-namespace-no-memory"],
  ["pid", 0, "pid-object-no-memory"],
];

describe.each(clone3Eras())(`Ladder P, ${TITLE}`, (era) => {
  /** The same flags through clone3 and through clone. */
  function bothRefuse(lab: Lab3, flags: number, errno: string, rung: string): void {
    const sibling = (flags & (CLONE.THREAD | CLONE.PARENT)) !== 0;
    expectRefused(lab, { flags, exitSignal: sibling ? 0 : SIG.CHLD, pidfd: SCRATCH }, errno, rung);
    expectFailure(lab, lab.plain({ flags, parentTid: SCRATCH }), errno, rung);
  }

  test("P-01 NEWNS with FS is EINVAL", () => {
    bothRefuse(new Lab3(era), CLONE.NEWNS | CLONE.FS, "EINVAL", "newns-fs");
  });

  test("P-02 NEWUSER with FS is EINVAL", () => {
    bothRefuse(new Lab3(era), CLONE.NEWUSER | CLONE.FS, "EINVAL", "newuser-fs");
  });

  test("P-03 THREAD without SIGHAND is EINVAL", () => {
    bothRefuse(new Lab3(era), CLONE.THREAD, "EINVAL", "thread-without-sighand");
    bothRefuse(new Lab3(era), CLONE.THREAD | CLONE.VM, "EINVAL", "thread-without-sighand");
  });

  test("P-04 SIGHAND without VM is EINVAL", () => {
    bothRefuse(new Lab3(era), CLONE.SIGHAND, "EINVAL", "sighand-without-vm");
    bothRefuse(new Lab3(era), CLONE.SIGHAND | CLONE.THREAD, "EINVAL", "sighand-without-vm");
  });

  test("P-05 PARENT by a namespace's init is EINVAL", () => {
    const lab = new Lab3(era, { level: 1 });
    bothRefuse(lab, CLONE.PARENT, "EINVAL", "parent-by-init");
    const child = lab.fork();
    const sibling = lab.made(lab.clone3({ flags: CLONE.PARENT, exitSignal: 0 }, child));
    expect(sibling.task.realParent).toBe(lab.caller.task);
  });

  test("P-06 a thread with a user or pid namespace of its own is EINVAL", () => {
    const lab = new Lab3(era);
    for (const flag of [CLONE.NEWUSER, CLONE.NEWPID])
      bothRefuse(lab, THREAD | flag, "EINVAL", "thread-in-other-namespace");
  });

  test("P-06 and so is every thread while the caller's children go to another pid namespace", () => {
    const lab = new Lab3(era);
    expect(lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID })).toBe(0);
    bothRefuse(lab, THREAD, "EINVAL", "thread-in-other-namespace");
  });

  test("P-07 PIDFD with DETACHED is EINVAL, which only clone can ask for", () => {
    const lab = new Lab3(era);
    const result = lab.plain({ flags: CLONE.PIDFD | CLONE.DETACHED, parentTid: SCRATCH });
    expectFailure(lab, result, "EINVAL", "pidfd-detached");
    expect(lab.plain({ flags: CLONE.DETACHED })).toBeGreaterThan(0);
  });

  test("P-07 PIDFD with THREAD is EINVAL before about 6.9", () => {
    const lab = new Lab3(era);
    const flags = THREAD | CLONE.PIDFD;
    if (clone3ErasBefore("clone3-614").some(({ profile }) => profile === era.profile))
      bothRefuse(lab, flags, "EINVAL", "pidfd-thread");
    else expect(lab.clone3({ flags, exitSignal: 0, pidfd: SCRATCH })).toBeGreaterThan(0);
  });

  test("P-13 a pending signal restarts the call before anything is made or any number taken", () => {
    const lab = new Lab3(era, { level: 1 });
    const { task } = lab.caller;
    const seen: number[] = [];
    lab.machine.securityTaskCreate = () => {
      seen.push(lab.machine.nrThreads);
      return null;
    };
    task.sighand.set(SIG.USR1, { handler: 0x1000, restart: false });
    const first = lab.next;
    const before = lab.machine.nrThreads;
    sendSignal(lab.machine, task, SIG.USR1, null);
    // The signal comes on the way in: the call the guest sees is the second one.
    task.sigpending = true;
    expect(lab.clone3()).toBe(first);
    expect(seen).toEqual([before]);
  });

  test("P-14 P-17 no memory for the task, or for what it owns, is ENOMEM, and nothing is left behind", () => {
    for (const [site, flags, rung] of OBJECTS) {
      const lab = new Lab3(era);
      // The struct's page is there from the first attempt on.
      lab.clone3({ flags, size: 0 });
      const before = withoutCursors(census(lab.machine));
      lab.usePlan(new FaultPlan().failAllocation(1, site));
      expectRefused(lab, { flags }, "ENOMEM", rung);
      lab.usePlan(null);
      expect(withoutCursors(census(lab.machine)), site).toEqual(before);
    }
  });

  test("P-15 user namespaces nest 33 deep: ENOSPC", () => {
    const lab = new Lab3(era);
    let guest = lab.caller;
    for (let level = 1; level <= 33; level++) {
      guest = lab.made(lab.clone3({ flags: CLONE.NEWUSER }, guest), guest);
      expect(guest.task.cred.userNs.level).toBe(level);
      // What a program would write into uid_map and gid_map.
      guest.task.cred.userNs.mapped = true;
    }
    const result = lab.clone3({ flags: CLONE.NEWUSER }, guest);
    expect([guest.errno(result), lab.rung]).toEqual(["ENOSPC", "user-namespace-too-deep"]);
  });

  test("P-15 whoever has no name in the user namespace makes none below it: EPERM", () => {
    const lab = new Lab3(era);
    const child = lab.child3({ flags: CLONE.NEWUSER });
    const result = lab.clone3({ flags: CLONE.NEWUSER }, child);
    expect([child.errno(result), lab.rung]).toEqual(["EPERM", "user-namespace-unmapped"]);
    child.task.cred.userNs.mapped = true;
    expect(child.errno(lab.clone3({ flags: CLONE.NEWUSER }, child))).toBeNull();
  });

  test("P-15 nor does a task whose root is not that of its mount namespace: EPERM", () => {
    const lab = new Lab3(era);
    lab.caller.task.fs.root = "/jail";
    expectRefused(lab, { flags: CLONE.NEWUSER }, "EPERM", "user-namespace-chrooted");
  });

  test("P-15 the child has every capability over its user namespace, and none over the one above", () => {
    const lab = new Lab3(era);
    become(lab.caller, 1000, []);
    const child = lab.child3({ flags: CLONE.NEWUSER });
    expect(child.task.cred.uid).toBe(1000);
    expect(child.errno(child.call("unshare", { unshare_flags: CLONE.NEWUTS }))).toBeNull();
    expect(child.task.nsproxy.uts.userNs).toBe(child.task.cred.userNs);
    expect(nsCapable(child.task.cred, lab.machine.rootUserNs, CAP.SYS_ADMIN)).toBe(false);
  });

  test("P-16 RLIMIT_NPROC processes are EAGAIN; root, SYS_RESOURCE and SYS_ADMIN pass", () => {
    for (const [uid, caps, passes] of [
      [1000, [], false],
      [1000, ["SYS_RESOURCE"], true],
      [1000, ["SYS_ADMIN"], true],
      [1000, ["SETUID", "KILL", "SYS_PTRACE"], false],
      [0, [], true],
    ] as const) {
      const lab = new Lab3(era);
      become(lab.caller, uid, caps);
      lab.caller.task.signal.setRlimit(RLIMIT.NPROC, limitOf(1));
      if (passes) expect(lab.clone3()).toBeGreaterThan(0);
      else expectRefused(lab, {}, "EAGAIN", "nproc-limit");
      lab.caller.task.signal.setRlimit(RLIMIT.NPROC, limitOf(2));
      if (!passes) expect(lab.clone3()).toBeGreaterThan(0);
    }
  });

  test("P-17 max_threads threads are EAGAIN for everybody", () => {
    const lab = new Lab3(era);
    lab.machine.maxThreads = lab.machine.nrThreads;
    expectRefused(lab, {}, "EAGAIN", "max-threads");
    expectRefused(lab, { flags: THREAD, exitSignal: 0 }, "EAGAIN", "max-threads");
  });

  test("P-17 a security module refuses with an errno of its own", () => {
    const lab = new Lab3(era);
    lab.machine.securityTaskCreate = () => "EACCES";
    expectRefused(lab, {}, "EACCES", "security-hook");
  });

  test("P-18 every new namespace takes CAP_SYS_ADMIN over the child's user namespace: EPERM", () => {
    for (const [name, flags] of Object.entries(SPACES)) {
      const lab = new Lab3(era);
      dropCapabilities(lab.caller, ["SYS_PTRACE", "CHECKPOINT_RESTORE", "NET_ADMIN"]);
      expectRefused(lab, { flags }, "EPERM", "namespace-not-capable");
      // The maker of a user namespace has them all over it.
      expect(lab.caller.errno(lab.clone3({ flags: flags | CLONE.NEWUSER })), name).toBeNull();
      dropCapabilities(lab.caller, ["SYS_ADMIN"]);
      expect(lab.caller.errno(lab.clone3({ flags })), name).toBeNull();
    }
  });

  test("P-19 NEWIPC with SYSVSEM is EINVAL, after the capability", () => {
    const lab = new Lab3(era);
    bothRefuse(lab, CLONE.NEWIPC | CLONE.SYSVSEM, "EINVAL", "newipc-sysvsem");
    dropCapabilities(lab.caller);
    bothRefuse(lab, CLONE.NEWIPC | CLONE.SYSVSEM, "EPERM", "namespace-not-capable");
  });

  test("P-20 NEWPID while the children's namespace is another one is EINVAL", () => {
    const lab = new Lab3(era);
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    bothRefuse(lab, CLONE.NEWPID, "EINVAL", "newpid-again");
  });

  test("P-21 pid namespaces nest 32 deep: ENOSPC", () => {
    const lab = new Lab3(era, { level: 32 });
    expect(lab.caller.task.pid.level).toBe(32);
    bothRefuse(lab, CLONE.NEWPID, "ENOSPC", "pid-namespace-too-deep");
    expect(lab.clone3()).toBeGreaterThan(0);
  });

  test("P-22 SETTLS of a 32-bit task: EFAULT for a descriptor that cannot be read, EINVAL for a wrong one", () => {
    const lab = new Lab3(era, { bits: 32 });
    const first = era.arch === "i386" ? 6 : 12;
    const flags = CLONE.SETTLS;
    const descriptor = (entry: number, bits: number, limit = 0xfffff): Wish3 => {
      lab.caller.writeInts(SCRATCH, [entry, 0x1000, limit, bits]);
      return { flags, tls: SCRATCH };
    };
    for (const tls of [0, HOLE, HOLE - 15]) expectRefused(lab, { flags, tls }, "EFAULT", "tls-unreadable");
    for (const entry of [-1, 0, first - 1, first + 3])
      expectRefused(lab, descriptor(entry, 0x51), "EINVAL", "tls-entry");
    // Not 32-bit, code, not present.
    for (const bits of [0x50, 0x55, 0x71])
      expectRefused(lab, descriptor(first, bits), "EINVAL", "tls-descriptor");
    for (const entry of [first, first + 1, first + 2]) {
      const child = lab.child3(descriptor(entry, 0x51));
      expect(child.task.tls?.[entry - first]).toEqual([entry, 0x1000, 0xfffff, 0x51]);
    }
  });

  test("P-23 SETTLS of a 64-bit task: EPERM for a base that is no user address", () => {
    if (era.arch === "i386") return;
    const lab = new Lab3(era);
    for (const tls of [0x7fff_ffff_f000n, 1n << 63n, KERNEL_ADDRESS.x86_64])
      expectRefused(lab, { flags: CLONE.SETTLS, tls }, "EPERM", "tls-base");
    expect(lab.child3({ flags: CLONE.SETTLS, tls: 0x7fff_ffff_efffn }).task.fsBase).toBe(0x7fff_ffff_efff);
    expect(lab.child3().task.fsBase).toBe(lab.caller.task.fsBase);
  });

  test("P-25 P-31 the pidfd: EMFILE without a free descriptor, EFAULT when it cannot be written", () => {
    const lab = new Lab3(era, { level: 1 });
    const flags = CLONE.PIDFD;
    const free = lab.caller.task.files.descriptors().length;
    const first = lab.next;
    for (const pidfd of [0, HOLE, HOLE - 2, KERNEL_ADDRESS[era.arch]])
      expectRefused(lab, { flags, pidfd }, "EFAULT", "pidfd-unwritable");
    lab.caller.task.signal.setRlimit(RLIMIT.NOFILE, limitOf(free, free));
    expectRefused(lab, { flags, pidfd: SCRATCH }, "EMFILE", "pidfd-too-many-fds");
    expect(lab.caller.task.files.descriptors()).toHaveLength(free);
    // Each attempt has used up a number of the kernel's own choice.
    expect(lab.clone3()).toBe(first + 5);
  });

  test("P-25 no memory for the pidfd's file is ENOMEM", () => {
    const lab = new Lab3(era);
    const open = lab.caller.task.files.descriptors();
    lab.machine.filp.alloc = () => false;
    expectRefused(lab, { flags: CLONE.PIDFD, pidfd: SCRATCH }, "ENOMEM", "pidfd-no-memory");
    expect(lab.caller.task.files.descriptors()).toEqual(open);
  });

  test("P-28 a caller that is killed meanwhile makes no child", () => {
    const lab = new Lab3(era);
    const child = lab.fork();
    lab.machine.securityTaskCreate = (task) => {
      if (task === child.task) sendSignal(lab.machine, child.task, SIG.KILL, null);
      return null;
    };
    const before = lab.machine.nrThreads;
    lab.clone3({}, child);
    expect(lab.rung).toBe("fatal-signal");
    expect(child.task.state).toBe("zombie");
    expect(lab.machine.nrThreads).toBe(before);
  });
});

describe.each(clone3Eras("clone3-57"))(`CLONE_INTO_CGROUP, ${TITLE}`, (era) => {
  test("P-26 a descriptor that is not an open cgroup directory is EBADF; the pidfd has been written by then", () => {
    const lab = new Lab3(era);
    lab.caller.call("dup", { fildes: 0 });
    for (const cgroup of [0, 999, 0x7fff_ffff])
      expectRefused(lab, { flags: high(33), cgroup }, "EBADF", "cgroup-not-open");
    const flags = high(33) | BigInt(CLONE.PIDFD);
    lab.caller.writeInts(SCRATCH, [-7]);
    const open = lab.caller.task.files.descriptors();
    expectRefused(lab, { flags, cgroup: 999, pidfd: SCRATCH }, "EBADF", "cgroup-not-open");
    expect(lab.caller.readInt(SCRATCH)).toBeGreaterThanOrEqual(0);
    expect(lab.caller.task.files.descriptors()).toEqual(open);
  });
});

describe.each(clone3ErasBefore("clone3-63").filter(({ profile }) => !/5[35]/.test(profile)))(
  `Time namespaces of 5.6 to 6.0, ${TITLE}`,
  (era) => {
    test("whoever shares memory or a group with the maker stays in its time namespace", () => {
      const lab = new Lab3(era);
      expect(lab.caller.call("unshare", { unshare_flags: CLONE_NEWTIME })).toBe(0);
      for (const flags of [CLONE.VM, THREAD])
        expectFailure(lab, lab.plain({ flags }), "EINVAL", "other-time-namespace");
      const { nsproxy } = lab.fork().task;
      expect(nsproxy.time).toBe(lab.caller.task.nsproxy.timeForChildren);
    });
  },
);

describe.each(clone3Eras("clone3-63"))(`CLONE_NEWTIME, ${TITLE}`, (era) => {
  test("P-18 it takes CAP_SYS_ADMIN too, and the child is in it at once unless it shares memory", () => {
    const lab = new Lab3(era);
    const mine = lab.caller.task.nsproxy.time;
    const child = lab.child3({ flags: CLONE_NEWTIME }).task.nsproxy;
    expect([child.time === mine, child.time === child.timeForChildren]).toEqual([false, true]);
    const sharing = lab.child3({ flags: CLONE_NEWTIME | CLONE.VM }).task.nsproxy;
    expect([sharing.time === mine, sharing.time === sharing.timeForChildren]).toEqual([true, false]);
    dropCapabilities(lab.caller);
    expectRefused(lab, { flags: CLONE_NEWTIME }, "EPERM", "namespace-not-capable");
  });
});

describe.each(clone3Eras("clone3-7x"))(`What came in 2026, ${TITLE}`, (era) => {
  const AUTOREAP = high(34);
  const NNP = high(35);
  const AUTOKILL = high(36);
  const PIDFD = BigInt(CLONE.PIDFD);

  test("P-08 AUTOREAP with THREAD, PARENT or an exit signal is EINVAL", () => {
    const lab = new Lab3(era);
    const child = lab.fork();
    for (const [flags, exitSignal] of [
      [BigInt(THREAD), 0],
      [BigInt(CLONE.PARENT), 0],
      [0n, SIG.CHLD],
    ] as const) {
      const result = lab.clone3({ flags: AUTOREAP | flags, exitSignal }, child);
      expect([child.errno(result), lab.rung]).toEqual(["EINVAL", "autoreap-with-sibling"]);
    }
  });

  test("P-08 a child that reaps itself leaves no zombie and sends no signal", () => {
    const lab = new Lab3(era);
    const child = lab.child3({ flags: AUTOREAP, exitSignal: 0 });
    const nr = child.task.tid;
    child.call("exit", { error_code: 3 });
    expect(child.task.state).toBe("dead");
    expect(lab.machine.find(lab.caller.task.pidNs, nr)).toBeNull();
    expect(lab.caller.errno(lab.caller.call("wait4", { upid: -1, options: 0x4000_0000 }))).toBe("ECHILD");
  });

  test("P-09 a task that reaps itself cannot make siblings", () => {
    const lab = new Lab3(era);
    const child = lab.child3({ flags: AUTOREAP, exitSignal: 0 });
    const result = lab.clone3({ flags: CLONE.PARENT, exitSignal: 0 }, child);
    expect([child.errno(result), lab.rung]).toEqual(["EINVAL", "parent-by-autoreaped"]);
  });

  test("P-10 NNP with THREAD is EINVAL; without, the child can gain no privilege, nor can what it makes", () => {
    const lab = new Lab3(era);
    expectRefused(lab, { flags: NNP | BigInt(THREAD), exitSignal: 0 }, "EINVAL", "nnp-thread");
    const child = lab.child3({ flags: NNP });
    expect([lab.caller.task.noNewPrivs, child.task.noNewPrivs]).toEqual([false, true]);
    expect(lab.made(lab.clone3({}, child), child).task.noNewPrivs).toBe(true);
  });

  test("P-11 AUTOKILL without PIDFD, without AUTOREAP, or with THREAD is EINVAL", () => {
    const lab = new Lab3(era);
    for (const flags of [AUTOKILL, AUTOKILL | PIDFD, AUTOKILL | AUTOREAP])
      expectRefused(lab, { flags, exitSignal: 0, pidfd: SCRATCH }, "EINVAL", "autokill-alone");
    const thread = AUTOKILL | PIDFD | BigInt(THREAD);
    expectRefused(lab, { flags: thread, exitSignal: 0, pidfd: SCRATCH }, "EINVAL", "autokill-alone");
  });

  test("P-12 AUTOKILL takes NNP or CAP_SYS_ADMIN: EPERM", () => {
    const lab = new Lab3(era);
    dropCapabilities(lab.caller);
    const flags = AUTOKILL | AUTOREAP | PIDFD;
    expectRefused(lab, { flags, exitSignal: 0, pidfd: SCRATCH }, "EPERM", "autokill-not-capable");
    expect(lab.clone3({ flags: flags | NNP, exitSignal: 0, pidfd: SCRATCH })).toBeGreaterThan(0);
  });

  test("P-12 the child is killed when the last descriptor of its pidfd is closed", () => {
    const lab = new Lab3(era);
    const flags = AUTOKILL | AUTOREAP | PIDFD;
    const child = lab.child3({ flags, exitSignal: 0, pidfd: SCRATCH });
    const fd = lab.caller.readInt(SCRATCH);
    const second = lab.caller.call("dup", { fildes: fd }) ?? -1;
    lab.caller.call("close", { fd });
    expect(child.task.state).toBe("running");
    lab.caller.call("close", { fd: second });
    expect(child.task.state).toBe("dead");
  });
});

test("P-05 a sibling of an init's child is the init's", () => {
  const lab = new Lab3({ arch: "x86_64", profile: "clone3-614" });
  const inner = nest(lab.caller);
  const child = new Guest(lab.machine, lab.fork(inner).task);
  expect(lab.made(lab.plain({ flags: CLONE.PARENT }, child), child).task.realParent).toBe(inner.task);
});

import { describe, expect, test } from "vitest";
import { CLONE, RLIMIT } from "../../../src/abi/structs/index.ts";
import { SIG } from "../../../src/kernel/index.ts";
import { sendSignal } from "../../../src/kernel/signal/send.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { FaultPlan } from "../../../src/mm/index.ts";
import { census, withoutCursors } from "../support/census.ts";
import { BASE, TITLE } from "../support/eras.ts";
import {
  become,
  dropCapabilities,
  expectFailure,
  HOLE,
  Lab,
  nest,
  numbersOf,
  SCRATCH,
} from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
const NAMESPACES = {
  NEWNS: CLONE.NEWNS,
  NEWUTS: CLONE.NEWUTS,
  NEWIPC: CLONE.NEWIPC,
  NEWPID: CLONE.NEWPID,
  NEWNET: CLONE.NEWNET,
} as const;

/** Kernel objects copy_process makes, and the flags under which it needs them. */
const OBJECTS: readonly (readonly [site: string, flags: number, rung: string])[] = [
  ["sem_undo", CLONE.SYSVSEM, "copy-no-memory"],
  ["files_struct", 0, "copy-no-memory"],
  ["fs_struct", 0, "copy-no-memory"],
  ["sighand_struct", 0, "copy-no-memory"],
  ["signal_struct", 0, "copy-no-memory"],
  ["mm_struct", 0, "copy-no-memory"],
  ["cred", 0, "copy-no-memory"],
  ["nsproxy", CLONE.NEWUTS, "namespace-no-memory"],
  ["mnt_namespace", CLONE.NEWNS, "namespace-no-memory"],
  ["uts_namespace", CLONE.NEWUTS, "namespace-no-memory"],
  ["ipc_namespace", CLONE.NEWIPC, "namespace-no-memory"],
  ["pid_namespace", CLONE.NEWPID, "pid-namespace-no-memory"],
  ["net_namespace", CLONE.NEWNET, "pid-namespace-no-memory"],
];

describe.each(BASE)(`Ladder B, ${TITLE}`, (era) => {
  /** The same flags through clone_with_pids (with a number of our choice) and through plain clone. */
  function bothRefuse(lab: Lab, flags: number, errno: string, rung: string): void {
    expectFailure(lab, lab.plain({ flags }), errno, rung);
    expectFailure(lab, lab.clone({ flags }), errno, rung);
    if ((flags & CLONE.NEWPID) !== 0) return;
    expectFailure(lab, lab.clone({ flags, pids: [42] }), errno, rung);
  }

  test("B-01 NEWNS with FS is EINVAL", () => {
    const lab = new Lab(era);
    bothRefuse(lab, CLONE.NEWNS | CLONE.FS, "EINVAL", "newns-fs");
    bothRefuse(lab, CLONE.NEWNS | CLONE.FS | CLONE.THREAD, "EINVAL", "newns-fs");
    expect(lab.caller.errno(lab.plain({ flags: CLONE.FS }))).toBeNull();
    expect(lab.caller.errno(lab.plain({ flags: CLONE.NEWNS }))).toBeNull();
  });

  test("B-02 THREAD without SIGHAND is EINVAL", () => {
    const lab = new Lab(era);
    for (const flags of [CLONE.THREAD, CLONE.THREAD | CLONE.VM]) {
      bothRefuse(lab, flags, "EINVAL", "thread-without-sighand");
    }
  });

  test("B-03 SIGHAND without VM is EINVAL", () => {
    const lab = new Lab(era);
    for (const flags of [CLONE.SIGHAND, CLONE.SIGHAND | CLONE.THREAD]) {
      bothRefuse(lab, flags, "EINVAL", "sighand-without-vm");
    }
    expect(lab.caller.errno(lab.plain({ flags: CLONE.SIGHAND | CLONE.VM }))).toBeNull();
  });

  test("B-04 the security hook's errno is the answer, after the flag checks", () => {
    const lab = new Lab(era);
    const asked: number[] = [];
    lab.machine.securityTaskCreate = (_task, flags) => {
      asked.push(flags);
      return "EACCES";
    };
    bothRefuse(lab, CLONE.FILES, "EACCES", "security-hook");
    bothRefuse(lab, CLONE.SIGHAND, "EINVAL", "sighand-without-vm");
    lab.plan().failAllocation("1+", "task_struct");
    bothRefuse(lab, 0, "EACCES", "security-hook");
    expect(asked.slice(0, 3).every((flags) => (flags & CLONE.FILES) !== 0)).toBe(true);
    lab.usePlan(null);
    lab.machine.securityTaskCreate = () => null;
    expect(lab.caller.errno(lab.plain())).toBeNull();
  });

  test("B-05 no memory for the task is ENOMEM", () => {
    const lab = new Lab(era);
    lab.plan().failAllocation("1+", "task_struct");
    bothRefuse(lab, 0, "ENOMEM", "task-no-memory");
    become(lab.caller, 1000, ["SYS_ADMIN"]);
    lab.machine.maxThreads = 1;
    bothRefuse(lab, 0, "ENOMEM", "task-no-memory");
  });

  test("B-06 the user's process count at RLIMIT_NPROC is EAGAIN", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    become(guest, 1000, []);
    guest.task.signal.setRlimit(RLIMIT.NPROC, limitOf(3));
    const fork = (): string | null => guest.errno(guest.call("fork"));
    expect([fork(), fork(), fork()]).toEqual([null, null, "EAGAIN"]);
    expect(lab.rung).toBe("nproc-limit");
    // Somebody of the same user goes: there is room for one again.
    lab.bury(lab.caller.child(guest.task.tid + 1), guest);
    expect([fork(), fork()]).toEqual([null, "EAGAIN"]);
    guest.task.signal.setRlimit(RLIMIT.NPROC, limitOf(0));
    expect(fork()).toBe("EAGAIN");
  });

  test("B-06 CAP_SYS_ADMIN, CAP_SYS_RESOURCE and the root user are free of it", () => {
    for (const [uid, caps, errno] of [
      [1000, ["SYS_ADMIN"], null],
      [1000, ["SYS_RESOURCE"], null],
      [0, [], null],
      [1000, ["SETUID", "SETGID", "KILL", "SYS_NICE"], "EAGAIN"],
    ] as const) {
      const lab = new Lab(era);
      become(lab.caller, uid, caps);
      lab.caller.task.signal.setRlimit(RLIMIT.NPROC, limitOf(1));
      expect(lab.caller.errno(lab.plain())).toBe(errno);
    }
  });

  test("B-06 the root of another user namespace is an ordinary user", () => {
    const lab = new Lab(era);
    const inside = lab.fork(lab.caller, CLONE.NEWUSER);
    expect(inside.task.cred.uid).toBe(0);
    inside.task.cred = { ...inside.task.cred, effective: { lo: 0, hi: 0 } };
    inside.task.signal.setRlimit(RLIMIT.NPROC, limitOf(1));
    expect(inside.errno(lab.plain({}, inside))).toBe("EAGAIN");
    expect(lab.rung).toBe("nproc-limit");
  });

  test("B-07 the machine's thread limit is EAGAIN, for everybody", () => {
    const lab = new Lab(era, { maxThreads: 4 });
    const fork = (flags: number): string | null => lab.caller.errno(lab.plain({ flags }));
    expect([fork(0), fork(THREAD), fork(0), fork(0)]).toEqual([null, null, null, "EAGAIN"]);
    expect(lab.rung).toBe("max-threads");
    bothRefuse(lab, THREAD, "EAGAIN", "max-threads");
    // A zombie still counts; what has been reaped does not.
    const child = lab.caller.child(2);
    child.call("exit", { error_code: 0 });
    expect(fork(0)).toBe("EAGAIN");
    expect(lab.caller.call("wait4", { upid: 2 })).toBe(2);
    expect([fork(0), fork(0)]).toEqual([null, "EAGAIN"]);
  });

  test.each(OBJECTS)("B-08 no memory for %s is ENOMEM, and nothing is left behind", (site, flags, rung) => {
    const lab = new Lab(era, { level: 1 });
    const before = census(lab.machine);
    lab.plan().failAllocation("1", site);
    expectFailure(lab, lab.plain({ flags }), "ENOMEM", rung);
    expect(census(lab.machine)).toEqual(before);
    expect(lab.caller.errno(lab.plain({ flags }))).toBeNull();
  });

  test("B-08 what is shared needs no memory", () => {
    const lab = new Lab(era);
    for (const site of [
      "files_struct",
      "fs_struct",
      "sighand_struct",
      "signal_struct",
      "mm_struct",
      "sem_undo",
      "cred",
    ]) {
      lab.plan().failAllocation("1+", site);
      const flags = THREAD | CLONE.FILES | CLONE.FS;
      expect(lab.caller.errno(lab.plain({ flags }))).toBeNull();
    }
  });

  test.each(Object.entries(NAMESPACES))("B-09 %s without CAP_SYS_ADMIN is EPERM", (_name, flags) => {
    const lab = new Lab(era, { level: 1 });
    become(lab.caller, 0, ["SETUID", "SETGID", "SYS_RESOURCE", "NET_ADMIN", "KILL"]);
    expectFailure(lab, lab.plain({ flags }), "EPERM", "namespace-not-capable");
    expectFailure(lab, lab.clone({ flags }), "EPERM", "namespace-not-capable");
    become(lab.caller, 1000, ["SYS_ADMIN"]);
    const child = lab.made(lab.plain({ flags })).task;
    const kinds = { NEWNS: "mnt", NEWUTS: "uts", NEWIPC: "ipc", NEWNET: "net", NEWPID: "pidNs" } as const;
    for (const [name, kind] of Object.entries(kinds)) {
      const own = lab.caller.task.nsproxy[kind];
      expect(child.nsproxy[kind] !== own, name).toBe(NAMESPACES[name as keyof typeof kinds] === flags);
    }
  });

  test("B-09 without a new namespace no capability is asked for", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    const flags = CLONE.FILES | CLONE.VM | CLONE.SYSVSEM | CLONE.IO;
    expect(lab.caller.errno(lab.plain({ flags }))).toBeNull();
  });

  test("B-10 NEWIPC with SYSVSEM is EINVAL, after the capability", () => {
    const lab = new Lab(era);
    const flags = CLONE.NEWIPC | CLONE.SYSVSEM;
    bothRefuse(lab, flags, "EINVAL", "newipc-sysvsem");
    bothRefuse(lab, flags | CLONE.NEWPID, "EINVAL", "newipc-sysvsem");
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.plain({ flags }), "EPERM", "namespace-not-capable");
  });

  test("B-11 NEWPID with THREAD is EINVAL, after B-10", () => {
    const lab = new Lab(era);
    bothRefuse(lab, CLONE.NEWPID | THREAD, "EINVAL", "newpid-thread");
    const both = CLONE.NEWPID | THREAD | CLONE.NEWIPC | CLONE.SYSVSEM;
    bothRefuse(lab, both, "EINVAL", "newipc-sysvsem");
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.plain({ flags: CLONE.NEWPID | THREAD }), "EPERM", "namespace-not-capable");
  });

  test("B-14 no memory for the struct pid is ENOMEM, before any number is chosen", () => {
    const lab = new Lab(era, { level: 1 });
    const before = census(lab.machine);
    lab.plan().failAllocation("1+", "pid");
    expectFailure(lab, lab.plain(), "ENOMEM", "pid-object-no-memory");
    expect(census(lab.machine)).toEqual(before);
    expectFailure(lab, lab.clone({ pids: [1] }), "ENOMEM", "pid-object-no-memory");
    expectFailure(lab, lab.clone({ pids: [-1] }), "ENOMEM", "pid-object-no-memory");
  });

  test("B-15 the new namespace's proc mount fails with its own errno, and the numbers are free again", () => {
    const lab = new Lab(era, { level: 1 });
    const before = census(lab.machine);
    lab.plan().failAllocation("1", "proc_mnt");
    expectFailure(lab, lab.plain({ flags: CLONE.NEWPID }), "ENOMEM", "proc-mount");
    // Numbers had been chosen, so the cursors moved (A-48's rule holds for every later failure).
    expect(withoutCursors(census(lab.machine))).toEqual(withoutCursors(before));
    expect(lab.caller.errno(lab.plain({ flags: CLONE.NEWPID }))).toBeNull();
    lab.plan().failAllocation("1+", "proc_mnt");
    expect(lab.caller.errno(lab.plain())).toBeNull();
  });
});

describe.each(BASE)(`A signal in mid-call, ${TITLE}`, (era) => {
  /** A caller whose first access to user memory in a call lets `sig` arrive from its parent. */
  function interrupted(sig: number): { lab: Lab; guest: Lab["caller"]; plan: FaultPlan } {
    const lab = new Lab(era, { level: 1 });
    const guest = lab.fork();
    guest.task.sighand.set(SIG.USR1, { handler: 0x4000, restart: false });
    const plan = new FaultPlan().observeAccess("1", () =>
      sendSignal(lab.machine, guest.task, sig, lab.caller.task),
    );
    return { lab, guest, plan };
  }

  test("B-16 the call starts again unseen, the number is released, last_pid stays moved", () => {
    const { lab, guest, plan } = interrupted(SIG.USR1);
    const { pidNs } = guest.task;
    const { lastPid, live } = pidNs;
    const tasks = lab.machine.tasks.size;
    guest.writeInts(SCRATCH, [-7]);
    lab.prepare({ pids: [0] }, guest);
    lab.usePlan(plan);
    // The set is read, the signal arrives, the number is chosen; then the call begins anew.
    const result = lab.clone({ pids: [0], flags: CLONE.PARENT_SETTID, parentTid: SCRATCH }, guest);
    expect(result).toBe(lastPid + 2);
    expect(pidNs.lastPid).toBe(lastPid + 2);
    expect(pidNs.live).toBe(live + 1);
    expect(pidNs.find(lastPid + 1)).toBeUndefined();
    expect(lab.machine.tasks.size).toBe(tasks + 1);
    expect(guest.readInt(SCRATCH)).toBe(lastPid + 2);
    expect(lab.log.entries.map((e) => e.op)).toEqual([
      "copy_from_user",
      "copy_from_user",
      "copy_from_user",
      "copy_from_user",
      "put_user",
    ]);
    expect(lab.records.map((r) => r.kind)).toEqual(["enter", "exit", "signal", "enter", "exit"]);
    expect(lab.records[1]).toMatchObject({ outcome: { kind: "restart", code: "ERESTARTNOINTR" } });
  });

  test("B-16 a number of the caller's choice is chosen again after the restart", () => {
    const { lab, guest, plan } = interrupted(SIG.USR1);
    lab.usePlan(plan);
    expect(lab.clone({ pids: [55] }, guest)).toBe(55);
    expect(numbersOf(guest.child(55)).at(-1)).toBe(55);
  });

  test("B-16 X-46 comes last: any failure speaks before it, and then the signal is taken", () => {
    const { lab, guest, plan } = interrupted(SIG.USR1);
    lab.usePlan(plan);
    const result = lab.clone({ pids: [1] }, guest);
    expect([guest.errno(result), lab.rung]).toEqual(["EBUSY", "pid-taken"]);
    expect(lab.records.map((r) => r.kind)).toEqual(["enter", "exit", "signal"]);
  });

  test("B-16 a signal that kills leaves no child and no number behind", () => {
    const { lab, guest, plan } = interrupted(SIG.TERM);
    const { tid, pidNs } = guest.task;
    const { live } = pidNs;
    lab.usePlan(plan);
    expect(lab.clone({ pids: [0] }, guest)).toBeNull();
    expect(guest.task.state).toBe("zombie");
    expect(pidNs.live).toBe(live);
    expect(lab.caller.call("wait4", { upid: -1, stat_addr: SCRATCH })).toBe(tid);
    expect(lab.caller.readInt(SCRATCH)).toBe(SIG.TERM);
    expect(lab.machine.tasks.size).toBe(2);
  });

  test("B-16 a signal that stops: the call starts again when the task is continued", () => {
    const { lab, guest, plan } = interrupted(SIG.STOP);
    const tasks = lab.machine.tasks.size;
    lab.usePlan(plan);
    lab.clone({ pids: [57] }, guest);
    expect(guest.task.state).toBe("stopped");
    expect(lab.machine.tasks.size).toBe(tasks);
    expect(lab.caller.call("kill", { pid: guest.task.tid, sig: SIG.CONT })).toBe(0);
    expect(guest.task.state).toBe("running");
    expect(guest.result).toBe(57);
    expect(lab.machine.tasks.size).toBe(tasks + 1);
  });

  test("B-16 an ignored signal does not interrupt anything", () => {
    const { lab, guest, plan } = interrupted(SIG.WINCH);
    const { lastPid } = guest.task.pidNs;
    lab.usePlan(plan);
    expect(lab.clone({ pids: [0] }, guest)).toBe(lastPid + 1);
  });

  test("B-16 a new pid namespace made in vain is gone; the restart makes another", () => {
    const { lab, guest, plan } = interrupted(SIG.USR1);
    if (era.profile === "cwp-v2") return;
    lab.usePlan(plan);
    const wish = { pids: [1], flags: CLONE.NEWPID };
    const child = era.profile === "cwp-v2-newpid" ? wish : { ...wish, pids: [0] };
    const made = lab.made(lab.clone(child, guest), guest);
    expect(made.task.tid).toBe(1);
    expect(nest(made).task.pidNs.level).toBe(3);
  });
});

describe.each(BASE)(`Thread-local storage, ${TITLE}`, (era) => {
  const DESC = SCRATCH;
  const flags = CLONE.SETTLS;

  /** Both kernels that take a descriptor: i386, and x86_64 with a 32-bit program, which has clone alone. */
  function world(): { lab: Lab; slots: readonly number[]; clone: Lab["plain"] } {
    // Where eclone's descriptor is without Q-04: as for the other calls, in a register of its own.
    const lab = new Lab(era, { bits: 32, quirks: era.profile === "eclone" ? ["!Q-04"] : [] });
    const slots = era.arch === "i386" ? [6, 7, 8] : [12, 13, 14];
    const clone: Lab["plain"] = (wish) =>
      era.arch === "i386" ? lab.clone({ ...wish, pids: [0] }) : lab.plain(wish);
    return { lab, slots, clone };
  }

  test("B-12 a descriptor that cannot be read, even in part, is EFAULT", () => {
    const { lab, clone } = world();
    for (let cut = 1; cut <= 16; cut++) {
      expectFailure(lab, clone({ flags, tls: HOLE - 16 + cut }), "EFAULT", "tls-unreadable");
    }
    for (const tls of [0, HOLE, 0xf000_0000])
      expectFailure(lab, clone({ flags, tls }), "EFAULT", "tls-unreadable");
    lab.caller.writeInts(HOLE - 16, [lab.machine.arch === "i386" ? 6 : 12, 0x5000, 0xfffff, 1]);
    expect(lab.caller.errno(clone({ flags, tls: HOLE - 16 }))).toBeNull();
  });

  test("B-13 an entry number outside the three TLS slots is EINVAL, −1 included", () => {
    const { lab, slots, clone } = world();
    const [first = 0, , last = 0] = slots;
    for (const entry of [-1, 0, first - 1, last + 1, 0x7fff_ffff, -0x8000_0000]) {
      lab.caller.writeInts(DESC, [entry, 0x5000, 0xfffff, 1]);
      expectFailure(lab, clone({ flags, tls: DESC }), "EINVAL", "tls-entry");
    }
    for (const [i, entry] of slots.entries()) {
      lab.caller.writeInts(DESC, [entry, 0x5000 + i, 0xfffff, 0x51]);
      const child = lab.made(clone({ flags, tls: DESC }));
      expect(child.task.tls?.[i]).toEqual([entry, 0x5000 + i, 0xfffff, 0x51]);
    }
    expect(lab.caller.task.tls).toBeNull();
  });

  test("B-13 without SETTLS the word is never looked at", () => {
    const { lab, clone } = world();
    const child = lab.made(clone({ tls: HOLE }));
    expect(child.task.tls).toBeNull();
  });

  test("B-13 the child inherits the slots SETTLS leaves alone", () => {
    const { lab, slots, clone } = world();
    const [first = 0, second = 0] = slots;
    lab.caller.writeInts(DESC, [first, 0x1000, 1, 1]);
    const child = lab.made(clone({ flags, tls: DESC }));
    child.writeInts(DESC, [second, 0x2000, 2, 2]);
    const grandchild = child.child(child.call("clone", { flags: flags | SIG.CHLD, tls: DESC }));
    expect(grandchild.task.tls?.slice(0, 2)).toEqual([
      [first, 0x1000, 1, 1],
      [second, 0x2000, 2, 2],
    ]);
  });

  if (era.arch === "x86_64") {
    test("B-12 a 64-bit task's SETTLS sets the FS base, from r8, and refuses kernel addresses", () => {
      const lab = new Lab(era);
      const child = lab.child({ flags, tls: 0x7f00_0000_1000n, pids: [0] });
      expect(child.task.fsBase).toBe(0x7f00_0000_1000);
      expect(lab.caller.task.fsBase).toBe(0);
      for (const tls of [2n ** 47n - 4096n, 2n ** 47n, 2n ** 63n, -1n]) {
        expectFailure(lab, lab.clone({ flags, tls }), "EPERM", "tls-base");
      }
      expect(lab.child({}, child).task.fsBase).toBe(0x7f00_0000_1000);
    });
  }

  if (era.arch === "x86_64" && era.profile !== "eclone") {
    test("A-01 a 32-bit program on x86_64 has clone, but no clone_with_pids", () => {
      const { lab } = world();
      expect(lab.machine.numberOf("clone_with_pids", lab.caller.task.path)).toBeUndefined();
      for (const nr of [335, 337, 297, 299]) {
        expectFailure(lab, lab.caller.syscall(nr, [SIG.CHLD, 0, 0, 0, 0, 0]), "ENOSYS", "not-implemented");
      }
      expect(lab.caller.errno(lab.plain())).toBeNull();
    });
  }
});

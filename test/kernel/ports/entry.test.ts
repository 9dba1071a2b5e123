import { describe, expect, test } from "vitest";
import { clone_args, eclone_args, target_pid_set } from "../../../src/abi/structs/index.ts";
import { NATIVE_PATHS } from "../../../src/arch/index.ts";
import { boot, Guest, SIG } from "../../../src/kernel/index.ts";
import { changed, Lab, PORTS, type Port } from "./port.ts";

const SO = 0x1000_0000n;
/** Where the entry keeps what the result register held. */
const KEPT = { arm64: "orig_x0", riscv64: "orig_a0", s390x: "orig_gpr2", powerpc64: "orig_gpr3" } as const;
const VOLATILE = ["r0", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "xer"];

/** What a call may change, beside the result and where the old one is kept. */
function lost(arch: Port): string[] {
  return arch === "powerpc64" ? VOLATILE : [];
}

/** How a failed call looks in the registers (N-14). */
function expectError(lab: Lab, arch: Port, errno: number): void {
  const { result } = NATIVE_PATHS[arch].convention;
  if (arch === "powerpc64") {
    expect([lab.regs.get(result), lab.regs.get("ccr") & SO]).toEqual([BigInt(errno), SO]);
  } else expect(lab.regs.get(result)).toBe(BigInt.asUintN(64, BigInt(-errno)));
}

describe.each(PORTS)("The way in of %s", (arch) => {
  const path = NATIVE_PATHS[arch];
  const { convention } = path;

  test("N-14 a call changes its result and what the convention gives up, nothing else", () => {
    const lab = new Lab(arch);
    const nr = lab.guest.machine.numberOf("getpid", path) ?? 0;
    lab.fill();
    lab.regs.set(convention.number, nr);
    const before = lab.snapshot();
    expect(lab.guest.trap()).toBe(1);
    const expected = new Set([path.layout.kept, convention.result, ...lost(arch)]);
    // The summary overflow bit was not set; s390x and arm64 have none.
    if ((before.get("ccr") ?? 0n) & SO) expected.add("ccr");
    expect(changed(before, lab.snapshot()).sort()).toEqual([...expected].sort());
    expect(lab.regs.get(KEPT[arch])).toBe(before.get(convention.result));
    expect(lab.regs.get(convention.result)).toBe(1n);
  });

  test("N-01 a number beyond the table is ENOSYS, whatever the arguments", () => {
    const lab = new Lab(arch);
    for (const nr of [4095, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
      lab.fill();
      lab.regs.set(convention.number, nr);
      expect(lab.guest.errno(lab.guest.trap())).toBe("ENOSYS");
      expectError(lab, arch, 38);
    }
  });

  test("arm64 and s390x look at the low half of the number, riscv64 and powerpc64 at all of it, in every era", () => {
    for (const profile of ["cwp-v3", "clone3-614"]) {
      const lab = new Lab(arch, profile);
      const nr = lab.guest.machine.numberOf("getpid", path) ?? 0;
      const result = lab.guest.syscall(BigInt(nr) | (0xdead_beefn << 32n), []);
      const low = arch === "arm64" || arch === "s390x";
      expect(low ? result : lab.guest.errno(result)).toBe(low ? 1 : "ENOSYS");
    }
  });

  test("N-14 an errno is told as the convention says, and a value after it clears the flag", () => {
    const lab = new Lab(arch);
    expect(lab.guest.call("kill", { pid: 4242, sig: 0 })).toBe(-3);
    expectError(lab, arch, 3);
    expect(lab.guest.call("getpid")).toBe(1);
    if (arch === "powerpc64") expect(lab.regs.get("ccr") & SO).toBe(0n);
  });

  test("N-12, B-21 the child comes back from the same call with 0, on the stack it was given", () => {
    const lab = new Lab(arch);
    lab.regs.set(path.layout.sp, 0x7000);
    lab.regs.set(path.layout.ip, 0x1234);
    const same = lab.guest.child(lab.guest.call("clone", { flags: 17 }));
    expect([same.result, same.task.regs.get(path.layout.sp), same.task.regs.get(path.layout.ip)]).toEqual([
      0,
      0x7000n,
      0x1234n,
    ]);
    const given = lab.guest.child(lab.guest.call("clone", { flags: 17, newsp: 0x7fff_1234_5670 }));
    expect(given.task.regs.get(path.layout.sp)).toBe(0x7fff_1234_5670n);
    if (arch === "powerpc64") expect(given.task.regs.get("ccr") & SO).toBe(0n);
  });

  test("§8 clone's arguments stand in the registers of its order", () => {
    const lab = new Lab(arch);
    const { at } = lab;
    const order = {
      flags: 17 | 0x100000 | 0x1000000,
      newsp: 0x5000,
      ptid: at,
      ctid: at + 8,
      tls: 0x1234_5678_9000,
    };
    const words =
      arch === "s390x"
        ? [order.newsp, order.flags, order.ptid, order.ctid, order.tls]
        : [order.flags, order.newsp, order.ptid, order.tls, order.ctid];
    const nr = lab.guest.machine.numberOf("clone", path) ?? 0;
    const child = lab.guest.child(lab.guest.syscall(nr, words));
    child.call("getpid");
    expect([lab.guest.readInt(at), child.readInt(at + 8)]).toEqual([child.task.tid, child.task.tid]);
    expect(child.task.regs.get(path.layout.sp)).toBe(0x5000n);
  });

  test("CLONE_SETTLS loads the thread pointer: tp, r13, or the one that is no general register", () => {
    for (const profile of ["cwp-v3", "clone3-614"]) {
      const lab = new Lab(arch, profile);
      const tls = 0x7_6543_2108;
      const { task } = lab.guest.child(lab.guest.call("clone", { flags: 17 | 0x80000, tls }));
      const named = { arm64: null, riscv64: "tp", s390x: null, powerpc64: "r13" }[arch];
      expect(named === null ? task.fsBase : Number(task.regs.get(named))).toBe(tls);
      if (named !== null) expect(lab.regs.get(named)).toBe(0n);
    }
  });

  test("a call that a signal cut short begins anew with its first argument", () => {
    const lab = new Lab(arch);
    const { guest, at } = lab;
    // SA_RESTART, and a handler.
    const { littleEndian } = path.model;
    const action = new DataView(new ArrayBuffer(32));
    action.setBigUint64(0, 0x1000n, littleEndian);
    action.setBigUint64(8, 0x1000_0000n, littleEndian);
    guest.write(at, new Uint8Array(action.buffer));
    expect(guest.call("rt_sigaction", { sig: SIG.USR1, act: at, sigsetsize: 8 })).toBe(0);
    expect(guest.call("pipe2", { fildes: at + 64 })).toBe(0);
    const [reader, writer] = [guest.readInt(at + 64), guest.readInt(at + 68)];
    const child = guest.child(guest.call("clone", { flags: 17 | 0x400 }));
    child.call("getpid");
    expect(guest.call("read", { fd: reader, buf: at + 128, count: 4 })).toBeNull();
    expect(child.call("kill", { pid: 1, sig: SIG.USR1 })).toBe(0);
    expect(guest.task.state).toBe("blocked");
    child.write(at, new Uint8Array([1, 2, 3, 4]));
    expect(child.call("write", { fd: writer, buf: at, count: 4 })).toBe(4);
    expect([guest.task.state, guest.result]).toEqual(["running", 4]);
    expect(lab.hex(at + 128, 4)).toBe("01020304");
  });

  test("the three generations answer through it, each in its era", () => {
    const old = new Lab(arch, "cwp-v3");
    old.guest.writeInts(old.at + 64, [77]);
    old.guest.writeStruct(old.at, target_pid_set, { num_pids: 1, target_pids: old.at + 64 });
    expect(old.guest.call("clone_with_pids", { flags: 17, pid_set: old.at })).toBe(77);
    expect(old.guest.errno(old.guest.call("clone_with_pids", { flags: 17, pid_set: old.at }))).toBe("EBUSY");
    expectError(old, arch, 16);

    const middle = new Lab(arch, "eclone");
    middle.guest.writeInts(middle.at + 64, [88]);
    middle.guest.writeStruct(middle.at, eclone_args, { nr_pids: 1 });
    const words = { flags_low: 17, args: middle.at, args_size: 48, pids: middle.at + 64 };
    expect(middle.guest.call("eclone", words)).toBe(88);
    expect(middle.guest.errno(middle.guest.call("eclone", words))).toBe("EBUSY");

    const today = new Lab(arch);
    today.guest.writeInts(today.at + 128, [99]);
    today.guest.writeStruct(today.at, clone_args, {
      exit_signal: 17,
      set_tid: today.at + 128,
      set_tid_size: 1,
    });
    expect(today.guest.call("clone3", { uargs: today.at, size: 88 })).toBe(99);
    expect(today.guest.errno(today.guest.call("clone3", { uargs: today.at, size: 88 }))).toBe("EEXIST");
    for (const { guest } of [old, middle, today]) expect(guest.machine.oopses).toEqual([]);
  });
});

describe("powerpc64", () => {
  test("Q-02 eclone's stack of 0 is the child's stack pointer, unless the quirk is off", () => {
    for (const [quirks, sp] of [
      [["Q-02"], 0n],
      [[], 0n],
      [["!Q-02"], 0x7000n],
    ] as const) {
      const machine = boot({ arch: "powerpc64", profile: "eclone", quirks });
      const guest = new Guest(machine, machine.init);
      const at = guest.map(4096);
      guest.task.regs.set("r1", 0x7000);
      guest.writeStruct(at, eclone_args, {});
      const child = guest.child(guest.call("eclone", { flags_low: 17, args: at, args_size: 48 }));
      expect(child.task.regs.get("r1")).toBe(sp);
    }
  });

  test("Q-04 eclone's thread pointer is the address of the pids, or as meant the fifth argument's register", () => {
    for (const [quirks, tls] of [
      [["Q-04"], "pids"],
      [["!Q-04"], "fifth"],
    ] as const) {
      const machine = boot({ arch: "powerpc64", profile: "eclone", quirks });
      const guest = new Guest(machine, machine.init);
      const at = guest.map(4096);
      guest.writeInts(at + 64, [55]);
      guest.writeStruct(at, eclone_args, { nr_pids: 1 });
      guest.task.regs.set("r7", 0x4444);
      const words = { flags_low: 17 | 0x80000, args: at, args_size: 48, pids: at + 64 };
      const child = guest.child(guest.call("eclone", words));
      expect(child.task.regs.get("r13")).toBe(BigInt(tls === "pids" ? at + 64 : 0x4444));
    }
  });

  test("a value that looks like an errno is told as one", () => {
    const lab = new Lab("powerpc64");
    const { regs } = lab;
    const path = NATIVE_PATHS.powerpc64;
    path.finishWords(regs, 0xffff_fffe, 0xffff_ffff);
    expect([regs.get("r3"), regs.get("ccr") & SO]).toEqual([2n, SO]);
    path.finishWords(regs, 0xffff_f000, 0xffff_ffff);
    expect([regs.get("r3"), regs.get("ccr") & SO]).toEqual([0xffff_ffff_ffff_f000n, 0n]);
  });
});

test("a machine of no known architecture, and a width that one does not have, are refused by name", () => {
  expect(() => boot({ arch: "vax" as never })).toThrow(/no machine is a vax: there are x86_64, i386, arm64/);
  expect(() => boot({ arch: "s390x", bits: 32 })).toThrow("a machine of s390x runs 64-bit programs only");
});

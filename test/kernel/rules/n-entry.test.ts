import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { ENTRY_PATHS } from "../../../src/arch/index.ts";
import { type Guest, SIG } from "../../../src/kernel/index.ts";
import { PAGE_SIZE, PROT_READ, PROT_WRITE } from "../../../src/mm/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { expectFailure, HOLE, Lab, NUMBERS, SCRATCH, SET, writeSet } from "../support/lab.ts";

const SYSCALL = ENTRY_PATHS["x86_64/syscall"];
const INT80_64 = ENTRY_PATHS["x86_64/int80"];
const INT80 = ENTRY_PATHS["i386/int80"];
const SYSENTER = ENTRY_PATHS["i386/sysenter"];
const HIGH = 0xdead_beef_0000_0000n;

/** Fills every register with a value of its own, and returns what they were. */
function fill(guest: Guest, except: readonly string[]): Map<string, bigint> {
  const { regs } = guest.task;
  const wide = regs.layout.wordSize === 8;
  for (const [i, name] of regs.names().entries()) {
    if (except.includes(name)) continue;
    regs.set(name, BigInt(0x1000_0000 + i * 0x101) + (wide ? BigInt(0x7000 + i) << 32n : 0n));
  }
  return snapshot(guest);
}

function snapshot(guest: Guest): Map<string, bigint> {
  const { regs } = guest.task;
  return new Map(regs.names().map((name) => [name, regs.get(name)]));
}

/** The registers that differ, by name. */
function changed(before: Map<string, bigint>, after: Map<string, bigint>): string[] {
  return [...before.keys()].filter((name) => before.get(name) !== after.get(name));
}

describe.each(ERAS.filter((era) => era.arch === "i386"))(`Entry, ${TITLE}`, (era) => {
  test("N-01 the number is compared unsigned with the table's size", () => {
    const lab = new Lab(era);
    for (const nr of [500, 0x7fff_ffff, 0x8000_0000, 0x8000_0014, 0xffff_ffff]) {
      expectFailure(lab, lab.caller.syscall(nr, []), "ENOSYS", "not-implemented");
    }
    expect(lab.caller.syscall(20, [])).toBe(1);
  });

  test("N-09 int 0x80 changes eax and nothing else", () => {
    const lab = new Lab(era);
    for (const [nr, result] of [
      [20, 1n],
      [0x7777, 0xffff_ffdan],
    ] as const) {
      const before = fill(lab.caller, ["ax"]);
      lab.caller.syscall(nr, []);
      const after = snapshot(lab.caller);
      expect(after.get("ax")).toBe(result);
      expect(changed(before, after).filter((name) => name !== "orig_ax")).toEqual(["ax"]);
    }
  });

  test("N-10 sysenter takes its sixth argument from the word at ebp", () => {
    const lab = new Lab(era);
    lab.caller.task.regs.set("sp", SCRATCH + 0x800);
    const args = lab.prepare({ pids: [71] });
    expect(lab.caller.call("clone_with_pids", args, SYSENTER)).toBe(71);
    expect(lab.caller.readInt(SCRATCH + 0x7fc)).toBe(SET);
    expect(lab.log.entries[0]).toMatchObject({ op: "get_user", address: SCRATCH + 0x7fc, length: 4 });
  });

  test("N-10 an unreadable word there is EFAULT before dispatch, even for a bad number", () => {
    const lab = new Lab(era);
    const { regs } = lab.caller.task;
    const nrs = [20, 0x7777, 0xffff_ffff, lab.machine.numberOf("clone_with_pids", INT80) ?? 0];
    for (const bp of [0, HOLE, HOLE - 1, HOLE - 3, 0xbfff_fffd, 0xbfff_ffff, 0xc000_0000, 0xffff_ffff]) {
      for (const nr of nrs) {
        regs.set("ax", nr);
        regs.set("bp", bp);
        expect(lab.caller.errno(lab.caller.trap(SYSENTER)), `ebp ${bp.toString(16)}`).toBe("EFAULT");
      }
    }
    expect(lab.machine.tasks.size).toBe(1);
    // The last word of user memory is readable where something is mapped.
    lab.caller.map(PAGE_SIZE, PROT_READ | PROT_WRITE, 0xbfff_f000);
    regs.set("ax", 20);
    regs.set("bp", 0xbfff_fffc);
    expect(lab.caller.trap(SYSENTER)).toBe(1);
  });

  test("N-11 through sysenter a child on a new stack has ebp on the old one: int 0x80 is what clone needs", () => {
    const lab = new Lab(era);
    lab.caller.task.regs.set("sp", SCRATCH + 0x800);
    const args = lab.prepare({ pids: [72], newsp: 0x0807_0000 });
    const child = lab.made(lab.caller.call("clone_with_pids", args, SYSENTER));
    expect(child.task.regs.get("sp")).toBe(0x0807_0000n);
    // What the vDSO would pop on the way back lies on the caller's stack, where ebp points, not on the child's.
    expect(child.task.regs.get("bp")).toBe(BigInt(SCRATCH + 0x7fc));
    const direct = lab.made(
      lab.caller.call("clone_with_pids", lab.prepare({ pids: [73], newsp: 0x0807_0000 }), INT80),
    );
    expect(direct.task.regs.get("sp")).toBe(0x0807_0000n);
  });
});

describe.each(ERAS.filter((era) => era.arch === "x86_64"))(`Entry, ${TITLE}`, (era) => {
  test("N-02 all 64 bits of rax are compared with the table's size", () => {
    const lab = new Lab(era);
    for (const nr of [0x1_0000_0027n, HIGH | 39n, 1n << 63n, -1n, 0xffff_ffffn, 0x8000_0027n]) {
      expectFailure(lab, lab.caller.syscall(nr, []), "ENOSYS", "not-implemented");
    }
    expect(lab.caller.syscall(39, [])).toBe(1);
  });

  test("N-05 int 0x80 takes the number from the low 32 bits", () => {
    const lab = new Lab(era);
    expect(lab.caller.syscall(HIGH | 20n, [], INT80_64)).toBe(1);
    expect(lab.caller.syscall(0xffff_ffff_0000_0014n, [], INT80_64)).toBe(1);
    expect(lab.caller.errno(lab.caller.syscall(0x1_ffff_ffffn, [], INT80_64))).toBe("ENOSYS");
  });

  test("N-05 int 0x80 zero-extends its arguments and uses i386's numbers and layouts", () => {
    const lab = new Lab(era);
    const flags = BigInt(CLONE.PARENT_SETTID | CLONE.CHILD_SETTID | SIG.CHLD) | HIGH;
    const words = [flags, HIGH | 0x0807_0000n, HIGH | BigInt(SCRATCH), HIGH, HIGH | BigInt(SCRATCH + 4)];
    const child = lab.made(lab.caller.syscall(120, words, INT80_64));
    expect(lab.caller.readInt(SCRATCH)).toBe(child.task.tid);
    expect(child.task.regs.get("sp")).toBe(0x0807_0000n);
    expect(child.call("getpid")).toBe(child.task.tid);
    expect(child.readInt(SCRATCH + 4)).toBe(child.task.tid);
    // waitpid, which x86_64 itself does not have; its pid is an int.
    child.call("exit", { error_code: 5 });
    expect(lab.caller.syscall(7, [HIGH | 0xffff_ffffn, HIGH | BigInt(SCRATCH), HIGH], INT80_64)).toBe(
      child.task.tid,
    );
    expect(lab.caller.readInt(SCRATCH)).toBe(5 << 8);
    // No number there is clone_with_pids.
    for (const nr of [335, 337]) expect(lab.caller.syscall(nr, [], INT80_64)).toBe(-38);
  });

  test("N-05 a pointer above 4 GiB cannot be passed through int 0x80: its low half is used", () => {
    const lab = new Lab(era);
    const high = lab.caller.map(PAGE_SIZE, PROT_READ | PROT_WRITE, 0x7_0000_0000 + SCRATCH);
    lab.fork().call("exit", { error_code: 9 });
    expect(lab.caller.syscall(7, [-1, high, 0], INT80_64)).toBe(2);
    expect([lab.caller.readInt(high), lab.caller.readInt(SCRATCH)]).toEqual([0, 9 << 8]);
  });

  test("N-07 an int argument is the low 32 bits: garbage above is ignored", () => {
    const lab = new Lab(era);
    const child = lab.child({ pids: [44] });
    expect(lab.caller.syscall(62, [HIGH | 44n, HIGH | BigInt(SIG.TERM)])).toBe(0);
    expect(child.task.state).toBe("zombie");
    expect(lab.caller.syscall(61, [HIGH | 0xffff_ffffn, 0, HIGH, 0])).toBe(44);
  });

  test("N-08 syscall clobbers rcx and r11, rax is the result, all else is kept", () => {
    const lab = new Lab(era);
    for (const [nr, result] of [
      [39, 1n],
      [0x7777, 0xffff_ffff_ffff_ffdan],
    ] as const) {
      const before = fill(lab.caller, ["ax"]);
      lab.caller.syscall(nr, []);
      const after = snapshot(lab.caller);
      expect(after.get("ax")).toBe(result);
      expect(changed(before, after).filter((name) => name !== "orig_ax")).toEqual(["r11", "ax", "cx"]);
      expect(after.get("cx")).toBe(before.get("ip"));
      expect(after.get("r11")).toBe(before.get("flags"));
    }
  });

  test("N-09 int 0x80 from a 64-bit task changes rax and nothing else", () => {
    const lab = new Lab(era);
    const before = fill(lab.caller, ["ax"]);
    lab.caller.syscall(20, [], INT80_64);
    expect(changed(before, snapshot(lab.caller)).filter((name) => name !== "orig_ax")).toEqual(["ax"]);
  });
});

describe.each(ERAS)(`Entry and return, ${TITLE}`, (era) => {
  const cwp = "clone_with_pids";

  test("N-04 the result is preset to −ENOSYS, and number −1 leaves it", () => {
    const lab = new Lab(era);
    const { regs } = lab.caller.task;
    regs.set("ax", -1n);
    expect(lab.caller.trap()).toBe(-38);
    const mask = era.arch === "i386" ? 0xffff_ffffn : 0xffff_ffff_ffff_ffffn;
    expect(regs.get("orig_ax")).toBe(mask);
    // A task that waits in the kernel has the preset in its image until the call completes.
    const child = lab.fork();
    expect(lab.caller.call("wait4", { upid: -1 })).toBeNull();
    expect(lab.caller.result).toBe(-38);
    child.call("exit", { error_code: 0 });
    expect(lab.caller.result).toBe(child.task.tid);
  });

  test("N-12 the child sees 0 in the result register, on every way in", () => {
    const lab = new Lab(era, { level: 1 });
    const ways = era.arch === "i386" ? [INT80, SYSENTER] : [SYSCALL, INT80_64];
    lab.caller.task.regs.set("sp", SCRATCH + 0x800);
    for (const path of ways) {
      for (const name of [cwp, "clone", "fork"]) {
        if (lab.machine.numberOf(name, path) === undefined) continue;
        const args = name === "fork" ? {} : { flags: SIG.CHLD };
        lab.caller.task.regs.set("ax", -1n);
        const child = lab.made(lab.caller.call(name, args, path));
        expect([child.result, child.task.regs.get("ax")]).toEqual([0, 0n]);
      }
    }
  });

  test("N-14 an error is the negative number in the result register, −4095 to −1", () => {
    const lab = new Lab(era);
    const { regs } = lab.caller.task;
    const width = era.arch === "i386" ? 32n : 64n;
    lab.clone({ pids: [1] });
    expect(regs.get("ax")).toBe((1n << width) - 16n);
    expect(lab.caller.result).toBe(-16);
    lab.clone({ set: HOLE });
    expect(regs.get("ax")).toBe((1n << width) - 14n);
    lab.caller.syscall(4000, []);
    expect(regs.get("ax")).toBe((1n << width) - 38n);
    lab.clone({ pids: [32_767] });
    expect(regs.get("ax")).toBe(32_767n);
  });

  test("N-14 whatever the call, an errno never leaves −4095 … −1 and a number is positive", () => {
    const lab = new Lab(era, { level: 1 });
    writeSet(lab.caller, SET, 1, NUMBERS);
    for (const pid of [0, 1, -1, 77, 77, 40_000]) {
      lab.caller.writeInts(NUMBERS, [pid]);
      const result = lab.clone({ set: SET });
      if (result === null) throw new Error("clone_with_pids does not wait");
      expect(result > 0 || (result >= -4095 && result <= -1)).toBe(true);
    }
  });
});

import { describe, expect, test } from "vitest";
import { target_pid_set } from "../../../src/abi/structs/index.ts";
import { ARCH_NAMES } from "../../../src/arch/index.ts";
import { BIG_ENDIAN, Lab } from "./port.ts";

const WIDE = ARCH_NAMES.filter((arch) => arch !== "i386");

/** A number as the bytes of an architecture have it. */
function word(arch: string, value: number, bytes: number): string {
  const hex = value.toString(16).padStart(bytes * 2, "0");
  return BIG_ENDIAN.has(arch) ? hex : (hex.match(/../g) ?? []).reverse().join("");
}

describe.each(WIDE)("Memory of %s is in its byte order", (arch) => {
  test("§9.2 the set and the array of clone_with_pids, and the tid that is written back", () => {
    const lab = new Lab(arch, "cwp-v3");
    const { guest, at } = lab;
    guest.writeInts(at + 64, [0x1234]);
    guest.writeStruct(at, target_pid_set, { num_pids: 1, target_pids: at + 64 });
    expect(lab.hex(at, 4)).toBe(word(arch, 1, 4));
    expect(lab.hex(at + 8, 8)).toBe(word(arch, at + 64, 8));
    expect(lab.hex(at + 64, 4)).toBe(word(arch, 0x1234, 4));
    expect(guest.call("clone_with_pids", { flags: 17 | 0x100000, parent_tid: at + 128, pid_set: at })).toBe(
      0x1234,
    );
    expect(lab.hex(at + 128, 4)).toBe(word(arch, 0x1234, 4));
  });

  test("a word across two pages", () => {
    const lab = new Lab(arch);
    const { guest } = lab;
    const two = guest.map(8192);
    const pid = guest.call("clone", { flags: 17 | 0x100000, parent_tid: two + 4094 }) ?? 0;
    expect(lab.hex(two + 4094, 4)).toBe(word(arch, pid, 4));
  });

  test("wait status and siginfo", () => {
    const lab = new Lab(arch);
    const { guest, at } = lab;
    for (const wait of ["wait4", "waitid"] as const) {
      const child = guest.child(guest.call("clone", { flags: 17 }));
      const { tid } = child.task;
      child.call("exit_group", { error_code: 7 });
      if (wait === "wait4") {
        expect(guest.call("wait4", { upid: -1, stat_addr: at })).toBe(tid);
        expect(lab.hex(at, 4)).toBe(word(arch, 0x700, 4));
      } else {
        expect(guest.call("waitid", { which: 0, upid: 0, infop: at + 64, options: 4 })).toBe(0);
        // si_signo, si_code, si_pid, si_status
        expect([0, 8, 16, 24].map((offset) => lab.hex(at + 64 + offset, 4))).toEqual(
          [17, 1, tid, 7].map((value) => word(arch, value, 4)),
        );
      }
    }
  });

  test("descriptors of a pipe, and the vector of a write", () => {
    const lab = new Lab(arch);
    const { guest, at } = lab;
    expect(guest.call("pipe2", { fildes: at })).toBe(0);
    expect(lab.hex(at, 8)).toBe(word(arch, 0, 4) + word(arch, 1, 4));
    guest.write(
      at + 64,
      Uint8Array.from((word(arch, at + 128, 8) + word(arch, 3, 8)).match(/../g) ?? [], (h) =>
        Number.parseInt(h, 16),
      ),
    );
    guest.write(at + 128, new Uint8Array([1, 2, 3]));
    expect(guest.call("writev", { fd: 1, vec: at + 64, vlen: 1 })).toBe(3);
    expect(guest.call("read", { fd: 0, buf: at + 256, count: 8 })).toBe(3);
    // What goes through a pipe are bytes.
    expect(lab.hex(at + 256, 4)).toBe("01020300");
  });

  test("a signal mask of 64 bits, resource limits, capabilities", () => {
    const lab = new Lab(arch);
    const { guest, at } = lab;
    const bytes = Uint8Array.from(word(arch, 0x8000_0000_02, 8).match(/../g) ?? [], (h) =>
      Number.parseInt(h, 16),
    );
    guest.write(at, bytes);
    expect(guest.call("rt_sigprocmask", { how: 2, nset: at, oset: 0, sigsetsize: 8 })).toBe(0);
    expect(guest.task.sigmask).toEqual({ lo: 2, hi: 0x80 });
    expect(guest.call("rt_sigprocmask", { how: 0, nset: 0, oset: at + 8, sigsetsize: 8 })).toBe(0);
    expect(lab.hex(at + 8, 8)).toBe(word(arch, 0x8000_0000_02, 8));
    expect(guest.call("prlimit64", { pid: 0, resource: 7, old_rlim: at + 16 })).toBe(0);
    expect(lab.hex(at + 16, 8)).toBe(word(arch, 1024, 8));
    expect(guest.call("getrlimit", { resource: 7, rlim: at + 32 })).toBe(0);
    expect(lab.hex(at + 32, 8)).toBe(word(arch, 1024, 8));
    guest.writeInts(at + 64, [0x2008_0522, 0]);
    expect(guest.call("capget", { header: at + 64, dataptr: at + 80 })).toBe(0);
    expect(lab.hex(at + 80, 4)).toBe("ffffffff");
    expect(lab.hex(at + 92, 4)).toBe(word(arch, 0x1ff, 4));
    expect(guest.call("capset", { header: at + 64, data: at + 80 })).toBe(0);
    expect(guest.task.cred.effective).toEqual({ lo: 0xffff_ffff, hi: 0x1ff });
  });

  test("a thread-id pointer read back with PR_GET_TID_ADDRESS", () => {
    const lab = new Lab(arch);
    const { guest, at } = lab;
    expect(guest.call("set_tid_address", { tidptr: at + 8 })).toBe(1);
    expect(guest.call("prctl", { option: 40, arg2: at })).toBe(0);
    expect(lab.hex(at, 8)).toBe(word(arch, at + 8, 8));
  });
});

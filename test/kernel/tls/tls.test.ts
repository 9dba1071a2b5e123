import { describe, expect, test } from "vitest";
import { CLONE, user_desc } from "../../../src/abi/structs/index.ts";
import { ENTRY_PATHS, type EntryPath } from "../../../src/arch/index.ts";
import { type Guest, SIG } from "../../../src/kernel/index.ts";
import { PAGE_SIZE, PROT_READ } from "../../../src/mm/index.ts";
import { expectFailure, HOLE, Lab, SCRATCH } from "../support/lab.ts";

const GET = SCRATCH + 0x40;

/** A way in for set_thread_area, with the first of its three entries. */
const WAYS: readonly (readonly [string, "x86_64" | "i386", 32 | 64, EntryPath, number])[] = [
  ["a 32-bit program on a 64-bit kernel", "x86_64", 32, ENTRY_PATHS["ia32/int80"], 12],
  ["int 0x80 from a 64-bit program", "x86_64", 64, ENTRY_PATHS["x86_64/int80"], 12],
  ["a 32-bit kernel", "i386", 32, ENTRY_PATHS["i386/int80"], 6],
];

describe.each(WAYS)("set_thread_area by %s, on 6.14", (_, arch, bits, path, first) => {
  const make = (): Lab => new Lab({ arch, profile: "clone3-614" }, { bits });
  const set = (guest: Guest, words: readonly number[], at = SCRATCH): number | null => {
    const [entry_number = 0, base_addr = 0, limit = 0, flags = 0] = words;
    guest.writeStruct(at, user_desc, {
      entry_number,
      base_addr: base_addr >>> 0,
      limit: limit >>> 0,
      flags: flags >>> 0,
    });
    return guest.call("set_thread_area", { u_info: at }, path);
  };
  const get = (guest: Guest, entry: number): readonly number[] => {
    guest.writeInts(GET, [entry, -1, -1, -1]);
    expect(guest.call("get_thread_area", { u_info: GET }, path)).toBe(0);
    return [0, 4, 8, 12].map((offset) => guest.readInt(GET + offset));
  };

  test("entry −1 takes the first free slot and writes which; with none free it is ESRCH", () => {
    const lab = make();
    const { caller } = lab;
    for (const i of [0, 1, 2]) {
      expect(set(caller, [-1, 0x1000 * i, 0xfffff, 0x51])).toBe(0);
      expect(caller.readInt(SCRATCH)).toBe(first + i);
    }
    expectFailure(lab, set(caller, [-1, 0x5000, 0xfffff, 0x51]), "ESRCH", "no-free-entry");
    expect(set(caller, [first + 1, 0, 0, 0x28])).toBe(0);
    expect(get(caller, first + 1)).toEqual([first + 1, 0, 0, 0x28]);
    expect(set(caller, [-1, 0x7000, 0xfffff, 0x51])).toBe(0);
    expect(get(caller, first + 1)).toEqual([first + 1, 0x7000, 0xfffff, 0x51]);
  });

  test("a number that cannot be written back leaves the slot as it was", () => {
    const lab = make();
    const { caller } = lab;
    set(caller, [-1, 0x1000, 0xfffff, 0x51], HOLE - PAGE_SIZE);
    set(caller, [first, 0, 0, 0x28]);
    caller.writeInts(HOLE - PAGE_SIZE, [-1]);
    caller.task.mm?.protect(HOLE - PAGE_SIZE, PAGE_SIZE, PROT_READ);
    const failed = caller.call("set_thread_area", { u_info: HOLE - PAGE_SIZE }, path);
    expectFailure(lab, failed, "EFAULT", "entry-unwritable");
    expect(get(caller, first)).toEqual([first, 0, 0, 0x28]);
  });

  test("memory, then the descriptor, then the entry; all zero, and 0x28 alone, stand for none", () => {
    const lab = make();
    const { caller } = lab;
    expectFailure(
      lab,
      caller.call("set_thread_area", { u_info: HOLE - 12 }, path),
      "EFAULT",
      "tls-unreadable",
    );
    expectFailure(lab, set(caller, [99, 0x1000, 0xfffff, 0]), "EINVAL", "tls-descriptor");
    expectFailure(lab, set(caller, [first + 3, 0x1000, 0xfffff, 0x51]), "EINVAL", "tls-entry");
    expectFailure(lab, set(caller, [first - 1, 0x1000, 0xfffff, 0x51]), "EINVAL", "tls-entry");
    const okay = Array.from({ length: 128 }, (_, flags) => flags).filter(
      (f) => set(caller, [first, 1, 1, f]) === 0,
    );
    expect(okay).toEqual([1, 3, 9, 11, 17, 19, 25, 27, 65, 67, 73, 75, 81, 83, 89, 91]);
    for (const flags of [0, 0x28]) {
      set(caller, [first, 1, 1, 0x51]);
      expect(set(caller, [first, 0, 0, flags])).toBe(0);
      expect(get(caller, first)).toEqual([first, 0, 0, 0x28]);
    }
  });

  test("a limit has 20 bits, and bits beyond the known ones are not kept", () => {
    const { caller } = make();
    expect(set(caller, [first, -2, 0xfff12345, 0xffffffd1])).toBe(0);
    expect(get(caller, first)).toEqual([first, -2, 0x12345, 0x51]);
  });

  test("get_thread_area reads nothing but the entry number, and what it writes before a fault stays", () => {
    const lab = make();
    const { caller } = lab;
    set(caller, [first, 0x1234, 0xfffff, 0x51]);
    caller.writeInts(HOLE - 8, [first, 99]);
    const at = (u_info: number): number | null => caller.call("get_thread_area", { u_info }, path);
    expectFailure(lab, at(HOLE - 8), "EFAULT", "descriptor-unwritable");
    expect(caller.readInt(HOLE - 4)).toBe(0x1234);
    caller.writeInts(HOLE - 4, [first + 3]);
    expectFailure(lab, at(HOLE - 4), "EINVAL", "tls-entry");
    expectFailure(lab, at(HOLE - 2), "EFAULT", "entry-unreadable");
  });

  test("a child has copies of the slots", () => {
    const lab = make();
    set(lab.caller, [first, 0x1234, 0xfffff, 0x51]);
    const child = lab.fork();
    set(child, [first, 0x9999, 0xfffff, 0x51]);
    expect([get(lab.caller, first)[1], get(child, first)[1]]).toEqual([0x1234, 0x9999]);
  });
});

describe("arch_prctl on 6.14", () => {
  const SET_GS = 0x1001;
  const SET_FS = 0x1002;
  const GET_FS = 0x1003;
  const GET_GS = 0x1004;

  test("the bases are kept apart, inherited, and clone's tls replaces that of FS", () => {
    const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
    const { caller } = lab;
    caller.call("arch_prctl", { option: SET_FS, arg2: 0x7f00_0000_1000 });
    caller.call("arch_prctl", { option: SET_GS, arg2: 0x2000 });
    const read = (guest: Guest, option: number): number => {
      expect(guest.call("arch_prctl", { option, arg2: SCRATCH })).toBe(0);
      return guest.readInt(SCRATCH) + 2 ** 32 * guest.readInt(SCRATCH + 4);
    };
    expect([read(caller, GET_FS), read(caller, GET_GS)]).toEqual([0x7f00_0000_1000, 0x2000]);
    const child = lab.made(caller.call("clone", { flags: CLONE.SETTLS | SIG.CHLD, tls: 0x3000 }));
    expect([read(child, GET_FS), read(child, GET_GS)]).toEqual([0x3000, 0x2000]);
  });

  test("a base is a user address, whatever is mapped there", () => {
    const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
    const set = (arg2: number | bigint): number | null =>
      lab.caller.call("arch_prctl", { option: SET_FS, arg2 });
    expect(set(0x7fff_ffff_efff)).toBe(0);
    for (const base of [0x7fff_ffff_f000, 0x8000_0000_0000, 0xffff_8000_0000_0000n, -1n])
      expectFailure(lab, set(base), "EPERM", "base-not-user");
    expect(lab.caller.task.fsBase).toBe(0x7fff_ffff_efff);
    expectFailure(
      lab,
      lab.caller.call("arch_prctl", { option: GET_FS, arg2: HOLE - 4 }),
      "EFAULT",
      "base-unwritable",
    );
    expectFailure(
      lab,
      lab.caller.call("arch_prctl", { option: 0x1005, arg2: HOLE }),
      "EINVAL",
      "unknown-option",
    );
  });

  test("a 32-bit caller has no bases to set; whether cpuid faults everybody may ask", () => {
    const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
    const path = ENTRY_PATHS["x86_64/int80"];
    const call = (option: number): number | null =>
      lab.caller.call("compat_arch_prctl", { option, arg2: 0 }, path);
    for (const option of [SET_FS, SET_GS, GET_FS, GET_GS, 0])
      expectFailure(lab, call(option), "EINVAL", "unknown-option");
    expect(call(0x1011)).toBe(1);
    expectFailure(lab, call(0x1012), "ENODEV", "cpuid-not-faultable");
    const old = new Lab({ arch: "x86_64", profile: "cwp-v3" });
    expectFailure(old, old.caller.call("arch_prctl", { option: 0x1011 }), "EINVAL", "unknown-option");
    expect(() => old.caller.call("compat_arch_prctl", {}, path)).toThrow(RangeError);
  });
});

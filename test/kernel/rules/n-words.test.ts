import { expect, test } from "vitest";
import type { SyscallDecl } from "../../../src/abi/index.ts";
import { ENTRY_PATHS } from "../../../src/arch/index.ts";
import { boot, Guest, implement } from "../../../src/kernel/index.ts";
import { variant } from "../support/eras.ts";

const GARBAGE = 0xdead_beef_0000_0000n;

test("N-03 where the low half of rax counts, it is sign-extended and the upper half is ignored", () => {
  const machine = boot({ profile: variant("cwp-v3", { entry: { wideNumber: false } }) });
  const guest = new Guest(machine, machine.init);
  const getpid = BigInt(machine.numberOf("getpid", guest.task.path) ?? -1);
  expect(guest.syscall(getpid, [])).toBe(1);
  expect(guest.syscall(GARBAGE | getpid, [])).toBe(1);
  expect(guest.errno(guest.syscall(0xffff_ffffn, []))).toBe("ENOSYS");
  expect(guest.errno(guest.syscall(0x8000_0000n | getpid, []))).toBe("ENOSYS");
});

const words = {
  name: "words",
  numbers: { i386: 1000 },
  args: {
    signed_long: "long",
    unsigned_long: "unsigned long",
    signed_int: "int",
    size: "size_t",
    pointer: { in: "int" },
    flags: { flags: "clone_flags", of: "unsigned long" },
  },
  returns: "int",
  ladder: [],
  support: "full",
  provenance: ["a test"],
} as const satisfies SyscallDecl;

test("N-06 a compat argument is 32 bits: signed ones sign-extended, pointers and the rest zero-extended", () => {
  const seen: object[] = [];
  const machine = boot({
    arch: "x86_64",
    calls: [
      implement(words, (_, args) => {
        seen.push({ ...args });
        return 0;
      }),
    ],
  });
  const guest = new Guest(machine, machine.init);
  const path = ENTRY_PATHS["x86_64/int80"];
  for (const low of [0xffff_fff0n, 0x7fff_fff0n]) {
    guest.syscall(1000, new Array(6).fill(GARBAGE | low), path);
    const unsigned = Number(low);
    const signed = Number(BigInt.asIntN(32, low));
    expect(seen.pop()).toEqual({
      signed_long: signed,
      unsigned_long: unsigned,
      signed_int: signed,
      size: unsigned,
      pointer: unsigned,
      flags: { lo: unsigned, hi: 0 },
    });
  }
});

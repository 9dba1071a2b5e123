import { describe, expect, test } from "vitest";
import { errnoNumber, TABLES, type TableId } from "../../src/abi/index.ts";
import { CONVENTIONS, ENTRY_PATHS, registerOf } from "../../src/arch/index.ts";
import { argumentPlaces, argumentWords, loadSignatures, passedBy } from "../../src/atlas/index.ts";

const signatures = await loadSignatures();

/** Where the arguments of a call travel on one table, as `name=register`. */
function placesOf(id: TableId, call: string): string {
  const convention = CONVENTIONS[id];
  const parameters = passedBy(convention, call, signatures.get(call)?.parameters ?? []);
  return argumentPlaces(convention, parameters)
    .map(({ name, registers }) => `${name}=${registers.join(":")}`)
    .join(" ");
}

describe("conventions", () => {
  test.each(TABLES)("%s has registers for six arguments, or says what is left", (id) => {
    const { table, args, number, result, instruction, model } = CONVENTIONS[id];
    expect(table).toBe(id);
    expect(args.length).toBeGreaterThanOrEqual(6);
    expect(new Set(args).size).toBe(args.length);
    expect(args).not.toContain(number);
    expect([number, result, instruction].every((text) => text !== "")).toBe(true);
    expect(model.long === 8 || id === "x32" || id === "mips_n32" || CONVENTIONS[id].pairs !== "whole").toBe(
      true,
    );
  });

  test("are the ones the entry paths have", () => {
    for (const path of Object.values(ENTRY_PATHS))
      if (path.name !== "i386/sysenter") expect(path.convention).toBe(CONVENTIONS[path.table]);
  });

  test("N-14 errors are told by a flag on powerpc, mips and sparc, by their sign elsewhere", () => {
    const flagged = TABLES.filter((id) => CONVENTIONS[id].errors !== "negative");
    expect(flagged).toEqual(["powerpc", "powerpc64", "mips_o32", "mips_n32", "mips_n64", "sparc64"]);
    const enosys = (id: TableId): number => errnoNumber("ENOSYS", CONVENTIONS[id].errnos);
    expect([enosys("arm64"), enosys("mips_n64"), enosys("sparc64"), enosys("parisc")]).toEqual([
      38, 89, 90, 251,
    ]);
  });

  test("pt_regs' names are a program's", () => {
    expect([registerOf(CONVENTIONS.x32, "ax"), registerOf(CONVENTIONS.i386, "bp")]).toEqual(["rax", "ebp"]);
    expect([registerOf(CONVENTIONS.x86_64, "r10"), registerOf(CONVENTIONS.arm64, "x0")]).toEqual([
      "r10",
      "x0",
    ]);
  });
});

describe("clone's arguments", () => {
  test.each([
    ["x86_64", "clone_flags=rdi newsp=rsi parent_tidptr=rdx child_tidptr=r10 tls=r8"],
    ["i386", "clone_flags=ebx newsp=ecx parent_tidptr=edx tls=esi child_tidptr=edi"],
    ["arm", "clone_flags=r0 newsp=r1 parent_tidptr=r2 tls=r3 child_tidptr=r4"],
    ["s390x", "newsp=r2 clone_flags=r3 parent_tidptr=r4 child_tidptr=r5 tls=r6"],
    ["mips_o32", "clone_flags=a0 newsp=a1 parent_tidptr=a2 tls=a3 child_tidptr=16(sp)"],
  ] as const)("on %s", (id, expected) => {
    expect(placesOf(id, "clone")).toBe(expected);
  });
});

describe("64-bit arguments", () => {
  test.each([
    // An even register is skipped to: on arm, mips o32 and powerpc one word is lost.
    ["arm", "pread64", "fd=r0 buf=r1 count=r2 pos=r4:r5"],
    ["mips_o32", "pread64", "fd=a0 buf=a1 count=a2 pos=16(sp):20(sp)"],
    ["powerpc", "pread64", "fd=r3 buf=r4 count=r5 pos=r7:r8"],
    ["i386", "pread64", "fd=ebx buf=ecx count=edx pos=esi:edi"],
    ["s390", "pread64", "fd=r2 buf=r3 count=r4 pos=r5:r6"],
    ["x32", "pread64", "fd=rdi buf=rsi count=rdx pos=r10"],
    ["mips_n32", "pread64", "fd=a0 buf=a1 count=a2 pos=a3"],
    ["arm", "sync_file_range", "fd=r0 offset=r2:r3 nbytes=r4:r5 flags=r6"],
    ["arm", "sync_file_range2", "fd=r0 flags=r1 offset=r2:r3 nbytes=r4:r5"],
    ["i386", "fallocate", "fd=ebx mode=ecx offset=edx:esi len=edi:ebp"],
    ["powerpc", "fallocate", "fd=r3 mode=r4 offset=r5:r6 len=r7:r8"],
    ["i386", "preadv", "fd=ebx vec=ecx vlen=edx pos_l=esi pos_h=edi"],
  ] as const)("%s %s", (id, call, expected) => {
    expect(placesOf(id, call)).toBe(expected);
  });

  test("sync_file_range does not fit six words where pairs are even, and its second form does", () => {
    const words = (id: TableId, call: string): number =>
      argumentWords(CONVENTIONS[id], signatures.get(call)?.parameters ?? []);
    for (const id of ["arm", "powerpc", "mips_o32"] as const) {
      expect(words(id, "sync_file_range"), id).toBe(7);
      expect(words(id, "sync_file_range2"), id).toBe(6);
    }
    expect([words("i386", "sync_file_range"), words("arm64", "sync_file_range")]).toEqual([6, 4]);
  });
});

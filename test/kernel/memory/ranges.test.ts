import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAP, RLIMIT } from "../../../src/abi/structs/index.ts";
import type { Guest } from "../../../src/kernel/index.ts";
import { PAGE_SIZE } from "../../../src/mm/index.ts";
import { expectFailure, Lab } from "../support/lab.ts";

const AT = 0x3000_0000;
const PAGES = 8;
const FIXED = MAP.PRIVATE | MAP.ANONYMOUS | MAP.FIXED;

function map(guest: Guest, addr: number, len: number, prot = 3, flags = FIXED): number | null {
  return guest.call(guest.task.path.wide ? "mmap" : "mmap2", { addr, len, prot, flags, fd: -1 });
}

/** The right to a page as the kernel finds it: 0 none, 1 to load, 3 to store as well. */
function right(guest: Guest, at: number): number {
  const store = guest.call("prlimit64", { pid: 0, resource: RLIMIT.RTTIME, old_rlim: at }) === 0;
  const load = guest.errno(guest.call("prlimit64", { pid: 0, resource: 99, new_rlim: at })) === "EINVAL";
  return (load ? 1 : 0) | (store ? 2 : 0);
}

const rights = (guest: Guest, pages = PAGES): number[] =>
  Array.from({ length: pages }, (_, i) => right(guest, AT + i * PAGE_SIZE));

describe.each([64, 32] as const)("munmap and mprotect of a %i-bit program on 6.14", (bits) => {
  const make = (): Lab => new Lab({ arch: "x86_64", profile: "clone3-614" }, { bits });
  const mprotect = (
    guest: Guest,
    start: number | bigint,
    len: number | bigint,
    prot: number | bigint,
  ): number | null => guest.call("mprotect", { start, len, prot });

  test("mprotect over a hole is ENOMEM, and what lies before it has changed", () => {
    const lab = make();
    map(lab.caller, AT, 2 * PAGE_SIZE);
    map(lab.caller, AT + 3 * PAGE_SIZE, PAGE_SIZE);
    expectFailure(lab, mprotect(lab.caller, AT, 4 * PAGE_SIZE, 1), "ENOMEM", "hole");
    expect(rights(lab.caller, 4)).toEqual([1, 1, 0, 3]);
    expectFailure(lab, mprotect(lab.caller, AT + 2 * PAGE_SIZE, 2 * PAGE_SIZE, 1), "ENOMEM", "hole");
    expect(rights(lab.caller, 4)).toEqual([1, 1, 0, 3]);
  });

  test("a length of −1 wraps for 64 bits and changes nothing; for 32 it does not, and changes the first mapping", () => {
    const lab = make();
    map(lab.caller, AT, PAGE_SIZE);
    const [len, rung] = bits === 64 ? [-1n, "range-wraps"] : [0xffff_ffffn, "hole"];
    expectFailure(lab, mprotect(lab.caller, AT, len, 1), "ENOMEM", rung);
    expect(rights(lab.caller, 1)).toEqual([bits === 64 ? 3 : 1]);
  });

  test("bit 8 is accepted and means no access; other bits are EINVAL, after the range and before the mappings", () => {
    const lab = make();
    map(lab.caller, AT, PAGE_SIZE);
    expect(mprotect(lab.caller, AT, PAGE_SIZE, 8)).toBe(0);
    expect(rights(lab.caller, 1)).toEqual([0]);
    expectFailure(lab, mprotect(lab.caller, AT + PAGE_SIZE, PAGE_SIZE, 0x10), "EINVAL", "unknown-prot");
    expectFailure(lab, mprotect(lab.caller, AT + 1, 0, 0x10), "EINVAL", "address-unaligned");
    expect(mprotect(lab.caller, AT, 0, 0x10)).toBe(0);
    expectFailure(lab, mprotect(lab.caller, AT + 1, 0, 0x300_0000), "EINVAL", "both-growths");
    if (bits === 64)
      expectFailure(lab, mprotect(lab.caller, AT, PAGE_SIZE, 1n << 32n), "EINVAL", "unknown-prot");
  });

  test("PROT_GROWSDOWN reaches down to the start of a mapping that grows; nothing grows upwards", () => {
    const lab = make();
    map(lab.caller, AT, 3 * PAGE_SIZE, 3, FIXED | MAP.GROWSDOWN);
    map(lab.caller, AT + 4 * PAGE_SIZE, PAGE_SIZE);
    expect(mprotect(lab.caller, AT + PAGE_SIZE, PAGE_SIZE, 0x100_0001)).toBe(0);
    expect(rights(lab.caller, 3)).toEqual([1, 1, 3]);
    const last = AT + 4 * PAGE_SIZE;
    expectFailure(lab, mprotect(lab.caller, last, PAGE_SIZE, 0x100_0001), "EINVAL", "does-not-grow");
    expectFailure(lab, mprotect(lab.caller, last, PAGE_SIZE, 0x200_0001), "EINVAL", "does-not-grow");
    expectFailure(lab, mprotect(lab.caller, last + PAGE_SIZE, PAGE_SIZE, 0x200_0001), "ENOMEM", "hole");
    expectFailure(lab, mprotect(lab.caller, last + PAGE_SIZE, PAGE_SIZE, 0x100_0001), "ENOMEM", "hole");
  });

  test("munmap: alignment, range and length are EINVAL, a hole is nothing, and the middle may go", () => {
    const lab = make();
    const { caller } = lab;
    const munmap = (addr: number | bigint, len: number | bigint): number | null =>
      caller.call("munmap", { addr, len });
    map(caller, AT, 3 * PAGE_SIZE);
    expectFailure(lab, munmap(AT + 1, 0), "EINVAL", "address-unaligned");
    expectFailure(lab, munmap(AT, bits === 64 ? -1n : 0xffff_ffff), "EINVAL", "beyond-user-space");
    expectFailure(lab, munmap(AT, 0), "EINVAL", "length-zero");
    expect(munmap(AT + 5 * PAGE_SIZE, 1)).toBe(0);
    expect(munmap(AT + PAGE_SIZE, 1)).toBe(0);
    expect(rights(caller, 3)).toEqual([3, 0, 3]);
    expect(munmap(AT, PAGES * PAGE_SIZE)).toBe(0);
    expect(rights(caller)).toEqual(new Array(PAGES).fill(0));
  });

  test("law: mmap, munmap and mprotect do to every page what they do to a page map", () => {
    const page = fc.nat(PAGES - 1);
    const prot = fc.constantFrom(0, 1, 2, 3, 4);
    const op = fc.record({
      what: fc.constantFrom("map", "noreplace", "unmap", "protect"),
      from: page,
      n: fc.integer({ min: 0, max: 5 }),
      prot,
    });
    fc.assert(
      fc.property(fc.array(op, { maxLength: 30 }), (ops) => {
        const { caller } = make();
        const model = new Map<number, number>();
        for (const { what, from, n, prot } of ops) {
          const pages = Array.from({ length: n }, (_, i) => from + i);
          const [start, len] = [AT + from * PAGE_SIZE, n * PAGE_SIZE];
          const free = pages.every((p) => !model.has(p));
          let expected: string | null = n === 0 && what !== "protect" ? "EINVAL" : null;
          if (what === "noreplace" && n > 0 && !free) expected = "EEXIST";
          let got: number | null;
          if (what === "unmap") got = caller.call("munmap", { addr: start, len });
          else if (what === "protect") got = mprotect(caller, start, len, prot);
          else got = map(caller, start, len, prot, what === "map" ? FIXED : FIXED | MAP.FIXED_NOREPLACE);
          for (const p of pages) {
            if (expected !== null) break;
            if (what === "unmap") model.delete(p);
            else if (what === "protect" && !model.has(p)) expected = "ENOMEM";
            else model.set(p, prot);
          }
          expect(caller.errno(got)).toBe(expected);
        }
        const seen = (p: number): number =>
          ((prot) => (prot === 0 ? 0 : (prot & 2) !== 0 ? 3 : 1))(model.get(p) ?? 0);
        expect(rights(caller, PAGES + 5)).toEqual(Array.from({ length: PAGES + 5 }, (_, p) => seen(p)));
        expect(caller.task.mm?.pages).toBe(4 + model.size);
      }),
      { numRuns: 60 },
    );
  });
});

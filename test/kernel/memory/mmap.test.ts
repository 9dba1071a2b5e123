import { describe, expect, test } from "vitest";
import { MAP, mmap_arg_struct, RLIMIT } from "../../../src/abi/structs/index.ts";
import { ENTRY_PATHS } from "../../../src/arch/index.ts";
import type { Guest } from "../../../src/kernel/index.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { PAGE_SIZE, PROT_READ, PROT_WRITE } from "../../../src/mm/index.ts";
import { become, expectFailure, Lab, SCRATCH } from "../support/lab.ts";

const RW = PROT_READ | PROT_WRITE;
const PRIVATE = MAP.PRIVATE | MAP.ANONYMOUS;
const FIXED = PRIVATE | MAP.FIXED;
const AT = 0x3000_0000;

interface Wish {
  readonly addr?: number | bigint;
  readonly len?: number | bigint;
  readonly prot?: number;
  readonly flags?: number;
  readonly fd?: number;
  readonly off?: number;
}

function map(guest: Guest, wish: Wish = {}): number | null {
  const { addr = AT, len = PAGE_SIZE, prot = RW, flags = FIXED, fd = -1, off = 0 } = wish;
  const [name, offset] = guest.task.path.wide ? ["mmap", "off"] : ["mmap2", "pgoff"];
  return guest.call(name as string, { addr, len, prot, flags, fd, [offset as string]: off });
}

/** What the kernel can do at an address for the guest: store, load. */
function access(guest: Guest, at: number): string {
  const store = guest.call("prlimit64", { pid: 0, resource: RLIMIT.RTTIME, old_rlim: at }) === 0;
  const load = guest.errno(guest.call("prlimit64", { pid: 0, resource: 99, new_rlim: at })) === "EINVAL";
  return `${load ? "r" : "-"}${store ? "w" : "-"}`;
}

describe.each([64, 32] as const)("mmap of a %i-bit program on 6.14", (bits) => {
  const make = (): Lab => new Lab({ arch: "x86_64", profile: "clone3-614" }, { bits });
  const end = bits === 64 ? 0x7fff_ffff_f000 : 0xffff_e000;

  test("the kernel's choice lies below the stack, above what everybody may map, and is free", () => {
    const { caller } = make();
    const found = [1, 3, 200].map(
      (pages) => map(caller, { addr: 0, len: pages * PAGE_SIZE, flags: PRIVATE }) ?? -1,
    );
    for (const at of found) {
      const address = bits === 64 ? at : at >>> 0;
      expect(address % PAGE_SIZE).toBe(0);
      expect(address).toBeGreaterThan(end / 2);
      expect(address).toBeLessThan(end - 0x100_0000);
      expect(access(caller, address)).toBe("rw");
    }
    expect(new Set(found).size).toBe(3);
  });

  test("a hint is taken where it is free, on its page, and never below 64 KiB; a fixed address replaces", () => {
    const { caller } = make();
    expect(map(caller, { addr: AT + 0x123, flags: PRIVATE })).toBe(AT);
    expect(map(caller, { addr: AT, flags: PRIVATE })).not.toBe(AT);
    expect(map(caller, { addr: 0x2000, flags: PRIVATE })).toBe(0x1_0000);
    caller.writeInts(AT, [7]);
    expect(map(caller, { prot: PROT_READ })).toBe(AT);
    expect([caller.readInt(AT), access(caller, AT)]).toEqual([0, "r-"]);
  });

  test("on x86 what can be written or executed can be read, bit 8 means nothing", () => {
    const { caller } = make();
    const rights = [0, 1, 2, 3, 4, 8].map((prot) => {
      map(caller, { prot });
      return access(caller, AT);
    });
    expect(rights).toEqual(["--", "r-", "rw", "rw", "r-", "--"]);
  });

  test("lengths: 0 is EINVAL, what rounds up beyond everything ENOMEM, before the address is looked at", () => {
    const lab = make();
    expectFailure(lab, map(lab.caller, { len: 0, addr: 1 }), "EINVAL", "length-zero");
    // Of 32 bits a 64-bit kernel makes a length that is longer than the caller's memory, and no more.
    const [longest, rung] = bits === 64 ? [-1n, "length-too-long"] : [0xffff_ffff, "no-room"];
    expectFailure(lab, map(lab.caller, { len: longest, addr: 1 }), "ENOMEM", rung);
    expectFailure(lab, map(lab.caller, { addr: 1 }), "EINVAL", "address-unaligned");
    expectFailure(lab, map(lab.caller, { addr: end }), "ENOMEM", "no-room");
    expectFailure(lab, map(lab.caller, { addr: end - PAGE_SIZE, len: PAGE_SIZE + 1 }), "ENOMEM", "no-room");
    expect((map(lab.caller, { addr: end - PAGE_SIZE }) ?? 0) >>> 0).toBe((end - PAGE_SIZE) % 2 ** 32);
  });

  test("page 0 takes CAP_SYS_RAWIO; what lies above it does not", () => {
    const lab = make();
    become(lab.caller, 1000, []);
    expectFailure(lab, map(lab.caller, { addr: 0 }), "EPERM", "below-min-addr");
    expect(map(lab.caller, { addr: 0x1000 })).toBe(0x1000);
    become(lab.caller, 1000, ["SYS_RAWIO"]);
    expect(map(lab.caller, { addr: 0 })).toBe(0);
    expect(access(lab.caller, 64)).toBe("rw");
  });

  test("MAP_FIXED_NOREPLACE replaces nothing; the kind of mapping comes after it", () => {
    const lab = make();
    const flags = PRIVATE | MAP.FIXED_NOREPLACE;
    expect(map(lab.caller, { flags })).toBe(AT);
    expectFailure(
      lab,
      map(lab.caller, { flags: MAP.ANONYMOUS | MAP.FIXED_NOREPLACE }),
      "EEXIST",
      "already-mapped",
    );
    expectFailure(
      lab,
      map(lab.caller, { addr: AT - PAGE_SIZE, len: 2 * PAGE_SIZE, flags }),
      "EEXIST",
      "already-mapped",
    );
    for (const type of [0, 3, 4, 5, 6, 7, 9, 15])
      expectFailure(lab, map(lab.caller, { flags: MAP.ANONYMOUS | MAP.FIXED | type }), "EINVAL", "map-type");
    expectFailure(lab, map(lab.caller, { flags: FIXED ^ 3 ^ MAP.GROWSDOWN }), "EINVAL", "shared-grows");
  });

  test("a file: EBADF before everything, then length, place, and what the file says", () => {
    const lab = make();
    lab.caller.call("pipe2", { fildes: SCRATCH, flags: 0 });
    const file = (wish: Wish): number | null =>
      map(lab.caller, { flags: MAP.PRIVATE | MAP.FIXED, fd: 0, ...wish });
    expectFailure(lab, file({ fd: 9, len: 0 }), "EBADF", "bad-fd");
    expectFailure(lab, file({ len: 0 }), "EINVAL", "length-zero");
    expectFailure(lab, file({ addr: AT + 1, fd: 1 }), "EINVAL", "address-unaligned");
    expectFailure(lab, file({ fd: 1 }), "EACCES", "file-not-readable");
    expectFailure(lab, file({ flags: MAP.SHARED }), "EACCES", "file-not-writable");
    expectFailure(lab, file({ flags: MAP.SHARED, prot: PROT_READ }), "ENODEV", "no-such-operation");
    expectFailure(lab, file({ prot: 4 }), "EPERM", "file-noexec");
    expectFailure(lab, file({ flags: 0 }), "EINVAL", "map-type");
    expectFailure(lab, file({ flags: 0x80003, prot: 1 }), "EOPNOTSUPP", "unknown-flag");
    expectFailure(lab, file({ flags: 0x40002 }), "EINVAL", "huge-page-size");
  });

  test("a child has its own private pages and the same shared ones; what is droppable begins anew", () => {
    const lab = make();
    const { caller } = lab;
    map(caller);
    map(caller, { addr: AT + PAGE_SIZE, flags: FIXED ^ 3 });
    map(caller, { addr: AT + 2 * PAGE_SIZE, flags: (FIXED & ~MAP.PRIVATE) | MAP.DROPPABLE });
    for (const page of [0, 1, 2]) caller.writeInts(AT + page * PAGE_SIZE, [5]);
    const child = lab.fork();
    for (const page of [0, 1]) child.writeInts(AT + page * PAGE_SIZE, [6]);
    expect([0, 1, 2].map((page) => caller.readInt(AT + page * PAGE_SIZE))).toEqual([5, 6, 5]);
    expect(child.readInt(AT + 2 * PAGE_SIZE)).toBe(0);
  });

  test("RLIMIT_AS, RLIMIT_DATA and RLIMIT_MEMLOCK hold; what is replaced does not count", () => {
    const lab = make();
    const { caller } = lab;
    const { signal, mm } = caller.task;
    const limit = (resource: number, pages: number): void =>
      signal.setRlimit(resource, limitOf(pages * PAGE_SIZE));
    become(caller, 1000, []);
    limit(RLIMIT.AS, (mm?.pages ?? 0) + 1);
    expectFailure(lab, map(caller, { len: 2 * PAGE_SIZE }), "ENOMEM", "address-space-limit");
    expect(map(caller)).toBe(AT);
    expect(map(caller)).toBe(AT);
    expectFailure(lab, map(caller, { addr: AT + PAGE_SIZE }), "ENOMEM", "address-space-limit");
    signal.setRlimit(RLIMIT.AS, limitOf(Number.POSITIVE_INFINITY));
    limit(RLIMIT.DATA, 0);
    expectFailure(lab, map(caller, { addr: AT + PAGE_SIZE }), "ENOMEM", "address-space-limit");
    expect(map(caller, { addr: AT + PAGE_SIZE, prot: PROT_READ })).toBe(AT + PAGE_SIZE);
    signal.setRlimit(RLIMIT.DATA, limitOf(Number.POSITIVE_INFINITY));
    const locked = FIXED | MAP.LOCKED;
    limit(RLIMIT.MEMLOCK, 2);
    expect(map(caller, { flags: locked, len: 2 * PAGE_SIZE })).toBe(AT);
    expectFailure(lab, map(caller, { flags: locked, addr: AT + 4 * PAGE_SIZE }), "EAGAIN", "lock-limit");
    limit(RLIMIT.MEMLOCK, 0);
    expectFailure(lab, map(caller, { flags: locked }), "EPERM", "lock-not-permitted");
    become(caller, 1000, ["IPC_LOCK"]);
    expect(map(caller, { flags: locked })).toBe(AT);
  });

  test("a mapping that grows comes down to where it is touched, as far as RLIMIT_STACK and its neighbour let it", () => {
    const lab = make();
    const { caller } = lab;
    const top = AT + 0x100_0000;
    map(caller, { addr: top, flags: FIXED | MAP.GROWSDOWN });
    expect(access(caller, top - 4 * PAGE_SIZE)).toBe("rw");
    expect(caller.readInt(top - 2 * PAGE_SIZE)).toBe(0);
    expect(access(caller, top - 0x80_0000 - PAGE_SIZE)).toBe("--");
    expect(access(caller, top - 0x7f_f000)).toBe("rw");
    // 256 pages above a neighbour stay free, of growing and of hints.
    const other = AT + 0x300_0000;
    map(caller, { addr: other - 260 * PAGE_SIZE });
    map(caller, { addr: other, flags: FIXED | MAP.GROWSDOWN });
    expect(map(caller, { addr: other - 100 * PAGE_SIZE, flags: PRIVATE })).not.toBe(other - 100 * PAGE_SIZE);
    expect(access(caller, other - 3 * PAGE_SIZE)).toBe("rw");
    expect(access(caller, other - 4 * PAGE_SIZE)).toBe("--");
  });

  test("more mappings than max_map_count are refused, and a long list of them takes memory", () => {
    const lab = new Lab({ arch: "x86_64", profile: "clone3-614" }, { bits, frames: 40 });
    const { caller } = lab;
    const { used } = lab.machine.pool;
    let made = 0;
    while ((map(caller, { addr: AT + made * 2 * PAGE_SIZE }) ?? 0) === AT + made * 2 * PAGE_SIZE) made++;
    expectFailure(lab, map(caller, { addr: AT + made * 2 * PAGE_SIZE }), "ENOMEM", "no-memory");
    expect(made).toBeGreaterThan(300);
    expect(caller.call("munmap", { addr: AT, len: made * 2 * PAGE_SIZE })).toBe(0);
    expect(lab.machine.pool.used).toBe(used);
  });
});

test("int 0x80 from a 64-bit program: the call's width decides where a mapping is put, the program's how far it may be", () => {
  const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
  const path = ENTRY_PATHS["x86_64/int80"];
  const mmap2 = (addr: number, len: number, flags: number): number | null =>
    lab.caller.call("mmap2", { addr, len, prot: RW, flags, fd: -1 }, path);
  const anywhere = mmap2(0, PAGE_SIZE, PRIVATE) ?? 0;
  expect(anywhere).toBeGreaterThan(0x8000_0000);
  expect(anywhere).toBeLessThan(0xffff_e000);
  expect(mmap2(0xffff_f000, PAGE_SIZE, FIXED)).toBe(0xffff_f000);
  expect(mmap2(0xffff_f000, 2 * PAGE_SIZE, FIXED)).toBe(0xffff_f000);
  expect(access(lab.caller, 0x1_0000_0000)).toBe("rw");
});

test("old_mmap takes its words from memory, all of them, before it looks at one", () => {
  const lab = new Lab({ arch: "i386", profile: "clone3-614" });
  const { caller } = lab;
  const words = { addr: AT, len: PAGE_SIZE, prot: RW, flags: FIXED, fd: 0xffff_ffff, offset: 0 };
  caller.writeStruct(SCRATCH, mmap_arg_struct, words);
  expect(caller.call("old_mmap", { arg: SCRATCH })).toBe(AT);
  caller.writeStruct(SCRATCH, mmap_arg_struct, { ...words, offset: 1, len: 0 });
  expectFailure(lab, caller.call("old_mmap", { arg: SCRATCH }), "EINVAL", "offset-unaligned");
  expectFailure(
    lab,
    caller.call("old_mmap", { arg: SCRATCH + 3 * PAGE_SIZE - 20 }),
    "EFAULT",
    "arguments-unreadable",
  );
});

test("in 2009 the lowest addresses are refused late, with EACCES", () => {
  const lab = new Lab({ arch: "x86_64", profile: "cwp-v3" });
  become(lab.caller, 1000, []);
  expectFailure(lab, map(lab.caller, { addr: 0, flags: MAP.ANONYMOUS | MAP.FIXED }), "EINVAL", "map-type");
  expectFailure(lab, map(lab.caller, { addr: 0 }), "EACCES", "below-min-addr-late");
});

test("a fixed address that looks like an error is told as that error", () => {
  const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
  expectFailure(lab, map(lab.caller, { addr: -77n }), "EBADFD", "address-is-errno");
  expectFailure(lab, map(lab.caller, { addr: -1n }), "EPERM", "address-is-errno");
  expectFailure(lab, map(lab.caller, { addr: -4096n }), "ENOMEM", "no-room");
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { userPtr } from "../../src/abi/pointer.ts";
import { AccessLog } from "../../src/mm/access-log.ts";
import { checkZeroedUser, copyStructFromUser } from "../../src/mm/copy-struct.ts";
import { FaultPlan } from "../../src/mm/fault-plan.ts";
import { PAGE_SIZE } from "../../src/mm/frames.ts";
import { accessOk, LIMITS, userLimit } from "../../src/mm/limits.ts";
import { STRING_FAULT, strncpyFromUser, strnlenUser } from "../../src/mm/user-string.ts";
import { PROT_EXEC, PROT_NONE, PROT_READ, PROT_WRITE } from "../../src/mm/vma.ts";
import { pattern, World } from "./world.ts";

const BASE = 0x10000;
const END = BASE + 2 * PAGE_SIZE;

describe("copies", () => {
  test("U-01 copy_from_user returns the bytes not copied: 10 of 16 readable leaves 6", () => {
    const w = new World();
    w.map(BASE, 2);
    const dst = w.pool.kalloc(16);
    expect(w.u.copyFromUser(dst, userPtr(END - 10), 16)).toBe(6);
    expect(w.u.fault).toEqual({ address: END, access: "read", reason: "no-mapping" });
  });

  test("U-02 what was not copied is zero in the kernel's buffer, all of it when the range is no user range", () => {
    const w = new World();
    w.map(BASE, 2);
    const dst = w.pool.kalloc(16);
    w.pool.fill(dst, 0xaa, 16);
    w.u.copyFromUser(dst, userPtr(END - 10), 16);
    expect(w.kernel(dst, 16)).toEqual([...pattern(END - 10, 10), 0, 0, 0, 0, 0, 0]);
    w.pool.fill(dst, 0xaa, 16);
    expect(w.u.copyFromUser(dst, userPtr(LIMITS.x86_64_task_size.taskSize - 8), 16)).toBe(16);
    expect(w.kernel(dst, 16)).toEqual(new Array(16).fill(0));
    expect(w.u.fault?.reason).toBe("not-user-range");
  });

  test("copy_to_user leaves the bytes before the fault written", () => {
    const w = new World();
    w.map(BASE, 2);
    const src = w.pool.kalloc(16);
    w.pool.fill(src, 0x55, 16);
    expect(w.u.copyToUser(userPtr(END - 3), src, 16)).toBe(13);
    expect(w.user(END - 4, 4)).toEqual([pattern(END - 4, 1)[0], 0x55, 0x55, 0x55]);
  });

  test("U-04 a length of 0 never faults, whatever the pointer", () => {
    const w = new World();
    for (const at of [0, 1, BASE, 2 ** 47, 2 ** 63, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(w.u.copyFromUser(0, userPtr(at), 0)).toBe(0);
      expect(w.u.copyToUser(userPtr(at), 0, 0)).toBe(0);
      expect(w.u.clearUser(userPtr(at), 0)).toBe(0);
    }
    expect(w.u.fault).toBeNull();
  });

  test("U-05 access_ok looks at the range, never at mappings; the copy then faults", () => {
    const w = new World();
    expect(w.u.accessOk(0x5000_0000, 4096)).toBe(true);
    expect(w.u.copyFromUser(w.pool.kalloc(8), userPtr(0x5000_0000), 8)).toBe(8);
    expect(w.u.fault?.reason).toBe("no-mapping");
  });

  test("on x86 a write-only or execute-only page can be read, a PROT_NONE page cannot, a read-only one not written", () => {
    const w = new World();
    const dst = w.pool.kalloc(4);
    const readable = [PROT_READ, PROT_WRITE, PROT_EXEC, PROT_READ | PROT_EXEC].map((prot, i) => {
      w.map(BASE + i * PAGE_SIZE, 1, prot);
      return w.u.copyFromUser(dst, userPtr(BASE + i * PAGE_SIZE), 4);
    });
    expect(readable).toEqual([0, 0, 0, 0]);
    w.map(BASE, 1, PROT_NONE);
    expect(w.u.copyFromUser(dst, userPtr(BASE), 4)).toBe(4);
    expect(w.u.fault?.reason).toBe("protection");
    w.map(BASE, 1, PROT_READ);
    expect(w.u.putUser(userPtr(BASE), 4, 1)).toBe(false);
    expect(w.u.fault).toEqual({ address: BASE, access: "write", reason: "protection" });
  });

  test("get_user and put_user across a page are all or nothing", () => {
    const w = new World();
    w.map(BASE, 2);
    expect(w.u.getUser(userPtr(BASE + PAGE_SIZE - 2), 4)).toBe(true);
    const bytes = pattern(BASE + PAGE_SIZE - 2, 4);
    expect(w.u.lo).toBe(new DataView(bytes.buffer).getUint32(0, true));
    expect(w.u.putUser(userPtr(BASE + PAGE_SIZE - 3), 8, 0x04030201, 0x08070605)).toBe(true);
    expect(w.user(BASE + PAGE_SIZE - 3, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(w.u.putUser(userPtr(END - 2), 4, 0)).toBe(false);
    expect(w.user(END - 2, 2)).toEqual([...pattern(END - 2, 2)]);
    expect(w.u.getUser(userPtr(END - 2), 4)).toBe(false);
    expect([w.u.lo, w.u.hi]).toEqual([0, 0]);
  });

  test("a page nobody has written reads as zeros and takes no frame; writing takes one", () => {
    const w = new World();
    w.mm.map(BASE, PAGE_SIZE, PROT_READ | PROT_WRITE);
    const dst = w.pool.kalloc(8);
    expect(w.u.copyFromUser(dst, userPtr(BASE), 8)).toBe(0);
    expect([w.kernel(dst, 8), w.pool.used]).toEqual([new Array(8).fill(0), 0]);
    w.u.putUser(userPtr(BASE), 4, 7);
    expect(w.pool.used).toBe(1);
  });

  test("without a frame left a write faults and says so", () => {
    const w = new World({ frames: 1 });
    w.mm.map(BASE, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE);
    expect(w.u.clearUser(userPtr(BASE), 2 * PAGE_SIZE)).toBe(PAGE_SIZE);
    expect([w.u.fault?.reason, w.u.outOfFrames]).toEqual(["no-frame", true]);
  });

  test("law: bytes not copied = n − readable run, the head is the user's, the tail zero", () => {
    const w = new World();
    w.map(BASE, 2);
    w.map(BASE + 3 * PAGE_SIZE, 1, PROT_NONE);
    w.map(BASE + 4 * PAGE_SIZE, 1);
    const dst = w.pool.kalloc(3 * PAGE_SIZE);
    fc.assert(
      fc.property(
        fc.integer({ min: BASE - 64, max: BASE + 5 * PAGE_SIZE }),
        fc.nat(3 * PAGE_SIZE),
        (at, n) => {
          const run = w.mm.readable(at, n);
          w.pool.fill(dst, 0xaa, n);
          expect(w.u.copyFromUser(dst, userPtr(at), n)).toBe(n - run);
          expect(w.pool.u8.slice(dst, dst + run)).toEqual(pattern(at, run));
          expect(w.pool.u8.subarray(dst + run, dst + n).every((b) => b === 0)).toBe(true);
        },
      ),
    );
  });

  test("law: no address and no length makes any primitive throw or write outside its range", () => {
    const w = new World();
    w.map(BASE, 1);
    const addresses = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, 2 ** 53, 2 ** 63, 2 ** 64 - 4096, -1, BASE - 1, BASE + PAGE_SIZE - 1, 0.5),
    );
    const dst = w.pool.kalloc(PAGE_SIZE);
    fc.assert(
      fc.property(addresses, fc.nat(PAGE_SIZE), (at, n) => {
        expect(w.u.copyFromUser(dst, userPtr(at), n)).toBeLessThanOrEqual(n);
        w.u.getUser(userPtr(at), 8);
        strncpyFromUser(w.u, dst, userPtr(at), n);
        strnlenUser(w.u, userPtr(at), n);
        checkZeroedUser(w.u, userPtr(at), n);
        copyStructFromUser(w.u, dst, 88, userPtr(at), n);
      }),
    );
  });
});

describe("limits by era", () => {
  const top = 2 ** 47 - 4096;

  test("U-06 2.6.30 i386: an end equal to the limit passes, one more and a wrap do not", () => {
    const limit = LIMITS.i386_2009;
    expect(accessOk(limit, 0xbffffff0, 16, "bulk")).toBe(true);
    expect(accessOk(limit, 0xbffffff0, 17, "bulk")).toBe(false);
    expect(accessOk(limit, 0xfffffff0, 32, "bulk")).toBe(false);
  });

  test("U-07 2.6.30 x86_64: a bulk copy that ends at the limit is refused, a single word is not", () => {
    const limit = LIMITS.x86_64_2009;
    expect(accessOk(limit, top - 16, 16, "bulk")).toBe(false);
    expect(accessOk(limit, top - 17, 16, "bulk")).toBe(true);
    expect(accessOk(limit, top - 4, 4, "scalar")).toBe(true);
    expect(accessOk(limit, top - 3, 4, "scalar")).toBe(false);
  });

  test("U-08 up to about 6.2: address + size ≤ TASK_SIZE_MAX", () => {
    const limit = LIMITS.x86_64_task_size;
    expect([accessOk(limit, top - 16, 16, "bulk"), accessOk(limit, top - 15, 16, "bulk")]).toEqual([
      true,
      false,
    ]);
  });

  test("U-09 about 6.3 to 6.12: only the sign bit; a non-canonical user-half address passes, and faults later", () => {
    const w = new World({ limit: LIMITS.x86_64_sign_bit });
    expect(w.u.accessOk(0x0000_9000_0000_0000, 8)).toBe(true);
    expect(w.u.copyFromUser(w.pool.kalloc(8), userPtr(0x0000_9000_0000_0000), 8)).toBe(8);
    expect(w.u.accessOk(2 ** 63, 8)).toBe(false);
  });

  test("U-10 since late 2024: pointer and end ≤ USER_PTR_MAX", () => {
    const limit = LIMITS.x86_64_user_ptr_max;
    expect(accessOk(limit, top - 8, 8, "bulk")).toBe(true);
    expect(accessOk(limit, top, 0, "bulk")).toBe(true);
    expect(accessOk(limit, top + 1, 0, "bulk")).toBe(false);
    expect(accessOk(limit, top - 7, 8, "bulk")).toBe(false);
  });

  test("U-12 generic: size ≤ limit and address ≤ limit − size", () => {
    const limit = userLimit(0x8000_0000, "generic");
    expect(accessOk(limit, 0x7fff_ffff, 1, "bulk")).toBe(true);
    expect(accessOk(limit, 0, 0x8000_0001, "bulk")).toBe(false);
    expect(accessOk(limit, 0x7fff_ffff, 2, "bulk")).toBe(false);
  });

  test("U-13 the limit of a compat task is the 64-bit one: above 4 GiB the range passes, and the page is missing", () => {
    const w = new World({ limit: LIMITS.x86_64_2009 });
    expect(w.u.accessOk(0x1_0000_0000, 64)).toBe(true);
    expect(w.u.copyFromUser(w.pool.kalloc(64), userPtr(0x1_0000_0000), 64)).toBe(64);
    expect(w.u.fault?.reason).toBe("no-mapping");
  });
});

describe("strings and structs", () => {
  test("a NUL before a bad page wins; a string that runs into it faults", () => {
    const w = new World();
    w.map(BASE, 1);
    w.mm.poke(BASE + PAGE_SIZE - 4, Uint8Array.of(65, 66, 0, 67));
    const dst = w.pool.kalloc(64);
    expect(strncpyFromUser(w.u, dst, userPtr(BASE + PAGE_SIZE - 4), 64)).toBe(2);
    expect(w.kernel(dst, 3)).toEqual([65, 66, 0]);
    expect(strncpyFromUser(w.u, dst, userPtr(BASE + PAGE_SIZE - 1), 64)).toBe(STRING_FAULT);
    expect(strnlenUser(w.u, userPtr(BASE + PAGE_SIZE - 4), 64)).toBe(3);
    expect(strnlenUser(w.u, userPtr(BASE + PAGE_SIZE - 1), 64)).toBe(0);
    expect(strnlenUser(w.u, userPtr(BASE), 8)).toBe(9);
    expect(strncpyFromUser(w.u, dst, userPtr(BASE), 8)).toBe(8);
  });

  test("U-14 check_zeroed_user finds a nonzero byte before a bad page first", () => {
    const w = new World();
    w.map(BASE, 1);
    w.mm.poke(BASE + PAGE_SIZE - 8, new Uint8Array(8));
    expect(checkZeroedUser(w.u, userPtr(BASE + PAGE_SIZE - 8), 8)).toBe("zero");
    expect(checkZeroedUser(w.u, userPtr(BASE + PAGE_SIZE - 8), 9)).toBe("fault");
    expect(checkZeroedUser(w.u, userPtr(BASE + PAGE_SIZE - 9), 16)).toBe("nonzero");
  });

  test("U-15 copy_struct_from_user judges the tail before the head", () => {
    const w = new World();
    w.map(BASE, 1, PROT_NONE);
    w.map(BASE + PAGE_SIZE, 1);
    const dst = w.pool.kalloc(88);
    // Head on the unreadable page, tail on the next: nonzero, so E2BIG although the head is bad.
    expect(copyStructFromUser(w.u, dst, 88, userPtr(BASE + PAGE_SIZE - 88), 96)).toBe("E2BIG");
    w.mm.poke(BASE + PAGE_SIZE, new Uint8Array(8));
    expect(copyStructFromUser(w.u, dst, 88, userPtr(BASE + PAGE_SIZE - 88), 96)).toBe("EFAULT");
    expect(copyStructFromUser(w.u, dst, 88, userPtr(END + PAGE_SIZE), 96)).toBe("EFAULT");
  });

  test("a struct older than the kernel's gets zeros for what it lacks", () => {
    const w = new World();
    w.map(BASE, 1);
    const dst = w.pool.kalloc(88);
    w.pool.fill(dst, 0xaa, 88);
    expect(copyStructFromUser(w.u, dst, 88, userPtr(BASE), 64)).toBeNull();
    expect(w.kernel(dst, 64)).toEqual([...pattern(BASE, 64)]);
    expect(w.kernel(dst + 64, 24)).toEqual(new Array(24).fill(0));
  });
});

describe("log and plan", () => {
  test("U-17 the access log shows a byte read twice", () => {
    const w = new World();
    w.map(BASE, 1);
    w.u.log = new AccessLog();
    const dst = w.pool.kalloc(32);
    w.u.copyFromUser(dst, userPtr(BASE), 16);
    w.u.copyFromUser(dst, userPtr(BASE + 16), 16);
    expect(w.u.log.doubleFetches()).toEqual([]);
    w.u.getUser(userPtr(BASE + 12), 8);
    expect(w.u.log.doubleFetches().map(({ address, length }) => [address - BASE, length])).toEqual([
      [12, 4],
      [16, 4],
    ]);
  });

  test("a plan fails, shortens and observes the accesses it names, in strace's grammar", () => {
    const w = new World();
    w.map(BASE, 1);
    const dst = w.pool.kalloc(16);
    const copy = (): number => w.u.copyFromUser(dst, userPtr(BASE), 16);
    w.u.plan = new FaultPlan().failAccess("2..4+2").shortAccess("5+", 10);
    expect([copy(), copy(), copy(), copy(), copy(), copy()]).toEqual([0, 16, 0, 16, 6, 6]);
    expect(w.u.fault?.reason).toBe("injected");
    w.u.plan = new FaultPlan().observeAccess(2, ({ address }) => w.mm.poke(address, Uint8Array.of(0xee)));
    copy();
    expect(w.kernel(dst, 1)).toEqual([...pattern(BASE, 1)]);
    copy();
    expect(w.kernel(dst, 1)).toEqual([0xee]);
  });

  test("a plan fails the nth allocation, of all or of one site", () => {
    const plan = new FaultPlan().failAllocation(3).failAllocation("2", "pid");
    expect(["task", "pid", "task", "pid", "pid"].map((s) => plan.allocate(s))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(() => new FaultPlan().failAccess("0")).toThrow(RangeError);
    expect(() => new FaultPlan().failAccess("5..3")).toThrow("no occurrence");
  });
});

import { expect, test } from "vitest";
import { CALLS } from "../../src/abi/index.ts";
import { resolveNumber, type TableId } from "../../src/abi/numbers.ts";
import {
  ARCH_NAMES,
  CONVENTIONS,
  NATIVE_PATHS,
  PT_REGS_ARM64,
  PT_REGS_POWERPC64,
  PT_REGS_RISCV64,
  PT_REGS_S390X,
  RegsPool,
} from "../../src/arch/index.ts";
import { HISTORICAL, loadTable } from "../../src/atlas/index.ts";
import { PROFILES } from "../../src/kernel/index.ts";

test.each(ARCH_NAMES)(
  "%s: every number a call has there is the table's, under the table's name",
  async (arch) => {
    const table = await loadTable(arch);
    let numbers = 0;
    for (const { name, numbers: own } of CALLS) {
      if (name === "clone_with_pids" || name === "eclone") continue;
      const spec = resolveNumber(own, arch, "clone3-614");
      if (spec === null) continue;
      numbers++;
      const called = spec.remark?.match(/^called (\w+) there$/)?.[1] ?? name;
      expect([called, table.number(called)], name).toEqual([called, spec.nr]);
    }
    expect(numbers).toBeGreaterThan(60);
  },
);

test("the numbers of the two old calls are the posted trees', or say that trapgate chose them, and are free there", async () => {
  for (const arch of ARCH_NAMES) {
    const table = await loadTable(arch);
    for (const call of CALLS.filter(({ name }) => name === "clone_with_pids" || name === "eclone")) {
      for (const profile of Object.keys(PROFILES)) {
        const number = resolveNumber(call.numbers, arch as TableId, profile);
        if (number === null) continue;
        const posted = HISTORICAL.find(
          (row) => row.table === arch && row.call === call.name && row.profile === profile,
        );
        expect(number.assigned, `${call.name} ${arch} ${profile}`).toBe(posted === undefined);
        if (posted !== undefined) expect(number.nr).toBe(posted.nr);
        // The generic table keeps 244 to 259 for architectures: nobody's there.
        else if (arch === "arm64" || arch === "riscv64") expect(table.row(number.nr)).toBeUndefined();
      }
    }
  }
});

test("images are laid out as the kernel's struct pt_regs", () => {
  expect(PT_REGS_ARM64.offsets).toMatchObject({
    x0: 0,
    x30: 240,
    sp: 248,
    pc: 256,
    pstate: 264,
    orig_x0: 272,
  });
  expect(PT_REGS_RISCV64.offsets).toMatchObject({
    epc: 0,
    sp: 16,
    tp: 32,
    a0: 80,
    a7: 136,
    t6: 248,
    orig_a0: 280,
  });
  expect(PT_REGS_RISCV64.size).toBe(288);
  expect(PT_REGS_S390X.offsets).toMatchObject({
    psw_mask: 8,
    psw_addr: 16,
    r0: 24,
    r15: 144,
    orig_gpr2: 152,
  });
  expect(PT_REGS_POWERPC64.offsets).toMatchObject({
    r0: 0,
    r3: 24,
    nip: 256,
    orig_gpr3: 272,
    ccr: 304,
    result: 344,
  });
  expect(PT_REGS_POWERPC64.size).toBe(352);
});

test("an image's bytes are in the processor's order", () => {
  for (const { layout } of Object.values(NATIVE_PATHS)) {
    const regs = new RegsPool(layout).alloc(layout);
    regs.set(layout.ip, 0x0102_0304);
    const bytes = [...regs.bytes()].slice(layout.offsets[layout.ip]).slice(0, layout.wordSize);
    const plain = layout.wordSize === 8 ? [0, 0, 0, 0, 1, 2, 3, 4] : [1, 2, 3, 4];
    expect(bytes, layout.arch).toEqual(layout.littleEndian ? plain.reverse() : plain);
  }
});

test("images of a pool do not touch, however long they are", () => {
  const pool = new RegsPool(PT_REGS_POWERPC64);
  const [one, two] = [pool.alloc(PT_REGS_POWERPC64), pool.alloc(PT_REGS_POWERPC64)];
  for (const name of one.names()) one.set(name, -1);
  expect(two.names().every((name) => two.get(name) === 0n)).toBe(true);
  const copy = pool.copy(one);
  expect(copy.names().every((name) => copy.get(name) === 0xffff_ffff_ffff_ffffn)).toBe(true);
});

test("a convention's registers are registers of its image", () => {
  for (const arch of ARCH_NAMES) {
    const { layout } = NATIVE_PATHS[arch];
    const known = new Set([...Object.keys(layout.offsets), ...Object.keys(layout.aliases)]);
    const { number, args, result, clobbers } = CONVENTIONS[arch];
    for (const name of [number, ...args, result, layout.sp, layout.ip, layout.kept])
      expect(known).toContain(name);
    for (const name of clobbers) if (name !== "cr0") expect(known).toContain(name);
  }
});

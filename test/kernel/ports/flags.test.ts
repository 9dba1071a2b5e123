import { expect, test } from "vitest";
import { ARCH_NAMES } from "../../../src/arch/index.ts";
import { Lab } from "./port.ts";

/** O_DIRECT and O_LARGEFILE by architecture: asm-generic's, and those of arm64's and powerpc's own fcntl.h. */
const OPEN: Readonly<Record<string, readonly [direct: number, largefile: number]>> = {
  arm64: [0o200000, 0o400000],
  powerpc64: [0o400000, 0o200000],
};
const GENERIC = [0o40000, 0o100000] as const;
const NONBLOCK = 0o4000;

test.each(ARCH_NAMES)("%s: pipe2 and fcntl know O_DIRECT where its headers have it", (arch) => {
  const [direct] = OPEN[arch] ?? GENERIC;
  const lab = new Lab(arch);
  const { guest, at } = lab;
  for (const bit of [GENERIC[0], GENERIC[1], 0o200000, 0o400000]) {
    const result = guest.call("pipe2", { fildes: at, flags: bit });
    if (bit === direct) expect(result).toBe(0);
    else expect(guest.errno(result), bit.toString(8)).toBe("EINVAL");
  }
  const writer = guest.readInt(at + 4);
  const flags = (): number | null => guest.call("fcntl", { fd: writer, cmd: 3 });
  expect(flags()).toBe(1 | direct);
  expect(guest.call("fcntl", { fd: writer, cmd: 4, arg: NONBLOCK })).toBe(0);
  expect(flags()).toBe(1 | NONBLOCK);
});

test.each(ARCH_NAMES.filter((arch) => arch !== "i386" && arch !== "s390x"))(
  "%s: mmap knows MAP_LOCKED where its headers have it, and MAP_32BIT is x86's own",
  (arch) => {
    const lab = new Lab(arch);
    const { guest } = lab;
    const { task } = guest;
    const map = (bit: number): number | null =>
      guest.call("mmap", { addr: 0, len: 4096, prot: 3, flags: 0x22 | bit, fd: -1 });
    const low = map(0x40) ?? 0;
    expect(low > 0 && low < 2 ** 31).toBe(arch === "x86_64");
    expect(map(0x2000)).toBeGreaterThan(0);
    expect(map(0x80)).toBeGreaterThan(0);
    // Without the privilege, and with no limit left, the bit that locks is the one that fails.
    task.signal.setRlimit(8, { soft: { lo: 0, hi: 0 }, hard: { lo: 0, hi: 0 } });
    task.cred = { ...task.cred, effective: { lo: 0, hi: 0 } };
    const locked = arch === "powerpc64" ? 0x80 : 0x2000;
    for (const bit of [0x80, 0x2000])
      expect(guest.errno(map(bit)), bit.toString(16)).toBe(bit === locked ? "EPERM" : null);
  },
);

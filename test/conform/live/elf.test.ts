import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Bits } from "../../../src/conform/live/asm/encodings.ts";
import { elfOf, type Segment } from "../../../src/conform/live/elf.ts";

const READELF = "readelf";

const SEGMENTS: readonly Segment[] = [
  { addr: 0x10000000, prot: "rw-", bytes: Uint8Array.of(1, 2, 3), size: 0x2000 },
  { addr: 0x400000, prot: "r-x", bytes: new Uint8Array(5000).fill(0x90) },
];

/** The little-endian numbers of a file at some offsets. */
function numbers(file: Uint8Array, fields: readonly (readonly [off: number, bytes: 2 | 4 | 8])[]): number[] {
  const view = new DataView(file.buffer);
  return fields.map(([off, bytes]) => {
    if (bytes === 2) return view.getUint16(off, true);
    return bytes === 4 ? view.getUint32(off, true) : Number(view.getBigUint64(off, true));
  });
}

describe("an ELF file", () => {
  test("has the header of its width", () => {
    const long = elfOf(64, 0x400010, SEGMENTS);
    expect([...long.subarray(0, 7)]).toEqual([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    // e_type, e_machine, e_version, e_entry, e_phoff, e_ehsize, e_phentsize, e_phnum.
    const places = [
      [16, 2],
      [18, 2],
      [20, 4],
      [24, 8],
      [32, 8],
      [52, 2],
      [54, 2],
      [56, 2],
    ] as const;
    expect(numbers(long, places)).toEqual([2, 62, 1, 0x400010, 64, 64, 56, 3]);
    const short = elfOf(32, 0x400010, SEGMENTS);
    const narrow = [
      [16, 2],
      [18, 2],
      [20, 4],
      [24, 4],
      [28, 4],
      [40, 2],
      [42, 2],
      [44, 2],
    ] as const;
    expect(numbers(short, narrow)).toEqual([2, 3, 1, 0x400010, 52, 52, 32, 3]);
  });

  test("has its bytes on pages, where its segments say", () => {
    for (const bits of [32, 64] as const) {
      const file = elfOf(bits, 0, SEGMENTS);
      expect([...file.subarray(0x1000, 0x1004)]).toEqual([1, 2, 3, 0]);
      expect(file.subarray(0x2000, 0x2000 + 5000).every((byte) => byte === 0x90)).toBe(true);
      expect(file.length % 4096).toBe(0);
    }
  });

  for (const [bits, type] of [
    [64, "ELF64"],
    [32, "ELF32"],
  ] as const)
    test(`is what readelf takes for ${type}`, (context) => {
      const text = readelf(bits);
      if (text === null) return context.skip("there is no readelf here");
      expect(text).toMatch(new RegExp(`Class:\\s+${type}`));
      expect(text).toMatch(/Entry point address:\s+0x400010/);
      const loads = [
        ...text.matchAll(/LOAD\s+0x0*(\w+) 0x0*(\w+) 0x0*\w+\s+0x0*(\w+)\s+0x0*(\w+)\s+([R ][W ][E ])/g),
      ];
      expect(loads.map((l) => l.slice(1))).toEqual([
        ["1000", "10000000", "3", "2000", "RW "],
        ["2000", "400000", "1388", "1388", "R E"],
      ]);
      expect(text).toMatch(/GNU_STACK.*\n?.*RW /);
      return undefined;
    });
});

function readelf(bits: Bits): string | null {
  const folder = mkdtempSync(join(tmpdir(), "trapgate-elf-"));
  try {
    const file = join(folder, "it");
    writeFileSync(file, elfOf(bits, 0x400010, SEGMENTS));
    return execFileSync(READELF, ["-hlW", file], { encoding: "utf8" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import type { Arg, Operation, Region, Vector, VectorArch } from "../../../src/conform/vector.ts";
import * as draft from "../draft.ts";
import { arg, dice, hex, page, sys } from "../draft.ts";

const PAGE = 4096;
/** Where the mappings of these cases lie. */
const BASE = 0x10000000;
const PRIVATE = 0x2;
const SHARED = 0x1;
const FIXED = 0x10;
const ANONYMOUS = 0x20;
const HUGETLB = 0x40000;
const RW = 3;
const NO_FD = "0xffffffffffffffff";
/** A resource whose limit every task has, and one that there is not. */
const RTTIME = 15;
const NO_RESOURCE = 99;

function regions(...places: readonly (readonly [at: number, pages: number, prot?: string])[]): Region[] {
  return places.map(([at, pages, prot = "rw-"]) => ({ ...page(at, prot, []), size: pages * PAGE }));
}

/** A case with the one capability that matters here. */
const caseOf: typeof draft.caseOf = (arch, group, name, program, more) =>
  draft.caseOf(arch, group, name, program, { caps: ["SYS_RAWIO"], ...more });

/** What can be done at an address: a store answers 0 or EFAULT, a load EINVAL or EFAULT. */
function probes(arch: VectorArch, label: string, at: number | bigint): Operation[] {
  return [
    sys(arch, `${label}-store`, "prlimit64", [0, RTTIME, 0, arg(at)]),
    sys(arch, `${label}-load`, "prlimit64", [0, NO_RESOURCE, arg(at), 0]),
  ];
}

interface Mmap {
  readonly addr?: number | bigint;
  readonly len?: number | bigint;
  readonly prot?: number | bigint;
  readonly flags?: number | bigint;
  readonly fd?: Arg;
  readonly offset?: number | bigint;
}

const FIXED_FLAGS = PRIVATE | ANONYMOUS | FIXED;

function mmap(arch: VectorArch, label: string, wish: Mmap): Operation {
  const { addr = BASE, len = PAGE, prot = RW, flags = FIXED_FLAGS, fd = NO_FD, offset = 0 } = wish;
  return sys(arch, label, "mmap", [arg(addr), arg(len), arg(prot), arg(flags), fd, arg(offset)]);
}

const named = (value: number | bigint): string => (value < 0 ? `minus${-BigInt(value)}` : hex(value));

/** The ends of user space, of either width, and around them. */
const EDGES: readonly (number | bigint)[] = [
  0,
  1,
  0xfff,
  0x1000,
  0x2000,
  BASE,
  BASE + 1,
  BASE + 0xfff,
  0x7fffffff_fn * 0x10n,
  0xbffff000,
  0xc0000000,
  0xffffc000,
  0xffffd000,
  0xffffe000,
  0xffffe001,
  0xfffff000,
  0x100000000n,
  0x7fffffffd000n,
  0x7fffffffe000n,
  0x7fffffffe001n,
  0x7ffffffff000n,
  0x7fffffffffffn,
  0x800000000000n,
  0xffff800000000000n,
  0xfffffffffffff000n,
  -4095n,
  -77n,
  -12n,
  -1n,
];

/** Where a fixed mapping may lie, with what is there afterwards. */
export function mmapPlaces(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const addr of EDGES)
    for (const len of [1, PAGE, 2 * PAGE])
      for (const [kind, caps] of [
        ["fixed", ["SYS_RAWIO"]],
        ["fixed-nocap", "none"],
        ["noreplace", ["SYS_RAWIO"]],
      ] as const) {
        const flags = kind === "noreplace" ? PRIVATE | ANONYMOUS | 0x100000 : FIXED_FLAGS;
        out.push(
          caseOf(
            arch,
            "mmap.place",
            `${kind}-${named(addr)}-${len}`,
            [mmap(arch, "m", { addr, len, flags }), ...probes(arch, "at", addr)],
            { caps, regions: regions([BASE + PAGE, 1]) },
          ),
        );
      }
  for (const addr of [0x2000, 0x2123, 0x30000123, 0x30000fff, BASE, BASE + PAGE, BASE - PAGE, 0x30000000])
    for (const len of [1, PAGE, 3 * PAGE]) {
      // Where it cannot have what it asks for it is put anywhere.
      if (addr < BASE + 2 * PAGE && addr + len > BASE + PAGE && addr >= BASE - PAGE) continue;
      out.push(
        caseOf(
          arch,
          "mmap.hint",
          `${named(addr)}-${len}`,
          [mmap(arch, "m", { addr, len, flags: PRIVATE | ANONYMOUS }), ...probes(arch, "at", addr)],
          { regions: regions([BASE + PAGE, 1]) },
        ),
      );
    }
  return out;
}

/** Lengths, protections, kinds and other flags of anonymous memory. */
export function mmapArguments(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const one = (name: string, wish: Mmap, ...more: Operation[]): void => {
    out.push(
      caseOf(arch, "mmap", name, [mmap(arch, "m", wish), ...probes(arch, "at", wish.addr ?? BASE), ...more], {
        regions: regions([BASE, 1], [BASE + 4 * PAGE, 1]),
      }),
    );
  };
  // biome-ignore format: a list of lengths
  for (const len of [0, 1, PAGE - 1, PAGE, PAGE + 1, 5 * PAGE, 0x7fffffff, 0xefffc000, 0xefffe000, 0xf0000000, 0xffffefff,
    0xfffff000, 0xffffffff, 0x100000000n, 0x7fffefff0000n, 0x7fffeffff000n, 0x7ffff0000000n, 0x7fffffffefffn, 0x7ffffffff000n,
    0x8000000000000000n, -4096n, -4097n, -1n, -4095n])
    // What fits and is longer takes the program's own memory away.
    if (arch === "x86_64" ? BigInt(len) !== 0x7fffefff0000n : BigInt(len) !== 0x7fffefff0000n && BigInt(len) !== 0xefffc000n)
      one(`length-${named(len)}`, { len, prot: 1 });
  for (let prot = 0; prot < 16; prot++) one(`prot-${prot}`, { prot });
  for (const prot of [0x10, 0x1000000, 0x2000003, 0x80000003n, 0xfffffff8n, 0xfffffffan, 0x100000003n, -1n])
    one(`prot-${named(prot)}`, { prot });
  for (let type = 0; type < 16; type++) {
    one(`type-${type}`, { flags: ANONYMOUS | FIXED | type });
    one(`type-${type}-growsdown`, { flags: ANONYMOUS | FIXED | 0x100 | type });
  }
  for (let bit = 6; bit < 64; bit++)
    // MAP_LOCKED and MAP_POPULATE take memory for good, and are tried elsewhere.
    if (bit !== 13 && bit !== 15)
      one(`flag-bit-${bit}`, { flags: BigInt(FIXED_FLAGS) | (1n << BigInt(bit)) });
  // biome-ignore format: a list of offsets
  for (const offset of [1, 0xfff, 0x1000, 0x1001, 0x7fffffff, 0xfffff000, 0xffffffff, 0x100000000n, -4096n, -1n, 0x7ffffffffffff000n])
    for (const flags of [FIXED_FLAGS, SHARED | ANONYMOUS | FIXED])
      one(`offset-${named(offset)}-${flags & 3}`, { offset, flags, len: 2 * PAGE });
  return out;
}

/** Huge pages, of which there are none: they are counted, and a fixed address judged by them, before all else. */
export function mmapHuge(arch: VectorArch): Vector[] {
  const one = (name: string, wish: Mmap): Vector =>
    caseOf(arch, "mmap.huge", name, [mmap(arch, "m", wish)], { regions: regions([BASE, 1]) });
  const lengths = [0, 1, 0xffe00000, 0xffe00001, 0xffffffff, -0x200000n, -0x1fffffn, -4096n, -1n];
  const places = [BASE + PAGE, 0xffe00000, 0xfffff000, 0x7ffffffff000n, 0x800000000000n, -4096n, -77n, -12n];
  return [
    ...lengths.map((len) => one(`length-${named(len)}`, { len, flags: PRIVATE | ANONYMOUS | HUGETLB })),
    ...places.map((addr) => one(`at-${named(addr)}`, { addr, flags: FIXED_FLAGS | HUGETLB })),
  ];
}

/** Files: none of these can be mapped, and each says so in its own place of the order. */
export function mmapFiles(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const files: readonly (readonly [string, Arg])[] = [
    ["none", NO_FD],
    ["closed", 99],
    ["read-end", 3],
    ["write-end", 4],
    ["null", 0],
    ["wide", "0x100000003"],
  ];
  for (const [name, fd] of files)
    for (const flags of [
      0,
      1,
      2,
      3,
      4,
      8,
      0x12,
      0x102,
      0x103,
      0x80003,
      0x40002,
      0x4000003,
      0x200003,
      0x10000000003n,
    ])
      for (const prot of [0, 1, 2, 4, 7]) {
        const wish = { fd, flags, prot };
        out.push(
          caseOf(
            arch,
            "mmap.file",
            `${name}-flags-${named(flags)}-prot-${prot}`,
            [
              sys(arch, "p", "pipe2", [hex(BASE), 0]),
              mmap(arch, "m", { ...wish, addr: BASE + PAGE }),
              mmap(arch, "empty", { ...wish, addr: BASE + PAGE, len: 0 }),
              mmap(arch, "far", { ...wish, addr: BASE + PAGE, offset: 0xfffffffffffff000n }),
            ],
            { regions: regions([BASE, 1]) },
          ),
        );
      }
  return out;
}

/** munmap and mprotect: ranges, holes, and what is left afterwards. */
export function ranges(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const layout = regions([BASE, 2], [BASE + 3 * PAGE, 2]);
  const all = [0, 1, 2, 3, 4].flatMap((i) => probes(arch, `page${i}`, BASE + i * PAGE));
  for (const start of EDGES)
    for (const len of [0, 1, PAGE, 5 * PAGE, 0x7fffffff, 0xffffffff, 0x7ffff0000000n, -4096n, -1n, -4095n])
      for (const name of ["munmap", "mprotect"] as const) {
        const args = name === "munmap" ? [arg(start), arg(len)] : [arg(start), arg(len), 1];
        // What would take everything away takes the program, too.
        const at = BigInt.asUintN(arch === "x86_64" ? 64 : 32, BigInt(start));
        const whole = BigInt.asUintN(64, BigInt(len)) >= 0x7fffffffn && at < 0x7fff00000000n;
        if (name === "munmap" && whole) continue;
        out.push(
          caseOf(
            arch,
            `${name}.range`,
            `${named(start)}-${named(len)}`,
            [sys(arch, "u", name, args), ...all],
            {
              regions: layout,
            },
          ),
        );
      }
  for (let from = 0; from < 6; from++)
    for (let to = from + 1; to <= 6; to++) {
      const range = [arg(BASE + from * PAGE), arg((to - from) * PAGE)] as const;
      out.push(
        caseOf(arch, "munmap", `pages-${from}-${to}`, [sys(arch, "u", "munmap", range), ...all], {
          regions: layout,
        }),
      );
      for (const prot of [0, 1, 4])
        out.push(
          caseOf(
            arch,
            "mprotect",
            `pages-${from}-${to}-prot-${prot}`,
            [sys(arch, "m", "mprotect", [...range, prot]), ...all],
            { regions: layout },
          ),
        );
    }
  // biome-ignore format: a list of protections
  for (const prot of [0, 1, 2, 3, 4, 5, 6, 7, 8, 0xf, 0x10, 0x100, 0x1000000, 0x1000003, 0x2000000, 0x2000001, 0x3000000,
    0x3000010, 0x80000000n, 0x80000001n, 0x100000001n, -1n])
    for (const [where, at, len] of [
      ["mapped", BASE, PAGE],
      ["hole", BASE + 2 * PAGE, PAGE],
      ["before", BASE - PAGE, 2 * PAGE],
      ["odd", BASE + 1, PAGE],
      ["empty", BASE, 0],
      ["odd-empty", BASE + 1, 0],
      ["wraps", BASE, -PAGE],
      ["stack", BASE + 3 * PAGE, PAGE],
      ["below-stack", BASE + 2 * PAGE, 2 * PAGE],
    ] as const)
      out.push(
        caseOf(
          arch,
          "mprotect.prot",
          `${where}-${named(prot)}`,
          [
            mmap(arch, "grows", { addr: BASE + 3 * PAGE, len: 2 * PAGE, flags: FIXED_FLAGS | 0x100 }),
            sys(arch, "m", "mprotect", [arg(at), arg(len), arg(prot)]),
            ...all,
          ],
          { regions: layout },
        ),
      );
  return out;
}

/** i386's first mmap: its words in memory. */
export function oldMmap(arch: VectorArch): Vector[] {
  if (arch === "x86_64") return [];
  const out: Vector[] = [];
  const at = BASE + PAGE - 24;
  const words = [BASE + 4 * PAGE, PAGE, 3, FIXED_FLAGS, 0xffffffff, 0];
  const variants: readonly (readonly [string, readonly number[]])[] = [
    ["plain", words],
    ["length-0", words.map((w, i) => (i === 1 ? 0 : w))],
    ["odd-offset", words.map((w, i) => (i === 5 ? 1 : w))],
    ["offset", words.map((w, i) => (i === 5 ? 0xfffff000 : w))],
    ["odd-address", words.map((w, i) => (i === 0 ? w + 1 : w))],
    ["no-type", words.map((w, i) => (i === 3 ? FIXED | ANONYMOUS : w))],
    ["file", words.map((w, i) => (i === 3 ? FIXED | PRIVATE : w))],
    ["high", words.map((w, i) => (i === 0 ? 0xffffe000 : w))],
  ];
  for (const [name, image] of variants)
    for (const shift of [0, 1, 4, 20, 24, -4])
      out.push(
        caseOf(
          arch,
          "i386.only",
          `old-mmap-${name}-${shift}`,
          [sys(arch, "m", "mmap", [arg(at + shift)], { nr: 90 }), ...probes(arch, "at", BASE + 4 * PAGE)],
          {
            regions: [page(BASE, "rw-", [{ off: PAGE - 24, hex: image.map(littleEndian).join("") }])],
          },
        ),
      );
  return out;
}

function littleEndian(word: number): string {
  return [0, 8, 16, 24].map((shift) => ((word >>> shift) & 255).toString(16).padStart(2, "0")).join("");
}

/** Random sequences of all three over ten pages, with a look at every page in the end. */
export function randomMappings(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (let n = 0; n < 150; n++) {
    const roll = dice(n * 7919 + arch.length);
    const program: Operation[] = [];
    for (let i = 0; i < 10; i++) {
      const from = roll(10);
      const range = [
        BASE + from * PAGE - (roll(12) === 0 ? 1 : 0),
        PAGE * roll(5) + [0, 1, 0, 4095][roll(4)]!,
      ] as const;
      const prot = [0, 1, 2, 3, 4, 7][roll(6)] as number;
      const label = `op${i}`;
      switch (roll(5)) {
        case 0:
        case 1: {
          const flags = ANONYMOUS | [FIXED, FIXED, 0x100000][roll(3)]! | [SHARED, PRIVATE, PRIVATE][roll(3)]!;
          program.push(mmap(arch, label, { addr: range[0], len: range[1], prot, flags }));
          break;
        }
        case 2:
          program.push(sys(arch, label, "munmap", [arg(range[0]), arg(range[1])]));
          break;
        default:
          program.push(sys(arch, label, "mprotect", [arg(range[0]), arg(range[1]), prot]));
      }
    }
    for (let i = 0; i < 14; i++) program.push(...probes(arch, `page${i}`, BASE + i * PAGE));
    out.push(
      caseOf(arch, "mmap.random", `${n}`, program, {
        regions: regions([BASE + 2 * PAGE, 2], [BASE + 6 * PAGE, 1, "r--"]),
        dump: [{ addr: hex(BASE), size: 14 * PAGE }],
      }),
    );
  }
  return out;
}

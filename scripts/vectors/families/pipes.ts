import type { Arg, Operation, Patch, Region, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { arg, caseOf, dice, hex, page, sys, words32, words64 } from "../draft.ts";

const PAGE = 4096;
const FDS = 0x10200000;
/** Three pages of bytes, a hole, a page that can be read alone. */
const DATA = 0x10000000;
const AFTER = DATA + 3 * PAGE;
const READ_ONLY = DATA + 4 * PAGE;
const READ_END = 3;
const WRITE_END = 4;
const NONBLOCK = 0x800;
const DIRECT = 0x4000;

const REGIONS: readonly Region[] = [
  page(FDS, "rw-", []),
  {
    ...page(
      DATA,
      "rw-",
      Array.from(
        { length: 48 },
        (_, i): Patch => ({ off: i * 256, len: 256, fill: (i + 1).toString(16).padStart(2, "0") }),
      ),
    ),
    size: 3 * PAGE,
  },
  page(READ_ONLY, "r--", [], "c3"),
];

function piped(
  arch: VectorArch,
  group: string,
  name: string,
  flags: number,
  program: readonly Operation[],
  more: Partial<Vector> = {},
): Vector {
  return caseOf(arch, group, name, [sys(arch, "p", "pipe2", [hex(FDS), flags]), ...program], {
    regions: REGIONS,
    dump: [{ addr: hex(DATA), size: 3 * PAGE }],
    ...more,
  });
}

/** Lengths around pages, and far beyond. */
const SIZES: readonly number[] = [
  0, 1, 2, 7, 100, 2000, 4095, 4096, 4097, 5000, 8191, 8192, 8193, 12288, 12289, 16384,
];
/** Places from which some lengths stay inside and others meet an end. */
const STARTS: readonly number[] = [
  0, 1, 100, 4095, 4096, 8000, 8192, 12000, 12287, 12288, 16384, 16385, 20479, 20480,
];

/** Random reads and writes of one pipe that never waits, at every kind of place. */
export function randomPipes(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (let n = 0; n < 120; n++) {
    const roll = dice(n * 104_729 + 17);
    const from = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
    const program: Operation[] = [];
    for (let i = 0; i < 24; i++) {
      const at = arg(DATA + (roll(3) > 0 ? from([0, 1, 100, 4096]) : from(STARTS)));
      const size = from(SIZES);
      const [label, kind] = [`op${i}`, roll(20)];
      if (kind < 10) program.push(sys(arch, label, "write", [WRITE_END, at, size]));
      else if (kind < 18) program.push(sys(arch, label, "read", [READ_END, at, size]));
      else if (kind === 18)
        program.push(sys(arch, label, "dup2", [from([READ_END, WRITE_END]), from([3, 4, 5, 6])]));
      else if (roll(3) === 0) program.push(sys(arch, label, "close", [from([3, 5, 6])]));
    }
    out.push(piped(arch, "pipe.random", `${n}`, NONBLOCK | (n % 5 === 0 ? DIRECT : 0), program));
  }
  return out;
}

/** How much fits, and where one page ends and the next begins. */
export function pipePages(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const write = (label: string, at: number, size: Arg): Operation =>
    sys(arch, label, "write", [WRITE_END, hex(at), size]);
  const read = (label: string, at: number, size: Arg): Operation =>
    sys(arch, label, "read", [READ_END, hex(at), size]);
  for (const first of SIZES)
    for (const second of [1, 100, 4095, 4096, 4097, 8193])
      out.push(
        piped(arch, "pipe.merge", `${first}-${second}`, NONBLOCK, [
          write("w1", DATA, first),
          write("w2", DATA, second),
          read("r1", DATA, 50),
          write("w3", DATA, second),
          read("r2", DATA, 12_000),
          read("r3", DATA, 12_000),
          read("r4", DATA, 12_000),
        ]),
      );
  for (const start of STARTS)
    for (const size of SIZES)
      out.push(
        piped(arch, "pipe.fault", `${start}-${size}`, NONBLOCK, [
          write("w0", DATA, 10),
          write("w", DATA + start, size),
          read("r", DATA + start, size),
          read("rest", DATA, 12_000),
        ]),
      );
  for (const size of [1, 100, 4095, 4096, 4097, 12_288])
    out.push(
      piped(arch, "pipe.full", `${size}`, NONBLOCK, [
        ...Array.from({ length: 18 }, (_, i) => write(`w${i}`, DATA, size)),
        read("r", DATA, 4095),
        write("again", DATA, 1),
        read("r1", DATA, 1),
        write("once-more", DATA, 2),
        write("page", DATA, 4094),
        write("more", DATA, 5000),
      ]),
    );
  return out;
}

/** Readers and writers that wait, for bytes, for room, and for the other end to go. */
export function waiting(arch: VectorArch): Vector[] {
  const fork = (label: string, child: readonly Operation[]): Operation =>
    sys(arch, label, "fork", [], { child: [...child], childDump: true });
  const end = (label: string): Operation =>
    sys(arch, `w-${label}`, "wait4", [{ ret: label }, hex(FDS + 0x100), "0x40000000", 0]);
  const io = (label: string, name: "read" | "write", fd: number, size: number): Operation =>
    sys(arch, label, name, [fd, hex(DATA), size]);
  const close = (label: string, fd: number): Operation => sys(arch, label, "close", [fd]);
  const status = {
    dump: [
      { addr: hex(DATA), size: 3 * PAGE },
      { addr: hex(FDS + 0x100), size: 16 },
    ],
  };
  const full = Array.from({ length: 16 }, (_, i) => io(`fill${i}`, "write", WRITE_END, 4096));
  const cases: readonly (readonly [string, readonly Operation[]])[] = [
    [
      "reader-waits-for-child",
      [fork("c", [io("cw", "write", WRITE_END, 300)]), io("r", "read", READ_END, 1000), end("c")],
    ],
    [
      "reader-waits-for-end",
      [fork("c", [close("cr", READ_END)]), close("w", WRITE_END), io("r", "read", READ_END, 10), end("c")],
    ],
    [
      "reader-gets-what-is-there",
      [
        fork("c", [io("c1", "write", WRITE_END, 10), io("c2", "write", WRITE_END, 10)]),
        close("w", WRITE_END),
        io("r1", "read", READ_END, 100),
        end("c"),
        io("r2", "read", READ_END, 100),
        io("r3", "read", READ_END, 100),
      ],
    ],
    [
      "writer-waits-for-room",
      [
        ...full,
        fork("c", [
          close("cw", WRITE_END),
          io("cr", "read", READ_END, 12_288),
          io("cr2", "read", READ_END, 12_288),
        ]),
        io("w", "write", WRITE_END, 8192),
        close("r", READ_END),
        end("c"),
      ],
    ],
    [
      "writer-waits-and-breaks",
      [...full, fork("c", [close("cr", READ_END)]), close("r", READ_END), io("w", "write", WRITE_END, 1)],
    ],
    [
      "child-breaks",
      [fork("c", [close("cr", READ_END), io("cw", "write", WRITE_END, 1)]), close("r", READ_END), end("c")],
    ],
    [
      "child-gets-end",
      [fork("c", [close("cw", WRITE_END), io("cr", "read", READ_END, 10)]), close("w", WRITE_END), end("c")],
    ],
    [
      "fault-while-waiting",
      [
        fork("c", [io("cw", "write", WRITE_END, 16)]),
        sys(arch, "r", "read", [READ_END, hex(AFTER - 8), 16]),
        io("again", "read", READ_END, 16),
        end("c"),
      ],
    ],
  ];
  return cases.map(([name, program]) => piped(arch, "pipe.wait", name, 0, program, status));
}

/** pipe2: flags alone and together, and where the numbers go. */
export function pipeFlags(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const flags = Array.from({ length: 32 }, (_, bit) => 2 ** bit);
  for (const flag of [0, ...flags, 0x80800, 0x84800, 0x80080, 0x880, 0x100000000n, 0x100000800n])
    out.push(
      caseOf(
        arch,
        "pipe2.flags",
        hex(flag),
        [
          sys(arch, "p", "pipe2", [hex(FDS), arg(flag)]),
          sys(arch, "hole", "pipe2", [hex(AFTER), arg(flag)]),
          sys(arch, "cut", "pipe2", [hex(AFTER - 4), arg(flag)]),
          sys(arch, "old", "pipe", [hex(FDS + 8)]),
          sys(arch, "old-cut", "pipe", [hex(AFTER - 4)]),
          sys(arch, "next", "dup", [0]),
        ],
        {
          regions: REGIONS,
          dump: [
            { addr: hex(FDS), size: 64 },
            { addr: hex(DATA), size: 3 * PAGE },
          ],
        },
      ),
    );
  return out;
}

/** Vectors of segments, random ones and those at the edges of what is judged. */
export function segments(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const wide = arch === "x86_64";
  const words = (values: readonly (number | bigint)[]): string =>
    wide ? words64(values) : words32(values.map((v) => Number(BigInt.asIntN(32, BigInt(v)))));
  const size = wide ? 16 : 8;
  const bases = [
    DATA,
    DATA + 4090,
    AFTER - 8,
    AFTER,
    READ_ONLY,
    0,
    0xffffe000n,
    0x7fffffffe000n,
    0x7ffffffff000n,
    1n << 63n,
    -4096n,
  ];
  const lengths = [
    0,
    1,
    8,
    100,
    4096,
    5000,
    0x7fffefff,
    0x7ffff000,
    0x7fffffff,
    0x80000000n,
    0xffffffffn,
    1n << 62n,
    1n << 63n,
    -1n,
  ];
  for (let n = 0; n < 160; n++) {
    const roll = dice(n * 15_485_863 + 5);
    const from = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
    const odd = n % 2 === 0;
    const count = 1 + roll(4);
    const table = Array.from({ length: count }, () => [
      odd && roll(3) === 0 ? from(bases) : from([DATA, DATA + 100, DATA + 4096]),
      odd && roll(3) === 0 ? from(lengths) : from([0, 1, 8, 100, 3000]),
    ]).flat();
    // Some tables end in a hole.
    const at = roll(4) === 0 ? FDS + PAGE - size * roll(count + 1) : FDS + 0x400;
    const fits = words(table).slice(0, 2 * (FDS + PAGE - at));
    const asked = roll(6) === 0 ? from([0, 1024, 1025, -1n, 0x100000001n, 0x80000001n]) : count;
    out.push(
      caseOf(
        arch,
        "iovec.random",
        `${n}`,
        [
          sys(arch, "p", "pipe2", [hex(FDS), NONBLOCK]),
          sys(arch, "w0", "write", [WRITE_END, hex(DATA), 300]),
          sys(arch, "w", "writev", [WRITE_END, hex(at), arg(asked)]),
          sys(arch, "r", "readv", [READ_END, hex(at), arg(asked)]),
          sys(arch, "null-w", "writev", [0, hex(at), arg(asked)]),
          sys(arch, "null-r", "readv", [1, hex(at), arg(asked)]),
          sys(arch, "wrong", "readv", [WRITE_END, hex(at), arg(asked)]),
          sys(arch, "rest", "read", [READ_END, hex(DATA), 12_000]),
        ],
        {
          regions: [page(FDS, "rw-", fits === "" ? [] : [{ off: at - FDS, hex: fits }]), ...REGIONS.slice(1)],
          dump: [{ addr: hex(DATA), size: 3 * PAGE }],
        },
      ),
    );
  }
  return out;
}

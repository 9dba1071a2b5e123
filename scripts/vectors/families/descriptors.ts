import type { Arg, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { HOLE, SCRATCH } from "../clone3-wish.ts";
import { arg, hex, page, sys, words32 } from "../draft.ts";
import { draft, NOTHING } from "./setting.ts";

/** Vectors of buffers: how many, how long together, where they and their table may lie (U-01 … U-05). */
export function vectored(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const wide = arch === "x86_64";
  const pair = (at: number | bigint, length: number | bigint): string =>
    wide
      ? words32([
          Number(BigInt(at) & 0xffffffffn),
          Number(BigInt(at) >> 32n),
          Number(BigInt(length) & 0xffffffffn),
          Number(BigInt(length) >> 32n),
        ])
      : words32([Number(BigInt.asIntN(32, BigInt(at))), Number(BigInt.asIntN(32, BigInt(length)))]);
  const table = SCRATCH + 0x400;
  const tables: [string, string, Arg][] = [
    ["two", pair(SCRATCH + 0x800, 3) + pair(SCRATCH + 0x900, 5), 2],
    ["empty-first", pair(HOLE, 0) + pair(SCRATCH + 0x900, 5), 2],
    ["hole-first", pair(HOLE, 3) + pair(SCRATCH + 0x900, 5), 2],
    ["hole-second", pair(SCRATCH + 0x800, 3) + pair(HOLE, 5), 2],
    ["negative-length", pair(SCRATCH + 0x800, 3) + pair(SCRATCH + 0x900, wide ? 1n << 63n : 0x80000000), 2],
    ["kernel", pair(SCRATCH + 0x800, 3) + pair(0xffff888000000000n, 5), 2],
    ["none", "", 0],
    ["minus-one", "", "0xffffffffffffffff"],
    ["1024-buffers", pair(SCRATCH + 0x800, 3), 1024],
    ["1025-buffers", pair(SCRATCH + 0x800, 3), 1025],
  ];
  for (const [name, bytes, count] of tables) {
    const fill = {
      addr: hex(SCRATCH),
      size: 4096,
      prot: "rw-",
      fill: "00",
      data: [{ off: 0x400, hex: bytes }].filter((d) => d.hex !== ""),
    };
    const regions = [
      {
        ...fill,
        data: [...fill.data, { off: 0x800, len: 16, fill: "5a" }, { off: 0x900, len: 16, fill: "a5" }],
      },
    ];
    const made = sys(arch, "p", "pipe2", [hex(SCRATCH), 0x800]);
    const dump = [{ addr: hex(SCRATCH), size: 4096 }];
    out.push(
      draft(
        arch,
        "writev",
        name,
        [
          made,
          sys(arch, "w", "writev", [4, hex(table), count]),
          sys(arch, "r", "read", [3, hex(SCRATCH + 0x100), 64]),
        ],
        { regions, dump },
      ),
      draft(
        arch,
        "readv",
        name,
        [
          made,
          sys(arch, "w", "write", [4, hex(SCRATCH + 0x800), 7]),
          sys(arch, "v", "readv", [3, hex(table), count]),
          sys(arch, "r", "read", [3, hex(SCRATCH + 0x100), 64]),
        ],
        { regions, dump },
      ),
    );
  }
  for (const at of [0, HOLE, NOTHING, "0xffff888000000000"])
    out.push(
      draft(arch, "writev", `table-${at}`, [
        sys(arch, "p", "pipe2", [hex(SCRATCH), 0x800]),
        sys(arch, "w", "writev", [4, typeof at === "number" ? arg(at) : at, 1]),
        sys(arch, "bad", "writev", [9, typeof at === "number" ? arg(at) : at, 1]),
      ]),
    );
  return out;
}

/** Descriptors: copies of them, the lowest free one, the limit on them. */
export function descriptors(arch: VectorArch): Vector[] {
  const limit = page(SCRATCH, "rw-", [{ off: 0, hex: words32([5, 0, 5, 0]) }]);
  return [
    draft(arch, "dup", "lowest-free", [
      sys(arch, "d1", "dup", [0]),
      sys(arch, "d2", "dup", [1]),
      sys(arch, "c", "close", [3]),
      sys(arch, "d3", "dup", [2]),
      sys(arch, "d4", "dup", [3]),
    ]),
    draft(arch, "dup", "bad", [
      ...[-1n, 3n, 99n, 0x100000000n, 0x7fffffffn].map((fd, i) => sys(arch, `d${i}`, "dup", [arg(fd)])),
    ]),
    draft(arch, "dup", "dup2", [
      sys(arch, "same", "dup2", [0, 0]),
      sys(arch, "same-bad", "dup2", [9, 9]),
      sys(arch, "far", "dup2", [0, 100]),
      sys(arch, "beyond", "dup2", [0, 1024]),
      sys(arch, "minus", "dup2", [0, "0xffffffffffffffff"]),
      sys(arch, "bad", "dup2", [9, 5]),
      sys(arch, "next", "dup", [0]),
    ]),
    draft(arch, "dup", "dup3", [
      sys(arch, "same", "dup3", [0, 0, 0]),
      sys(arch, "same-bad", "dup3", [9, 9, 0]),
      sys(arch, "flags", "dup3", [0, 5, 1]),
      sys(arch, "cloexec", "dup3", [0, 5, hex(0x80000)]),
      sys(arch, "beyond", "dup3", [0, 1024, 0]),
      sys(arch, "beyond-bad", "dup3", [9, 1024, 0]),
      sys(arch, "next", "dup", [0]),
    ]),
    draft(
      arch,
      "dup",
      "limit",
      [
        sys(arch, "l", "prlimit64", [0, 7, hex(SCRATCH), 0]),
        sys(arch, "d1", "dup", [0]),
        sys(arch, "d2", "dup", [0]),
        sys(arch, "d3", "dup", [0]),
        sys(arch, "two", "dup2", [0, 5]),
        sys(arch, "p", "pipe2", [hex(SCRATCH + 0x100), 0]),
        sys(arch, "c", "close", [4]),
        sys(arch, "p1", "pipe2", [hex(SCRATCH + 0x100), 0]),
        sys(arch, "d4", "dup", [0]),
      ],
      { regions: [limit], dump: [{ addr: hex(SCRATCH), size: 4096 }] },
    ),
    draft(arch, "dup", "shared-files", [
      sys(arch, "c", "clone", [hex(0x411), 0, 0, 0, 0], { child: [sys(arch, "cd", "dup", [0])] }),
      sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
      sys(arch, "d", "dup", [0]),
      sys(arch, "f", "fork", [], { child: [sys(arch, "fd", "dup", [0])] }),
      sys(arch, "w2", "wait4", [{ ret: "f" }, 0, 0, 0]),
      sys(arch, "d2", "dup", [0]),
    ]),
  ];
}

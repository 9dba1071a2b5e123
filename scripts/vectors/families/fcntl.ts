import type { Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { arg, caseOf, hex, page, sys } from "../draft.ts";

const FDS = 0x10200000;

function piped(arch: VectorArch, group: string, name: string, program: readonly Operation[]): Vector {
  return caseOf(arch, group, name, [sys(arch, "p", "pipe2", [hex(FDS), 0x800]), ...program], {
    caps: ["FOWNER"],
    regions: [page(FDS, "rw-", [])],
    dump: [{ addr: hex(FDS), size: 4096 }],
  });
}

/** fcntl about descriptors and flags, and close_range. */
export function fcntls(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const call = (label: string, fd: number | bigint, cmd: number, value: number | bigint = 0): Operation =>
    sys(arch, label, "fcntl", [arg(fd), cmd, arg(value)]);
  for (const fd of [0, 3, 4, 5, 9, -1, 0x100000003n])
    for (const cmd of [0, 1, 3, 1027, 1028, 1030, 1032])
      for (const value of [0, 3, 4, 5, 100, 1023, 1024, -1, 0x100000003n])
        out.push(
          piped(arch, "fcntl", `fd${fd}-cmd${cmd}-${value}`, [
            call("f", fd, cmd, value),
            call("get", 5, 1),
            sys(arch, "next", "dup", [0]),
          ]),
        );
  for (const fd of [3, 4])
    for (const flags of [
      0,
      1,
      2,
      3,
      -1,
      0x400,
      0x800,
      0x2000,
      0x4000,
      0x8000,
      0x40000,
      0x80000,
      0x4800,
      0x100000400n,
    ])
      out.push(
        piped(arch, "fcntl.flags", `fd${fd}-${hex(flags)}`, [
          call("before", fd, 3),
          call("set", fd, 4, flags),
          call("after", fd, 3),
          call("other", 7 - fd, 3),
          call("cloexec", fd, 2, flags),
          call("fd-flags", fd, 1),
          call("copy", fd, 1030, 10),
          call("copy-flags", 10, 1),
          sys(arch, "dup", "dup", [fd]),
          call("dup-flags", 5, 1),
          sys(arch, "w", "write", [4, hex(FDS), 8]),
          sys(arch, "w2", "write", [4, hex(FDS), 8]),
          sys(arch, "r", "read", [3, hex(FDS + 0x100), 4]),
          sys(arch, "r2", "read", [3, hex(FDS + 0x100), 100]),
        ]),
      );
  for (const from of [0, 2, 3, 4, 6, 100, 0xffffffff, -1])
    for (const to of [0, 3, 4, 5, 6, 0x7fffffff, 0xffffffff, -1])
      for (const flags of [0, 1, 2, 4, 6, 8])
        out.push(
          piped(arch, "close_range", `${from}-${to}-${flags}`, [
            sys(arch, "d", "dup", [0]),
            sys(arch, "c", "close_range", [arg(from), arg(to), flags]),
            ...[2, 3, 4, 5].map((fd) => call(`fd${fd}`, fd, 1)),
            sys(arch, "next", "dup", [4]),
          ]),
        );
  out.push(
    piped(arch, "close_range", "unshare", [
      sys(arch, "c", "clone", [hex(0x411), 0, 0, 0, 0], {
        child: [sys(arch, "cr", "close_range", [3, 9, 2]), call("c3", 3, 1), sys(arch, "cd", "dup", [0])],
      }),
      sys(arch, "w", "wait4", [{ ret: "c" }, 0, "0x40000000", 0]),
      call("still", 3, 1),
      sys(arch, "next", "dup", [0]),
    ]),
  );
  return out;
}

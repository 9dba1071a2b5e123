import type { Arg, Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG, HOLE, SCRATCH } from "../clone3-wish.ts";
import { arg, hex, page, sys, words32 } from "../draft.ts";
import { draft, MINUS_1, PLACES } from "./setting.ts";

/** wait4 of children that have exited: options, targets, and where status and rusage may lie. */
export function wait4(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const child = (exit: number): Operation => sys(arch, "c", "fork", [], { child: [], childExit: exit });
  for (const exit of [0, 1, 127, 255])
    out.push(
      draft(arch, "wait4.status", `exit-${exit}`, [
        child(exit),
        sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), 0, 0]),
      ]),
    );
  for (const [name, at] of PLACES) {
    out.push(
      draft(arch, "wait4", `status-${name}`, [
        child(7),
        sys(arch, "w", "wait4", [{ ret: "c" }, arg(at), 0, 0]),
        sys(arch, "again", "wait4", [{ ret: "c" }, 0, 0, 0]),
      ]),
      draft(arch, "wait4", `nohang-nothing-${name}`, [
        sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
        sys(arch, "w", "wait4", [{ ret: "c" }, arg(at), 1, arg(at)]),
      ]),
    );
    // What rusage holds is a matter of time: only where it cannot be written is the answer always the same.
    if (!["good", "odd", "last-word", "crossing"].includes(name))
      out.push(
        draft(arch, "wait4", `rusage-${name}`, [
          child(7),
          sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), 0, arg(at)]),
          sys(arch, "again", "wait4", [{ ret: "c" }, 0, 0, 0]),
        ]),
      );
  }
  // biome-ignore format: a list of options
  for (const options of [0, 1, 2, 3, 4, 8, 9, 0x10, 0x1000000, 0x20000000, 0x40000000, 0x60000000, 0x80000000, 0xc0000000,
    0x100, 0x1000001])
    for (const flag of [17, 0, 10]) {
      const number = arch === "x86_64" ? [flag, 0, 0, 0, 0] : [flag, 0, 0, 0, 0];
      out.push(
        draft(arch, "wait4", `options-${hex(options)}-sig${flag}`, [
          sys(arch, "c", "clone", number, { child: [] }),
          sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), arg(options), 0]),
          sys(arch, "rest", "wait4", [MINUS_1, hex(SCRATCH + 4), 0x40000000, 0]),
        ]),
      );
    }
  for (const pid of [0n, 1n, 2n, 3n, 99n, -1n, -2n, -3n, -99n, -2147483648n, 2147483647n, 0x100000002n])
    out.push(
      draft(arch, "wait4", `pid-${pid}`, [
        child(5),
        sys(arch, "w", "wait4", [arg(pid), hex(SCRATCH), 1 << 30, 0]),
        sys(arch, "rest", "wait4", [MINUS_1, hex(SCRATCH + 4), 0x40000000, 0]),
      ]),
    );
  return out;
}

/** waitid: what may be waited for, how, and where the answer may lie. */
export function waitid(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const wait = (label: string, type: Arg, id: Arg, info: Arg, options: Arg): Operation =>
    sys(arch, label, "waitid", [type, id, info, options, 0]);
  for (const [name, at] of PLACES)
    for (const options of [4, 5, 0x1000004]) {
      out.push(
        draft(arch, "waitid", `info-${name}-${hex(options)}`, [
          sys(arch, "c", "fork", [], { child: [], childExit: 9 }),
          // Without WNOHANG first, so that the child has exited for sure.
          wait("first", 1, { ret: "c" }, hex(SCRATCH + 0x800), 0x1000004),
          wait("w", 1, { ret: "c" }, arg(at), options),
          wait("again", 1, { ret: "c" }, hex(SCRATCH + 0x100), 5),
        ]),
        draft(arch, "waitid", `nothing-${name}-${hex(options)}`, [
          sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
          wait("w", 1, { ret: "c" }, arg(at), options | 1),
        ]),
      );
    }
  for (const type of [0, 1, 2, 3, 4, -1])
    for (const id of [0n, 1n, 2n, 99n, -1n, -2n])
      for (const options of [4, 0, 2, 8, 0x10, 0x80000004])
        out.push(
          draft(arch, "waitid", `type${type}-id${id}-${hex(options)}`, [
            sys(arch, "c", "fork", [], { child: [], childExit: 9 }),
            wait("first", 1, { ret: "c" }, hex(SCRATCH + 0x800), 0x1000004),
            wait("w", arg(type), arg(id), hex(SCRATCH + 0x100), arg(options | 1)),
          ]),
        );
  return out;
}

/** kill inside a namespace: whom, with what, and how the death is told. */
export function kills(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const sig of [1, 2, 3, 6, 9, 11, 13, 14, 15, 17, 18, 19, 23, 28, 31, 32, 33, 63, 64]) {
    // A stopped or unharmed child is killed in the end.
    out.push(
      draft(
        arch,
        "kill",
        `child-sig${sig}`,
        [
          sys(arch, "c", "fork", [], { child: [sys(arch, "p", "pause")] }),
          sys(arch, "k", "kill", [{ ret: "c" }, sig]),
          sys(arch, "k9", "kill", [{ ret: "c" }, 9]),
          sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), 0, 0]),
        ].filter((o) => o.label !== "k9" || [17, 18, 19, 23, 28].includes(sig)),
      ),
    );
    if (sig !== 9 && sig !== 19)
      out.push(
        draft(arch, "kill", `self-init-sig${sig}`, [
          sys(arch, "k", "kill", [1, sig]),
          sys(arch, "g", "getpid"),
        ]),
      );
  }
  for (const nsInit of [true, false])
    for (const [pid, sig] of [
      [1n, 0],
      [2n, 0],
      [3n, 0],
      [0n, 0],
      [-2n, 0],
      [-1n, 65],
      [1n, 65],
      [999n, 65],
      [999n, 9],
      [1n, -1],
      [-2147483648n, 0],
      [2147483647n, 0],
      [0x100000001n, 0],
    ] as [bigint, number][])
      out.push(
        draft(
          arch,
          "kill",
          `target-${pid}-sig${sig}-${nsInit ? "init" : "task"}`,
          [sys(arch, "k", "kill", [arg(pid), arg(sig)])],
          {
            nsInit,
          },
        ),
      );
  return out;
}

/** unshare: every flag alone, in pairs that matter, twice, without capability; and what comes after. */
export function unshares(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const fork = [
    sys(arch, "c", "fork", [], {
      child: [sys(arch, "c_pid", "getpid"), sys(arch, "c_ppid", "getppid"), { op: "nspid", of: "c" }],
    }),
    sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), 0, 0]),
  ];
  for (let bit = 0n; bit < 33n; bit++)
    for (const caps of ["all", "none"] as const)
      out.push(
        draft(
          arch,
          "unshare",
          `bit${bit}-${caps}`,
          [sys(arch, "u", "unshare", [arg(1n << bit)]), ...fork, sys(arch, "uid", "getuid")],
          {
            caps,
          },
        ),
      );
  const { NEWPID, NEWUSER, NEWNS, FS, THREAD, SIGHAND, VM, NEWIPC, SYSVSEM, NEWNET } = FLAG;
  for (const [name, mask] of [
    ["nothing", 0n],
    ["NEWPID|THREAD", NEWPID | THREAD],
    ["NEWPID|VM", NEWPID | VM],
    ["NEWPID|SIGHAND", NEWPID | SIGHAND],
    ["NEWUSER|THREAD", NEWUSER | THREAD],
    ["NEWUSER|FS", NEWUSER | FS],
    ["NEWNS|FS", NEWNS | FS],
    ["NEWUSER|NEWPID", NEWUSER | NEWPID],
    ["NEWIPC|SYSVSEM", NEWIPC | SYSVSEM],
    ["NEWPID|NEWNET|NEWIPC", NEWPID | NEWNET | NEWIPC],
    ["NEWPID|unknown", NEWPID | 1n],
  ] as [string, bigint][])
    for (const caps of ["all", "none"] as const)
      out.push(
        draft(arch, "unshare", `${name}-${caps}`, [sys(arch, "u", "unshare", [arg(mask)]), ...fork], {
          caps,
        }),
      );
  for (const nsLevel of [1, 2]) {
    const u = (label: string): Operation => sys(arch, label, "unshare", [hex(NEWPID)]);
    out.push(
      draft(arch, "unshare", `twice-L${nsLevel}`, [u("u1"), u("u2"), ...fork], { nsLevel }),
      draft(
        arch,
        "unshare",
        `after-init-died-L${nsLevel}`,
        [u("u1"), ...fork, u("u2"), sys(arch, "f", "fork", [], { child: [] })],
        { nsLevel },
      ),
      draft(
        arch,
        "unshare",
        `thread-after-L${nsLevel}`,
        [
          u("u1"),
          sys(arch, "t", "clone", [hex(FLAG.VM | FLAG.SIGHAND | FLAG.THREAD), 0, 0, 0, 0], {
            child: [],
            childSharesVm: true,
          }),
        ],
        { nsLevel },
      ),
    );
  }
  return out;
}

/** pidfds: who has one, what it is good for. */
export function pidfds(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const [name, pid, flags] of [
    ["self", 1n, 0],
    ["nobody", 999n, 0],
    ["zero", 0n, 0],
    ["negative", -1n, 0],
    ["nonblock", 1n, 0x800],
    ["thread", 1n, 0x80],
    ["unknown-flag", 1n, 1],
    ["unknown-flag-nobody", 999n, 1],
    ["int-min", -2147483648n, 0],
  ] as [string, bigint, number][])
    out.push(
      draft(arch, "pidfd_open", name, [
        sys(arch, "p", "pidfd_open", [arg(pid), flags]),
        sys(arch, "next", "dup", [0]),
      ]),
    );
  const inside = hex(FLAG.NEWPID | 17n);
  for (const type of [0n, FLAG.NEWPID, FLAG.NEWPID | FLAG.NEWNS, 1n])
    out.push(
      draft(arch, "setns", `child-${hex(type)}`, [
        sys(arch, "c", "clone", [inside, 0, 0, 0, 0], { child: [sys(arch, "p", "pause")] }),
        sys(arch, "fd", "pidfd_open", [{ ret: "c" }, 0]),
        sys(arch, "s", "setns", [{ ret: "fd" }, arg(type)]),
        sys(arch, "g", "getpid"),
        sys(arch, "f", "fork", [], {
          child: [sys(arch, "f_pid", "getpid"), sys(arch, "f_ppid", "getppid"), { op: "nspid", of: "f" }],
        }),
        sys(arch, "w", "wait4", [{ ret: "f" }, hex(SCRATCH), 0, 0]),
      ]),
    );
  for (const fd of [-1n, 0n, 99n])
    out.push(draft(arch, "setns", `fd-${fd}`, [sys(arch, "s", "setns", [arg(fd), hex(FLAG.NEWPID)])]));
  return out;
}

/** Pipes: results written in part, faults before and after the range check, short transfers. */
export function pipes(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const [name, at] of PLACES) {
    for (const flags of [0, 0x800, 0x80000, 0x4000, 1, 0x10000000])
      out.push(
        draft(arch, "pipe2", `${name}-${hex(flags)}`, [
          sys(arch, "p", "pipe2", [arg(at), arg(flags)]),
          sys(arch, "next", "dup", [0]),
        ]),
      );
    const made = sys(arch, "p", "pipe2", [hex(SCRATCH + 0x900), 0x800]);
    for (const count of [0, 1, 8, 4096, 0x7fffffff])
      out.push(
        draft(arch, "read", `empty-${name}-${hex(count)}`, [
          made,
          sys(arch, "r", "read", [3, arg(at), arg(count)]),
        ]),
        draft(arch, "write", `${name}-${hex(count)}`, [
          made,
          sys(arch, "w", "write", [4, arg(at), arg(count)]),
        ]),
        draft(arch, "read", `eof-${name}-${hex(count)}`, [
          made,
          sys(arch, "cl", "close", [4]),
          sys(arch, "r", "read", [3, arg(at), arg(count)]),
        ]),
      );
    out.push(
      draft(arch, "read", `eight-${name}`, [
        made,
        sys(arch, "w", "write", [4, hex(SCRATCH + 0x800), 8]),
        sys(arch, "r", "read", [3, arg(at), 16]),
        sys(arch, "again", "read", [3, hex(SCRATCH + 0x700), 16]),
      ]),
    );
  }
  for (const [name, fd] of [
    ["closed", 9n],
    ["negative", -1n],
    ["wrong-end", 3n],
    ["high-half", 0x100000004n],
  ] as [string, bigint][])
    for (const at of [SCRATCH, HOLE, 0xffff888000000000n])
      out.push(
        draft(arch, "rw.fd", `write-${name}-${hex(at)}`, [
          sys(arch, "p", "pipe2", [hex(SCRATCH + 0x900), 0x800]),
          sys(arch, "w", "write", [arg(fd), arg(at), 4]),
        ]),
      );
  return out;
}

/** Registers: what comes back in each of them, from success, failure, and a number nobody has (N-02 … N-09). */
export function registers(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const wide = arch !== "i386";
  const value = (digit: string): string => `0x${digit.repeat(wide ? 16 : 8)}`;
  const regs: Record<string, string> = { bx: value("1"), bp: value("2"), sp: hex(SCRATCH + 0x800) };
  if (wide) for (const n of [8, 9, 10, 11, 12, 13, 14, 15]) regs[n] = value((n - 5).toString(16));
  const high = wide ? ["0x100000000", "0xffffffff00000000"] : [];
  const numbers: [string, string | number][] = [
    ["getpid", arch === "x86_64" ? 39 : 20],
    ["minus-1", MINUS_1],
    ["beyond", 100000],
    ["x32", arch === "x86_64" ? 0x40000027 : 0x40000014],
    ["sign-bit", 0x80000000],
    ...high.map((h): [string, string] => [
      `getpid-high-${h}`,
      hex(BigInt(h) + BigInt(arch === "x86_64" ? 39 : 20)),
    ]),
  ];
  for (const [name, nr] of numbers)
    for (const flags of ["0x202", "0x602", "0x246"]) {
      // The numbers of the registers that carry arguments are the program's, not the case's.
      const own =
        arch === "x86_64"
          ? regs
          : Object.fromEntries(Object.entries(regs).filter(([k]) => k !== "bx" && k !== "bp"));
      out.push(
        draft(arch, "regs", `${name}-flags${flags}`, [
          { op: "sys", label: "x", name: "nr", nr, args: [], regs: own, flags, captureRegs: true },
        ]),
      );
    }
  out.push(
    draft(arch, "regs", "fork-child", [
      {
        ...sys(arch, "c", "fork", [], { child: [], captureRegs: true, captureChildRegs: true }),
        regs: { sp: hex(SCRATCH + 0x800) },
        flags: "0x202",
      },
      sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
    ]),
    draft(arch, "regs", "int-arguments", [
      sys(arch, "k", "kill", ["0x1234567800000001", "0xabcdef0000000000"]),
      sys(arch, "cl", "close", ["0x1000000ff"]),
      sys(arch, "g", "getpgid", ["0xffffffff00000000"]),
    ]),
  );
  return out;
}

/** set_tid_address, set_thread_area and get_thread_area, arch_prctl: the words behind threads. */
export function threadWords(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const [name, at] of PLACES)
    out.push(draft(arch, "set_tid_address", name, [sys(arch, "s", "set_tid_address", [arg(at)])]));
  if (arch === "x86_64") {
    for (const code of [0x1001, 0x1002, 0x1003, 0x1004, 0, 0x1000, 0x5000])
      for (const [name, at] of PLACES) {
        // Setting a base moves what the program itself may use; reading it shows what the case has set.
        const before =
          code === 0x1003 || code === 0x1004
            ? [sys(arch, "set", "arch_prctl", [code - 1 === 0x1002 ? 0x1002 : 0x1001, hex(SCRATCH + 0x10)])]
            : [];
        out.push(
          draft(arch, "arch_prctl", `${hex(code)}-${name}`, [
            ...before,
            sys(arch, "a", "arch_prctl", [code, arg(at)]),
          ]),
        );
      }
    return out;
  }
  const entries: [string, number[]][] = [
    ...[-2, -1, 0, 5, 6, 8, 9, 11, 12, 13, 14, 15].map((n): [string, number[]] => [
      `entry${n}`,
      [n, 0x12345000, 0xfffff, 0x51],
    ]),
    ["empty", [12, 0, 0, 0x28]],
    ["zeros", [12, 0, 0, 0]],
    ["not-present", [12, 0x1000, 0xfffff, 0x71]],
    ["16-bit", [12, 0x1000, 0xffff, 0x40]],
  ];
  for (const [name, desc] of entries)
    out.push(
      draft(
        arch,
        "i386.set_thread_area",
        name,
        [
          sys(arch, "s", "set_thread_area", [hex(SCRATCH + 0x200)]),
          sys(arch, "g", "get_thread_area", [hex(SCRATCH + 0x200)]),
          sys(arch, "s2", "set_thread_area", [hex(SCRATCH + 0x200)]),
        ],
        {
          regions: [page(SCRATCH, "rw-", [{ off: 0x200, hex: words32(desc) }])],
          dump: [{ addr: hex(SCRATCH), size: 4096 }],
        },
      ),
    );
  for (const [name, at] of PLACES) {
    out.push(
      draft(arch, "i386.set_thread_area", `at-${name}`, [sys(arch, "s", "set_thread_area", [arg(at)])]),
      draft(arch, "i386.get_thread_area", `at-${name}`, [sys(arch, "g", "get_thread_area", [arg(at)])]),
    );
  }
  return out;
}

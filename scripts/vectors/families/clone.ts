import type { Arg, Operation, SysOperation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG, HOLE, SCRATCH } from "../clone3-wish.ts";
import { arg, hex, page, sys, words32 } from "../draft.ts";

const READ_ONLY = 0x10010000;
const NOTHING = 0x10020000;

function draft(
  arch: VectorArch,
  group: string,
  name: string,
  program: readonly Operation[],
  more: Partial<Vector> = {},
): Vector {
  return {
    id: `${group}/${name}/${arch}`,
    group,
    arch,
    caps: "all",
    nsLevel: 1,
    nsInit: true,
    regions: [
      page(SCRATCH, "rw-", [{ off: 0x200, hex: words32([12, 0x12345000, 0xfffff, 0x51]) }]),
      page(READ_ONLY, "r--", []),
      page(NOTHING, "---", []),
    ],
    dump: [
      { addr: hex(SCRATCH), size: 4096 },
      { addr: hex(READ_ONLY), size: 4096 },
    ],
    program,
    ...more,
  };
}

/** clone's words in the order of the way in: x86_64 has child_tid before tls, i386 behind it (rules §8). */
function words(
  arch: VectorArch,
  flags: Arg,
  stack: Arg,
  parentTid: Arg,
  childTid: Arg,
  tls: Arg,
): readonly Arg[] {
  return arch === "x86_64"
    ? [flags, stack, parentTid, childTid, tls]
    : [flags, stack, parentTid, tls, childTid];
}

function whole(arch: VectorArch, args: readonly Arg[], more: Partial<SysOperation> = {}): Operation[] {
  return [
    sys(arch, "c", "clone", args, {
      child: [
        sys(arch, "c_pid", "getpid"),
        sys(arch, "c_tid", "gettid"),
        sys(arch, "c_ppid", "getppid"),
        { op: "nspid", of: "c" },
      ],
      ...more,
    }),
    sys(arch, "w_plain", "wait4", [{ ret: "c" }, hex(SCRATCH + 0x600), 0]),
    sys(arch, "w_all", "wait4", [{ ret: "c" }, hex(SCRATCH + 0x604), 0x40000000]),
    sys(arch, "nextfd", "dup", [0]),
  ];
}

/** Every flag alone, with the signals that matter; the upper half of the word (L-01 … L-06, B-20). */
export function flags(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const skip = FLAG.VM | FLAG.THREAD | FLAG.SIGHAND | FLAG.PARENT | FLAG.PTRACE;
  for (let bit = 8n; bit < 40n; bit++) {
    const flag = 1n << bit;
    if ((flag & skip) !== 0n || (bit >= 32n && arch !== "x86_64")) continue;
    for (const signal of [0n, 17n])
      out.push(
        draft(
          arch,
          "clone.flags",
          `bit${bit}-sig${signal}`,
          whole(
            arch,
            words(arch, arg(flag | signal), 0, hex(SCRATCH + 0x300), hex(SCRATCH + 0x308), hex(SCRATCH)),
            { childDump: true },
          ),
        ),
      );
  }
  for (const signal of [1, 9, 15, 19, 31, 32, 33, 63, 64, 65, 80, 127, 128, 255])
    out.push(draft(arch, "clone.flags", `sig${signal}`, whole(arch, words(arch, signal, 0, 0, 0, 0))));
  const {
    VM,
    VFORK,
    SIGHAND,
    THREAD,
    PARENT,
    FS,
    PIDFD,
    PARENT_SETTID,
    DETACHED,
    NEWNS,
    NEWUSER,
    NEWPID,
    NEWIPC,
    SYSVSEM,
  } = FLAG;
  const sets: [string, bigint][] = [
    ["VM|VFORK", VM | VFORK | 17n],
    ["SIGHAND", SIGHAND | 17n],
    ["SIGHAND-sig80", SIGHAND | 80n],
    ["THREAD", THREAD | 17n],
    ["THREAD|SIGHAND-sig80", THREAD | SIGHAND | 80n],
    ["PARENT", PARENT | 17n],
    ["FS|NEWNS", FS | NEWNS | 17n],
    ["FS|NEWUSER", FS | NEWUSER | 17n],
    ["PIDFD|PARENT_SETTID", PIDFD | PARENT_SETTID | 17n],
    ["PIDFD|DETACHED", PIDFD | DETACHED | 17n],
    ["PIDFD", PIDFD | 17n],
    ["DETACHED", DETACHED | 17n],
    ["NEWPID|NEWUSER", NEWPID | NEWUSER | 17n],
    ["NEWIPC|SYSVSEM", NEWIPC | SYSVSEM | 17n],
    ["NEWPID|VM|VFORK", NEWPID | VM | VFORK | 17n],
  ];
  for (const [name, mask] of sets)
    for (const caps of ["all", "none"] as const)
      for (const nsInit of [true, false]) {
        const shares = (mask & VM) !== 0n ? { childSharesVm: true as const } : {};
        const args = words(
          arch,
          arg(mask),
          0,
          hex(SCRATCH + 0x300),
          hex(SCRATCH + 0x308),
          hex(SCRATCH + 0x310),
        );
        const label = `${name}-${caps}-${nsInit ? "init" : "task"}`;
        out.push(draft(arch, "clone.flags", label, whole(arch, args, shares), { caps, nsInit }));
      }
  return out;
}

/** Where the words that are written may lie (L-02, P-25, P-29, P-30). */
export function pointers(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const places: [string, number | bigint][] = [
    ["good", SCRATCH + 0x300],
    ["odd", SCRATCH + 0x301],
    ["crossing", SCRATCH + 4094],
    ["read-only", READ_ONLY + 16],
    ["no-access", NOTHING],
    ["hole", HOLE],
    ["null", 0],
    ["kernel", 0xffff888000000000n],
    ["not-canonical", 0x900000000000n],
    ["limit", 0x7ffffffff000n],
    ["last-word", 0x7fffffffeffcn],
  ];
  const kinds: [string, bigint][] = [
    ["PARENT_SETTID", FLAG.PARENT_SETTID],
    ["CHILD_SETTID", FLAG.CHILD_SETTID],
    ["CHILD_CLEARTID", FLAG.CHILD_CLEARTID],
    ["PIDFD", FLAG.PIDFD],
    ["BOTH", FLAG.CHILD_SETTID | FLAG.PARENT_SETTID],
  ];
  for (const [name, at] of places)
    for (const [kind, flag] of kinds)
      out.push(
        draft(
          arch,
          "clone.writeback",
          `${kind}-${name}`,
          whole(arch, words(arch, arg(flag | 17n), 0, arg(at), arg(at), arg(at)), { childDump: true }),
        ),
      );
  return out;
}

/** Which word is which: every word in turn good, the others bad (rules §8). */
export function order(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const all = FLAG.PARENT_SETTID | FLAG.CHILD_SETTID;
  for (let good = 2; good <= 4; good++)
    for (const flag of [FLAG.PARENT_SETTID, FLAG.CHILD_SETTID, all, FLAG.SETTLS, FLAG.SETTLS | all]) {
      const args: Arg[] = [arg(flag | 17n), 0, hex(HOLE), hex(HOLE), hex(HOLE)];
      args[good] = hex(SCRATCH + 0x200);
      const name = `word${good}-${flag.toString(16)}`;
      out.push(draft(arch, "clone.argorder", name, whole(arch, args, { childDump: true })));
    }
  return out;
}

/** The TLS word: a base or a descriptor (P-22, P-23). */
export function tls(arch: VectorArch): Vector[] {
  const at = SCRATCH + 0x200;
  if (arch === "x86_64")
    // biome-ignore format: a list of bases
    return [0n, 1n, BigInt(SCRATCH), 0x7fffffffefffn, 0x7ffffffff000n, 1n << 47n, 1n << 63n, (1n << 64n) - 1n].map((base) =>
      draft(arch, "clone.tls", hex(base), [
        sys(arch, "c", "clone", words(arch, arg(FLAG.SETTLS | 17n), 0, 0, 0, hex(base)), {
          child: [sys(arch, "fs", "arch_prctl", [0x1003, hex(SCRATCH)])],
          childDump: true,
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0]),
      ]),
    );
  const entries = [-1, 0, 3, 5, 6, 8, 9, 11, 12, 13, 14, 15, 16];
  const descriptors: [string, number[]][] = [
    ...entries.map((n): [string, number[]] => [`entry${n}`, [n, 0x12345000, 0xfffff, 0x51]]),
    ["empty", [12, 0, 0, 0x28]],
    ["zero", [12, 0, 0, 0]],
  ];
  const made = descriptors.map(([name, desc]) =>
    draft(
      arch,
      "clone.tls",
      name,
      [
        sys(arch, "c", "clone", words(arch, arg(FLAG.SETTLS | 17n), 0, 0, 0, hex(at)), {
          child: [sys(arch, "g", "get_thread_area", [hex(at)])],
          childDump: true,
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0]),
      ],
      {
        regions: [page(SCRATCH, "rw-", [{ off: 0x200, hex: words32(desc) }])],
        dump: [{ addr: hex(SCRATCH), size: 4096 }],
      },
    ),
  );
  const places = [0, HOLE, READ_ONLY, NOTHING, SCRATCH + 4096 - 8, 0xfffffff8].map((p) =>
    draft(
      arch,
      "clone.tls",
      `at-${hex(p)}`,
      whole(arch, words(arch, arg(FLAG.SETTLS | 17n), 0, 0, 0, hex(p))),
    ),
  );
  return [...made, ...places];
}

/** The stack word, which nobody checks (L-04). */
export function stack(arch: VectorArch): Vector[] {
  return [1n, BigInt(SCRATCH + 0x800), BigInt(HOLE), 0xfffffffcn, 1n << 47n, 1n << 63n, (1n << 64n) - 1n].map(
    (sp) =>
      draft(arch, "clone.stack", hex(sp), [
        sys(arch, "c", "clone", words(arch, 17, hex(sp), 0, 0, 0), { child: [], captureChildRegs: true }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0]),
      ]),
  );
}

/** fork and vfork at every depth, and what their children see. */
export function forks(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const name of ["fork", "vfork"] as const)
    for (const nsLevel of [1, 2, 3, 5])
      for (const nsInit of [true, false])
        for (const preludes of ["none", "unshared", "dead"] as const) {
          const shares = name === "vfork" ? { childSharesVm: true as const } : {};
          const before: Operation[] =
            preludes === "none" ? [] : [sys(arch, "u", "unshare", [hex(FLAG.NEWPID)])];
          if (preludes === "dead")
            before.push(
              sys(arch, "d", "fork", [], { child: [] }),
              sys(arch, "w_d", "wait4", [{ ret: "d" }, 0, 0]),
            );
          const label = `L${nsLevel}${nsInit ? "" : "n"}-${preludes}`;
          const program = [
            ...before,
            sys(arch, "c", name, [], {
              child: [
                sys(arch, "c_pid", "getpid"),
                sys(arch, "c_tid", "gettid"),
                sys(arch, "c_ppid", "getppid"),
                sys(arch, "c_pgid", "getpgid", [0]),
                sys(arch, "c_sid", "getsid", [0]),
                { op: "nspid", of: "c" },
              ],
              childExit: 3,
              ...shares,
            }),
            sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), 0]),
            sys(arch, "g", "getpid"),
          ];
          out.push(draft(arch, name, label, program, { nsLevel, nsInit }));
        }
  return out;
}

import type { Region, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { clone3Draft, FLAG, HOLE, PLAIN, SCRATCH, TIDS_AT, type Wish } from "../clone3-wish.ts";
import { arg, hex, page, sys, words32, words64 } from "../draft.ts";

const STRUCT = 0x10040000;

/** Fields of clone_args by position. */
function fields(values: Readonly<Record<string, number | bigint>>): string {
  const order = ["flags", "pidfd", "child_tid", "parent_tid", "exit_signal", "stack", "stack_size", "tls"];
  const all = [...order, "set_tid", "set_tid_size", "cgroup"];
  return words64(all.map((name) => values[name] ?? (name === "exit_signal" ? 17 : 0)));
}

/** A clone3 call whose struct and memory are given as they are. */
function raw(
  arch: VectorArch,
  group: string,
  name: string,
  at: number | bigint,
  size: number | bigint,
  regions: readonly Region[],
): Vector {
  return {
    id: `${group}/${name}/${arch}`,
    group,
    arch,
    caps: "all",
    nsLevel: 1,
    nsInit: true,
    regions,
    dump: [],
    program: [
      sys(arch, "c", "clone3", [hex(at), arg(size)], { child: [sys(arch, "c_pid", "getpid")] }),
      sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0x40000000]),
    ],
  };
}

// biome-ignore format: a list of sizes
const SIZES = [0, 1, 8, 16, 56, 63, 64, 65, 66, 71, 72, 73, 79, 80, 81, 84, 87, 88, 89, 90, 95, 96, 97, 100, 104, 128, 176,
  256, 1024, 4088, 4095, 4096, 4097, 4104, 8192, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000n, 0x100000058n,
  0x8000000000000058n, 0xffffffffffffffffn];

/** Every size at which something changes, with nothing behind the known part (C-01, C-02, C-06). */
export function sizes(arch: VectorArch): Vector[] {
  const memory = [
    page(STRUCT, "rw-", [{ off: 0, hex: fields({}) }], "00"),
    page(STRUCT + 4096, "rw-", [], "00"),
  ];
  const bare = SIZES.map((size) => raw(arch, "clone3.size", `zeros-${hex(size)}`, STRUCT, size, memory));
  const nowhere = SIZES.map((size) => raw(arch, "clone3.size", `null-${hex(size)}`, 0, size, []));
  return [...bare, ...nowhere];
}

/** A byte behind the known part, and pages that end inside it (C-03, C-04, U-14, U-15). */
export function tails(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const size of [89, 92, 95, 96, 97, 104, 120, 4096]) {
    for (const at of new Set([88, 89, size - 2, size - 1, size, size + 1])) {
      if (at < 88 || at >= 4096) continue;
      const memory = [
        page(
          STRUCT,
          "rw-",
          [
            { off: 0, hex: fields({}) },
            { off: at, hex: "01" },
          ],
          "00",
        ),
      ];
      out.push(raw(arch, "clone3.tail", `size${size}-byte${at}`, STRUCT, size, memory));
    }
    for (const end of new Set([88, 89, 90, 95, 96, size - 1, size])) {
      if (end > size || end < 88) continue;
      const start = STRUCT + 4096 - end;
      const patch = (more: readonly { off: number; hex: string }[]): Region[] => [
        page(STRUCT, "rw-", [{ off: 4096 - end, hex: fields({}) }, ...more], "00"),
      ];
      out.push(raw(arch, "clone3.tail", `size${size}-ends-after${end}`, start, size, patch([])));
      if (end > 88)
        out.push(
          raw(
            arch,
            "clone3.tail",
            `size${size}-dirty-ends-after${end}`,
            start,
            size,
            patch([{ off: 4095, hex: "80" }]),
          ),
        );
    }
  }
  return out;
}

/** Where the struct lies: pages it may not be read from, edges, odd addresses, the ends of user memory (C-05, U-09). */
export function places(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const prot of ["rw-", "r--", "-w-", "--x", "r-x", "rwx", "---"])
    out.push(
      raw(arch, "clone3.uargs", `prot${prot}`, STRUCT, 88, [
        page(STRUCT, prot, [{ off: 0, hex: fields({}) }], "00"),
      ]),
    );
  for (const first of [1, 8, 32, 63, 64, 80, 87]) {
    const bytes = fields({});
    const low = page(STRUCT, "rw-", [{ off: 4096 - first, hex: bytes.slice(0, first * 2) }], "00");
    const high = page(STRUCT + 4096, "rw-", [{ off: 0, hex: bytes.slice(first * 2) }], "00");
    const at = STRUCT + 4096 - first;
    out.push(raw(arch, "clone3.uargs", `crossing-${first}`, at, 88, [low, high]));
    out.push(raw(arch, "clone3.uargs", `only-first-${first}`, at, 88, [low]));
    out.push(raw(arch, "clone3.uargs", `only-last-${88 - first}`, at, 88, [high]));
  }
  for (const off of [1, 2, 3, 4, 5, 7, 12])
    out.push(
      raw(arch, "clone3.uargs", `odd-${off}`, STRUCT + off, 88, [
        page(STRUCT, "rw-", [{ off, hex: fields({}) }], "00"),
      ]),
    );
  // biome-ignore format: a list of addresses
  const wild = [0, 1, 8, 0xfff, HOLE, 0x7fffffff, 0x80000000, 0xbffff000, 0xc0000000, 0xffffe000, 0xfffff000, 0xffffffa8,
    0xffffffff, 0x100000000n, 0x7fffffffef00n, 0x7ffffffff000n, 0x7fffffffefa8n, 0x7fffffffefa9n, 0x800000000000n,
    0x900000000000n, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffff800000000000n, 0xffffffffffffffa8n,
    0xffffffffffffffffn];
  for (const at of wild)
    for (const size of [64, 88, 96])
      out.push(raw(arch, "clone3.uargs", `at-${hex(at)}-size${size}`, at, size, []));
  return out;
}

/** set_tid and set_tid_size against one another, and structs too short to have them (C-06 … C-09, C-13). */
export function setTidPointers(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const pointers: [string, bigint][] = [
    ["null", 0n],
    ["good", BigInt(TIDS_AT)],
    ["hole", BigInt(HOLE)],
    ["odd", BigInt(TIDS_AT + 3)],
    ["kernel", 0xffff888000000000n],
    ["all-ones", 0xffffffffffffffffn],
    ["high-half", 0x100000000n + BigInt(TIDS_AT)],
    ["not-canonical", 0x900000000000n],
  ];
  // biome-ignore format: a list of counts
  const counts = [0n, 1n, 2n, 3n, 31n, 32n, 33n, 64n, 0x7fffffffn, 0x80000000n, 0x100000001n, 1n << 63n, (1n << 64n) - 1n];
  for (const [name, pointer] of pointers)
    for (const count of counts)
      for (const size of count <= 2n ? [64, 72, 80, 88] : [88]) {
        const memory = [
          page(STRUCT, "rw-", [{ off: 0, hex: fields({ set_tid: pointer, set_tid_size: count }) }], "00"),
          page(SCRATCH, "rw-", [
            { off: 0x100, hex: words32([500, 20_501, 20_502]) },
            // The second is for level 0, where numbers up to 300 belong to others.
            { off: 0x103, hex: words32([77, 20_078]) },
          ]),
        ];
        out.push(raw(arch, "clone3.set_tid.ptr", `${name}-${hex(count)}-size${size}`, STRUCT, size, memory));
      }
  for (const count of [1, 2, 3])
    for (const readable of [0, 1, 3, 4, 7, 8, 11, 12]) {
      if (readable > count * 4) continue;
      const memory = [
        page(
          STRUCT,
          "rw-",
          [{ off: 0, hex: fields({ set_tid: SCRATCH + 4096 - readable, set_tid_size: count }) }],
          "00",
        ),
        page(SCRATCH, "rw-", [{ off: 4084, hex: words32([500, 20_501, 20_502]) }]),
      ];
      out.push(
        raw(arch, "clone3.set_tid.ptr", `count${count}-${readable}-bytes-readable`, STRUCT, 88, memory),
      );
    }
  return out;
}

/** Every value of the byte and what lies beyond it, and who can wait for such a child (C-10, C-11, P-32). */
export function exitSignals(arch: VectorArch): Vector[] {
  const values = [
    ...Array(68).keys(),
    100,
    127,
    128,
    129,
    255,
    256,
    0x100000011n,
    1n << 31n,
    1n << 32n,
    1n << 63n,
  ];
  return values.map((value) => {
    const wish: Wish = { ...PLAIN, nsLevel: 1, exitSignal: BigInt(value) };
    const draft = clone3Draft(`clone3.exit_signal/${hex(value)}/${arch}`, "clone3.exit_signal", arch, wish);
    const waits = [
      sys(arch, "w_plain", "wait4", [{ ret: "c" }, hex(SCRATCH + 0x600), 0]),
      sys(arch, "w_clone", "wait4", [{ ret: "c" }, hex(SCRATCH + 0x604), hex(0x80000000)]),
      sys(arch, "w_all", "wait4", [{ ret: "c" }, hex(SCRATCH + 0x608), 0x40000000]),
    ];
    return { ...draft, program: [...draft.program.slice(0, -1), ...waits] };
  });
}

/** The stack's two words (C-18 … C-21, C-25, C-26). */
export function stacks(arch: VectorArch): Vector[] {
  const starts = [
    0n,
    1n,
    BigInt(SCRATCH),
    BigInt(HOLE),
    0xfffff000n,
    1n << 32n,
    0x7fffffffe000n,
    0x7fffffffefffn,
  ];
  const more = [
    0x7ffffffff000n,
    1n << 47n,
    0x900000000000n,
    1n << 63n,
    (1n << 64n) - 4096n,
    (1n << 64n) - 1n,
  ];
  const lengths = [0n, 1n, 16n, 4096n, 0x10000n, 1n << 32n, 1n << 47n, (1n << 64n) - 1n];
  const out: Vector[] = [];
  for (const stack of [...starts, ...more])
    for (const stackSize of lengths) {
      const name = `${hex(stack)}-${hex(stackSize)}`;
      const wish: Wish = { ...PLAIN, nsLevel: 1, stack, stackSize, exitSignal: 17n };
      const draft = clone3Draft(`clone3.stack/${name}/${arch}`, "clone3.stack", arch, wish);
      // A child that keeps running on such a stack would touch it: it only leaves.
      out.push({
        ...draft,
        program: draft.program.map((o) => (o.op === "sys" && o.label === "c" ? { ...o, child: [] } : o)),
      });
    }
  return out;
}

/** Every flag alone, and with what it needs (C-14, C-15, C-16, P-01 … P-07). */
export function flags(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const skip = FLAG.VM | FLAG.THREAD | FLAG.SIGHAND | FLAG.PARENT | FLAG.PTRACE;
  for (let bit = 0n; bit < 64n; bit++) {
    const flag = 1n << bit;
    if ((flag & skip) !== 0n) continue;
    for (const nsInit of [true, false])
      for (const exitSignal of [0n, 17n]) {
        const name = `bit${bit}-sig${exitSignal}-${nsInit ? "init" : "task"}`;
        const wish: Wish = { ...PLAIN, nsLevel: 1, flags: flag, nsInit, exitSignal, tls: "good" };
        out.push(clone3Draft(`clone3.flag-bit/${name}/${arch}`, "clone3.flag-bit", arch, wish));
      }
  }
  const {
    VM,
    VFORK,
    SIGHAND,
    THREAD,
    PARENT,
    FS,
    FILES,
    SYSVSEM,
    CLEAR_SIGHAND,
    NEWUSER,
    NEWPID,
    NEWNS,
    NEWIPC,
  } = FLAG;
  const bad: [string, bigint, bigint][] = [
    ["VM|VFORK", VM | VFORK, 17n],
    ["SIGHAND", SIGHAND, 17n],
    ["THREAD", THREAD, 0n],
    ["THREAD|VM", THREAD | VM, 0n],
    ["THREAD|SIGHAND", THREAD | SIGHAND, 0n],
    ["THREAD|SIGHAND|VM-sig17", THREAD | SIGHAND | VM, 17n],
    ["PARENT-sig0", PARENT, 0n],
    ["PARENT-sig17", PARENT, 17n],
    ["SIGHAND|CLEAR_SIGHAND", SIGHAND | CLEAR_SIGHAND | VM, 17n],
    ["CLEAR_SIGHAND", CLEAR_SIGHAND, 17n],
    ["FS|NEWNS", FS | NEWNS, 17n],
    ["FS|NEWUSER", FS | NEWUSER, 17n],
    ["FS|FILES", FS | FILES, 17n],
    ["NEWIPC|SYSVSEM", NEWIPC | SYSVSEM, 17n],
    ["NEWUSER|NEWPID", NEWUSER | NEWPID, 17n],
    ["NEWUSER", NEWUSER, 17n],
    ["NEWPID|THREAD", NEWPID | THREAD | SIGHAND | VM, 0n],
    ["NEWUSER|THREAD", NEWUSER | THREAD | SIGHAND | VM, 0n],
  ];
  for (const [name, mask, exitSignal] of bad)
    for (const nsInit of [true, false]) {
      const id = `clone3.flags/${name}-${nsInit ? "init" : "task"}/${arch}`;
      const wish: Wish = { ...PLAIN, nsLevel: 1, flags: mask, nsInit, exitSignal };
      const draft = clone3Draft(id, "clone3.flags", arch, wish);
      const shares = (mask & VM) !== 0n ? { childSharesVm: true as const } : {};
      out.push({
        ...draft,
        program: draft.program.map((o) => (o.op === "sys" && o.label === "c" ? { ...o, ...shares } : o)),
      });
    }
  return out;
}

import type { Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { arg, caseOf, hex, page, sys, words32 } from "../draft.ts";

const BASE = 0x10000000;
const READ_ONLY = 0x10010000;
const DESC = BASE + 0x200;
const BACK = BASE + 0x300;

function areas(
  arch: VectorArch,
  name: string,
  words: readonly number[],
  more: readonly Operation[] = [],
): Vector {
  return caseOf(
    arch,
    "i386.thread_area",
    name,
    [
      sys(arch, "set", "set_thread_area", [hex(DESC)]),
      sys(arch, "get", "get_thread_area", [hex(BACK)]),
      ...more,
    ],
    {
      regions: [
        page(BASE, "rw-", [
          { off: 0x200, hex: words32(words) },
          { off: 0x300, hex: words32([words[0] === -1 ? 12 : (words[0] as number), 7, 7, 7]) },
        ]),
        page(READ_ONLY, "r--", [{ off: 0, hex: words32([-1, 0x5000, 0xfffff, 0x51]) }]),
      ],
      dump: [{ addr: hex(BASE), size: 4096 }],
    },
  );
}

/** Every meaning of a descriptor's bits, what of it comes back, and who takes which slot. */
export function threadArea(arch: VectorArch): Vector[] {
  if (arch === "x86_64") return [];
  const out: Vector[] = [];
  for (let flags = 0; flags < 0x100; flags++) {
    out.push(areas(arch, `flags-${hex(flags)}`, [12, 0x1000, 0xfffff, flags]));
    if (flags % 4 === 0 || flags === 0x51)
      out.push(areas(arch, `flags-${hex(flags)}-zero`, [13, 0, 0, flags]));
  }
  for (const flags of [0x100, 0x151, 0xffffff51, 0xffffff00, 0x80000028, 0x128])
    out.push(
      areas(arch, `flags-${hex(flags)}`, [12, 0x1000, 0xfffff, flags]),
      areas(arch, `flags-${hex(flags)}-zero`, [12, 0, 0, flags]),
    );
  for (const limit of [0, 1, 0xfffff, 0x100000, 0xfffff123, 0xffffffff])
    for (const base of [0, 0x89abcdef, 0xffffffff])
      out.push(areas(arch, `base-${hex(base)}-limit-${hex(limit)}`, [14, base, limit, 0x51]));
  for (const entry of [-2, -1, 0, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 0x7fffffff, -0x80000000])
    for (const [kind, rest] of [
      ["segment", [0x1000, 0xfffff, 0x51]],
      ["none", [0, 0, 0x28]],
      ["zero", [0, 0, 0]],
      ["wrong", [0x1000, 0xfffff, 0]],
    ] as const)
      out.push(
        areas(
          arch,
          `entry-${entry}-${kind}`,
          [entry, ...rest],
          [
            sys(arch, "again", "set_thread_area", [hex(DESC)]),
            ...[0, 1, 2].flatMap((i) => [
              sys(arch, `any${i}`, "set_thread_area", [hex(READ_ONLY)]),
              sys(arch, `fill${i}`, "set_thread_area", [hex(DESC)]),
            ]),
            sys(arch, "last", "get_thread_area", [hex(BACK)]),
          ],
        ),
      );
  for (const at of [
    BASE + 4096 - 16,
    BASE + 4096 - 12,
    BASE + 4096 - 4,
    BASE + 4096 - 2,
    BASE + 4096,
    READ_ONLY,
    0,
  ])
    out.push(
      caseOf(
        arch,
        "i386.get_thread_area",
        `at-${hex(at)}`,
        [sys(arch, "set", "set_thread_area", [arg(at)]), sys(arch, "get", "get_thread_area", [arg(at)])],
        {
          regions: [
            page(BASE, "rw-", [{ off: 4096 - 16, hex: words32([12, 12, 12, 12]) }]),
            page(READ_ONLY, "r--", [{ off: 0, hex: words32([12, 0x5000, 0xfffff, 0x51]) }]),
          ],
          dump: [{ addr: hex(BASE), size: 4096 }],
        },
      ),
    );
  return out;
}

/** The bases of FS and GS: which are allowed, that they are kept apart, and inherited. */
export function bases(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const numbers = [
    0,
    1,
    0x1000,
    0x10000400,
    0xffffffffn,
    0x100000000n,
    0x7fffffffefffn,
    0x7ffffffff000n,
    0x7fffffffffffn,
    0x800000000000n,
    0xffff800000000000n,
    -1n,
  ];
  for (const value of numbers)
    for (const [name, set, get] of [
      ["fs", 0x1002, 0x1003],
      ["gs", 0x1001, 0x1004],
    ] as const)
      out.push(
        caseOf(
          arch,
          "arch_prctl.base",
          `${name}-${hex(value)}`,
          [
            sys(arch, "other", "arch_prctl", [name === "fs" ? 0x1001 : 0x1002, 0x2000]),
            sys(arch, "set", "arch_prctl", [set, arg(value)]),
            sys(arch, "get", "arch_prctl", [get, hex(BASE + 0x10)]),
            sys(arch, "get-other", "arch_prctl", [name === "fs" ? 0x1004 : 0x1003, hex(BASE + 0x18)]),
            sys(arch, "c", "fork", [], {
              child: [
                sys(arch, "child-fs", "arch_prctl", [0x1003, hex(BASE + 0x20)]),
                sys(arch, "child-gs", "arch_prctl", [0x1004, hex(BASE + 0x28)]),
              ],
              childDump: true,
            }),
            sys(arch, "w", "wait4", [{ ret: "c" }, 0, "0x40000000", 0]),
          ],
          { regions: [page(BASE, "rw-", [])], dump: [{ addr: hex(BASE), size: 4096 }] },
        ),
      );
  // biome-ignore format: a list of options
  const options = [0, 1, 0x1000, 0x1005, 0x1010, 0x1011, 0x1013, 0x1020, 0x1026, 0x2000, 0x2004, 0x3001,
    0x5001, 0x5006, -1, 0x100001003n, 0x200001011n];
  for (const option of options)
    for (const at of [0, BASE + 0x10, BASE + 4096 - 4, BASE + 4096])
      out.push(
        caseOf(
          arch,
          "arch_prctl.option",
          `${hex(option)}-${hex(at)}`,
          [sys(arch, "a", "arch_prctl", [arg(option), arg(at)])],
          { regions: [page(BASE, "rw-", [])], dump: [{ addr: hex(BASE), size: 4096 }] },
        ),
      );
  return out;
}

import type { Arg, Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { FLAG, SCRATCH } from "../clone3-wish.ts";
import { arg, type CallName, hex, page, sys, words32, words64 } from "../draft.ts";
import { draft, MINUS_1, PLACES } from "./setting.ts";

const AT = SCRATCH + 0x100;
const VERSION_1 = 0x19980330;
const VERSION_2 = 0x20071026;
const VERSION_3 = 0x20080522;

/** Who the task is now: three ids, kept behind one another in memory, and what fsuid answers. */
function who(arch: VectorArch, tag: string, kind: "u" | "g"): Operation[] {
  const get: CallName = kind === "u" ? "getresuid" : "getresgid";
  const fs: CallName = kind === "u" ? "setfsuid" : "setfsgid";
  return [
    sys(arch, `${tag}_get`, get, [hex(AT), hex(AT + 4), hex(AT + 8)]),
    sys(arch, `${tag}_real`, kind === "u" ? "getuid" : "getgid"),
    sys(arch, `${tag}_effective`, kind === "u" ? "geteuid" : "getegid"),
    sys(arch, `${tag}_fs`, fs, [MINUS_1]),
  ];
}

/** Every way of changing ids, as root and as somebody else, with and without the capability. */
export function ids(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const ways: [string, "u" | "g", CallName, Arg[]][] = [
    ["setuid-1000", "u", "setuid", [1000]],
    ["setuid-0", "u", "setuid", [0]],
    ["setuid-minus-1", "u", "setuid", [MINUS_1]],
    ["setgid-1000", "g", "setgid", [1000]],
    ["setgid-minus-1", "g", "setgid", [MINUS_1]],
    ["setreuid-1000-2000", "u", "setreuid", [1000, 2000]],
    ["setreuid-keep-2000", "u", "setreuid", [MINUS_1, 2000]],
    ["setreuid-1000-keep", "u", "setreuid", [1000, MINUS_1]],
    ["setreuid-keep-keep", "u", "setreuid", [MINUS_1, MINUS_1]],
    ["setregid-1000-2000", "g", "setregid", [1000, 2000]],
    ["setresuid-1-2-3", "u", "setresuid", [1, 2, 3]],
    ["setresuid-keep-2-keep", "u", "setresuid", [MINUS_1, 2, MINUS_1]],
    ["setresuid-keep-all", "u", "setresuid", [MINUS_1, MINUS_1, MINUS_1]],
    ["setresgid-1-2-3", "g", "setresgid", [1, 2, 3]],
    ["setfsuid-1000", "u", "setfsuid", [1000]],
    ["setfsgid-1000", "g", "setfsgid", [1000]],
    ["setuid-wide", "u", "setuid", ["0xffffffff000003e8"]],
  ];
  for (const caps of ["all", "none"] as const)
    for (const [name, kind, call, args] of ways)
      out.push(
        draft(
          arch,
          "ids",
          `${name}-${caps}`,
          [
            ...who(arch, "before", kind),
            sys(arch, "x", call, args),
            ...who(arch, "after", kind),
            // And back: as somebody who may, or may not, any more.
            sys(
              arch,
              "back",
              call,
              args.map(() => 0),
            ),
            ...who(arch, "end", kind),
          ],
          { caps },
        ),
      );
  const moves: [string, Arg[]][] = [
    ["to-real", [1]],
    ["to-effective", [2]],
    ["to-saved", [3]],
    ["to-other", [4]],
  ];
  for (const [name, args] of moves)
    out.push(
      draft(arch, "ids", `moved-setuid-${name}`, [
        sys(arch, "x", "setresuid", [1, 2, 3]),
        sys(arch, "y", "setuid", args),
        ...who(arch, "end", "u"),
      ]),
      draft(arch, "ids", `moved-setreuid-${name}`, [
        sys(arch, "x", "setresuid", [1, 2, 3]),
        sys(arch, "y", "setreuid", [MINUS_1, ...args]),
        sys(arch, "z", "setreuid", [...args, MINUS_1]),
        ...who(arch, "end", "u"),
      ]),
      draft(arch, "ids", `moved-setfsuid-${name}`, [
        sys(arch, "x", "setresuid", [1, 2, 3]),
        sys(arch, "y", "setfsuid", args),
        ...who(arch, "end", "u"),
      ]),
    );
  for (const [name, at] of PLACES)
    for (const [call, third] of [
      ["getresuid", "third"],
      ["getresuid", "first"],
    ] as const)
      out.push(
        draft(arch, "ids", `${call}-${third}-${name}`, [
          sys(arch, "set", "setresuid", [1, 2, 3]),
          sys(
            arch,
            "x",
            call,
            third === "first" ? [arg(at), hex(AT), hex(AT + 4)] : [hex(AT), hex(AT + 4), arg(at)],
          ),
        ]),
      );
  return out;
}

/** Supplementary groups: how many, where they lie. */
export function groups(arch: VectorArch): Vector[] {
  const list = page(SCRATCH, "rw-", [{ off: 0, hex: words32([5, 3, 4, -1]) }]);
  const more = { regions: [list], dump: [{ addr: hex(SCRATCH), size: 4096 }] };
  const out = [0, 1, 3, 4, 65536, 65537, MINUS_1].map((count) =>
    draft(
      arch,
      "groups",
      `set-${count}`,
      [
        sys(arch, "none", "getgroups", [0, 0]),
        sys(arch, "s", "setgroups", [count, hex(SCRATCH)]),
        sys(arch, "how-many", "getgroups", [0, 0]),
        sys(arch, "few", "getgroups", [1, hex(AT)]),
        sys(arch, "g", "getgroups", [8, hex(AT)]),
      ],
      more,
    ),
  );
  for (const [name, at] of PLACES)
    out.push(
      draft(arch, "groups", `set-at-${name}`, [sys(arch, "s", "setgroups", [1, arg(at)])]),
      draft(
        arch,
        "groups",
        `get-at-${name}`,
        [sys(arch, "s", "setgroups", [3, hex(SCRATCH)]), sys(arch, "g", "getgroups", [3, arg(at)])],
        { regions: [list, ...draft(arch, "", "", []).regions.slice(1)] },
      ),
    );
  out.push(draft(arch, "groups", "no-capability", [sys(arch, "s", "setgroups", [0, 0])], { caps: "none" }));
  return out;
}

/** capget and capset: versions, places, what may be raised (the effective within the permitted). */
export function capabilitySets(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const header = SCRATCH;
  const data = SCRATCH + 0x40;
  const setting = (version: number, pid: number, sets: readonly number[]): Partial<Vector> => ({
    caps: ["CAP_KILL", "CAP_SETUID", "CAP_CHECKPOINT_RESTORE"],
    regions: [
      page(SCRATCH, "rw-", [
        { off: 0, hex: words32([version, pid]) },
        { off: 0x40, hex: words32(sets) },
      ]),
      ...draft(arch, "", "", []).regions.slice(1),
    ],
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
  });
  const KILL = 1 << 5;
  const SETUID = 1 << 7;
  const RESTORE = 1 << 8;
  for (const [name, version] of [
    ["v1", VERSION_1],
    ["v2", VERSION_2],
    ["v3", VERSION_3],
    ["none", 0],
    ["next", 0x20080523],
  ] as [string, number][])
    for (const pid of [0, 1, 99, -1])
      out.push(
        draft(
          arch,
          "capget",
          `${name}-pid${pid}`,
          [
            sys(arch, "g", "capget", [hex(header), hex(data)]),
            sys(arch, "probe", "capget", [hex(header), 0]),
          ],
          setting(version, pid, []),
        ),
      );
  const sets: [string, number[]][] = [
    ["nothing", [0, 0, 0, 0, 0, 0]],
    ["as-they-are", [KILL | SETUID, KILL | SETUID, 0, RESTORE, RESTORE, 0]],
    ["less-effective", [KILL, KILL | SETUID, 0, 0, RESTORE, 0]],
    ["more-permitted", [0, KILL | 1, 0, 0, 0, 0]],
    ["effective-beyond", [SETUID, KILL, 0, 0, 0, 0]],
    ["inheritable", [KILL, KILL, KILL, 0, 0, 0]],
    ["inheritable-beyond", [KILL, KILL, 1, 0, 0, 0]],
    ["unknown-bits", [KILL, KILL, 0, 0x80000000, 0x80000000, 0]],
  ];
  for (const [name, words] of sets)
    for (const pid of [0, 1, 99])
      out.push(
        draft(
          arch,
          "capset",
          `${name}-pid${pid}`,
          [
            sys(arch, "s", "capset", [hex(header), hex(data)]),
            sys(arch, "g", "capget", [hex(header), hex(data + 0x40)]),
            sys(arch, "again", "capset", [hex(header), hex(data)]),
          ],
          setting(VERSION_3, pid, words),
        ),
      );
  for (const [name, at] of PLACES)
    out.push(
      draft(
        arch,
        "capget",
        `header-${name}`,
        [sys(arch, "g", "capget", [arg(at), hex(data)])],
        setting(VERSION_3, 0, []),
      ),
      draft(
        arch,
        "capget",
        `data-${name}`,
        [sys(arch, "g", "capget", [hex(header), arg(at)])],
        setting(VERSION_3, 0, []),
      ),
      draft(
        arch,
        "capset",
        `data-${name}`,
        [sys(arch, "s", "capset", [hex(header), arg(at)])],
        setting(VERSION_3, 0, []),
      ),
    );
  // What an id change leaves of the sets: all of them, what is permitted, nothing.
  for (const [name, change] of [
    ["setuid", sys(arch, "x", "setuid", [1000])],
    ["seteuid", sys(arch, "x", "setresuid", [MINUS_1, 1000, MINUS_1])],
    ["setfsuid", sys(arch, "x", "setfsuid", [1000])],
    ["keepcaps", sys(arch, "x", "setuid", [1000])],
    ["seteuid-and-back", sys(arch, "x", "setresuid", [MINUS_1, 1000, MINUS_1])],
  ] as [string, Operation][])
    out.push(
      draft(
        arch,
        "capset",
        `after-${name}`,
        [
          ...(name === "keepcaps" ? [sys(arch, "keep", "prctl", [8, 1])] : []),
          change,
          sys(arch, "g", "capget", [hex(header), hex(data)]),
          ...(name === "seteuid-and-back"
            ? [
                sys(arch, "y", "setresuid", [MINUS_1, 0, MINUS_1]),
                sys(arch, "g2", "capget", [hex(header), hex(data + 0x40)]),
              ]
            : []),
        ],
        setting(VERSION_3, 0, []),
      ),
    );
  return out;
}

/** prctl: a task's name and its death signal, keepcaps and the bounding set. */
export function prctls(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const name = page(SCRATCH, "rw-", [
    { off: 0, hex: Buffer.from("a-name-that-is-too-long\0", "latin1").toString("hex") },
  ]);
  const more = { regions: [name], dump: [{ addr: hex(SCRATCH), size: 4096 }] };
  out.push(
    draft(
      arch,
      "prctl.name",
      "cut",
      [sys(arch, "s", "prctl", [15, hex(SCRATCH)]), sys(arch, "g", "prctl", [16, hex(SCRATCH + 0x100)])],
      more,
    ),
    draft(
      arch,
      "prctl.name",
      "child",
      [
        sys(arch, "s", "prctl", [15, hex(SCRATCH)]),
        sys(arch, "c", "fork", [], {
          child: [sys(arch, "g", "prctl", [16, hex(SCRATCH + 0x100)])],
          childDump: true,
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
      ],
      more,
    ),
  );
  for (const [place, at] of PLACES)
    out.push(
      draft(arch, "prctl.name", `set-${place}`, [sys(arch, "s", "prctl", [15, arg(at)])]),
      draft(
        arch,
        "prctl.name",
        `get-${place}`,
        [sys(arch, "s", "prctl", [15, hex(SCRATCH)]), sys(arch, "g", "prctl", [16, arg(at)])],
        { regions: [name, ...draft(arch, "", "", []).regions.slice(1)] },
      ),
      draft(arch, "prctl.death", `get-${place}`, [sys(arch, "g", "prctl", [2, arg(at)])]),
    );
  for (const left of [14, 15])
    out.push(
      draft(arch, "prctl.name", `${left}-before-a-hole`, [
        sys(arch, "s", "prctl", [15, hex(SCRATCH + 4096 - left)]),
      ]),
    );
  for (const signal of [0, 1, 9, 64, 65, MINUS_1, "0x100000009"])
    out.push(
      draft(arch, "prctl.death", `set-${signal}`, [
        sys(arch, "s", "prctl", [1, signal]),
        sys(arch, "g", "prctl", [2, hex(SCRATCH + 0x100)]),
        sys(arch, "c", "fork", [], {
          child: [sys(arch, "cg", "prctl", [2, hex(SCRATCH + 0x200)])],
          childDump: true,
          noPdeathsig: true,
        }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
      ]),
    );
  for (const value of [0, 1, 2, MINUS_1])
    out.push(
      draft(arch, "prctl.keepcaps", `set-${value}`, [
        sys(arch, "s", "prctl", [8, value]),
        sys(arch, "g", "prctl", [7]),
        sys(arch, "c", "fork", [], { child: [sys(arch, "cg", "prctl", [7])] }),
        sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
      ]),
    );
  for (const cap of [0, 5, 40, 41, 63, 64, MINUS_1])
    for (const caps of [["CAP_SETPCAP"], "none"] as const)
      out.push(
        draft(
          arch,
          "prctl.bounding",
          `${cap}-${caps === "none" ? "none" : "setpcap"}`,
          [
            sys(arch, "r", "prctl", [23, cap]),
            sys(arch, "d", "prctl", [24, cap]),
            sys(arch, "r2", "prctl", [23, cap]),
            sys(arch, "c", "fork", [], { child: [sys(arch, "cr", "prctl", [23, cap])] }),
            sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0, 0]),
          ],
          { caps: caps === "none" ? "none" : [...caps] },
        ),
      );
  out.push(
    draft(arch, "prctl.name", "unknown-option", [
      sys(arch, "x", "prctl", [9999]),
      sys(arch, "y", "prctl", [MINUS_1]),
    ]),
  );
  return out;
}

/** getrlimit and prlimit64 of the limits that are the same everywhere; what may be lowered, and raised again. */
export function limits(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const at = SCRATCH + 0x100;
  const wanted: [string, (number | bigint)[]][] = [
    ["same", [1024, 4096]],
    ["lower", [16, 32]],
    ["soft-above-hard", [64, 32]],
    ["zero", [0, 0]],
    ["above", [1024, 4097]],
    ["infinite", [(1n << 64n) - 1n, (1n << 64n) - 1n]],
  ];
  for (const [name, words] of wanted)
    out.push(
      draft(
        arch,
        "prlimit64",
        name,
        [
          sys(arch, "x", "prlimit64", [0, 7, hex(SCRATCH), hex(at)]),
          sys(arch, "g", "prlimit64", [0, 7, 0, hex(at + 0x20)]),
          sys(arch, "back", "prlimit64", [0, 7, hex(SCRATCH + 0x10), 0]),
          sys(arch, "g2", "prlimit64", [0, 7, 0, hex(at + 0x40)]),
        ],
        {
          caps: ["CAP_KILL"],
          regions: [page(SCRATCH, "rw-", [{ off: 0, hex: words64([...words, 1024, 4096]) }])],
          dump: [{ addr: hex(SCRATCH), size: 4096 }],
        },
      ),
    );
  for (const [name, where] of PLACES)
    out.push(
      draft(arch, "prlimit64", `old-${name}`, [sys(arch, "x", "prlimit64", [0, 7, 0, arg(where)])]),
      draft(arch, "prlimit64", `new-${name}`, [sys(arch, "x", "prlimit64", [0, 7, arg(where), 0])], {
        caps: "none",
      }),
    );
  for (const resource of [0, 3, 4, 7, 13, 15, 16, 99, MINUS_1])
    out.push(
      draft(arch, "prlimit64", `resource${resource}`, [
        sys(arch, "x", "prlimit64", [0, resource, 0, hex(at)]),
      ]),
    );
  for (const pid of [1, 2, 99, MINUS_1])
    out.push(draft(arch, "prlimit64", `pid${pid}`, [sys(arch, "x", "prlimit64", [pid, 7, 0, hex(at)])]));
  return out;
}

/** Who owns a user namespace may do everything in it, and its namespaces are its own (P-18, T-06, T-23). */
export function userNamespaces(arch: VectorArch): Vector[] {
  const inside = [
    sys(arch, "c_uid", "getuid"),
    sys(arch, "c_u", "unshare", [hex(FLAG.NEWPID)]),
    sys(arch, "c_set", "setuid", [1]),
    sys(arch, "c_groups", "setgroups", [0, 0]),
  ];
  return (["all", "none"] as const).flatMap((caps) =>
    [FLAG.NEWUSER, FLAG.NEWUSER | FLAG.NEWPID].map((flags) =>
      draft(
        arch,
        "userns",
        `${flags.toString(16)}-${caps}`,
        [
          sys(arch, "c", "clone", [hex(flags | 17n), 0, 0, 0, 0], { child: inside }),
          sys(arch, "w", "wait4", [{ ret: "c" }, hex(SCRATCH), 0, 0]),
          sys(arch, "u", "unshare", [hex(flags)]),
          sys(arch, "uid", "getuid"),
          sys(arch, "f", "fork", [], { child: [sys(arch, "f_pid", "getpid"), { op: "nspid", of: "f" }] }),
          sys(arch, "w_f", "wait4", [{ ret: "f" }, hex(SCRATCH + 4), 0, 0]),
        ],
        { caps },
      ),
    ),
  );
}

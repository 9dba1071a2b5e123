import type { Vector, VectorArch } from "../../../src/conform/vector.ts";
import { clone3Draft, FLAG, PLAIN, type Prelude, type Wish } from "../clone3-wish.ts";
import { sys } from "../draft.ts";

// biome-ignore format: a list of numbers
const VALUES = [-2147483648, -5, -1, 0, 1, 2, 3, 4, 299, 300, 301, 500, 32767, 32768, 65535, 4194303, 4194304, 2147483647];

function draft(arch: VectorArch, group: string, name: string, wish: Partial<Wish>): Vector {
  const tids = wish.tids ?? [];
  const whole: Wish = {
    ...PLAIN,
    ...wish,
    setTid: tids.length > 0 ? "readable" : "null",
    setTidSize: tids.length,
  };
  return clone3Draft(`${group}/${name}/${arch}`, group, arch, whole);
}

/** One number at one level, the others free (T-03, T-04, T-07, T-15). */
export function values(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const nsLevel of [1, 2, 3])
    for (const nsInit of [true, false])
      for (let index = 0; index < nsLevel; index++)
        for (const value of VALUES) {
          const tids = [700, 701, 702].slice(0, index + 1);
          tids[index] = value;
          const name = `L${nsLevel}${nsInit ? "" : "n"}-at${index}-${value}`;
          out.push(draft(arch, "clone3.set_tid.value", name, { nsLevel, nsInit, tids }));
        }
  return out;
}

/** More numbers than levels, by one and by many, with and without a new namespace (T-01). */
export function levels(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const nsLevel of [1, 2, 4])
    for (const count of [nsLevel - 1, nsLevel, nsLevel + 2, nsLevel + 3, 32])
      for (const flags of [0n, FLAG.NEWPID]) {
        const tids = Array.from({ length: count }, (_, i) => (i === 0 && flags !== 0n ? 1 : 800 + i));
        const name = `L${nsLevel}-count${count}${flags === 0n ? "" : "-newpid"}`;
        out.push(draft(arch, "clone3.set_tid.level", name, { nsLevel, flags, tids }));
      }
  return out;
}

/** Two faults at two levels, in both orders (T-09). */
export function orders(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  const faults: [string, number][] = [
    ["good", 900],
    ["zero", 0],
    ["negative", -1],
    ["beyond", 4194304],
    ["taken", 1],
  ];
  for (const capable of [true, false])
    for (const [inner, a] of faults)
      for (const [middle, b] of faults)
        for (const [outer, c] of faults) {
          const name = `${capable ? "" : "no-caps-"}${inner}-${middle}-${outer}`;
          out.push(draft(arch, "clone3.set_tid.order", name, { nsLevel: 3, capable, tids: [a, b, c] }));
        }
  return out;
}

/** The first number of a namespace: by CLONE_NEWPID, after unshare, and after a failure (T-05, T-18 … T-20). */
export function newNamespaces(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const [how, flags, preludes] of [
    ["newpid", FLAG.NEWPID, []],
    ["unshared", 0n, ["unshare-newpid"]],
    ["both", FLAG.NEWPID, ["unshare-newpid"]],
    ["dead", 0n, ["dead-namespace"]],
    ["dead-newpid", FLAG.NEWPID, ["dead-namespace"]],
  ] as [string, bigint, Prelude[]][])
    for (const capable of [true, false])
      for (const inner of [-1, 0, 1, 2, 42, 4194304])
        for (const outer of [null, -1, 1, 555]) {
          const tids = outer === null ? [inner] : [inner, outer];
          const name = `${how}-${inner}${outer === null ? "" : `-${outer}`}${capable ? "" : "-no-caps"}`;
          const made = draft(arch, "clone3.set_tid.newns", name, {
            nsLevel: 1,
            flags,
            preludes,
            capable,
            tids,
          });
          // A second, plain attempt shows what the first has left behind.
          const after = [
            sys(arch, "again", "fork", [], { child: [sys(arch, "again_pid", "getpid")] }),
            sys(arch, "w_again", "wait4", [{ ret: "again" }, 0, 0x40000000]),
          ];
          out.push({ ...made, program: [...made.program, ...after] });
        }
  return out;
}

/** Capabilities that help and some that do not, with a number that is good, bad, taken (T-06). */
export function capabilities(arch: VectorArch): Vector[] {
  const sets: (readonly string[])[] = [
    [],
    ["CAP_SYS_ADMIN"],
    ["CAP_CHECKPOINT_RESTORE"],
    ["CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE"],
    ["CAP_SYS_PTRACE"],
    ["CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_SYS_RESOURCE"],
  ];
  const out: Vector[] = [];
  for (const caps of sets)
    for (const flags of [0n, FLAG.NEWPID, FLAG.NEWUSER, FLAG.NEWUSER | FLAG.NEWPID, FLAG.NEWNET])
      for (const tids of [[], [1], [600], [1, 600], [0], [600, 0]]) {
        const name = `${caps.join("+") || "none"}-${flags.toString(16)}-${tids.join(",") || "free"}`;
        const made = draft(arch, "clone3.caps", name, { nsLevel: 2, flags, tids });
        out.push({ ...made, caps: caps.length === 0 ? "none" : caps });
      }
  return out;
}

/** The kernel's own choice after chosen numbers, failures and reaped children (T-16, T-17, T-21). */
export function cursors(arch: VectorArch): Vector[] {
  const out: Vector[] = [];
  for (const tids of [[2], [3], [4], [5], [300], [500], [4194303], [0], [1], [4194304]]) {
    const made = draft(arch, "pid.cursor", `${tids.join(",")}`, { nsLevel: 1, tids });
    const after = ["f1", "f2", "f3"].flatMap((label) => [
      sys(arch, label, "fork", [], { child: [] }),
      sys(arch, `w_${label}`, "wait4", [{ ret: label }, 0, 0x40000000]),
    ]);
    const kept = ["k1", "k2", "k3"].map((label) => sys(arch, label, "fork", [], { child: [] }));
    out.push({ ...made, program: [...made.program, ...after] });
    out.push({
      ...made,
      id: `pid.cursor/${tids.join(",")}-unreaped/${arch}`,
      program: [...made.program, ...kept],
    });
    out.push({
      ...made,
      id: `pid.cursor/${tids.join(",")}-zombie/${arch}`,
      program: [...made.program.filter((o) => o.op === "sys" && o.label === "c"), ...kept],
    });
  }
  return out;
}

import { CLONE, hiOf, target_pid_set } from "../src/abi/index.ts";
import { boot, Guest, implement, type Machine } from "../src/kernel/index.ts";
import type { Variant } from "./harness.ts";
import { kalloc16 } from "./support.ts";

export const title = "The gate: calls driven by the host, no guest instruction and no privilege transition";

/** A call that writes 16 bytes to user memory: the smallest useful out-structure. */
const write16 = implement(
  {
    name: "write16",
    numbers: { x86_64: 400 },
    args: { at: { out: "u64" } },
    returns: "int",
    ladder: [["unwritable", "EFAULT", [], "the sixteen bytes cannot be written"]],
    support: "full",
    provenance: ["the benchmark"],
  } as const,
  (k, { at }) => {
    const buffer = kalloc16(k);
    return k.uaccess.copyToUser(at, buffer, 16) === 0 ? 0 : k.fail("unwritable");
  },
);

/** xorshift: a fixed sequence of small numbers, so that the branch predictor learns nothing. */
function mixed(choices: readonly number[], length: number): Int32Array {
  const out = new Int32Array(length);
  let x = 88172645;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    out[i] = choices[(x >>> 0) % choices.length] as number;
  }
  return out;
}

function nested(levels: number): { machine: Machine; caller: Guest; set: number } {
  const machine = boot({ profile: "cwp-v3" });
  let caller = new Guest(machine, machine.init);
  for (let level = 1; level < levels; level++) {
    caller = caller.child(caller.call("clone", { flags: CLONE.NEWPID | 17 }));
  }
  const set = caller.map(4096);
  caller.writeInts(set + 64, [7777]);
  caller.writeStruct(set, target_pid_set, { num_pids: 1, target_pids: set + 64 });
  return { machine, caller, set };
}

/** clone_with_pids, the child's exit, and the parent's wait, through the registers. */
function cycle(levels: number, flags: number): Variant["work"] {
  const { machine, caller, set } = nested(levels);
  const { task } = caller;
  const high = hiOf(set);
  const { regs } = task;
  const nr = machine.numberOf("clone_with_pids", task.path) ?? 0;
  const args = task.path.argIndex;
  const u32 = regs.u32;
  const base = regs.base;
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      u32[base + task.path.nrIndex] = nr;
      u32[base + (args[0] as number)] = flags | 17;
      u32[base + (args[1] as number)] = 0;
      u32[base + (args[5] as number)] = set;
      u32[base + (args[5] as number) + 1] = high;
      machine.enter(task);
      const child = machine.find(task.pidNs, 7777);
      if (child === null) throw new Error("no child");
      child.regs.u32[child.regs.base + task.path.nrIndex] = 60;
      child.regs.u32[child.regs.base + (args[0] as number)] = 0;
      machine.enter(child);
      u32[base + task.path.nrIndex] = 61;
      u32[base + (args[0] as number)] = 7777;
      u32[base + (args[1] as number)] = 0;
      u32[base + (args[2] as number)] = 0;
      u32[base + (args[3] as number)] = 0;
      machine.enter(task);
      sum += u32[base + task.path.resultIndex] as number;
    }
    return sum;
  };
}

export function variants(): Variant[] {
  const machine = boot({ profile: "cwp-v3", calls: [write16] });
  const guest = new Guest(machine, machine.init);
  const { task } = guest;
  const at = guest.map(4096);
  const mix = mixed([39, 186, 110, 111, 39, 186], 4096);
  const same: Variant["work"] = (n) => {
    const { u32, base } = task.regs;
    const nrAt = base + task.path.nrIndex;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      u32[nrAt] = 39;
      machine.enter(task);
      sum += u32[nrAt] as number;
    }
    return sum;
  };
  const random: Variant["work"] = (n) => {
    const { u32, base } = task.regs;
    const nrAt = base + task.path.nrIndex;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      u32[nrAt] = mix[i & 4095] as number;
      machine.enter(task);
      sum += u32[nrAt] as number;
    }
    return sum;
  };
  const writing: Variant["work"] = (n) => {
    const { u32, base } = task.regs;
    const nrAt = base + task.path.nrIndex;
    const argAt = base + (task.path.argIndex[0] as number);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      u32[nrAt] = 400;
      u32[argAt] = at;
      u32[argAt + 1] = hiOf(at);
      machine.enter(task);
      sum += u32[nrAt] as number;
    }
    return sum;
  };
  return [
    { title: "no-argument call, same number", work: same, goal: 10 },
    { title: "no-argument calls, random mix", work: random, goal: 30 },
    { title: "call that writes 16 bytes", work: writing, goal: 50 },
    { title: "clone_with_pids + exit + wait4, 1 level", work: cycle(1, 0), goal: 2_000 },
    { title: "clone_with_pids + exit + wait4, 3 levels", work: cycle(3, 0) },
    { title: "clone_with_pids + exit + wait4, 32 levels", work: cycle(32, 0), goal: 6_000 },
    {
      title: "the same with CLONE_VM|CLONE_VFORK, 1 level",
      work: cycle(1, CLONE.VM | CLONE.VFORK),
      goal: 1_000,
    },
  ];
}

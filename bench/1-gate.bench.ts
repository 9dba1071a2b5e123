import { hiOf } from "../src/abi/index.ts";
import { boot, Guest, implement } from "../src/kernel/index.ts";
import type { BenchRow, Work } from "./harness.ts";
import { scattered } from "./support.ts";

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
  (k, { at }) => (k.uaccess.copyToUser(at, k.kalloc(16), 16) === 0 ? 0 : k.fail("unwritable")),
);

function guest(): Guest {
  const machine = boot({ profile: "cwp-v3", calls: [write16] });
  return new Guest(machine, machine.init);
}

/** Calls without arguments, one number after the other. */
function calls(numbers: readonly number[]): Work {
  const { machine, task } = guest();
  const mix = scattered(4096, numbers.length).map((i) => numbers[i] as number);
  return (n) => {
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
}

function getpid(): Work {
  const { machine, task } = guest();
  return (n) => {
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
}

function writing(): Work {
  const caller = guest();
  const { machine, task } = caller;
  const at = caller.map(4096);
  return (n) => {
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
}

export const rows: BenchRow[] = [
  { title: "no-argument call, same number", setup: getpid, goal: 10 },
  { title: "no-argument calls, random mix", setup: () => calls([39, 186, 110, 111, 39, 186]), goal: 30 },
  { title: "call that writes 16 bytes", setup: writing, goal: 50 },
];

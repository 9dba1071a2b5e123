import { allocPid } from "../src/kernel/pid/alloc.ts";
import { PidBitmap } from "../src/kernel/pid/bitmap.ts";
import { PidNamespace } from "../src/kernel/pid/namespace.ts";
import { Pid } from "../src/kernel/pid/pid.ts";
import { PID_POLICY_2009 } from "../src/kernel/pid/policy.ts";
import { UserNamespace } from "../src/kernel/task/credentials.ts";
import type { BenchRow, Work } from "./harness.ts";

export const title = "Pid numbers, up to 4 194 304";

const LIMIT = 4_194_304;

function filled(live: number): PidBitmap {
  const map = new PidBitmap();
  for (let nr = 0; nr < live; nr++) map.set(nr);
  return map;
}

/** Cyclic: the next free number, taken, and the one before given back. */
function cycle(map: PidBitmap): Work {
  let cursor = 300;
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let nr = map.nextFree(cursor + 1, LIMIT);
      if (nr < 0) nr = map.nextFree(300, LIMIT);
      map.set(nr);
      map.clear(nr);
      cursor = nr;
      sum += nr;
    }
    return sum;
  };
}

function whole(levels: number): Work {
  const userNs = new UserNamespace(0, null, 0, { capabilities: true, accounts: "chain" });
  let ns = new PidNamespace({ id: 0, parent: null, pidMax: LIMIT, userNs });
  Pid.idle(ns);
  for (let level = 1; level < levels; level++)
    ns = new PidNamespace({ id: level, parent: ns, pidMax: LIMIT, userNs });
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const pid = allocPid(ns, null, PID_POLICY_2009);
      if (!(pid instanceof Pid)) throw new Error(pid);
      sum += pid.numbers[0] as number;
      pid.release();
    }
    return sum;
  };
}

function oneLeft(): Work {
  const map = filled(LIMIT);
  map.clear(2_000_000);
  return cycle(map);
}

export const rows: BenchRow[] = [
  { title: "next free + free, 1 000 live", setup: () => cycle(filled(1_000)), goal: 50 },
  { title: "next free + free, 2 097 152 live", setup: () => cycle(filled(LIMIT / 2)), goal: 50 },
  { title: "next free + free, one number left", setup: oneLeft, goal: 50 },
  { title: "struct pid made and released, 1 level", setup: () => whole(1) },
  { title: "struct pid made and released, 32 levels", setup: () => whole(32) },
];

import {
  layoutOf,
  type StructDecl,
  type StructLayout,
  type UserPtr,
  X86_64,
} from "../../../src/abi/index.ts";
import type { Call, Result, Rungs, Task } from "../../../src/kernel/index.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

/** 56 bytes on x86_64, six of them and the tail nobody's; 48 on i386. */
const zoo_stat = {
  struct: "zoo_stat",
  fields: {
    kind: "u16",
    pid: "pid_t",
    mask: "u64",
    uid: "uid_t",
    slack: "unsigned long",
    spare: { array: "u32", length: 4 },
    threads: "u16",
  },
} as const satisfies StructDecl;

/** A stat-like out-structure: what there is to say of a task. */
const decl = {
  name: "zoo_stat",
  numbers: ZOO_NUMBERS,
  args: { pid: "pid_t", flags: "unsigned int", mask: "unsigned long", st: { out: "zoo_stat" } },
  returns: "int",
  ladder: [
    ["flags-unknown", "EINVAL", [], "flags must be 0 or 1"],
    ["no-task", "ESRCH", [], "the caller's namespace knows no such task"],
    ["st-unwritable", "EFAULT", "U-03", "the struct cannot be written"],
  ],
  support: "full",
  provenance: ["the zoo"],
} as const;

type Stat = Call<Rungs<typeof decl>>;
type Out = UserPtr<"zoo_stat", "out">;

const SPARE = [0, 1, 2, 3].map((i) => `spare[${i}]`);

interface Asked {
  readonly flags: number;
  readonly mask: { readonly lo: number; readonly hi: number };
}

/** Fills in what has a name, and nothing else. */
function fill(k: Stat, layout: StructLayout, at: number, task: Task, { flags, mask }: Asked): void {
  layout.field("kind").set(k.view, at, flags);
  layout.field("pid").set(k.view, at, task.nrIn(k.task.pidNs));
  layout.field("mask").setWords(k.view, at, mask.lo, mask.hi);
  layout.field("uid").set(k.view, at, task.cred.uid);
  layout.field("slack").set(k.view, at, task.timerSlack);
  layout.field("threads").set(k.view, at, task.signal.live);
}

/** A local struct with every byte said: the padding and the spare words are 0. */
function filled(k: Stat, layout: StructLayout, task: Task, asked: Asked): number {
  const at = k.kstack(layout.size);
  k.machine.pool.fill(at, 0, layout.size);
  fill(k, layout, at, task, asked);
  return at;
}

function handOut(k: Stat, st: Out, at: number, size: number): Result {
  return k.uaccess.copyToUser(st, at, size) === 0 ? 0 : k.fail("st-unwritable");
}

function find(k: Stat, pid: number): Task | null {
  return pid === 0 ? k.task : k.machine.find(k.task.pidNs, pid);
}

/** `zoo_stat` and its copies. */
export const zooStat: ZooCall = zooCall(
  decl,
  {
    structs: [zoo_stat],
    handler: (k, { pid, flags, st }) => {
      if (flags > 1) return k.fail("flags-unknown");
      const task = find(k, pid);
      if (task === null) return k.fail("no-task");
      const layout = k.layout(zoo_stat);
      return handOut(k, st, filled(k, layout, task, { flags, mask: k.word("mask") }), layout.size);
    },
  },
  {
    padding: {
      about: "sets every field of a local struct, and nobody sets the padding between them",
      detector: "kernel-bytes",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        const layout = k.layout(zoo_stat);
        const at = k.kstack(layout.size);
        fill(k, layout, at, task, { flags, mask: k.word("mask") });
        for (const word of SPARE) layout.field(word).set(k.view, at, 0);
        return handOut(k, st, at, layout.size);
      },
    },
    "spare-words": {
      about: "clears the struct up to its spare words, which came later",
      detector: "kernel-bytes",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        const layout = k.layout(zoo_stat);
        const at = k.kstack(layout.size);
        const threads = layout.field("threads");
        k.machine.pool.fill(at, 0, layout.field("spare[0]").offset);
        k.machine.pool.fill(at + threads.offset, 0, layout.size - threads.offset);
        fill(k, layout, at, task, { flags, mask: k.word("mask") });
        return handOut(k, st, at, layout.size);
      },
    },
    "before-it-grew": {
      about: "copies as many bytes as the struct had before its last field",
      detector: "partial-copy",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        const layout = k.layout(zoo_stat);
        const at = filled(k, layout, task, { flags, mask: k.word("mask") });
        return handOut(k, st, at, layout.field("threads").offset);
      },
    },
    "native-layout": {
      about: "writes its own layout, whoever calls: longer than the struct of a 32-bit caller",
      detector: "compat-drift",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        const layout = layoutOf(zoo_stat, X86_64, k.machine.registry.types);
        return handOut(k, st, filled(k, layout, task, { flags, mask: k.word("mask") }), layout.size);
      },
    },
    "mask-sign-extended": {
      about: "takes a 32-bit caller's unsigned long for an int and widens it with its sign",
      detector: "compat-drift",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        const { lo, hi } = k.word("mask");
        const mask = { lo, hi: k.path.wide ? hi : (lo | 0) >> 31 };
        const layout = k.layout(zoo_stat);
        return handOut(k, st, filled(k, layout, task, { flags, mask }), layout.size);
      },
    },
    "flags-as-long": {
      about: "looks at the whole register of an unsigned int, whose upper half is anything",
      detector: "compat-drift",
      handler: (k, { pid, flags, st }) => {
        const word = k.word("flags");
        if (word.hi !== 0 || word.lo > 1) return k.fail("flags-unknown");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        const layout = k.layout(zoo_stat);
        return handOut(k, st, filled(k, layout, task, { flags, mask: k.word("mask") }), layout.size);
      },
    },
    "clears-first": {
      about: "clears the caller's struct before it knows whether there is such a task",
      detector: "write-on-failure",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const layout = k.layout(zoo_stat);
        if (k.uaccess.clearUser(st, layout.size) !== 0) return k.fail("st-unwritable");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        return handOut(k, st, filled(k, layout, task, { flags, mask: k.word("mask") }), layout.size);
      },
    },
    "range-first": {
      about: "looks at the range of the struct before it looks for the task",
      detector: "error-order",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const layout = k.layout(zoo_stat);
        if (!k.uaccess.accessOk(st, layout.size)) return k.fail("st-unwritable");
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        return handOut(k, st, filled(k, layout, task, { flags, mask: k.word("mask") }), layout.size);
      },
    },
    "task-before-flags": {
      about: "looks for the task before it looks at the flags",
      detector: "error-order",
      handler: (k, { pid, flags, st }) => {
        const task = find(k, pid);
        if (task === null) return k.fail("no-task");
        if (flags > 1) return k.fail("flags-unknown");
        const layout = k.layout(zoo_stat);
        return handOut(k, st, filled(k, layout, task, { flags, mask: k.word("mask") }), layout.size);
      },
    },
    "no-null-check": {
      about: "uses the task it found without a look whether it found one",
      detector: "oops",
      handler: (k, { pid, flags, st }) => {
        if (flags > 1) return k.fail("flags-unknown");
        const layout = k.layout(zoo_stat);
        const at = filled(k, layout, find(k, pid) as Task, { flags, mask: k.word("mask") });
        return handOut(k, st, at, layout.size);
      },
    },
  },
);

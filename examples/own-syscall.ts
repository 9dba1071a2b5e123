/**
 * A call of one's own, outside the source tree: a struct, a declaration, a handler; run and traced on two
 * architectures. docs/HOWTO-add-a-syscall.md goes through it piece by piece.
 */
import {
  boot,
  CLONE,
  Guest,
  guardAlloc,
  implement,
  layoutOf,
  PAGE_SIZE,
  PROT_READ,
  SIG,
  type StructDecl,
  type SyscallDecl,
  TextTrace,
} from "trapgate";

const pid_query = {
  struct: "pid_query",
  fields: {
    pid: "pid_t", // as the caller's namespace knows it
    flags: "u64", // none yet
    levels: "int", // how many namespaces further down
  },
} as const satisfies StructDecl;

const pid_below = {
  name: "pid_below",
  numbers: {
    x86_64: { nr: 1000, assigned: "an example; no kernel has this call" },
    i386: { nr: 1000, assigned: "an example; no kernel has this call" },
  },
  args: { query: { in: "pid_query" }, number: { out: "pid_t" } },
  returns: "int",
  ladder: [
    ["query-unreadable", "EFAULT", [], "struct pid_query cannot be read"],
    ["flags-unknown", "EINVAL", [], "flags must be 0"],
    ["no-task", "ESRCH", [], "the caller's namespace knows no such task"],
    ["not-that-deep", "EINVAL", [], "the task has no number on that level"],
    ["number-unwritable", "EFAULT", [], "the answer cannot be stored"],
  ],
  effects: ["writes one pid_t"],
  support: "full",
  provenance: ["an example"],
} as const satisfies SyscallDecl;

const pidBelow = implement(pid_below, (k, { query, number }) => {
  const layout = k.layout(pid_query);
  const copy = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(copy, query, layout.size) !== 0) return k.fail("query-unreadable");

  const flags = layout.field("flags");
  if (flags.lo(k.view, copy) !== 0 || flags.hi(k.view, copy) !== 0) return k.fail("flags-unknown");

  const ns = k.task.pidNs;
  const task = k.machine.find(ns, layout.field("pid").int(k.view, copy));
  if (task === null) return k.fail("no-task");

  const levels = layout.field("levels").int(k.view, copy);
  const nr = levels < 0 ? undefined : task.pid.numbers[ns.level + levels];
  if (nr === undefined) return k.fail("not-that-deep");

  return k.uaccess.putUser(number, 4, nr) ? 0 : k.fail("number-unwritable");
});

for (const arch of ["x86_64", "i386"] as const) {
  const text = new TextTrace({ prefix: false, reasons: true, align: 0 });
  const machine = boot({
    arch,
    calls: [pidBelow],
    structs: [pid_query],
    trace: (record) => process.stdout.write(text.push(record)),
  });
  const guest = new Guest(machine, machine.init);
  const { mm, path } = guest.task;
  if (mm === null) throw new Error("init has no memory");

  const layout = layoutOf(pid_query, path.model);
  const offsets = layout.fields.map((field) => `${field.name} at ${field.offset}`);
  console.log(`${arch}: struct pid_query is ${layout.size} bytes, ${offsets.join(", ")}`);

  // A child that is init of a pid namespace of its own: one number here, number 1 down there.
  const child = guest.call("clone", { flags: CLONE.NEWPID | SIG.CHLD }) ?? 0;

  const number = guest.map(PAGE_SIZE);
  const readOnly = guest.map(PAGE_SIZE, PROT_READ);
  // The struct ends where its page ends, and behind that page nothing is mapped.
  const query = guardAlloc(mm, layout.size);
  const ask = (pid: number, levels: number, flags: number | bigint, out: number) => {
    guest.writeStruct(query, pid_query, { pid, flags, levels });
    guest.call("pid_below", { query, number: out });
  };

  // Everything wrong at once, then one fault less each time: the order in which the rungs speak.
  guest.call("pid_below", { query: query + 1, number: readOnly });
  ask(99, 2, 1n << 63n, readOnly);
  ask(99, 2, 0, readOnly);
  ask(child, 2, 0, readOnly);
  ask(child, 1, 0, readOnly);
  ask(child, 1, 0, number);
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { CLONE, O, target_pid_set } from "../../../src/abi/index.ts";
import type { OpenFile } from "../../../src/kernel/file/open-file.ts";
import { PipeEnd } from "../../../src/kernel/file/pipe-end.ts";
import { boot, Guest, type Machine, SIG } from "../../../src/kernel/index.ts";
import type { TraceRecord } from "../../../src/kernel/trace/record.ts";
import { PROT_READ, PROT_WRITE } from "../../../src/mm/index.ts";

const ARENA = 0x1000_0000;

/** One step of a small program: which task, and what it does. */
interface Step {
  readonly who: number;
  readonly what:
    | "clone"
    | "newpid"
    | "thread"
    | "pids"
    | "exit"
    | "wait"
    | "setsid"
    | "kill"
    | "write"
    | "pipe"
    | "send"
    | "receive"
    | "shut";
  readonly value: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(7),
  what: fc.constantFrom<Step["what"][]>(
    "clone",
    "newpid",
    "thread",
    "pids",
    "exit",
    "wait",
    "setsid",
    "kill",
    "write",
    "pipe",
    "send",
    "receive",
    "shut",
  ),
  value: fc.integer({ min: 1, max: 40 }),
});

/** Lets a task of the machine take a step; tasks that wait or have gone do nothing. */
function take(machine: Machine, { who, what, value }: Step): void {
  const tasks = [...machine.tasks];
  const task = tasks[who % tasks.length];
  if (task === undefined || task.state !== "running") return;
  const guest = new Guest(machine, task);
  switch (what) {
    case "clone":
      guest.call("clone", { flags: SIG.CHLD });
      break;
    case "newpid":
      guest.call("clone", { flags: CLONE.NEWPID | SIG.CHLD });
      break;
    case "thread":
      guest.call("clone", { flags: CLONE.VM | CLONE.SIGHAND | CLONE.THREAD });
      break;
    case "pids":
      guest.writeInts(ARENA + 64, [value]);
      guest.writeStruct(ARENA, target_pid_set, { num_pids: 1, target_pids: ARENA + 64 });
      guest.call("clone_with_pids", { flags: SIG.CHLD, pid_set: ARENA });
      break;
    case "exit":
      if (task !== machine.init) guest.call(value % 2 ? "exit" : "exit_group", { error_code: value });
      break;
    case "wait":
      guest.call("wait4", { upid: -1, stat_addr: ARENA + 128, options: value % 3 ? 1 : 0 });
      break;
    case "pipe":
      guest.call("pipe2", { fildes: ARENA + 256, flags: value % 2 ? O.NONBLOCK : 0 });
      break;
    case "send":
    case "receive":
      guest.call(what === "send" ? "write" : "read", { fd: value % 6, buf: ARENA + 512, count: value * 99 });
      break;
    case "shut":
      guest.call("close", { fd: value % 6 });
      break;
    case "setsid":
      guest.call("setsid");
      break;
    case "kill":
      guest.call("kill", { pid: value, sig: value % 2 ? SIG.KILL : SIG.STOP });
      break;
    case "write":
      // Both pages: the private one and the shared one.
      guest.writeInts(ARENA + value * 200, [value]);
  }
}

/** Everything a guest or a host could tell two machines apart by. */
function portrait(machine: Machine): unknown {
  return {
    tasks: [...machine.tasks].map((t) => ({
      numbers: t.pidNumbers(),
      state: t.state,
      waits: t.blocked === null ? null : machine.tableOf(t.blocked.path).get(t.blocked.nr).call.name,
      parent: t.realParent.pidNumbers(),
      group: t.signal.pgrp.numbers,
      session: t.signal.session.numbers,
      threads: t.signal.threads.map((x) => x.pidNumbers()),
      children: [...(t.children ?? [])].map((c) => c.pidNumbers()),
      registers: [...t.regs.bytes()].join(),
      memory: t.mm === null ? null : memoryOf(t.mm.vmas(), t.mm),
      lastPid: t.pidNs.lastPid,
      files: t.files.descriptors().map((fd) => [fd, t.files.lookup(fd)?.refs, inside(t.files.lookup(fd))]),
    })),
    threads: machine.nrThreads,
    numbers: machine.rootPidNs.live,
    frames: machine.pool.used,
    processes: machine.rootUserNs.account(0).processes,
    files: machine.filp.used,
    pipes: machine.pipes.used,
    holders: machine.pool.holders.size,
    images: machine.regsPool.live,
  };
}

/** What is in a pipe, page by page. */
function inside(file: OpenFile | null): unknown {
  if (!(file?.op instanceof PipeEnd)) return file?.op.name;
  const { buffers, readers, writers, waitingReaders, waitingWriters } = file.op.pipe;
  return {
    buffers: structuredClone(buffers),
    ends: [readers, writers, waitingReaders.length, waitingWriters.length],
  };
}

function memoryOf(
  vmas: readonly { start: number; end: number }[],
  mm: { peek(at: number, to: Uint8Array): number },
): string {
  return vmas
    .map(({ start, end }) => {
      const bytes = new Uint8Array(end - start);
      mm.peek(start, bytes);
      return `${start}:${Buffer.from(bytes).toString("base64")}`;
    })
    .join();
}

function machineWith(trace?: (record: TraceRecord) => void): Machine {
  const machine = boot({ frames: 256, pidMax: 400, ...(trace === undefined ? {} : { trace }) });
  machine.init.mm?.map(ARENA, 4096, PROT_READ | PROT_WRITE);
  machine.init.mm?.map(ARENA + 4096, 4096, PROT_READ | PROT_WRITE, { shared: true });
  return machine;
}

test("law: restoring a snapshot brings back everything, any number of times, and what follows is the same again", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 25 }),
      fc.array(step, { minLength: 1, maxLength: 25 }),
      (before, after) => {
        const machine = machineWith();
        for (const s of before) take(machine, s);
        const was = portrait(machine);
        const snapshot = machine.snapshot();
        expect(portrait(machine)).toEqual(was);
        for (const s of after) take(machine, s);
        const then = portrait(machine);
        snapshot.restore();
        expect(portrait(machine)).toEqual(was);
        for (const s of after) take(machine, s);
        expect(portrait(machine)).toEqual(then);
        snapshot.restore();
        snapshot.discard();
        expect(portrait(machine)).toEqual(was);
        expect(machine.oopses).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test("law: the same traps in the same order give the same trace, record by record", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const run = (): string => {
        const lines: string[] = [];
        const machine = machineWith((record) => lines.push(JSON.stringify(record)));
        for (const s of steps) take(machine, s);
        return lines.join("\n");
      };
      expect(run()).toBe(run());
    }),
    { numRuns: 40 },
  );
});

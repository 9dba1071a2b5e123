import fc from "fast-check";
import { CLONE, O, WAIT } from "../../../src/abi/structs/index.ts";
import { Guest, SIG, type Task } from "../../../src/kernel/index.ts";
import { sendSignal } from "../../../src/kernel/signal/send.ts";
import { type Lab, SCRATCH } from "./lab.ts";

/** One step of a random program: who takes it, what it is, and three numbers to fill it in with. */
export interface Step {
  readonly who: number;
  readonly what: What;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const WHAT = [
  "clone",
  "newpid",
  "thread",
  "vfork",
  "pids",
  "odd",
  "exit",
  "wait",
  "setsid",
  "setpgid",
  "kill",
  "write",
  "pipe",
  "send",
  "receive",
  "shut",
] as const;
type What = (typeof WHAT)[number];

/** Flags that make sense in any combination, and some that do not. */
const SHARED = [
  0,
  CLONE.VM,
  CLONE.FILES,
  CLONE.FS | CLONE.FILES,
  CLONE.VM | CLONE.SIGHAND,
  CLONE.PARENT,
  CLONE.STOPPED,
  CLONE.NEWUTS,
  CLONE.NEWUSER,
  CLONE.SIGHAND,
  CLONE.CHILD_SETTID | CLONE.CHILD_CLEARTID | CLONE.VM,
  CLONE.PARENT_SETTID,
] as const;

/** A step for any machine. */
export const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(40),
  what: fc.constantFrom<What[]>("clone", "newpid", "pids", ...WHAT),
  a: fc.nat(1000),
  b: fc.nat(1000),
  c: fc.nat(1000),
});

/** Lets somebody take a step. Whoever waits, is stopped or has gone takes none; the first init never exits. */
export function take(lab: Lab, { who, what, a, b, c }: Step): void {
  const running = [...lab.machine.tasks].filter((task) => task.state === "running");
  const task = running[who % Math.max(1, running.length)];
  if (task === undefined) return;
  const guest = new Guest(lab.machine, task);
  const first = task.groupLeader === lab.machine.init;
  const shared = SHARED[a % SHARED.length] ?? 0;
  const safe = first ? shared & ~CLONE.PARENT : shared;
  switch (what) {
    case "clone":
      lab.plain(
        {
          flags: safe,
          signal: [SIG.CHLD, 0, SIG.USR1][b % 3] ?? 0,
          parentTid: SCRATCH,
          childTid: SCRATCH + 4,
        },
        guest,
      );
      return;
    case "newpid":
      lab.plain({ flags: CLONE.NEWPID | (a % 4 === 0 ? safe : 0) }, guest);
      return;
    case "thread":
      lab.plain({ flags: CLONE.THREAD | CLONE.SIGHAND | CLONE.VM }, guest);
      return;
    case "vfork":
      guest.call("vfork");
      return;
    case "pids": {
      const pids = [a % 20, b % 20, c % 20, 0].slice(0, 1 + (c % (task.pidNs.level + 2)));
      lab.clone({ flags: a % 5 === 0 ? safe : 0, pids }, guest);
      return;
    }
    case "odd":
      lab.clone(
        { flags: (((a << 20) | (b << 10)) >>> 0) & (first ? ~CLONE.PARENT : -1), pids: [c - 500] },
        guest,
      );
      return;
    case "exit":
      if (!first) guest.call(a % 2 === 0 ? "exit" : "exit_group", { error_code: b });
      return;
    case "wait":
      guest.call("wait4", {
        upid: a % 4 === 0 ? b % 20 : -1,
        stat_addr: SCRATCH,
        options: WAIT.WALL | (first || c % 3 > 0 ? WAIT.WNOHANG : 0),
      });
      return;
    case "setsid":
      guest.call("setsid");
      return;
    case "setpgid":
      guest.call("setpgid", { pid: a % 20, pgid: b % 20 });
      return;
    case "kill":
      guest.call("kill", { pid: (a % 24) - 3, sig: [SIG.KILL, SIG.STOP, SIG.CONT, SIG.USR1, 0][b % 5] ?? 0 });
      return;
    case "write":
      guest.writeInts(SCRATCH + 4096 * (a % 2), [b]);
      return;
    case "pipe":
      guest.call("pipe2", { fildes: SCRATCH, flags: a % 3 === 0 ? O.NONBLOCK : 0 });
      return;
    case "send":
    case "receive":
      // An init that waits for bytes would reap nobody.
      if (!first)
        guest.call(what === "send" ? "write" : "read", { fd: a % 8, buf: SCRATCH, count: (b % 9) * 700 });
      return;
    case "shut":
      if (b % 3 === 0) guest.call("dup2", { oldfd: a % 8, newfd: c % 8 });
      else guest.call("close", { fd: a % 8 });
  }
}

/** Kills everybody but the first init, whose threads exit, and which closes its files and reaps whatever comes to it. */
export function bringDown(lab: Lab): void {
  const { machine } = lab;
  const { init } = machine;
  const others = (): Task[] => [...machine.tasks].filter((t) => t !== init && t.state !== "zombie");
  for (let left = others(); left.length > 0; left = others()) {
    for (const task of left) {
      if (task.groupLeader !== init) sendSignal(machine, task, SIG.KILL, null);
      else if (task.state === "running") new Guest(machine, task).call("exit", { error_code: 0 });
    }
    machine.settle();
    if (others().length === left.length) throw new Error("somebody does not die");
  }
  const guest = new Guest(machine, init);
  init.files.close(machine);
  while ((guest.call("wait4", { upid: -1, options: WAIT.WNOHANG | WAIT.WALL }) ?? -1) > 0);
}

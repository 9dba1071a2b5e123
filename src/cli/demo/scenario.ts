import { CLONE } from "../../abi/structs/index.ts";
import { type Guest, SIG } from "../../kernel/index.ts";
import type { Example } from "./call-event.ts";
import { dumpPids, dumpStruct } from "./dump.ts";
import type { Arch, CallEvent, DemoEvent } from "./events.ts";
import { newpid } from "./newpid.ts";
import { refusals, unmapped, unprivileged } from "./refusals.ts";
import { Stage } from "./stage.ts";

/** The RFC's own example: level 0 is left to the kernel, 77 is asked for at level 1 and 99 at level 2. */
const PIDS = [0, 77, 99];

type Step = DemoEvent extends infer E ? (E extends unknown ? Omit<E, "arch" | "profile"> : never) : never;

/** The demonstration on one architecture, step by step: every event tells what a real machine has just done. */
export function* demonstrate(arch: Arch, profile: string): Generator<DemoEvent> {
  for (const { event, ...rest } of steps(arch, profile)) yield { event, arch, profile, ...rest } as DemoEvent;
}

function* steps(arch: Arch, profile: string): Generator<Step> {
  const stage = new Stage(arch, profile);
  yield stage.booted();
  const guests = [stage.guest()];
  yield stage.namespaceOf(guests[0] as Guest);
  for (let level = 1; level < PIDS.length; level++) {
    const parent = guests[level - 1] as Guest;
    const call = stage.call(parent, { id: `nest-${level}`, about: `level ${level} is made` }, "clone", {
      flags: CLONE.NEWPID | SIG.CHLD,
    });
    yield call;
    const init = parent.child(call.result ?? null);
    guests.push(init);
    yield stage.namespaceOf(init);
  }
  const caller = guests[PIDS.length - 1] as Guest;
  const page = stage.page(caller);
  yield* success(stage, guests, page);
  yield* refusals(stage, caller, page);
  yield* newpid(stage, caller, page);
  yield* plain(stage, caller, page);
}

/** The set in memory, the registers, the trap, and the child from everybody's point of view. */
function* success(stage: Stage, guests: readonly Guest[], page: number): Generator<Step> {
  const caller = guests[guests.length - 1] as Guest;
  const set = stage.place(caller, page, PIDS);
  yield dumpPids(caller, page, PIDS.length);
  yield dumpStruct(caller, set, stage.layout);
  yield stage.load(caller, "clone_with_pids", { flags: SIG.CHLD, pid_set: set });
  const call = stage.trap(caller, { id: "success", about: "the RFC's own example", rule: "A-20" });
  yield call;
  const child = caller.child(call.result ?? null);
  const pids = [...child.task.pidNumbers()];
  yield { event: "child", case: call.case, pids };
  yield stage.call(child, { id: "getpid", about: "the child asks who it is" }, "getpid");
  for (const [level, nr] of [...pids.entries()].reverse()) {
    const init = guests[level] as Guest;
    const example = { id: `visible-${level}`, about: `level ${level} knows it as ${nr}` };
    yield stage.call(init, example, "kill", { pid: nr, sig: 0 });
  }
}

/** No set, or an empty one: a plain clone, and no capability is asked for. */
function* plain(stage: Stage, caller: Guest, page: number): Generator<Step> {
  const plainClone = (example: Example, pid_set: number): CallEvent =>
    unprivileged(caller, () => stage.call(caller, example, "clone_with_pids", { flags: SIG.CHLD, pid_set }));
  yield plainClone({ id: "null-set", about: "no set", rule: "A-06" }, 0);
  const empty = stage.place(caller, page, [], { array: unmapped(caller) });
  yield plainClone(
    { id: "empty-set", about: "an empty set, whose array is not looked at", rule: "A-08" },
    empty,
  );
}

import { capabilities, type Guest, SIG, withoutCapabilities } from "../../kernel/index.ts";
import { type AddressSpace, FaultPlan, guardAlloc, PAGE_SIZE } from "../../mm/index.ts";
import type { CallEvent } from "./events.ts";
import type { Stage } from "./stage.ts";

/** Numbers nobody has: what is refused is refused for the one thing that is wrong. */
const FREE = [0, 78, 100];

/** The same call with one thing wrong at a time: every errno the RFC names, in ladder order. */
export function* refusals(stage: Stage, caller: Guest, page: number): Generator<CallEvent> {
  const call = (id: string, about: string, pid_set: number): CallEvent =>
    stage.call(caller, { id, about }, "clone_with_pids", { flags: SIG.CHLD, pid_set });
  const place = (
    ...what: Parameters<Stage["place"]> extends [Guest, number, ...infer What] ? What : never
  ): number => stage.place(caller, page, ...what);

  yield call("efault-set", "the set's last bytes are not mapped", halfMappedSet(stage, caller, page));
  yield call("einval-negative-count", "a count of -1", place(FREE, { count: -1 }));
  yield call("einval-too-many", "four numbers, three levels", place([0, ...FREE]));
  const plan = new FaultPlan().failAllocation("1", "kalloc");
  yield stage.inject(plan, () => call("enomem", "the kernel finds no memory for the numbers", place(FREE)));
  yield call("efault-array", "the array is not mapped", place(FREE, { array: unmapped(caller) }));
  yield unprivileged(caller, () => call("eperm", "the caller has dropped CAP_SYS_ADMIN", place(FREE)));
  yield call("einval-negative-pid", "a number below 0", place([0, 78, -5]));
  const { pidMax } = stage.machine.rootPidNs;
  yield call("einval-pid-max", `pid_max is ${pidMax}`, place([0, 78, pidMax]));
  yield call("ebusy", "99 is the first child's", place([0, 78, 99]));
}

/** Runs `act` while the caller is without CAP_SYS_ADMIN. */
export function unprivileged<T>(caller: Guest, act: () => T): T {
  const { task } = caller;
  const { cred } = task;
  task.cred = { ...cred, effective: withoutCapabilities(cred.effective, capabilities(["CAP_SYS_ADMIN"])) };
  try {
    return act();
  } finally {
    task.cred = cred;
  }
}

/** A user address nothing is mapped at. */
export function unmapped(caller: Guest): number {
  return memoryOf(caller).findFree(PAGE_SIZE);
}

/** A set whose count can be read and whose pointer lies beyond the end of the mapping. */
function halfMappedSet(stage: Stage, caller: Guest, page: number): number {
  const whole = stage.place(caller, page, FREE);
  const readable = stage.layout.field("target_pids").offset;
  const at = guardAlloc(memoryOf(caller), readable);
  caller.write(at, caller.read(whole, readable));
  return at;
}

function memoryOf(guest: Guest): AddressSpace {
  const { mm } = guest.task;
  if (mm === null) throw new Error("the task has exited");
  return mm;
}

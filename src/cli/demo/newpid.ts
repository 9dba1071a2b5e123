import { CLONE } from "../../abi/structs/index.ts";
import { type Guest, SIG } from "../../kernel/index.ts";
import type { Example } from "./call-event.ts";
import type { CallEvent, ChildEvent } from "./events.ts";
import type { Stage } from "./stage.ts";

/** CLONE_NEWPID together with chosen pids, as the profile's era answers it. */
export function* newpid(stage: Stage, caller: Guest, page: number): Generator<CallEvent | ChildEvent> {
  const call = (example: Example, pids: readonly number[]): CallEvent =>
    stage.call(caller, example, "clone_with_pids", {
      flags: CLONE.NEWPID | SIG.CHLD,
      pid_set: stage.place(caller, page, pids),
    });
  function* child(made: CallEvent): Generator<CallEvent | ChildEvent> {
    yield made;
    if (made.result === undefined) return;
    yield { event: "child", case: made.case, pids: [...caller.child(made.result).task.pidNumbers()] };
  }
  switch (stage.machine.profile.newpidWithPids) {
    case "refuse":
      yield call({ id: "einval-newpid", about: "a new namespace and chosen pids" }, [100]);
      break;
    case "kernel-chooses-1":
      yield* child(
        call({ id: "newpid", about: "the number in the new namespace is the kernel's", rule: "A-25" }, [100]),
      );
      break;
    case "last-slot-1-or-0":
      yield* child(
        call({ id: "newpid", about: "the new namespace's number comes last", rule: "A-27" }, [100, 1]),
      );
      yield call({ id: "einval-newpid", about: "the first task of a namespace cannot be 5" }, [101, 5]);
  }
}

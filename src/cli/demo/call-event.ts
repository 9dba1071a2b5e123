import { kernelVersion } from "../../abi/version.ts";
import type { Machine } from "../../kernel/index.ts";
import {
  type EnterRecord,
  type ExitRecord,
  TextTrace,
  type TraceRecord,
  type TraceRung,
  type TraceSink,
} from "../../kernel/trace/index.ts";
import { hex } from "./dump.ts";
import type { CallEvent } from "./events.ts";

/** What a call is an example of. */
export interface Example {
  /** A short id, unique within an architecture. */
  readonly id: string;
  /** What is special about it, in a few words. */
  readonly about: string;
  /** The rule a success follows. */
  readonly rule?: string;
}

/** Listens to a machine's trace and tells of one call after the other. */
export class Witness {
  private readonly records: TraceRecord[] = [];

  /** Where the machine's trace records go. */
  readonly sink: TraceSink = (record) => void this.records.push(record);

  /** The call `machine` has just finished. @throws what a handler threw, if one did */
  tell(machine: Machine, example: Example): CallEvent {
    const [oops] = machine.oopses;
    if (oops !== undefined) throw oops.error;
    const [enter, exit] = this.lastCall();
    const text = new TextTrace({ prefix: false, align: 0 });
    const head = {
      event: "call",
      case: example.id,
      about: example.about,
      caller: enter.task.pids,
      call: enter.call.name ?? `syscall_${enter.call.nr}`,
      args: enter.args,
      line: (text.push(enter) + text.push(exit)).trimEnd(),
    } as const;
    const { outcome } = exit;
    switch (outcome.kind) {
      case "value":
        return {
          ...head,
          result: outcome.value,
          ...(example.rule === undefined ? {} : { rule: example.rule }),
        };
      case "error":
        return {
          ...head,
          errno: outcome.errno,
          ...rungParts(machine, head.call, outcome.rung),
          ...faultPart(machine),
        };
      default:
        throw new Error(`${head.call} ended with ${outcome.kind}`);
    }
  }

  private lastCall(): [EnterRecord, ExitRecord] {
    const exit = [...this.records].reverse().find((record) => record.kind === "exit");
    const enter = this.records.find((record) => record.kind === "enter" && record.seq === exit?.enter);
    this.records.length = 0;
    if (exit?.kind !== "exit" || enter?.kind !== "enter") throw new Error("a call left no trace");
    return [enter, exit];
  }
}

/** Why the call failed, and how far down its ladder that stands. */
function rungParts(machine: Machine, call: string, rung: TraceRung | null): Partial<CallEvent> {
  if (rung === null) return {};
  const ladder = machine.registry.get(call)?.ladderIn(kernelVersion(machine.profile.kernel)) ?? [];
  const [rule, ...others] = rung.rules;
  return {
    rung: rung.id,
    ...(rule === undefined ? {} : { rule }),
    ...(others.length === 0 ? {} : { rules: rung.rules }),
    reason: rung.reason,
    place: [ladder.findIndex((r) => r.id === rung.id) + 1, ladder.length],
  };
}

/** The access to user memory that failed in the last call. */
function faultPart(machine: Machine): Partial<CallEvent> {
  const { fault } = machine.uaccess;
  if (fault === null) return {};
  return { fault: { address: hex(fault.address), access: fault.access, reason: fault.reason } };
}

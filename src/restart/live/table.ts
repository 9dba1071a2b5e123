import {
  clone3,
  close,
  exit_group,
  kill,
  pidfd_open,
  prctl,
  setns,
  setpgid,
  setsid,
  unshare,
  wait4,
  waitid,
  write,
} from "../../abi/calls/index.ts";
import { I386, X86_64 } from "../../abi/data-model.ts";
import { resolveNumber } from "../../abi/numbers.ts";
import { layoutOf } from "../../abi/struct.ts";
import { clone_args } from "../../abi/structs/index.ts";
import type { Bits } from "../../conform/live/asm/encodings.ts";
import { CLONE_ARGS_SIZE_VER1 } from "../follow/request.ts";
import type { Actor } from "../plan/step.ts";
import type { CloneCall, StepCall } from "./calls.ts";
import { PLACES, Shared } from "./shared.ts";

/** Fields of a record by their distance from its start, 8 bytes each: a task's next deed. */
export const RECORD = {
  nr: 0,
  args: 8,
  /** The record of what the same task does next. */
  next: 48,
  /** The word that says it may be done; and the word of whatever is done after it, by whomever. */
  go: 56,
  goNext: 64,
  /** Where a child begins; 0 where there is none. */
  child: 72,
  /** 1 when the task does nothing afterwards: it says so before. */
  early: 80,
  result: 88,
  /** Counted from 1. */
  index: 96,
  size: 104,
} as const;

/** A schedule as the memory of a program: what each task does, and the structs of its calls. */
export interface Table {
  readonly bytes: Uint8Array;
  /** Where the restarter's first record lies, and that of who does nothing any more. */
  readonly first: number;
  readonly park: number;
  readonly shared: Shared;
}

/** Lays out the calls of a schedule for a program of ours. A step by nobody is the restarter's. */
export function tableOf(list: readonly StepCall[], bits: Bits): Table {
  const shared = new Shared(list.length);
  const report = list.length;
  const park = report + 1;
  const at = (record: number): number => PLACES.table + record * RECORD.size;
  const structs = new Structs(at(park + 1), bits);
  const rows = list.map((call, i) => ({ call, i, by: call.by }));
  const first = new Map<Actor | null, number>();
  const next = new Map<number, number>();
  const last = new Map<Actor | null, number>();
  for (const { i, by } of rows) {
    if (!first.has(by)) first.set(by, i);
    next.set(last.get(by) ?? -1, i);
    last.set(by, i);
  }
  const own = [first.get(null), last.get(null)];
  if (own[1] !== undefined) next.set(own[1], report);

  const records = new Uint8Array((park + 1) * RECORD.size);
  const view = new DataView(records.buffer);
  const put = (record: number, off: number, value: number): void =>
    view.setBigUint64(record * RECORD.size + off, BigInt(value), true);
  for (const { call, i } of rows) {
    const { clone } = call;
    const args = clone === null ? call.args : [structs.add(clone), CLONE_ARGS_SIZE_VER1];
    put(i, RECORD.nr, numberOf(call.name, bits));
    for (const [n, arg] of args.entries()) put(i, RECORD.args + n * 8, arg);
    if (clone !== null)
      put(i, RECORD.child, at(clone.makes === null ? park : (first.get(clone.makes) ?? park)));
    put(i, RECORD.next, at(next.get(i) ?? park));
    put(i, RECORD.go, shared.go(i));
    put(i, RECORD.goNext, shared.go(i + 1));
    put(i, RECORD.early, call.last ? 1 : 0);
    put(i, RECORD.result, shared.result(i));
    put(i, RECORD.index, i + 1);
  }
  // When all is done, the restarter tells what every call answered.
  const told = [1, PLACES.shared, shared.size];
  put(report, RECORD.nr, numberOf("write", bits));
  for (const [n, arg] of told.entries()) put(report, RECORD.args + n * 8, arg);
  put(report, RECORD.next, at(park));
  put(report, RECORD.go, shared.go(report));
  put(report, RECORD.goNext, shared.go(park));
  put(report, RECORD.result, shared.spare);
  put(report, RECORD.index, report + 1);
  put(park, RECORD.go, shared.never);
  return { bytes: structs.behind(records), first: at(own[0] ?? report), park: at(park), shared };
}

/** The structs that calls point to, behind the records. */
class Structs {
  private readonly start: number;
  private readonly bits: Bits;
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  constructor(start: number, bits: Bits) {
    this.start = start;
    this.bits = bits;
  }

  /** Where the struct of a clone lies. */
  add({ flags, exitSignal, setTid }: CloneCall): number {
    const at = this.start + this.length;
    const layout = layoutOf(clone_args, this.bits === 64 ? X86_64 : I386);
    const bytes = new Uint8Array(Math.ceil((layout.size + setTid.length * 4) / 8) * 8);
    const view = new DataView(bytes.buffer);
    layout.write(view, 0, {
      flags,
      exit_signal: exitSignal,
      set_tid: setTid.length === 0 ? 0 : at + layout.size,
      set_tid_size: setTid.length,
    });
    for (const [i, tid] of setTid.entries()) view.setInt32(layout.size + i * 4, tid, true);
    this.parts.push(bytes);
    this.length += bytes.length;
    return at;
  }

  behind(records: Uint8Array): Uint8Array {
    const all = new Uint8Array(records.length + this.length);
    all.set(records);
    let at = records.length;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

const CALLS = {
  ...{ clone3, close, exit_group, kill, pidfd_open, prctl, setns, setpgid, setsid },
  ...{ unshare, wait4, waitid, write },
} as const;

function numberOf(name: keyof typeof CALLS, bits: Bits): number {
  const found = resolveNumber(CALLS[name].numbers, bits === 64 ? "x86_64" : "i386", ERA);
  return (found as { readonly nr: number }).nr;
}

/** Numbers are the same in every era that has clone3. */
const ERA = "clone3-55";

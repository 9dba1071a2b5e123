import { CompiledSyscall } from "../abi/compile.ts";
import { Registry } from "../abi/registry.ts";
import { EntryPath } from "../arch/entry-path.ts";
import { PtRegs, RegsPool } from "../arch/pt-regs.ts";
import { SyscallTable } from "../arch/table.ts";
import { Gate } from "../kernel/gate.ts";
import { KernelCall } from "../kernel/kernel-call.ts";
import type { Machine } from "../kernel/machine.ts";
import { PidBitmap } from "../kernel/pid/bitmap.ts";
import { PidTable } from "../kernel/pid/pid-table.ts";
import { AddressSpace } from "../mm/address-space.ts";
import { FaultPlan } from "../mm/fault-plan.ts";
import { FramePool } from "../mm/frames.ts";
import { KernelPages } from "../mm/kernel-pages.ts";
import { Uaccess } from "../mm/uaccess.ts";

/** What is no state that a program could ever see, or is looked at by other means. */
const SKIPPED = [
  CompiledSyscall,
  Registry,
  EntryPath,
  PtRegs,
  RegsPool,
  SyscallTable,
  Gate,
  KernelCall,
  FaultPlan,
  FramePool,
  KernelPages,
  Uaccess,
];

/** Fields that say nothing of what has been done: cursors, caches, and the lab's own. */
const PASSING: ReadonlySet<string> = new Set([
  "lastPid",
  "ids",
  "profile",
  "oopses",
  "plan",
  "tracer",
  "current",
  "woken",
  "maxFds",
  "pages",
]);

interface Kept {
  readonly path: string;
  readonly object: object;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

/**
 * Everything a machine's kernel remembers, as it was at one moment: tasks, numbers, files, signals, limits. It takes a
 * few microseconds to compare, so it is asked only where something may have gone wrong.
 */
export class StateImage {
  private readonly kept: Kept[] = [];

  constructor(machine: Machine) {
    const seen = new Set<object>();
    const queue: { readonly object: object; readonly path: string }[] = [
      { object: machine, path: "machine" },
    ];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { object, path } = next;
      if (seen.has(object) || SKIPPED.some((kind) => object instanceof kind) || Object.isFrozen(object))
        continue;
      seen.add(object);
      const fields = fieldsOf(object);
      this.kept.push({
        path,
        object,
        keys: fields.map(([key]) => key),
        values: fields.map(([, value]) => value),
      });
      for (const [key, value] of fields)
        if (typeof value === "object" && value !== null)
          queue.push({ object: value, path: pathTo(path, key, object) });
    }
  }

  /** The first thing that is not as it was, by path; null when everything is. */
  difference(): string | null {
    for (const kept of this.kept) {
      if (!(isPlain(kept.object) ? sameFields(kept) : sameList(kept.object, kept.values))) {
        const found = slowly(kept);
        if (found !== null) return found;
      }
    }
    return null;
  }
}

function isPlain(object: object): boolean {
  return !(
    object instanceof AddressSpace ||
    object instanceof PidBitmap ||
    object instanceof PidTable ||
    object instanceof Map ||
    object instanceof Set ||
    Array.isArray(object) ||
    ArrayBuffer.isView(object)
  );
}

/** A quick look at an object with fields: nothing is allocated. */
function sameFields({ object, keys, values }: Kept): boolean {
  const now = object as Readonly<Record<string, unknown>>;
  for (let i = 0; i < keys.length; i++) if (now[keys[i] as string] !== values[i]) return false;
  return true;
}

/** As {@link sameFields} for arrays and bytes; false for everything that takes a longer look. */
function sameList(object: object, values: readonly unknown[]): boolean {
  if (!Array.isArray(object) && !ArrayBuffer.isView(object)) return false;
  const now = object as unknown as ArrayLike<unknown>;
  if (now.length !== values.length) return false;
  for (let i = 0; i < values.length; i++) if (now[i] !== values[i]) return false;
  return true;
}

function slowly({ path, object, keys, values }: Kept): string | null {
  const now = fieldsOf(object);
  for (let i = 0; i < Math.max(now.length, values.length); i++) {
    const was = values[i];
    const is = now[i]?.[1];
    if (was !== is && !(isNothing(was) && isNothing(is)))
      return pathTo(path, now[i]?.[0] ?? keys[i] ?? "", object);
  }
  return null;
}

/** What an object holds, in an order that does not change. */
function fieldsOf(object: object): (readonly [string, unknown])[] {
  // Which numbers are taken, not how that is kept.
  if (object instanceof PidBitmap) return [["count", object.count]];
  if (object instanceof PidTable) return object.values().map((pid) => [String(pid.numbers), pid] as const);
  if (object instanceof AddressSpace)
    return [
      ["mappings", object.mappings],
      ["users", object.users],
      ["dumpable", object.dumpable],
    ];
  if (object instanceof Map)
    return [...object].flatMap(
      ([key, value], i) =>
        [
          [`key ${i}`, key],
          [String(key), value],
        ] as const,
    );
  if (object instanceof Set) return [...object].map((member, i) => [String(i), member] as const);
  if (ArrayBuffer.isView(object))
    return [...(object as Uint32Array)].map((value, i) => [String(i), value] as const);
  return Object.entries(object).filter(([key]) => !PASSING.has(key));
}

/** Nothing there, and a container with nothing in it, are the same to everybody who asks. */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === 0) return true;
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every(isNothing);
  if (ArrayBuffer.isView(value)) return [...(value as Uint32Array)].every((n) => n === 0);
  return (value as { readonly size?: unknown }).size === 0;
}

function pathTo(path: string, key: string, object: object): string {
  const name = object.constructor.name;
  const short = /^(Object|Map|Set|Array)$/.test(name) ? path : name.charAt(0).toLowerCase() + name.slice(1);
  return `${short}.${key}`;
}

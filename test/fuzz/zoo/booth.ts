import { boot, Guest, type Implementation, type Machine, type Word } from "../../../src/kernel/index.ts";
import { AccessLog, FaultPlan, guardAlloc } from "../../../src/mm/index.ts";
import type { ZooCall } from "./planted.ts";

const FRAMES = 512;
/** Accesses to user memory after which a handler is stopped: none of the zoo's needs as many. */
const PATIENCE = 5_000;

/** A machine with one call of the zoo, and a guest who makes it by hand. */
export class Booth {
  readonly machine: Machine;
  readonly guest: Guest;
  readonly log: AccessLog = new AccessLog();
  private readonly name: string;

  constructor(zoo: ZooCall, call: Implementation, bits: 32 | 64 = 64) {
    this.name = zoo.name;
    this.machine = boot({ profile: zoo.profile, calls: [call], structs: zoo.structs, bits, frames: FRAMES });
    this.guest = new Guest(this.machine, this.machine.init);
    this.inject(new FaultPlan());
  }

  /** Room for `bytes` bytes that ends where its page ends, before a page nobody has mapped. */
  room(bytes: number): number {
    const { mm } = this.guest.task;
    if (mm === null) throw new Error("the guest is gone");
    return guardAlloc(mm, bytes);
  }

  /** Bytes in such a room. */
  holding(bytes: Uint8Array): number {
    const at = this.room(bytes.length);
    this.guest.write(at, bytes);
    return at;
  }

  /** A string in such a room, its NUL the last byte. */
  text(string: string): number {
    return this.holding(new TextEncoder().encode(`${string}\0`));
  }

  /** Machine words in such a room, as wide as the guest's. */
  words(...values: readonly Word[]): number {
    const width = this.guest.task.bits / 8;
    const bytes = new DataView(new ArrayBuffer(values.length * width));
    for (const [i, value] of values.entries())
      if (width === 8) bytes.setBigUint64(i * 8, BigInt.asUintN(64, BigInt(value)), true);
      else bytes.setUint32(i * 4, Number(BigInt.asUintN(32, BigInt(value))), true);
    return this.holding(new Uint8Array(bytes.buffer));
  }

  /** Faults from now on; a handler that never comes to an end is stopped all the same, which is an oops. */
  inject(plan: FaultPlan): void {
    const stop = ({ nth }: { readonly nth: number }): void => {
      if (nth > PATIENCE) throw new Error("the handler does not come to an end");
    };
    this.machine.inject(plan.observeAccess("1+", stop));
  }

  /** Makes the call: its value, the rung it failed at, or "oops". */
  call(args: Readonly<Record<string, Word>>): number | string | null {
    this.log.clear();
    this.machine.uaccess.log = this.log;
    const result = this.guest.call(this.name, args);
    this.machine.uaccess.log = null;
    if (this.machine.oopses.length > 0) return "oops";
    return this.machine.failedAt?.id ?? result;
  }

  /** Bytes the last call wrote. */
  get written(): number {
    return this.log.entries.reduce((sum, e) => sum + (e.access === "write" ? e.done : 0), 0);
  }

  /** Bytes the last call read twice or more. */
  get readTwice(): number {
    return this.log.doubleFetches().reduce((sum, pair) => sum + pair.length, 0);
  }
}

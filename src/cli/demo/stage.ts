import { layoutOf, type StructLayout } from "../../abi/struct.ts";
import { target_pid_set } from "../../abi/structs/index.ts";
import { kernelVersion } from "../../abi/version.ts";
import type { EntryPath } from "../../arch/entry-path.ts";
import { boot, Guest, type Machine, type Word } from "../../kernel/index.ts";
import { type FaultPlan, PAGE_SIZE } from "../../mm/index.ts";
import { registerName } from "../registers.ts";
import { type Example, Witness } from "./call-event.ts";
import { hex } from "./dump.ts";
import type { Arch, BootEvent, CallEvent, NamespaceEvent, RegistersEvent } from "./events.ts";

/** What a stack holds before anything is written to it: shows which bytes a struct leaves alone. */
const OLD_STACK_BYTE = 0xcc;

/** Where the set lies behind the array, so that both stand in one short dump. */
const SET_OFFSET = 0x10;

/** Arguments of a call by name; those left out are 0. */
type Arguments = Readonly<Record<string, Word>>;

/** A machine and the moves the demonstration makes on it. */
export class Stage {
  readonly machine: Machine;
  private readonly witness: Witness = new Witness();

  constructor(arch: Arch, profile: string) {
    this.machine = boot({ arch, profile, trace: this.witness.sink });
  }

  /** The way every call of the demonstration comes in. */
  get path(): EntryPath {
    return this.machine.init.path;
  }

  /** How this ABI lays out struct target_pid_set. */
  get layout(): StructLayout {
    return layoutOf(target_pid_set, this.path.model, this.machine.registry.types);
  }

  /** The guest that runs as the machine's init. */
  guest(): Guest {
    return new Guest(this.machine, this.machine.init);
  }

  booted(): BootEvent {
    const { path } = this;
    const { profile, registry } = this.machine;
    const era = { name: profile.name, kernel: kernelVersion(profile.kernel) };
    const number = registry.resolve("clone_with_pids", path.table, era);
    if (number === null) throw new Error(`clone_with_pids has no number under ${profile.name}`);
    return {
      event: "boot",
      title: profile.title,
      kernel: profile.kernel,
      path: path.name,
      model: path.model.name,
      number: number.nr,
      remark: number.remark,
    };
  }

  namespaceOf(guest: Guest): NamespaceEvent {
    return { event: "namespace", level: guest.task.pidNs.level, pids: [...guest.task.pidNumbers()] };
  }

  /** A page of `guest`'s memory that looks like a stack in use. */
  page(guest: Guest): number {
    const at = guest.map(PAGE_SIZE);
    guest.write(at, new Uint8Array(PAGE_SIZE).fill(OLD_STACK_BYTE));
    return at;
  }

  /**
   * Writes the numbers at `page` and a set behind them; returns the set's address.
   * @param wrong a count or an array address other than the right one
   */
  place(
    guest: Guest,
    page: number,
    pids: readonly number[],
    wrong: { readonly count?: number; readonly array?: number } = {},
  ): number {
    const set = page + SET_OFFSET;
    guest.writeInts(page, pids);
    const { count = pids.length, array = page } = wrong;
    // Field by field, as a C program assigns them: the hole keeps what the stack held.
    const bytes = guest.read(set, this.layout.size);
    this.layout.write(new DataView(bytes.buffer), 0, { num_pids: count, target_pids: array });
    guest.write(set, bytes);
    return set;
  }

  /** Loads the registers for a call, as its program would before the trap. */
  load(guest: Guest, call: string, args: Arguments): RegistersEvent {
    const { path, machine } = this;
    const { convention } = path;
    const { regs } = guest.task;
    const order = machine.registry.get(call)?.argOrder(convention.cloneOrder) ?? [];
    const loads = [
      { register: convention.number, role: "number", value: machine.numberOf(call, path) ?? -1 },
    ];
    for (const [i, role] of order.entries()) {
      loads.push({ register: convention.args[i] as string, role, value: Number(args[role] ?? 0) });
    }
    for (const { register, value } of loads) regs.set(register, value);
    return {
      event: "registers",
      instruction: convention.instruction,
      registers: loads.map(({ register, role }) => ({
        register: registerName(path, register),
        role,
        value: hex(regs.get(register)),
      })),
    };
  }

  /** Traps with the registers as they are loaded, and tells what came of it. */
  trap(guest: Guest, example: Example): CallEvent {
    guest.trap(this.path);
    return this.witness.tell(this.machine, example);
  }

  /** Makes a call and tells what came of it. */
  call(guest: Guest, example: Example, name: string, args: Arguments = {}): CallEvent {
    guest.call(name, args);
    return this.witness.tell(this.machine, example);
  }

  /** Runs `act` with faults injected. */
  inject<T>(plan: FaultPlan, act: () => T): T {
    const { machine } = this;
    machine.plan = machine.uaccess.plan = machine.pool.plan = plan;
    try {
      return act();
    } finally {
      machine.plan = machine.uaccess.plan = machine.pool.plan = null;
    }
  }
}

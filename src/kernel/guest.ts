import { errnoName, MAX_ERRNO } from "../abi/errno.ts";
import { layoutOf, type StructDecl } from "../abi/struct.ts";
import type { EntryPath } from "../arch/entry-path.ts";
import { PROT_READ, PROT_WRITE, type Prot } from "../mm/vma.ts";
import type { Machine } from "./machine.ts";
import type { Task } from "./task/task.ts";

const PAGE = 4096;

/** A machine word for a register: bigint for the full 64 bits, a number within ±2^53. */
export type Word = number | bigint;

/**
 * A guest driven from outside: registers, memory and the trap of one task. What a program would do with its own
 * instructions, a test does with this.
 *
 * @example
 * ```ts
 * import { boot, Guest } from "trapgate";
 * const machine = boot({ arch: "x86_64" });
 * const guest = new Guest(machine, machine.init);
 * console.log(guest.call("getpid")); // 1
 * ```
 */
export class Guest {
  readonly machine: Machine;
  readonly task: Task;

  constructor(machine: Machine, task: Task) {
    this.machine = machine;
    this.task = task;
  }

  /**
   * Makes a call by name with arguments by name, and traps. Arguments left out are 0.
   * @param path the way in; by default the task's own
   * @returns the value in the result register, negative for an errno; null when the call waits or never returns
   * @throws RangeError when the call has no number on that path, or has no such argument
   */
  call(
    name: string,
    args: Readonly<Record<string, Word>> = {},
    path: EntryPath = this.task.path,
  ): number | null {
    const { machine } = this;
    const nr = machine.numberOf(name, path);
    if (nr === undefined)
      throw new RangeError(`${name} has no number on ${path.name} under ${machine.profile.name}`);
    const order = machine.registry.get(name)?.argOrder(path.convention.cloneOrder) ?? [];
    for (const given of Object.keys(args)) {
      if (!order.includes(given))
        throw new RangeError(`${name} has no argument ${given}: it has ${order.join(", ")}`);
    }
    return this.syscall(
      nr,
      order.map((argument) => args[argument] ?? 0),
      path,
    );
  }

  /**
   * Makes a call by number with raw words in the order of the registers, and traps.
   * @returns as {@link call}
   */
  syscall(nr: Word, words: readonly Word[], path: EntryPath = this.task.path): number | null {
    const { regs } = this.task;
    const { convention } = path;
    regs.set(convention.number, nr);
    for (const [i, word] of words.entries()) {
      const register = convention.args[i];
      if (register === undefined)
        throw new RangeError(`${path.name} passes ${convention.args.length} arguments`);
      if (path.sixthOnStack && i === 5) this.pushSixth(Number(word));
      else regs.set(register, word);
    }
    return this.trap(path);
  }

  /** Executes the system-call instruction with the registers as they are. @returns as {@link call} */
  trap(path: EntryPath = this.task.path): number | null {
    const { task } = this;
    this.machine.enter(task, path);
    if (this.machine.panicked !== null) return null;
    return task.state === "running" || task.state === "stopped" ? this.result : null;
  }

  /** The result as a signed number; an errno is negative, also where the convention tells it by a flag (powerpc). */
  get result(): number {
    return this.task.path.result(this.task.regs);
  }

  /** The errno name of a result, or null when it is a value. */
  errno(result: number | null): string | null {
    if (result === null || result >= 0 || result < -MAX_ERRNO) return null;
    return errnoName(-result) ?? null;
  }

  /**
   * Maps fresh zeroed memory and returns its address.
   * @param bytes at least this many; the mapping is a whole number of pages
   * @throws RangeError when there is no room
   */
  map(bytes: number, prot: Prot = PROT_READ | PROT_WRITE, at?: number): number {
    const mm = this.mm;
    const length = Math.max(PAGE, Math.ceil(bytes / PAGE) * PAGE);
    const address = at ?? mm.findFree(length);
    const error = address === 0 && at === undefined ? "ENOMEM" : mm.map(address, length, prot);
    if (error !== null) throw new RangeError(`cannot map ${length} bytes: ${error}`);
    return address;
  }

  /** Writes bytes into guest memory, whatever its protection. @throws RangeError when a page is not mapped */
  write(at: number, bytes: Uint8Array): void {
    const done = this.mm.poke(at, bytes);
    if (done !== bytes.length) throw new RangeError(`nothing is mapped at 0x${(at + done).toString(16)}`);
  }

  /** Reads `n` bytes of guest memory. @throws RangeError when they cannot be read */
  read(at: number, n: number): Uint8Array {
    const bytes = new Uint8Array(n);
    const done = this.mm.peek(at, bytes);
    if (done !== n) throw new RangeError(`nothing is readable at 0x${(at + done).toString(16)}`);
    return bytes;
  }

  /** Lays out `values` as `struct` looks to this task's ABI, and writes it at `at`. */
  writeStruct(at: number, struct: StructDecl, values: Readonly<Record<string, Word>>): void {
    const layout = layoutOf(struct, this.task.path.model, this.machine.registry.types);
    const bytes = new Uint8Array(layout.size);
    layout.write(new DataView(bytes.buffer), 0, values);
    this.write(at, bytes);
  }

  /** Writes 32-bit integers, in the task's byte order. */
  writeInts(at: number, ints: readonly number[]): void {
    const bytes = new Uint8Array(ints.length * 4);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of ints.entries()) view.setInt32(i * 4, value, this.task.path.model.littleEndian);
    this.write(at, bytes);
  }

  /** Reads one 32-bit signed integer. */
  readInt(at: number): number {
    return new DataView(this.read(at, 4).buffer).getInt32(0, this.task.path.model.littleEndian);
  }

  /** The guest for a task this one sees under number `nr`. @throws RangeError when there is none */
  child(nr: number | null): Guest {
    const task = nr === null ? null : this.machine.find(this.task.pidNs, nr);
    if (task === null) throw new RangeError(`no task has the number ${nr} in this namespace`);
    return new Guest(this.machine, task);
  }

  private get mm(): NonNullable<Task["mm"]> {
    const { mm } = this.task;
    if (mm === null) throw new RangeError("the task has no memory: it has exited");
    return mm;
  }

  /** sysenter: the sixth word goes to the user stack, and ebp points at it (N-10). */
  private pushSixth(word: number): void {
    const sp = (this.task.regs.lo("sp") - 4) >>> 0;
    this.writeInts(sp, [word | 0]);
    this.task.regs.set("bp", sp);
  }
}

import { CompiledSyscall } from "../../abi/compile.ts";
import { Registry } from "../../abi/registry.ts";
import { EntryPath } from "../../arch/entry-path.ts";
import { PtRegs } from "../../arch/pt-regs.ts";
import { SyscallTable } from "../../arch/table.ts";
import { AddressSpace } from "../../mm/address-space.ts";
import { FaultPlan } from "../../mm/fault-plan.ts";
import { FramePool } from "../../mm/frames.ts";
import { KernelPages } from "../../mm/kernel-pages.ts";
import { Uaccess } from "../../mm/uaccess.ts";
import { Gate } from "../gate.ts";
import { KernelCall } from "../kernel-call.ts";
import type { Machine } from "../machine.ts";
import type { Task } from "../task/task.ts";
import { Tracer } from "../trace/tracer.ts";
import { type Kind, Memento } from "./memento.ts";
import { type SavedMemory, saveMemory } from "./saved-memory.ts";

/** What holds no state of the machine, or is pointed at a task anew at every entry. */
const KEPT = [
  CompiledSyscall,
  Registry,
  EntryPath,
  SyscallTable,
  FaultPlan,
  FramePool,
  Uaccess,
  Gate,
  KernelCall,
  // Its bytes are saved with the pool they belong to.
  PtRegs,
];

/**
 * A machine as it was at one moment: memory, registers, tasks, numbers, signals. Restoring puts everything back into
 * the same objects, so tasks and guests a host holds stay good. It can be restored any number of times.
 */
export class MachineSnapshot {
  private readonly machine: Machine;
  private readonly memento: Memento;
  private readonly save: (mm: AddressSpace) => SavedMemory;
  private readonly spaces: Map<AddressSpace, SavedMemory> = new Map();
  private readonly pages: Map<KernelPages, readonly number[]> = new Map();
  /** Whose list of mappings a holder is for. */
  private readonly lists: Map<KernelPages, AddressSpace> = new Map();
  /** The era, which is data: whatever is in it stays as it is. */
  private readonly data: ReadonlySet<object>;
  /** What is replaced as a whole and never written: credentials, nsproxies, and the namespaces that are mere names. */
  private readonly values: ReadonlySet<object>;

  /** Taken by `machine.snapshot()`, between two traps. */
  constructor(machine: Machine, save: (mm: AddressSpace) => SavedMemory = saveMemory) {
    this.machine = machine;
    this.save = save;
    this.data = reachable(machine.profile);
    this.values = new Set([...machine.tasks].flatMap(valuesOf));
    this.memento = new Memento([machine], (object) => this.kindOf(object));
  }

  /**
   * Goes back. What the machine has done since is gone, but for trace records already handed out; those that come are
   * numbered as after the snapshot.
   */
  restore(): void {
    // Everybody lets go first: a page that came since must not be held by memory that is restored later.
    for (const { mm } of this.machine.tasks) if (mm !== null && !this.isAsItWas(mm)) mm.release();
    for (const holder of this.machine.pool.holders) this.letGo(holder);
    this.memento.restore();
  }

  /** Lets go of the pages it keeps; it cannot be restored afterwards. */
  discard(): void {
    for (const saved of this.spaces.values()) saved.discard();
    for (const [holder, frames] of this.pages) holder.discard(frames);
    this.spaces.clear();
    this.pages.clear();
  }

  private isAsItWas(mm: AddressSpace): boolean {
    return this.spaces.get(mm)?.isAt() === true;
  }

  private letGo(holder: KernelPages): void {
    const frames = this.pages.get(holder);
    if (frames !== undefined && holder.isAt(frames)) return;
    const mm = this.lists.get(holder);
    if (mm === undefined || !this.isAsItWas(mm)) holder.shrink(0);
  }

  private kindOf(object: object): Kind {
    if (this.data.has(object) || KEPT.some((kept) => object instanceof kept)) return "keep";
    if (this.values.has(object)) return "value";
    if (object instanceof KernelPages) return this.keepPages(object);
    if (object instanceof Tracer) return { restore: object.snapshot() };
    if (!(object instanceof AddressSpace)) return "save";
    const saved = this.save(object);
    this.spaces.set(object, saved);
    if (object.mappingPages !== null) this.lists.set(object.mappingPages, object);
    const { users, dumpable, stackLimit } = object;
    return {
      restore: () => {
        saved.restore();
        object.users = users;
        object.dumpable = dumpable;
        object.stackLimit = stackLimit;
      },
    };
  }

  private keepPages(holder: KernelPages): Kind {
    const frames = holder.snapshot();
    this.pages.set(holder, frames);
    return { restore: () => holder.restore(frames) };
  }
}

function valuesOf({ cred, nsproxy }: Task): object[] {
  const { pidNs: _, ...names } = nsproxy;
  return [cred, nsproxy, ...Object.values(names)];
}

/** An object and every object in it, at any depth. */
function reachable(root: object): Set<object> {
  const found = new Set([root]);
  for (const object of found)
    for (const value of Object.values(object))
      if (typeof value === "object" && value !== null) found.add(value);
  return found;
}

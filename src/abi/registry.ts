import { CompiledSyscall } from "./compile.ts";
import { DeclarationError } from "./declaration-error.ts";
import type { FlagSetDecl } from "./flags.ts";
import type { LadderDecl } from "./ladder.ts";
import { type ResolvedNumber, resolveNumber, type TableId } from "./numbers.ts";
import type { StructDecl } from "./struct.ts";
import type { SyscallDecl } from "./syscall.ts";
import { Types } from "./types.ts";

/** An era as tables see it: the profile's name and a comparable kernel version. */
export interface TableEra {
  readonly name: string;
  readonly kernel: number;
}

/** What a registry is made of. */
export interface RegistryParts {
  readonly calls?: Iterable<SyscallDecl>;
  readonly structs?: Iterable<StructDecl>;
  readonly flagsets?: Iterable<FlagSetDecl>;
  readonly ladders?: Iterable<LadderDecl>;
}

/**
 * Every declaration of a machine, and both indexes over them: name → number and number → name are derived from the
 * one list, so they cannot drift apart.
 */
export class Registry {
  readonly types: Types;
  private readonly ladders: Map<string, LadderDecl>;
  private readonly byName: Map<string, CompiledSyscall> = new Map();
  private readonly indexes: Map<string, Map<number, CompiledSyscall>> = new Map();

  /** @throws DeclarationError for the first wrong or duplicate declaration */
  constructor(parts: RegistryParts = {}) {
    this.types = new Types(parts.structs, parts.flagsets);
    this.ladders = new Map();
    for (const ladder of parts.ladders ?? []) {
      if (this.ladders.has(ladder.ladder))
        throw new DeclarationError(`ladder ${ladder.ladder}`, "a ladder of that name exists");
      this.ladders.set(ladder.ladder, ladder);
    }
    for (const decl of parts.calls ?? []) this.add(decl);
  }

  /** Adds a call. @throws DeclarationError when it is wrong or its name is taken */
  add(decl: SyscallDecl): CompiledSyscall {
    const call = this.compile(decl);
    if (this.byName.has(call.name)) throw new DeclarationError(call.name, "a call of that name exists");
    this.byName.set(call.name, call);
    this.indexes.clear();
    return call;
  }

  /** Compiles a declaration against this registry's types and ladders without adding it. @throws DeclarationError */
  compile(decl: SyscallDecl): CompiledSyscall {
    return new CompiledSyscall(decl, this.types, this.ladders);
  }

  /** A call by name. */
  get(name: string): CompiledSyscall | undefined {
    return this.byName.get(name);
  }

  /** Every call, in the order they were added. */
  calls(): Iterable<CompiledSyscall> {
    return this.byName.values();
  }

  /** The number of a call; undefined where the table or the era has none. */
  number(name: string, table: TableId, era: TableEra): number | undefined {
    return this.resolve(name, table, era)?.nr;
  }

  /** As {@link number}, with the remark that goes with it. */
  resolve(name: string, table: TableId, era: TableEra): ResolvedNumber | null {
    const call = this.byName.get(name);
    if (call === undefined || era.kernel < call.since || era.kernel >= call.until) return null;
    return resolveNumber(call.decl.numbers, table, era.name);
  }

  /** The call with a number; undefined where nobody has it. */
  byNumber(nr: number, table: TableId, era: TableEra): CompiledSyscall | undefined {
    return this.index(table, era).get(nr);
  }

  /** Number and call, ascending. @throws DeclarationError when two calls share a number */
  entries(table: TableId, era: TableEra): [number, CompiledSyscall][] {
    return [...this.index(table, era)].sort((a, b) => a[0] - b[0]);
  }

  /** Everything declared here, as plain data. */
  toJSON(): { calls: SyscallDecl[]; structs: StructDecl[]; ladders: LadderDecl[] } {
    return {
      calls: [...this.byName.values()].map((c) => c.decl),
      structs: [...this.types.allStructs()],
      ladders: [...this.ladders.values()],
    };
  }

  private index(table: TableId, era: TableEra): Map<number, CompiledSyscall> {
    const key = `${table} ${era.name} ${era.kernel}`;
    let index = this.indexes.get(key);
    if (index !== undefined) return index;
    index = new Map();
    for (const call of this.byName.values()) {
      const nr = this.number(call.name, table, era);
      if (nr === undefined) continue;
      const holder = index.get(nr);
      if (holder !== undefined) {
        throw new DeclarationError(
          `${call.name}.numbers.${table}`,
          `${nr} is ${holder.name}'s under ${era.name}`,
        );
      }
      index.set(nr, call);
    }
    this.indexes.set(key, index);
    return index;
  }
}

import type { CType } from "./ctype.ts";
import { DeclarationError } from "./declaration-error.ts";
import { isErrnoName } from "./errno.ts";
import type { LadderDecl, LadderRow, Rung } from "./ladder.ts";
import { type NumberSpec, numbersIn } from "./numbers.ts";
import type { ArgOrder, SyscallDecl } from "./syscall.ts";
import { checkType, type TypeTable } from "./types.ts";
import { kernelVersion } from "./version.ts";

const MAX_ARGS = 6;

/** No table is longer than this; a larger number is a slip. */
const MAX_NUMBER = 1_000_000;

/** A checked declaration with its shared ladders expanded. */
export class CompiledSyscall {
  readonly name: string;
  readonly decl: SyscallDecl;
  readonly args: readonly { readonly name: string; readonly type: CType }[];
  /** Every rung in check order. */
  readonly ladder: readonly Rung[];
  /** Comparable kernel versions, [since, until). */
  readonly since: number;
  readonly until: number;
  private readonly rungs: Map<string, Rung>;
  private readonly names: readonly string[];

  /** @throws DeclarationError saying what is wrong, and where */
  constructor(decl: SyscallDecl, types: TypeTable, ladders: ReadonlyMap<string, LadderDecl>) {
    this.name = decl.name;
    this.decl = decl;
    this.names = Object.keys(decl.args);
    if (!/^[a-z_][a-z0-9_]*$/i.test(decl.name))
      throw new DeclarationError(String(decl.name), "is not a call name");
    this.since = version(decl.since, `${decl.name}.since`, 0);
    this.until = version(decl.until, `${decl.name}.until`, Number.POSITIVE_INFINITY);
    if (this.since >= this.until)
      throw new DeclarationError(`${decl.name}.since`, `${decl.since} is not before until ${decl.until}`);
    this.args = this.checkArgs(types);
    this.checkOrders();
    checkType(decl.returns, `${decl.name}.returns`, [], types);
    for (const [table, spec] of Object.entries(decl.numbers))
      checkNumbers(spec, `${decl.name}.numbers.${table}`);
    this.ladder = expand(decl.ladder, `${decl.name}.ladder`, ladders, null, []);
    this.rungs = new Map();
    for (const rung of this.ladder) {
      if (this.rungs.has(rung.id))
        throw new DeclarationError(`${decl.name}.ladder.${rung.id}`, "stands there twice");
      this.rungs.set(rung.id, rung);
    }
  }

  /** A rung by id. */
  rung(id: string): Rung | undefined {
    return this.rungs.get(id);
  }

  /** Argument names in the order an architecture passes them. */
  argOrder(order: ArgOrder): readonly string[] {
    return order === "default" ? this.names : (this.decl.order?.[order] ?? this.names);
  }

  private checkArgs(types: TypeTable): { name: string; type: CType }[] {
    const { decl, names } = this;
    if (names.length > MAX_ARGS)
      throw new DeclarationError(`${decl.name}.args`, `${names.length} arguments, at most ${MAX_ARGS} fit`);
    return names.map((name) => {
      const type = decl.args[name] as CType;
      const where = `${decl.name}.args.${name}`;
      checkType(type, where, names, types);
      if (typeof type === "object" && ("array" in type || "struct" in type)) {
        throw new DeclarationError(where, "an argument is a word: pass arrays and structs by pointer");
      }
      return { name, type };
    });
  }

  private checkOrders(): void {
    for (const [variant, order] of Object.entries(this.decl.order ?? {})) {
      const same = order.length === this.names.length && this.names.every((name) => order.includes(name));
      if (!same)
        throw new DeclarationError(
          `${this.decl.name}.order.${variant}`,
          `is not a permutation of ${this.names.join(", ")}`,
        );
    }
  }
}

function version(text: string | undefined, where: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  try {
    return kernelVersion(text);
  } catch (error) {
    throw new DeclarationError(where, (error as Error).message);
  }
}

function checkNumbers(spec: NumberSpec, where: string): void {
  for (const nr of numbersIn(spec)) {
    if (!Number.isSafeInteger(nr) || nr < 0 || nr > MAX_NUMBER)
      throw new DeclarationError(where, `${nr} is not a syscall number`);
  }
}

/** Replaces includes by the ladders they name, in place. */
function expand(
  rows: readonly LadderRow[],
  where: string,
  ladders: ReadonlyMap<string, LadderDecl>,
  from: string | null,
  path: readonly string[],
): Rung[] {
  return rows.flatMap((row, i): Rung[] => {
    if ("include" in row) {
      const ladder = ladders.get(row.include);
      if (ladder === undefined)
        throw new DeclarationError(`${where}[${i}]`, `no ladder is called ${row.include}`);
      if (path.includes(row.include))
        throw new DeclarationError(`${where}[${i}]`, `ladder ${row.include} includes itself`);
      return expand(ladder.rungs, `ladder ${row.include}`, ladders, row.include, [...path, row.include]);
    }
    const [id, errno, rules, reason] = row;
    if (!isErrnoName(errno)) throw new DeclarationError(`${where}.${id}`, `${String(errno)} is not an errno`);
    return [{ id, errno, rules: typeof rules === "string" ? [rules] : rules, reason, from }];
  });
}

/** Compiles a declaration. @throws DeclarationError */
export function compileSyscall(
  decl: SyscallDecl,
  types: TypeTable,
  ladders: Iterable<LadderDecl> = [],
): CompiledSyscall {
  return new CompiledSyscall(decl, types, new Map([...ladders].map((l) => [l.ladder, l])));
}

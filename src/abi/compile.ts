import { type ArgDescriptor, describeArg } from "./arg-descriptor.ts";
import { checkType } from "./check-type.ts";
import { type CType, pointerOf } from "./ctype.ts";
import { DeclarationError } from "./declaration-error.ts";
import { expandLadder, type LadderTable, rungsOfEra } from "./expand-ladder.ts";
import { compileForms, type Forms } from "./forms.ts";
import type { LadderDecl, Rung } from "./ladder.ts";
import { calledIn, checkNumbers, type TableId } from "./numbers.ts";
import {
  checkEra,
  checkIdentifier,
  checkKeys,
  checkList,
  checkObject,
  checkTexts,
  named,
  shown,
} from "./slips.ts";
import type { ArgOrder, SyscallDecl } from "./syscall.ts";
import type { TypeTable } from "./types.ts";

const MAX_ARGS = 6;
const SUPPORT = ["full", "partial", "declared"];
const ORDERS = ["backwards", "backwards2", "backwards3"];
const KEYS = [
  "name",
  "since",
  "until",
  "numbers",
  "args",
  "order",
  "forms",
  "returns",
  "ladder",
  "effects",
  "rereads",
  "differs",
  "support",
  "note",
  "provenance",
];

/** A checked declaration: types looked up, shared ladders expanded, argument orders filled in. */
export class CompiledSyscall {
  readonly name: string;
  readonly decl: SyscallDecl;
  /** The arguments in the default order. */
  readonly args: readonly ArgDescriptor[];
  /** Argument names in the order each kind of architecture passes them. */
  readonly orders: Readonly<Record<ArgOrder, readonly string[]>>;
  /** Null where the arguments are the same for every value. */
  readonly forms: Forms | null;
  readonly returns: CType;
  /** Every rung in check order, of every era. */
  readonly ladder: readonly Rung[];
  /** Comparable kernel versions, [since, until). */
  readonly since: number;
  readonly until: number;

  /** @throws DeclarationError saying what is wrong, and where */
  constructor(decl: SyscallDecl, types: TypeTable, ladders: LadderTable) {
    checkObject(decl, "a call", "a declaration");
    const { name } = decl;
    checkIdentifier(name, named(name), "the name of a call");
    checkKeys(decl, name, KEYS);
    const { since, until } = checkEra(decl, name);
    checkNumbers(decl.numbers, `${name}.numbers`);
    this.name = name;
    this.decl = decl;
    this.since = since;
    this.until = until;
    this.args = describeArgs(decl, types);
    this.orders = ordersOf(decl);
    this.forms =
      decl.forms === undefined ? null : compileForms(decl.forms, `${name}.forms`, decl.args, types);
    checkWord(decl.returns, `${name}.returns`, {}, types);
    this.returns = decl.returns;
    this.ladder = expandLadder(decl.ladder, `${name}.ladder`, ladders);
    if (!SUPPORT.includes(decl.support))
      throw new DeclarationError(
        `${name}.support`,
        `${shown(decl.support)} is none of ${SUPPORT.join(", ")}`,
      );
    checkTexts(decl.effects ?? [], `${name}.effects`, "the effects of a call");
    checkTexts(decl.rereads ?? [], `${name}.rereads`, "what a call reads twice");
    checkTexts(decl.differs ?? [], `${name}.differs`, "what differs in 32 bits");
    checkTexts(decl.provenance, `${name}.provenance`, "the sources of a call");
    if (decl.provenance.length === 0) throw new DeclarationError(`${name}.provenance`, "names no source");
  }

  /** The rungs a kernel has, in check order; every era's when no version is given. */
  ladderIn(kernel?: number): readonly Rung[] {
    return kernel === undefined ? this.ladder : rungsOfEra(this.ladder, kernel);
  }

  /** The rung with an id that a kernel has, in any era when no version is given; undefined for none. */
  rung(id: string, kernel?: number): Rung | undefined {
    return this.ladderIn(kernel).find((rung) => rung.id === id);
  }

  /** What a table calls it: its own name, but where the numbers say otherwise. */
  nameIn(table: TableId): string {
    return calledIn(this.decl.numbers, table) ?? this.name;
  }

  /** Argument names in the order an architecture passes them. */
  argOrder(order: ArgOrder): readonly string[] {
    return this.orders[order];
  }

  /** The declaration with its ladder expanded, as plain data. */
  toJSON(): object {
    return { ...this.decl, ladder: this.ladder };
  }
}

function describeArgs(decl: SyscallDecl, types: TypeTable): ArgDescriptor[] {
  checkObject(decl.args, `${decl.name}.args`, "the arguments of a call");
  const args = Object.entries(decl.args);
  if (args.length > MAX_ARGS)
    throw new DeclarationError(`${decl.name}.args`, `${args.length} arguments, at most ${MAX_ARGS} fit`);
  return args.map(([name, type]) => {
    const where = `${decl.name}.args.${name}`;
    checkIdentifier(name, where, "the name of an argument");
    checkWord(type, where, decl.args, types);
    return describeArg(name, type, types);
  });
}

/** Checks a type that has to fit a register. */
function checkWord(type: CType, where: string, siblings: SyscallDecl["args"], types: TypeTable): void {
  checkType(type, where, siblings, types);
  if (typeof type === "object" && ("array" in type || "struct" in type))
    throw new DeclarationError(where, "does not fit a register: pass arrays and structs by pointer");
  if (pointerOf(type)?.of !== undefined)
    throw new DeclarationError(
      where,
      "is a pointer in a register: a u64 that holds one is a field of a struct",
    );
}

function ordersOf(decl: SyscallDecl): Record<ArgOrder, readonly string[]> {
  const names = Object.keys(decl.args);
  checkObject(decl.order ?? {}, `${decl.name}.order`, "the orders of a call's arguments");
  for (const [variant, order] of Object.entries(decl.order ?? {})) {
    const where = `${decl.name}.order.${variant}`;
    if (!ORDERS.includes(variant))
      throw new DeclarationError(where, `no order is called ${variant}: there are ${ORDERS.join(", ")}`);
    checkList(order, where, "an order of arguments");
    if (order.length !== names.length || !names.every((name) => order.includes(name)))
      throw new DeclarationError(where, `is not a permutation of ${names.join(", ") || "no arguments"}`);
  }
  return { default: names, backwards: names, backwards2: names, backwards3: names, ...decl.order };
}

/**
 * Compiles a declaration against the types and shared ladders it refers to.
 * @throws DeclarationError saying what is wrong, and where
 */
export function compileSyscall(
  decl: SyscallDecl,
  types: TypeTable,
  ladders: Iterable<LadderDecl> = [],
): CompiledSyscall {
  return new CompiledSyscall(decl, types, new Map([...ladders].map((l) => [l.ladder, l])));
}

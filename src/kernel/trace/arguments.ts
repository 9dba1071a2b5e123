import type { CompiledSyscall } from "../../abi/compile.ts";
import { type CType, isScalarName, pointerOf, scalarSize } from "../../abi/ctype.ts";
import type { Form } from "../../abi/forms.ts";
import { layoutOf } from "../../abi/struct.ts";
import type { Word64 } from "../../abi/word64.ts";
import type { EntryPath } from "../../arch/entry-path.ts";
import type { PtRegs } from "../../arch/pt-regs.ts";
import { rawWord } from "../../arch/words.ts";
import { ctypeText } from "./ctype-text.ts";
import { Decoder } from "./decode.ts";
import type { DecodeLimits, PendingOut, Sibling, TypeLookup } from "./decode-context.ts";
import { type PeekedTask, Peeker } from "./peek.ts";
import type { TraceArg, TraceOut, TraceResult } from "./record.ts";
import type { TraceRole } from "./value.ts";
import { countOf, extend, readWord, wordHex } from "./word.ts";

/** What decoding depends on besides the call. */
export interface DecodeContext {
  readonly types: TypeLookup;
  readonly kernel: number | undefined;
  readonly limits: DecodeLimits | undefined;
  /** Meanings by `call.argument`. */
  readonly roles: Readonly<Record<string, TraceRole>>;
}

/** The arguments of a call at entry, and the out-pointers among them or behind them. */
export interface DecodedArgs {
  readonly args: readonly TraceArg[];
  readonly pending: readonly PendingOut[];
}

/** Words a call can pass. */
const WORDS = 6;

/** Decodes the arguments of a call that begins, in the order the entry path passes them. */
export function decodeArgs(
  task: PeekedTask & { readonly regs: PtRegs },
  call: CompiledSyscall | null,
  path: EntryPath,
  sixth: number,
  context: DecodeContext,
): DecodedArgs {
  if (call === null) return { args: unknownArgs(task.regs, path, sixth), pending: [] };
  const peeker = new Peeker(task);
  const decoder = new Decoder({ peeker, model: path.model, phase: "enter", ...context });
  const form = formOf(call, task.regs, path, sixth);
  const order = form?.args.map((arg) => arg.name) ?? call.argOrder(path.convention.cloneOrder);
  const types = new Map((form ?? call).args.map((arg) => [arg.name, arg.type]));
  const words = new Map(order.map((name, i) => [name, rawWord(path, task.regs, i, sixth)]));
  const sibling: Sibling = (name) => {
    const [argument = "", field] = name.split(".");
    const type = types.get(argument);
    const word = words.get(argument);
    if (type === undefined || word === undefined) return null;
    if (field !== undefined) return fieldCount(type, word, field, peeker, path, context.types);
    return argumentCount(type, word, peeker, path);
  };
  const args = order.map((name): TraceArg => {
    const type = types.get(name) ?? "addr";
    const word = words.get(name) ?? ZERO;
    const value = decoder.value(type, word, sibling, [name], context.roles[`${call.name}.${name}`]);
    return { name, type: ctypeText(type), raw: wordHex(word), value };
  });
  return { args, pending: decoder.pending };
}

/** The form the call takes for what it was given; null when it has one for everything. */
function formOf(call: CompiledSyscall, regs: PtRegs, path: EntryPath, sixth: number): Form | null {
  if (call.forms === null) return null;
  const at = call.argOrder(path.convention.cloneOrder).indexOf(call.forms.by);
  return call.forms.of.get(rawWord(path, regs, at, sixth).lo) ?? null;
}

/** Decodes what a call wrote, in the order its pointers were met; nothing for a call that wrote nothing. */
export function decodeOuts(
  task: PeekedTask,
  call: CompiledSyscall | null,
  path: EntryPath,
  pending: readonly PendingOut[],
  result: TraceResult,
  context: DecodeContext & { readonly written: ((address: number) => boolean) | undefined },
): readonly TraceOut[] {
  if (call === null || pending.length === 0) return [];
  const written = context.written ?? (() => succeeded(call, result));
  const decoder = new Decoder({ peeker: new Peeker(task), model: path.model, phase: "exit", ...context });
  // What read and its like return is how much of the buffers holds something.
  let left = Number.POSITIVE_INFINITY;
  if (result.kind === "value" && isSize(call.decl.returns)) left = Math.max(0, result.value);
  const outs: TraceOut[] = [];
  for (const { at, type, word, sibling } of pending) {
    if (!written(extendedAddress(word, path))) continue;
    const role = at.length === 1 ? context.roles[`${call.name}.${at[0]}`] : undefined;
    outs.push({ at, value: decoder.value(type, word, sibling, at, role, left) });
    left = Math.max(0, left - (sizeBy(type, sibling) ?? 0));
  }
  return outs;
}

function succeeded(call: CompiledSyscall, result: TraceResult): boolean {
  return result.kind === "value" && !(call.decl.returns === "pid_t" && result.value === 0);
}

function isSize(type: CType): boolean {
  return type === "ssize_t" || type === "size_t";
}

/** The value of the sibling that says a buffer's size in bytes. */
function sizeBy(type: CType, sibling: Sibling): number | null {
  if (typeof type !== "object" || !("size" in type) || type.size === undefined) return null;
  return sibling(type.size);
}

/** An argument as a count: its value, or what it points at where it is a pointer to a scalar. */
function argumentCount(type: CType, word: Word64, peeker: Peeker, path: EntryPath): number | null {
  const pointer = pointerOf(type);
  if (pointer === null) return countOf(type, word, path.model);
  if (!isScalarName(pointer.to)) return null;
  const size = scalarSize(pointer.to, path.model);
  const bytes = peeker.read(extend(word, path.model.pointer, false), size);
  if (bytes.length < size) return null;
  return countOf(pointer.to, readWord(bytes, 0, size, path.model.littleEndian), path.model);
}

/** A field of the struct an argument points at, as a count. */
function fieldCount(
  type: CType,
  word: Word64,
  field: string,
  peeker: Peeker,
  path: EntryPath,
  types: TypeLookup,
): number | null {
  const decl = types.struct(pointerOf(type)?.to ?? "");
  if (decl === undefined) return null;
  const { fields, size } = layoutOf(decl, path.model, types);
  const found = fields.find(({ name }) => name === field);
  const bytes = peeker.read(extend(word, path.model.pointer, false), size);
  if (found === undefined || bytes.length < size) return null;
  return countOf(
    found.type,
    readWord(bytes, found.offset, Math.min(8, found.size), path.model.littleEndian),
    path.model,
  );
}

/** A pointer in address form. */
function extendedAddress(word: Word64, path: EntryPath): number {
  const { lo, hi } = extend(word, path.model.pointer, false);
  return hi * 2 ** 32 + lo;
}

/** What a number without a declaration was called with: all six words. */
function unknownArgs(regs: PtRegs, path: EntryPath, sixth: number): TraceArg[] {
  return Array.from({ length: WORDS }, (_, i) => {
    const raw = wordHex(rawWord(path, regs, i, sixth));
    return { name: `arg${i}`, type: ctypeText("unsigned long"), raw, value: { kind: "int", value: raw } };
  });
}

const ZERO: Word64 = { lo: 0, hi: 0 };

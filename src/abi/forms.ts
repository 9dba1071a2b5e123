import { type ArgDescriptor, describeArg } from "./arg-descriptor.ts";
import { checkType } from "./check-type.ts";
import type { CType } from "./ctype.ts";
import { DeclarationError } from "./declaration-error.ts";
import { checkIdentifier, checkKeys, checkObject, named } from "./slips.ts";
import type { FormsDecl } from "./syscall.ts";
import type { TypeTable } from "./types.ts";

/** One form of a call: what its arguments are for one value of the argument that decides. */
export interface Form {
  /** The value, and its name. */
  readonly value: number;
  readonly name: string;
  /** Every argument in order, the one that decides and those before it included. */
  readonly args: readonly ArgDescriptor[];
}

/** The forms of a call: which argument decides, and what it decides on. */
export interface Forms {
  readonly by: string;
  /** By value. */
  readonly of: ReadonlyMap<number, Form>;
}

/**
 * Checks the forms of a call.
 * @param args the arguments as they are declared for every value
 * @throws DeclarationError saying what is wrong, and where
 */
export function compileForms(
  decl: FormsDecl,
  where: string,
  args: Readonly<Record<string, CType>>,
  types: TypeTable,
): Forms {
  checkObject(decl, where, "the forms of a call");
  checkKeys(decl, where, ["by", "of"]);
  checkObject(decl.of, `${where}.of`, "the forms of a call");
  const names = Object.keys(args);
  const at = names.indexOf(named(decl.by));
  const type = at < 0 ? undefined : args[decl.by];
  if (type === undefined)
    throw new DeclarationError(`${where}.by`, `no argument is called ${named(decl.by)}`);
  const values = typeof type === "object" && "flags" in type ? types.flags(type.flags)?.values : undefined;
  if (values === undefined || values.length === 0)
    throw new DeclarationError(`${where}.by`, `${decl.by} is no flag set with values`);
  const before = names.slice(0, at + 1).map((name) => describeArg(name, args[name] as CType, types));
  const of = new Map<number, Form>();
  for (const [name, form] of Object.entries(decl.of)) {
    const value = values.find((v) => v.name === name)?.value;
    if (value === undefined)
      throw new DeclarationError(`${where}.of.${name}`, `${decl.by} has no such value`);
    checkObject(form, `${where}.of.${name}`, "a form");
    const own = Object.entries(form).map(([arg, argType]) => {
      checkIdentifier(arg, `${where}.of.${name}.${arg}`, "the name of an argument");
      checkType(argType, `${where}.of.${name}.${arg}`, form, types);
      if (typeof argType === "object" && ("array" in argType || "struct" in argType))
        throw new DeclarationError(`${where}.of.${name}.${arg}`, "does not fit a register");
      return describeArg(arg, argType, types);
    });
    if (own.length > names.length - at - 1)
      throw new DeclarationError(
        `${where}.of.${name}`,
        `${own.length} arguments behind ${decl.by}, which has fewer`,
      );
    of.set(value, { value, name, args: [...before, ...own] });
  }
  return { by: decl.by, of };
}

import { DeclarationError } from "./declaration-error.ts";
import { checkKeys, checkObject, shown } from "./slips.ts";

/** The tables trapgate knows by name. `ia32` is the compat table of a 64-bit x86 kernel. */
export const TABLES = [
  "x86_64",
  "x32",
  "i386",
  "ia32",
  "arm",
  "arm64",
  "riscv64",
  "s390",
  "s390x",
  "powerpc",
  "powerpc64",
  "mips_o32",
  "mips_n32",
  "mips_n64",
  "sparc64",
  "loongarch64",
  "parisc",
] as const;

/** Which table a number stands in. */
export type TableId = (typeof TABLES)[number];

/** No table of Linux is longer than this; a larger number is a slip. */
export const MAX_SYSCALL_NUMBER = 65_535;

/**
 * A number with a remark: trapgate's own assignment and why, the name that table has for the call where it is not the
 * declaration's (i386 calls the kernel's getuid `getuid32`), or the mainline call whose place it takes.
 */
export type RemarkedNumber =
  | { readonly nr: number; readonly assigned: string }
  | { readonly nr: number; readonly called: string }
  | { readonly nr: number; readonly displaces: string };

/** No number, and why: absence is written down, never implied. */
export interface AbsentNumber {
  readonly absent: string;
}

/** What one profile's tree says. */
export type PlainSpec = number | RemarkedNumber | AbsentNumber;

/** A call's number in one table: plain, remarked, written down as absent, or different from profile to profile. */
export type NumberSpec = PlainSpec | { readonly profiles: Readonly<Record<string, PlainSpec>> };

/** The numbers of a call by table. */
export type Numbers = Readonly<Partial<Record<TableId, NumberSpec>>>;

/** What a table says about a call under one profile. */
export interface ResolvedNumber {
  readonly nr: number;
  readonly remark: string | null;
  /** True where trapgate chose the number because history has none. */
  readonly assigned: boolean;
  /** The mainline call whose number it is in other trees. */
  readonly displaces: string | null;
}

/** Tables that share their numbers with another: the compat table of x86, and what asm-generic/unistd.h gives to both. */
const SAME_AS: Readonly<Partial<Record<TableId, TableId>>> = { ia32: "i386", riscv64: "arm64" };

/** The number spec of a table: `ia32` has i386's and `riscv64` arm64's unless the declaration says otherwise. */
export function specOf(numbers: Numbers, table: TableId): NumberSpec | undefined {
  const same = SAME_AS[table];
  return numbers[table] ?? (same === undefined ? undefined : numbers[same]);
}

/** A call's number in a table under a profile; null where it has none. */
export function resolveNumber(numbers: Numbers, table: TableId, profile: string): ResolvedNumber | null {
  const spec = specOf(numbers, table);
  if (typeof spec !== "object" || !("profiles" in spec)) return plain(spec);
  return plain(Object.hasOwn(spec.profiles, profile) ? spec.profiles[profile] : undefined);
}

function plain(spec: PlainSpec | undefined): ResolvedNumber | null {
  if (spec === undefined) return null;
  if (typeof spec === "number") return { nr: spec, remark: null, assigned: false, displaces: null };
  if ("absent" in spec) return null;
  if ("called" in spec)
    return { nr: spec.nr, remark: `called ${spec.called} there`, assigned: false, displaces: null };
  if ("assigned" in spec)
    return { nr: spec.nr, remark: `assigned by trapgate: ${spec.assigned}`, assigned: true, displaces: null };
  return { nr: spec.nr, remark: `displaces ${spec.displaces}`, assigned: false, displaces: spec.displaces };
}

/** The profiles a call names in a table. */
export function profilesIn(numbers: Numbers, table: TableId): string[] {
  const spec = specOf(numbers, table);
  return typeof spec === "object" && "profiles" in spec ? Object.keys(spec.profiles) : [];
}

/** The name a table has for a call; undefined where it is the declaration's own. */
export function calledIn(numbers: Numbers, table: TableId): string | undefined {
  const spec = specOf(numbers, table);
  return typeof spec === "object" && "called" in spec ? spec.called : undefined;
}

/** Every number a call has in a table under any profile, once each. */
export function numbersIn(numbers: Numbers, table: TableId): Set<number> {
  const spec = specOf(numbers, table);
  if (spec === undefined) return new Set();
  const specs = typeof spec === "object" && "profiles" in spec ? Object.values(spec.profiles) : [spec];
  return new Set(specs.flatMap((one) => plain(one)?.nr ?? []));
}

/** Checks the numbers of a declaration. @throws DeclarationError */
export function checkNumbers(numbers: Numbers, where: string): void {
  checkObject(numbers, where, "the numbers of a call");
  checkKeys(numbers, where, TABLES);
  for (const [table, spec] of Object.entries(numbers)) {
    const at = `${where}.${table}`;
    if (typeof spec === "object" && spec !== null && "profiles" in spec) {
      checkKeys(spec, at, ["profiles"]);
      checkObject(spec.profiles, at, "the profiles of a table");
      for (const [profile, own] of Object.entries(spec.profiles)) checkPlain(own, `${at}.${profile}`);
    } else checkPlain(spec, at);
  }
}

function checkPlain(spec: unknown, where: string): void {
  if (typeof spec !== "object" || spec === null) {
    checkNumber(spec, where);
    return;
  }
  const remark = ["absent", "assigned", "called", "displaces"].find((key) => key in spec);
  if (remark === undefined)
    throw new DeclarationError(
      where,
      "is no number: write one, or { nr, assigned }, { nr, called }, { nr, displaces }, { absent }",
    );
  checkKeys(spec, where, remark === "absent" ? ["absent"] : ["nr", remark]);
  const reason: unknown = (spec as Readonly<Record<string, unknown>>)[remark];
  if (typeof reason !== "string" || reason === "")
    throw new DeclarationError(where, `${remark} gives no reason`);
  if (remark !== "absent") checkNumber((spec as { readonly nr?: unknown }).nr, where);
}

function checkNumber(nr: unknown, where: string): void {
  if (Number.isInteger(nr) && (nr as number) >= 0 && (nr as number) <= MAX_SYSCALL_NUMBER) return;
  throw new DeclarationError(
    where,
    `${shown(nr)} is no syscall number: an integer from 0 to ${MAX_SYSCALL_NUMBER}`,
  );
}

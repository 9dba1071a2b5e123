/** Which table a number stands in. `ia32` is the compat table of a 64-bit x86 kernel. */
export type TableId =
  | "x86_64"
  | "x32"
  | "i386"
  | "ia32"
  | "arm"
  | "arm64"
  | "riscv64"
  | "s390"
  | "s390x"
  | "powerpc"
  | "powerpc64"
  | "mips_o32"
  | "mips_n32"
  | "mips_n64"
  | "sparc64"
  | "loongarch64";

/** A number with a remark: trapgate's own assignment and why, or the mainline call it displaces. */
export type RemarkedNumber =
  | { readonly nr: number; readonly assigned: string }
  | { readonly nr: number; readonly displaces: string };

/** A call's number in one table: plain, remarked, written down as absent, or different from profile to profile. */
export type NumberSpec =
  | number
  | RemarkedNumber
  | { readonly absent: string }
  | { readonly profiles: Readonly<Record<string, number | RemarkedNumber>> };

/** The numbers of a call by table. */
export type Numbers = Readonly<Partial<Record<TableId, NumberSpec>>>;

/** What a table says about a call under one profile. */
export interface ResolvedNumber {
  readonly nr: number;
  readonly remark: string | null;
  /** True where trapgate chose the number because history has none. */
  readonly assigned: boolean;
}

/** The number spec of a table: `ia32` has i386's unless the declaration says otherwise. */
export function specOf(numbers: Numbers, table: TableId): NumberSpec | undefined {
  return numbers[table] ?? (table === "ia32" ? numbers.i386 : undefined);
}

/** A call's number in a table under a profile; null where it has none. */
export function resolveNumber(numbers: Numbers, table: TableId, profile: string): ResolvedNumber | null {
  const spec = specOf(numbers, table);
  if (spec === undefined) return null;
  if (typeof spec === "object" && "absent" in spec) return null;
  if (typeof spec === "object" && "profiles" in spec) {
    const own = Object.hasOwn(spec.profiles, profile) ? spec.profiles[profile] : undefined;
    return own === undefined ? null : remarked(own);
  }
  return remarked(spec);
}

function remarked(spec: number | RemarkedNumber): ResolvedNumber {
  if (typeof spec === "number") return { nr: spec, remark: null, assigned: false };
  if ("assigned" in spec)
    return { nr: spec.nr, remark: `assigned by trapgate: ${spec.assigned}`, assigned: true };
  return { nr: spec.nr, remark: `displaces ${spec.displaces}`, assigned: false };
}

/** Every number a spec can come to, for checks. */
export function numbersIn(spec: NumberSpec): number[] {
  if (typeof spec === "number") return [spec];
  if ("nr" in spec) return [spec.nr];
  if ("absent" in spec) return [];
  return Object.values(spec.profiles).map((n) => (typeof n === "number" ? n : n.nr));
}

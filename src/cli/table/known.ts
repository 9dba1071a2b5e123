import { CALLS } from "../../abi/calls/index.ts";
import { calledIn, resolveNumber, TABLES, type TableId } from "../../abi/numbers.ts";
import type { SyscallDecl } from "../../abi/syscall.ts";
import type { Convention } from "../../arch/convention.ts";
import { passedBy } from "../../atlas/argument-places.ts";
import { HISTORICAL_PROFILES, type HistoricalNumber, numbersUnder } from "../../atlas/historical.ts";
import { loadTables } from "../../atlas/load.ts";
import type { NumberTable } from "../../atlas/number-table.ts";
import { loadSignatures, type Parameter, type Signatures } from "../../atlas/signature.ts";
import { loadSince } from "../../atlas/since.ts";
import { ctypeText } from "../../kernel/trace/ctype-text.ts";

/** Declarations by what tables call them: i386 has getuid as `getuid32`, and under its old name another call. */
const DECLARED: ReadonlyMap<string, SyscallDecl> = new Map([
  ...CALLS.flatMap((decl) =>
    TABLES.flatMap((table) => {
      const called = calledIn(decl.numbers, table);
      return called === undefined ? [] : [[called, decl] as const];
    }),
  ),
  ...CALLS.map((decl) => [decl.name, decl] as const),
]);

/** What the tables a view is made of know, and what is known about their calls. */
export class Known {
  readonly tables: readonly NumberTable[];
  private readonly since: ReadonlyMap<string, string>;
  private readonly signatures: Signatures;

  constructor(tables: readonly NumberTable[], since: ReadonlyMap<string, string>, signatures: Signatures) {
    this.tables = tables;
    this.since = since;
    this.signatures = signatures;
  }

  /** The first kernel of a call, as far as a source says it. */
  sinceOf(name: string): string | null {
    return DECLARED.get(name)?.since ?? this.since.get(name) ?? null;
  }

  /** How far the call is emulated; null for one that is only known. */
  supportOf(name: string): SyscallDecl["support"] | null {
    return DECLARED.get(name)?.support ?? null;
  }

  /** The arguments of a call: as declared here, else as another source has them; null where none does. */
  parametersOf(name: string): readonly Parameter[] | null {
    const decl = DECLARED.get(name);
    if (decl !== undefined)
      return Object.entries(decl.args).map(([arg, type]) => ({ name: arg, type: ctypeText(type) }));
    return this.signatures.get(name)?.parameters ?? null;
  }

  /** As {@link parametersOf}, in the order a convention passes them. */
  passedTo(convention: Convention, name: string): readonly Parameter[] | null {
    const parameters = this.parametersOf(name);
    const { cloneOrder } = convention;
    const order = cloneOrder === "default" ? undefined : DECLARED.get(name)?.order?.[cloneOrder];
    if (parameters === null) return null;
    if (order === undefined) return passedBy(convention, name, parameters);
    return order.flatMap((own) => parameters.filter((parameter) => parameter.name === own));
  }

  /** Every name of these tables, once, sorted. */
  names(): string[] {
    return [...new Set(this.tables.flatMap(({ rows }) => rows.map(({ name }) => name)))].sort();
  }
}

/** Loads tables, as an era has them where one is named. */
export async function know(ids: readonly TableId[], profile: string | undefined): Promise<Known> {
  const [tables, since, signatures] = await Promise.all([loadTables(ids), loadSince(), loadSignatures()]);
  if (profile === undefined) return new Known(tables, since, signatures);
  const numbers = numbersIn(profile);
  return new Known(
    tables.map((table) => table.laidOver(numbers)),
    since,
    signatures,
  );
}

/** The eras that have numbers of their own, in history or here. */
export const NUMBERED_PROFILES: readonly string[] = [
  ...new Set([...HISTORICAL_PROFILES, ...CALLS.flatMap(profilesOf)]),
].filter((profile) => numbersIn(profile).length > 0);

/** The eras that have a number of their own for a call. */
export function profilesWith(call: string): string[] {
  return NUMBERED_PROFILES.filter((profile) => numbersIn(profile).some((number) => number.call === call));
}

/** What an era adds to the tables. */
function numbersIn(profile: string): HistoricalNumber[] {
  return [...numbersUnder(profile), ...assignedUnder(profile)];
}

/** Numbers trapgate gave a call where its era has none. */
function assignedUnder(profile: string): HistoricalNumber[] {
  return CALLS.flatMap((decl) =>
    TABLES.flatMap((table): HistoricalNumber[] => {
      const number = profilesOf(decl).includes(profile) ? resolveNumber(decl.numbers, table, profile) : null;
      return number?.assigned
        ? [{ profile, table, nr: number.nr, call: decl.name, source: number.remark ?? "" }]
        : [];
    }),
  );
}

function profilesOf({ numbers }: SyscallDecl): string[] {
  return Object.values(numbers).flatMap((spec) =>
    typeof spec === "object" && "profiles" in spec ? Object.keys(spec.profiles) : [],
  );
}

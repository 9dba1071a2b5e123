import { calledIn, type NumberSpec, type PlainSpec, TABLES } from "../../abi/numbers.ts";
import { HISTORICAL } from "../historical.ts";
import { loadTable } from "../load.ts";
import type { Finding } from "./finding.ts";
import type { Subject } from "./subject.ts";

/** Numbers that are another call's in mainline, and compat tables the call is missing from. */
export async function numberFindings({ call }: Subject): Promise<Finding[]> {
  const { name, decl } = call;
  const posted = HISTORICAL.filter((number) => number.call === name).map(({ table, nr }) => ({ table, nr }));
  const declared = TABLES.flatMap((table) => numbersIn(decl.numbers[table]).map((nr) => ({ table, nr })));
  const all = new Map([...posted, ...declared].map((one) => [`${one.table} ${one.nr}`, one]));
  const taken = new Map<string, string[]>();
  for (const { table, nr } of all.values()) {
    const own = await loadTable(table);
    // Declarations count from 0 or from the base, as their headers do.
    const row = own.row(nr) ?? own.row(nr + own.base);
    if (row === undefined || row.name === name || row.name === calledIn(decl.numbers, table)) continue;
    const key = `${nr} is ${row.name}'s in mainline`;
    taken.set(key, [...(taken.get(key) ?? []), table]);
  }
  const missing = decl.numbers.ia32;
  const absent = typeof missing === "object" && "absent" in missing ? missing.absent : null;
  return [
    ...[...taken].map(
      ([what, tables]): Finding => ({
        rule: "number-taken",
        weight: "fault",
        where: "numbers",
        what,
        abis: tables,
        fix: "a number is only safe once it is merged",
      }),
    ),
    ...(absent === null
      ? []
      : [
          {
            rule: "no-compat-entry",
            weight: "fault",
            where: "numbers",
            what: absent,
            abis: ["ia32"],
            fix: "a row in the compat table, with a handler that knows the 32-bit layout",
          } as const,
        ]),
  ];
}

/** The numbers a tree gave; trapgate's own assignments are nobody's. */
function numbersIn(spec: NumberSpec | undefined): number[] {
  if (spec === undefined) return [];
  const specs: PlainSpec[] =
    typeof spec === "object" && "profiles" in spec ? Object.values(spec.profiles) : [spec];
  return specs.flatMap((one) => {
    if (typeof one === "number") return [one];
    return "absent" in one || "assigned" in one ? [] : [one.nr];
  });
}

import { type CType, pointerOf, SCALARS } from "../../abi/ctype.ts";
import type { TableId } from "../../abi/numbers.ts";
import { CONVENTIONS } from "../../arch/conventions.ts";
import type { Finding } from "./finding.ts";
import { isSigned, signedCount } from "./struct-findings.ts";
import type { Subject } from "./subject.ts";
import { wordFindings } from "./word-findings.ts";

/** Argument names that already choose between meanings, as flags do. */
const CHOOSES = /^(op|cmd|request|option|options|which|how|mode|advice|what)$/;

/** What is wrong with the arguments of a call. */
export function callFindings(subject: Subject): Finding[] {
  return [
    ...flags(subject),
    ...wordFindings(subject),
    ...order(subject),
    ...counts(subject),
    ...pids(subject),
  ];
}

function isFlags(name: string, type: CType): boolean {
  return (typeof type === "object" && "flags" in type) || /flags/.test(name);
}

function flags({ call, types, structs }: Subject): Finding[] {
  const args = Object.entries(call.decl.args);
  const own = args.filter(([name, type]) => isFlags(name, type));
  const inside = structs.some(({ decl }) =>
    Object.entries(decl.fields).some(([name, type]) => isFlags(name, type)),
  );
  const takes = args.some(
    ([, type]) => pointerOf(type) !== null || (typeof type === "object" && "string" in type),
  );
  if (own.length === 0 && !inside)
    return takes && !args.some(([name]) => CHOOSES.test(name))
      ? [
          {
            rule: "no-flags",
            weight: "remark",
            where: "arguments",
            what: "there is no flags argument: the first variant will need a new call",
            abis: [],
            fix: "an unsigned int flags that must be 0 for now",
          },
        ]
      : [];
  const findings: Finding[] = [];
  const checked = call.ladder.some(({ id }) => /unknown-(flag|mode|option)/.test(id));
  const where = own[0] === undefined ? "flags in the struct" : `argument ${own[0][0]}`;
  if (!checked)
    findings.push({
      rule: "flags-unchecked",
      weight: "fault",
      where,
      what: "no rung refuses unknown flags: programs will set them, and no bit can ever be given a meaning",
      abis: [],
      fix: "EINVAL for every bit that has none",
    });
  for (const [name, type] of own) {
    const of = typeof type === "string" ? type : "flags" in type ? type.of : null;
    if (of !== null && SCALARS[of].size === "long")
      findings.push({
        rule: "flags-width",
        weight: "remark",
        where: `argument ${name}`,
        what: "flags in a long: bits from 32 on exist on 64 bit alone",
        abis: [],
        fix: "an unsigned int, or a u64 in the struct",
      });
    const set = typeof type === "object" && "flags" in type ? types.flags(type.flags) : undefined;
    // Enough that less than three bits of the word are left.
    if (set !== undefined && !inside && bitsOf(set.knownLo) > 29)
      findings.push({
        rule: "flags-exhausted",
        weight: "remark",
        where: `argument ${name}`,
        what: `${bitsOf(set.knownLo)} of its 32 bits are taken`,
        abis: [],
        fix: "a u64 in the struct",
      });
  }
  return findings;
}

function bitsOf(word: number): number {
  let bits = 0;
  for (let rest = word >>> 0; rest !== 0; rest >>>= 1) bits += rest & 1;
  return bits;
}

function order({ call }: Subject): Finding[] {
  const variants = Object.keys(call.decl.order ?? {});
  if (variants.length === 0) return [];
  const orders: readonly string[] = variants;
  return [
    {
      rule: "argument-order",
      weight: "fault",
      where: "arguments",
      what: `their order is not the same everywhere: default, ${variants.join(", ")}`,
      abis: (Object.keys(CONVENTIONS) as TableId[]).filter((id) =>
        orders.includes(CONVENTIONS[id].cloneOrder),
      ),
      fix: "one order, whatever an older call had",
    },
  ];
}

function counts({ call }: Subject): Finding[] {
  const named = new Set(
    Object.values(call.decl.args).flatMap((type) => {
      const pointer = pointerOf(type);
      return [pointer?.count, pointer?.size].filter((name) => name !== undefined);
    }),
  );
  return [...named]
    .filter((name) => isSigned(call.decl.args[name]))
    .map((name) => signedCount(`argument ${name}`));
}

/** Many pids in one call belong to many namespaces: which to which has to be said. */
function pids({ call, structs }: Subject): Finding[] {
  const lists: { where: string; note: string }[] = [];
  const look = (where: string, type: CType, note: string): void => {
    const pointer = pointerOf(type);
    if (pointer?.to === "pid_t" && pointer.direction === "in" && pointer.count !== undefined)
      lists.push({ where, note });
  };
  for (const [name, type] of Object.entries(call.decl.args))
    look(`argument ${name}`, type, call.decl.note ?? "");
  for (const { decl } of structs)
    for (const [name, type] of Object.entries(decl.fields))
      look(`struct ${decl.struct}.${name}`, type, decl.note ?? "");
  return lists
    .filter(({ note }) => !/namespace first|from the (oldest|youngest)/.test(note))
    .map(({ where }) => ({
      rule: "pid-viewpoint",
      weight: "remark",
      where,
      what: "pids in a list: nothing says which of them belongs to which namespace",
      abis: [],
      fix: "say which namespace stands first, and what a short list means",
    }));
}

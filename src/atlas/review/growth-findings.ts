import { pointerOf } from "../../abi/ctype.ts";
import type { StructDecl } from "../../abi/struct.ts";
import type { Finding } from "./finding.ts";
import type { ReachedStruct, Subject } from "./subject.ts";

/** What keeps a struct from growing, and its reserved fields from ever being used. */
export function growthFindings(subject: Subject, reached: ReachedStruct): Finding[] {
  return [...growth(subject, reached), ...reserved(subject, reached)];
}

/** Whether a struct of a request can grow. Vocabulary without flags, such as a time, is not asked to. */
function growth({ call }: Subject, { decl, direction, sized, nested, through }: ReachedStruct): Finding[] {
  if (nested || direction === "out" || canGrow(decl)) return [];
  const where = `struct ${decl.struct}`;
  if (!sized) {
    if (!isRequest(decl)) return [];
    return [
      {
        rule: "not-extensible",
        weight: "fault",
        where,
        what: "it can never grow: no argument says its size, and no field is reserved",
        abis: [],
        fix: "pass its size beside it",
      },
    ];
  }
  if (call.ladder.some(({ id }) => id === "tail-not-zero")) return [];
  return [
    {
      rule: "exact-size",
      weight: "fault",
      where: `argument ${through}`,
      what: "its size is passed and only one is accepted: a newer program never runs on an older kernel",
      abis: [],
      fix: "copy_struct_from_user: any size whose unknown tail is zero",
    },
  ];
}

/** Reserved fields of a request that nothing holds to zero. */
function reserved({ call }: Subject, { decl, direction, nested }: ReachedStruct): Finding[] {
  const fields = reservedFields(decl);
  if (nested || direction === "out" || fields.length === 0) return [];
  if (call.ladder.some(({ id }) => /^reserved-/.test(id))) return [];
  return [
    {
      rule: "reserved-unchecked",
      weight: "fault",
      where: `struct ${decl.struct}.${fields[0]}`,
      what: "no rung refuses what stands in it: programs will leave anything there, and no value can be given a meaning",
      abis: [],
      fix: "EINVAL unless it is zero",
    },
  ];
}

function reservedFields({ fields }: StructDecl): string[] {
  return Object.keys(fields).filter((name) => /^(__)?(resv|reserved|spare|pad)/.test(name));
}

/** Reserved fields that are checked make room. */
function canGrow(decl: StructDecl): boolean {
  const { fields } = decl;
  return (
    reservedFields(decl).length > 0 &&
    Object.keys(fields).some((name) => /flags/.test(name)) &&
    !Object.keys(fields).some((name) => /_high$/.test(name))
  );
}

/** A struct that asks for something, unlike a time or a limit: it points somewhere or has flags or events. */
function isRequest({ fields }: StructDecl): boolean {
  return Object.entries(fields).some(([name, type]) => pointerOf(type) !== null || /flags|events/.test(name));
}

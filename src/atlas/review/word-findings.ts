import { type CType, SCALARS } from "../../abi/ctype.ts";
import type { TableId } from "../../abi/numbers.ts";
import { CONVENTIONS } from "../../arch/conventions.ts";
import { argumentPlaces, argumentWords } from "../argument-places.ts";
import type { Parameter } from "../signature.ts";
import type { Finding } from "./finding.ts";
import type { Subject } from "./subject.ts";

/** Words of arguments a kernel takes, on any architecture. */
const MOST_WORDS = 6;

/** What is wrong with the arguments as the words of an architecture see them. */
export function wordFindings(subject: Subject): Finding[] {
  return [...places(subject), ...split(subject)];
}

function places({ call }: Subject): Finding[] {
  const parameters = Object.entries(call.decl.args).map(
    ([name, type]): Parameter => ({ name, type: wideName(type) }),
  );
  const tables = Object.keys(CONVENTIONS) as TableId[];
  const words = (id: TableId): number => argumentWords(CONVENTIONS[id], parameters);
  const over = tables.filter((id) => words(id) > MOST_WORDS);
  if (over.length > 0)
    return [
      {
        rule: "too-many-words",
        weight: "fault",
        where: "arguments",
        what: `${Math.max(...over.map(words))} words once 64-bit pairs are counted, ${MOST_WORDS} fit`,
        abis: over,
        fix: "put what is 64 bits wide at even places, or into a struct",
      },
    ];
  if (parameters.length === MOST_WORDS)
    return [
      {
        rule: "six-arguments",
        weight: "remark",
        where: "arguments",
        what: "all six words are taken: nothing can be added, and the sixth is the oddest on several architectures",
        abis: [],
        fix: "a struct with its size",
      },
    ];
  const skipping = tables.filter((id) =>
    argumentPlaces(CONVENTIONS[id], parameters).some(({ skips }) => skips !== null),
  );
  const wide = parameters.find(({ type }) => type === "u64");
  return skipping.length === 0
    ? []
    : [
        {
          rule: "pair-misaligned",
          weight: "remark",
          where: `argument ${wide?.name ?? ""}`,
          what: "the pair begins at an odd word: a register is left out before it where pairs are even",
          abis: skipping,
          fix: "an even number of words before it",
        },
      ];
}

/** A C type that says whether a word is 64 bits wide everywhere. */
function wideName(type: CType): string {
  const scalar = typeof type === "string" ? type : "flags" in type ? type.of : null;
  return scalar !== null && SCALARS[scalar].size === 8 ? "u64" : "long";
}

/** One value in two longs, low half first, as only 32-bit programs need it. */
function split({ call }: Subject): Finding[] {
  const names = Object.keys(call.decl.args);
  return names.flatMap((name): Finding[] => {
    const [, stem] = /^(\w+?)_(?:l|lo|low)$/.exec(name) ?? [];
    const high = ["h", "hi", "high"].map((half) => `${stem}_${half}`).find((half) => names.includes(half));
    if (stem === undefined || high === undefined) return [];
    return [
      {
        rule: "split-by-hand",
        weight: "remark",
        where: `arguments ${name} and ${high}`,
        what: "one 64-bit value in two words everywhere: on 64 bit the high one is a word nobody needs, and bits of it are lost",
        abis: [],
        fix: "one 64-bit argument at an even place, or a field of a struct",
      },
    ];
  });
}

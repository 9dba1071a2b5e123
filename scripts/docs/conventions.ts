import type { DataModel } from "../../src/abi/data-model.ts";
import { type ErrnoName, errnoName, errnoNumber, MAX_ERRNO } from "../../src/abi/errno.ts";
import type { TableId } from "../../src/abi/numbers.ts";
import { type Convention, registerOf } from "../../src/arch/convention.ts";
import { CONVENTIONS } from "../../src/arch/conventions.ts";
import { GENERATED, markdownTable, page } from "./markdown.ts";

const ORDERS = {
  default: "flags, newsp, parent_tid, child_tid, tls",
  backwards: "flags, newsp, parent_tid, tls, child_tid",
  backwards2: "newsp, flags, parent_tid, child_tid, tls",
  backwards3: "flags, newsp, stack size, parent_tid, child_tid, tls",
} as const;

const PAIRS = {
  whole: "one register holds it",
  consecutive: "two argument words, wherever the next one is",
  even: "two argument words, the first one even: where it would not be, a word is left out",
} as const;

const ERRORS = {
  negative: "a result from −4095 to −1",
  "ppc-cr0-so": "the summary overflow bit of cr0; the result is the positive errno",
  "mips-a3": "a3 is not 0; the result is the positive errno",
  "sparc-carry": "the carry bit; the result is the positive errno",
} as const;

const all = Object.entries(CONVENTIONS) as [TableId, Convention][];

/** docs/conventions.md: how every architecture knocks. */
export function conventionsPage(): string {
  return page([
    "# Conventions",
    "",
    GENERATED,
    "",
    "How a program enters the kernel, by table (rules N-08 … N-14; syscall(2)). The data is `CONVENTIONS` of",
    "`trapgate/arch`; `trapgate table CALL` shows one call's arguments in every architecture's registers.",
    "",
    ...markdownTable(
      ["table", "instruction", "number", "arguments", "result", "lost beside the result", "data model"],
      all.map(([id, own]) => [
        id,
        `\`${own.instruction}\``,
        registerOf(own, own.number),
        own.args.map((register) => registerOf(own, register)).join(" "),
        registerOf(own, own.result),
        own.clobbers.map((register) => registerOf(own, register)).join(" "),
        modelText(own.model),
      ]),
    ),
    "",
    "powerpc64, arm64 and mips run in both byte orders; the registers are the same in either.",
    "",
    "## Errors",
    "",
    ...grouped((own) => own.errors, ERRORS, "an error is told by"),
    "",
    "## 64-bit arguments",
    "",
    "Low word first on little endian, high word first on big endian.",
    "",
    ...grouped((own) => own.pairs, PAIRS, "a 64-bit argument travels in"),
    "",
    "## clone's arguments",
    "",
    ...grouped((own) => own.cloneOrder, ORDERS, "in this order"),
    "",
    "## errno numbers",
    "",
    "Most architectures share one list; where another differs:",
    "",
    ...errnos(),
  ]);
}

function modelText({ name, littleEndian }: DataModel): string {
  return `${name}, ${littleEndian ? "little" : "big"} endian`;
}

function grouped<K extends string>(
  of: (convention: Convention) => K,
  texts: Readonly<Record<K, string>>,
  what: string,
): string[] {
  const rows = (Object.keys(texts) as K[]).map((key) => {
    const tables = all.filter(([, own]) => of(own) === key).map(([id]) => id);
    return [key, texts[key], tables.length === 0 ? "none of these (microblaze)" : tables.join(", ")];
  });
  return markdownTable(["", what, "tables"], rows);
}

function errnos(): string[] {
  const families = ["mips", "sparc", "parisc", "alpha"] as const;
  const numbers = Array.from({ length: MAX_ERRNO }, (_, i) => errnoName(i + 1));
  const names = numbers.filter((name): name is ErrnoName => name !== undefined);
  const rows = names.flatMap((name) => {
    const generic = errnoNumber(name);
    const own = families.map((family) => errnoNumber(name, family));
    return own.every((nr) => nr === generic)
      ? []
      : [[name, generic, ...own.map((nr) => (nr === generic ? "" : nr))]];
  });
  return markdownTable(["", "most", ...families], rows, [1, 2, 3, 4, 5]);
}

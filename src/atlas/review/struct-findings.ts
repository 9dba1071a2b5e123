import { type CType, pointerOf, pointerSize, SCALARS } from "../../abi/ctype.ts";
import { LP64 } from "../../abi/data-model.ts";
import { layoutOf, type StructLayout } from "../../abi/struct.ts";
import { ABIS, type Abi } from "../abis.ts";
import type { Finding } from "./finding.ts";
import { growthFindings } from "./growth-findings.ts";
import type { ReachedStruct, Subject } from "./subject.ts";

/** Which 32-bit programs a 64-bit kernel runs. */
const COMPAT: readonly (readonly [kernel: string, program: string])[] = [
  ["x86_64", "i386"],
  ["x86_64", "x32"],
  ["arm64", "arm"],
  ["powerpc64", "powerpc"],
  ["s390x", "s390"],
  ["mips64", "mips"],
  ["mips64", "mipsn32"],
];

const abi = (name: string): Abi => ABIS.find((one) => one.name === name) as Abi;

/** What is wrong with the structs a call takes. */
export function structFindings(subject: Subject): Finding[] {
  return subject.structs.flatMap((reached) => [
    ...words(subject, reached),
    ...gaps(subject, reached),
    ...counts(subject, reached),
    ...growthFindings(subject, reached),
  ]);
}

/** A pointer or a long, at any depth of arrays; addresses kept in a u64 are not meant. */
function isWord(type: CType): boolean {
  if (typeof type === "string") return SCALARS[type].size === "long";
  if ("flags" in type) return isWord(type.of);
  if ("array" in type) return isWord(type.array);
  if ("struct" in type) return false;
  return pointerSize(type, { ...LP64, pointer: 4 }) === 4;
}

/** Pointers and longs; where there are none, whatever else makes 32 and 64 bit differ. */
function words({ types }: Subject, { decl }: ReachedStruct): Finding[] {
  const differing = COMPAT.filter(([kernel, program]) => {
    const [a, b] = [kernel, program].map((name) => shapeOf(layoutOf(decl, abi(name).model, types)));
    return a !== b;
  });
  const guilty = Object.entries(decl.fields).filter(([, type]) => isWord(type));
  const [first] = differing;
  if (first === undefined) return [];
  const both = first.map((name) => bytesOf(name, layoutOf(decl, abi(name).model, types))).join("; ");
  const bites = differing.map(([kernel, program]) => `${program} on ${kernel}`);
  if (guilty.length === 0)
    return [
      {
        rule: "layout-differs",
        weight: "fault",
        where: `struct ${decl.struct}`,
        what: `32 and 64 bit lay it out differently: ${both}`,
        abis: bites,
        fix: "put every 8-byte integer at a multiple of 8, or make it an __aligned_u64",
      },
    ];
  return guilty.map(([name, type]) => ({
    rule: "word-in-struct",
    weight: "fault",
    where: `struct ${decl.struct}.${name}`,
    what: `${pointerOf(type) === null ? "a long" : "a pointer"} inside a struct needs a compat entry: ${both}`,
    abis: bites,
    fix:
      pointerOf(type) === null
        ? "a u64"
        : "the address in an __aligned_u64, or the array at the end of the struct",
  }));
}

function shapeOf({ size, fields }: StructLayout): string {
  return JSON.stringify([size, fields.map((field) => [field.offset, field.size])]);
}

/** `x86_64 16 bytes (num_pids at 0, 4 unused, target_pids at 8)`. */
function bytesOf(name: string, { size, fields, holes: gaps, tailPadding }: StructLayout): string {
  const parts = fields.flatMap((field) => {
    const gap = gaps.find((hole) => hole.offset + hole.size === field.offset);
    return [...(gap === undefined ? [] : [`${gap.size} unused`]), `${field.name} at ${field.offset}`];
  });
  if (tailPadding > 0) parts.push(`${tailPadding} unused`);
  return `${name} ${size} bytes (${parts.join(", ")})`;
}

function packing({ decl }: ReachedStruct): Finding[] {
  const packed = ABIS.filter(({ model }) => decl.packed?.includes(model.name)).map(({ name }) => name);
  if (packed.length === 0 || packed.length === ABIS.length) return [];
  return [
    {
      rule: "packed-on-some",
      weight: "fault",
      where: `struct ${decl.struct}`,
      what: "packed on some architectures and not on others: no number in a program is right for all",
      abis: packed,
      fix: "name the padding and pack nowhere",
    },
  ];
}

/** Packing that differs says all there is to say about the bytes it does away with. */
function gaps(subject: Subject, reached: ReachedStruct): Finding[] {
  const packed = packing(reached);
  return packed.length > 0 ? packed : holes(subject, reached);
}

function holes({ types }: Subject, { decl, direction }: ReachedStruct): Finding[] {
  const found = ABIS.filter(({ name }) => name !== "m68k").flatMap(({ name, model }) => {
    const layout = layoutOf(decl, model, types);
    const gaps = [...layout.holes];
    if (layout.tailPadding > 0)
      gaps.push({ offset: layout.size - layout.tailPadding, size: layout.tailPadding });
    return gaps.map((gap) => ({ name, gap: `${gap.size} bytes at ${gap.offset}` }));
  });
  const leak =
    direction === "in"
      ? "they can never be given a meaning, for nobody has zeroed them"
      : "kernel memory leaks through them unless it is cleared";
  return [...new Set(found.map(({ gap }) => gap))].map((gap) => ({
    rule: "implicit-hole",
    weight: "fault",
    where: `struct ${decl.struct}`,
    what: `${gap} belong to no field: ${leak}`,
    abis: found.filter((one) => one.gap === gap).map(({ name }) => name),
    fix: "give them a name, and refuse anything but zero",
  }));
}

/** Counts and sizes a struct's own pointers go by. */
function counts(_subject: Subject, { decl }: ReachedStruct): Finding[] {
  const named = new Set(
    Object.values(decl.fields).flatMap((type) => {
      const pointer = pointerOf(type);
      return [pointer?.count, pointer?.size].filter((name) => name !== undefined);
    }),
  );
  return [...named]
    .filter((name) => isSigned(decl.fields[name]))
    .map((name) => signedCount(`struct ${decl.struct}.${name}`));
}

/** Whether a type is a signed integer. */
export function isSigned(type: CType | undefined): boolean {
  if (typeof type === "string") return SCALARS[type].signed;
  return type !== undefined && "flags" in type && SCALARS[type.of].signed;
}

/** A count that can be negative. */
export function signedCount(where: string): Finding {
  return {
    rule: "signed-count",
    weight: "fault",
    where,
    what: "a count that can be negative: each comparison has to remember it",
    abis: [],
    fix: "an unsigned type",
  };
}

/**
 * Where an object can lie, as data. Every pointer has an arena of its own, sixteen pages with this in them:
 *
 * page 0 nothing · 1, 2 read and write · 3 nothing · 4 read and write · 5 PROT_NONE · 6 read and write · 7 read-only ·
 * 8 nothing · 9 read-only · 10 write-only · 11 nothing · 12, 13 read and write · 14, 15 nothing
 */
export interface Placement {
  readonly name: string;
  readonly about: string;
  readonly where: Where;
  /** Only a 64-bit word can say it. */
  readonly wide?: true;
  /** The object can be read and written there as a whole. */
  readonly good?: true;
}

/** The rule of a placement; `page` counts within the arena. */
export type Where =
  /** At an offset in a page. */
  | { readonly page: number; readonly offset: number }
  /** So that so many of its bytes, or a part of them, lie before a page. */
  | { readonly before: number; readonly bytes: number | "all" | "half" }
  /** At a word, counted from 0, from where user space ends, or from the end of the address space. */
  | { readonly word: number; readonly from: "null" | "limit" | "end" | "kernel" }
  /** In the end of the address space, half of it beyond. */
  | { readonly wraps: true }
  /** As `plain`, with rubbish in the upper half of the word. */
  | { readonly garbage: true }
  /** Where another pointer's object lies, so many bytes on. */
  | { readonly alias: number }
  /** On the struct that holds the pointer. */
  | { readonly self: true };

/** The torture set. The first is what a program that says nothing has. */
export const PLACEMENTS: readonly Placement[] = [
  { name: "plain", about: "in the middle of a page", where: { page: 1, offset: 0x100 }, good: true },
  { name: "null", about: "NULL", where: { word: 0, from: "null" } },
  {
    name: "guard",
    about: "ends where a page that is not mapped begins",
    where: { before: 3, bytes: "all" },
    good: true,
  },
  {
    name: "page-start",
    about: "begins where a page that is not mapped ends",
    where: { page: 1, offset: 0 },
    good: true,
  },
  { name: "unmapped", about: "nothing is mapped there", where: { page: 3, offset: 0x100 } },
  {
    name: "before-guard",
    about: "starts one byte before a page that is not mapped",
    where: { before: 3, bytes: 1 },
  },
  {
    name: "into-unmapped",
    about: "half of it in a page that is not mapped",
    where: { before: 3, bytes: "half" },
  },
  { name: "into-prot-none", about: "half of it in a PROT_NONE page", where: { before: 5, bytes: "half" } },
  { name: "into-read-only", about: "half of it in a read-only page", where: { before: 7, bytes: "half" } },
  {
    name: "across-pages",
    about: "half of it in the next page",
    where: { before: 2, bytes: "half" },
    good: true,
  },
  { name: "read-only", about: "in a read-only page", where: { page: 9, offset: 0x80 } },
  { name: "write-only", about: "in a write-only page", where: { page: 10, offset: 0x80 }, good: true },
  { name: "prot-none", about: "in a PROT_NONE page", where: { page: 5, offset: 0x100 } },
  { name: "unaligned", about: "at an odd address", where: { page: 1, offset: 0x203 }, good: true },
  { name: "null-1", about: "NULL + 1", where: { word: 1, from: "null" } },
  { name: "last-user-byte", about: "begins at the last user byte", where: { word: -1, from: "limit" } },
  {
    name: "first-kernel-byte",
    about: "begins at the first byte that is not the user's",
    where: { word: 0, from: "limit" },
  },
  { name: "kernel", about: "an address of the kernel", where: { word: 0, from: "kernel" } },
  {
    name: "non-canonical",
    about: "an address no processor has",
    where: { word: 0x9000, from: "kernel" },
    wide: true,
  },
  { name: "minus-one", about: "−1", where: { word: -1, from: "end" } },
  { name: "wraps", about: "wraps around the end of the address space", where: { wraps: true } },
  {
    name: "garbage-upper-half",
    about: "a good address with rubbish in the upper half",
    where: { garbage: true },
  },
  { name: "alias", about: "the same place as another object", where: { alias: 0 } },
  { name: "overlap", about: "overlaps another object by all but four bytes", where: { alias: 4 } },
  { name: "self", about: "on the struct that holds the pointer", where: { self: true } },
];

/** From here on objects lie on one another. */
export const FIRST_TANGLED: number = PLACEMENTS.findIndex(({ name }) => name === "alias");

/** Places in {@link PLACEMENTS} by name. */
export const PLACE: ReadonlyMap<string, number> = new Map(PLACEMENTS.map(({ name }, i) => [name, i]));

/** The place of a placement that exists. */
export function placeNamed(name: string): number {
  return PLACE.get(name) ?? 0;
}

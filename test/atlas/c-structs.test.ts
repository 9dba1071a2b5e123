import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DATA_MODELS,
  DeclarationError,
  FLAG_SETS,
  layoutOf,
  type StructDecl,
  Types,
} from "../../src/abi/index.ts";
import { KNOWN_STRUCTS, parseStructs } from "../../src/atlas/index.ts";
import { cSource } from "../abi/c-source.ts";
import { structs } from "../abi/random-structs.ts";

const declOf = (text: string): StructDecl | undefined => parseStructs(text, "x.h").at(-1)?.decl;

describe("structs in C", () => {
  test("scalars in every spelling", () => {
    expect(
      declOf(`struct s {
        unsigned a; long unsigned int b; signed char c; __u32 d; uint8_t e; s64 f; __aligned_u64 g; pid_t h;
        short int i; long long j; unsigned long long int k; int64_t l; __be16 m; size_t n; enum kind o; loff_t p;
      };`)?.fields,
    ).toEqual({
      ...{ a: "unsigned int", b: "unsigned long", c: "signed char", d: "u32", e: "u8", f: "s64" },
      ...{ g: "aligned_u64", h: "pid_t", i: "short", j: "long long", k: "unsigned long long", l: "s64" },
      ...{ m: "u16", n: "size_t", o: "unsigned int", p: "s64" },
    });
  });

  test("pointers, arrays, structs by value, comments", () => {
    const parsed = parseStructs(
      `struct in { char c; }; // one
       struct s { const struct unknown __user *a, **b; /* two
       */ char name[2][0x10]; struct in c[3]; void *const d[2]; };`,
      "x.h",
    );
    expect(parsed[1]?.decl.fields).toEqual({
      a: { inout: "u8" },
      b: { inout: "u8" },
      name: { array: { array: "char", length: 16 }, length: 2 },
      c: { array: { struct: "in" }, length: 3 },
      d: { array: { inout: "u8" }, length: 2 },
    });
    expect(parsed[1]?.texts).toEqual({
      ...{
        a: "struct unknown *",
        b: "struct unknown **",
        name: "char [2][16]",
        c: "struct in [3]",
        d: "void * [2]",
      },
    });
  });

  test("packed everywhere, or on the ABIs that have a data model of their own", () => {
    const all = Object.keys(DATA_MODELS);
    for (const text of [
      "struct s { int a; } __packed;",
      "struct s { int a; } __attribute__((packed));",
      "__attribute__((__packed__)) struct s { int a; };",
    ])
      expect(declOf(text)?.packed, text).toEqual(all);
    expect(declOf("struct s { int a; } __packed(x86_64, x32);")?.packed).toEqual(["x86_64", "x32"]);
    expect(declOf("struct s { int a; };")).not.toHaveProperty("packed");
  });

  test.each([
    ["", "x.h:1:1: no struct is declared here"],
    ["struct a {\n  int x\n};", "x.h:3:1: ; should stand here, not }"],
    ["struct a { int x; }", "x.h:1:20: ; should stand here, not the end of the file"],
    ["struct a { };", "x.h:1:12: struct a has no fields"],
    ["struct { int a; };", "x.h:1:8: the name of the struct should stand here, not {"],
    ["int a;", "x.h:1:1: struct NAME { … }; should stand here, not int"],
    ["typedef int t;", "x.h:1:1: a typedef has no layout of its own here: write a struct"],
    [
      "struct a { int x; union { int b; } u; };",
      "x.h:1:19: write what is inside this union as fields, or the longest member alone",
    ],
    [
      "struct a { struct { int b; } u; };",
      "x.h:1:12: write what is inside this struct as fields, or the longest member alone",
    ],
    ["struct a { int x : 3; };", "x.h:1:18: write a bit field as the integer that holds it"],
    ["struct a { void (*f)(int); };", "x.h:1:17: write a pointer to a function as void *"],
    ["struct a { void x; };", "x.h:1:12: void has no size: only pointers to it have"],
    ["struct a { strut b; };", "x.h:1:12: no type is called strut"],
    ["struct a { long char b; };", "x.h:1:12: no type is called long char"],
    ["struct a { struct b c; };", "x.h:1:19: no struct is called b: declare it above"],
    ["struct a { struct a c; };", "x.h:1:19: struct a contains itself"],
    ["struct a { int b; int b; };", "x.h:1:23: struct a has two fields b"],
    ["struct a { int b; }; struct a { int b; };", "x.h:1:29: struct a is declared twice"],
    [
      "struct a { char n[SIZE]; };",
      "x.h:1:19: the length of the array, a number should stand here, not SIZE",
    ],
    ["struct a { char n[0]; };", "x.h:1:19: an array of 0 elements: at least 1"],
    [
      "struct a { char n[]; };",
      "x.h:1:19: an array without a length has no size: leave it out, which changes nothing where another field is aligned as it is",
    ],
    ["#include <x.h>", "x.h:1:1: there is no preprocessor here: write the structs alone"],
    ["struct a { int b; } __packed(vax);", "x.h:1:30: no ABI is called vax"],
    [
      "struct a { int b; } __packed(arm64);",
      "x.h:1:30: a struct is packed everywhere, or on x86_64, x32, i386, m68k alone",
    ],
    [
      "struct a { int b; } __attribute__((aligned(8)));",
      "x.h:1:36: the only attribute known is packed, not aligned",
    ],
    ["struct a { int b; /* ", "x.h:1:19: this comment has no end"],
    ["struct a { int b = 1; };", 'x.h:1:18: "=" has no meaning in a struct declaration'],
  ])("%j is refused", (text, message) => {
    expect(() => parseStructs(text, "x.h")).toThrow(
      new DeclarationError(message.split(": ")[0] ?? "", message.slice(message.indexOf(": ") + 2)),
    );
  });

  test("what is read back from C has the layout it had", () => {
    fc.assert(
      fc.property(structs({ min: 1, max: 4 }), (decls) => {
        const plain = decls.map(({ struct, fields }) => ({ struct, fields }));
        const text = cSource(plain, DATA_MODELS.lp64 as never)
          .split("\n")
          .filter((line) => !/typedef|#define|where|SAY/.test(line))
          .join("\n")
          .replace(/\}\s*$/, "");
        const parsed = parseStructs(text.replaceAll("__SIZE_TYPE__", "size_t"), "x.h").map(
          ({ decl }) => decl,
        );
        for (const model of Object.values(DATA_MODELS))
          for (const [i, decl] of parsed.entries()) {
            const [a, b] = [
              layoutOf(decl, model, new Types(parsed)),
              layoutOf(plain[i] as StructDecl, model, new Types(plain)),
            ];
            expect([a.size, a.align, a.fields.map((f) => f.offset)]).toEqual([
              b.size,
              b.align,
              b.fields.map((f) => f.offset),
            ]);
          }
      }),
      { numRuns: 50 },
    );
  });

  test("any text is read or refused with a place, never anything else", () => {
    const piece = fc.constantFrom(
      "struct",
      "a",
      "{",
      "}",
      ";",
      "int",
      "*",
      "[",
      "]",
      "3",
      ",",
      "__packed",
      "(",
      ")",
      "/*",
      "x32",
      "\n",
      ":",
      "void",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 20 }).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          for (const { decl } of parseStructs(source, "x.h")) new Types([decl]);
        } catch (error) {
          expect(error).toBeInstanceOf(DeclarationError);
          expect((error as Error).message).toMatch(/^x\.h:\d+:\d+: /);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("the structs trapgate knows are sound, and none is there twice", () => {
  expect(() => new Types(KNOWN_STRUCTS, FLAG_SETS)).not.toThrow();
});

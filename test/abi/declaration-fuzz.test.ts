import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeclarationError, Registry, type RegistryParts } from "../../src/abi/index.ts";
import { RIGHT } from "./wrong-declarations.ts";

type Path = readonly (string | number)[];

/** Every place inside a value, from the outside in. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((key) => places((value as never)[key], [...path, key]))];
}

/** A copy with the value at one place replaced, or taken away. */
function replaced(whole: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy: Record<string | number, unknown> = Array.isArray(whole)
    ? ([...whole] as never)
    : { ...(whole as object) };
  const next = replaced(copy[key], rest, by);
  if (next === undefined && !Array.isArray(copy)) delete copy[key];
  else copy[key] = next;
  return copy;
}

const KINDS = ["calls", "structs", "flagsets", "ladders"] as const;

describe("declarations from outside", () => {
  // The four lists are the program's own; what is in them may come from a file.
  const inner = places(RIGHT).filter((path) => path.length >= 2);

  test("a declaration with anything at any place is taken, or refused with a DeclarationError", () => {
    let refused = 0;
    const strange = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        undefined,
        Number.NaN,
        -1,
        0.5,
        2 ** 53,
        "",
        "int",
        "u64",
        "pair",
        "modes",
        "shared",
        "n",
      ),
      fc.constantFrom({ in: "pair" }, { struct: "pair" }, { include: "shared" }, ["a", "EINVAL", [], "why"], {
        toString: 1,
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...inner), strange, (path, value) => {
        try {
          const parts = replaced(RIGHT, path, value) as RegistryParts;
          JSON.stringify(new Registry(parts));
        } catch (error) {
          expect(error).toBeInstanceOf(DeclarationError);
          refused++;
        }
      }),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test.each(KINDS)("null among the %s is refused", (kind) => {
    expect(() => new Registry({ ...RIGHT, [kind]: [null] } as never)).toThrow(DeclarationError);
  });
});

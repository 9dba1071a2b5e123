import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DeclarationError, Registry, type RegistryParts } from "../../src/abi/index.ts";
import { RIGHT, WRONG, type WrongDeclaration } from "./wrong-declarations.ts";

/** The error a wrong declaration is refused with. */
function refusal({ label, parts }: WrongDeclaration): DeclarationError {
  try {
    new Registry(parts as RegistryParts);
  } catch (error) {
    if (error instanceof DeclarationError) return error;
    throw error;
  }
  throw new Error(`nothing was refused: ${label}`);
}

describe("wrong declarations", () => {
  test("the right one is taken, and so is what it prints as", () => {
    const registry = new Registry(RIGHT as RegistryParts);
    expect(registry.get("good")?.ladder.map((r) => r.id)).toEqual(["bad-mode", "not-capable"]);
    expect(() => new Registry(JSON.parse(JSON.stringify(registry)))).not.toThrow();
  });

  test("each is refused with the message beside its label", () => {
    const file = join(import.meta.dirname, "declaration-errors.golden.txt");
    const text = WRONG.map((wrong) => `${wrong.label}\n    ${refusal(wrong).message}\n`).join("");
    if (process.env.TRAPGATE_UPDATE_GOLDEN === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test("labels are all different", () => {
    expect(new Set(WRONG.map((w) => w.label)).size).toBe(WRONG.length);
  });

  test("a message starts with the place, which the error also carries", () => {
    for (const wrong of WRONG) {
      const { message, where, name } = refusal(wrong);
      expect(message.startsWith(`${where}: `)).toBe(true);
      expect(name).toBe("DeclarationError");
    }
  });

  test("a refused call leaves the registry as it was", () => {
    const registry = new Registry(RIGHT as RegistryParts);
    const before = JSON.stringify(registry);
    const good = RIGHT.calls[0] as Record<string, unknown>;
    const era = { name: "any", kernel: 0 };
    const clash = { ...good, name: "clash", numbers: { x86_64: 5, i386: 901 } };
    expect(() => registry.add(clash as never)).toThrow(DeclarationError);
    expect(JSON.stringify(registry)).toBe(before);
    expect(registry.byNumber(5, "x86_64", era)).toBeUndefined();
    // The number the refused call asked for is still free.
    registry.add({ ...good, name: "later", numbers: { x86_64: 5 } } as never);
    expect(registry.byNumber(5, "x86_64", era)?.name).toBe("later");
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { writtenCorpora } from "../../scripts/vectors/written/corpus.ts";
import { portCorpora } from "../../scripts/vectors/written/ports/corpus.ts";
import { EmulatedKernel, isSkipped, parseVectors } from "../../src/conform/index.ts";
import { judge } from "../../src/conform/verdict.ts";

const FOLDER = new URL("../../vectors/written/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));
const corpora = writtenCorpora();
const ports = portCorpora();

test("written cases have a file an era, and a file a processor", () => {
  const names = [...corpora.map(({ profile }) => profile), ...ports.map(({ arch }) => arch)];
  expect(files.sort()).toEqual(names.map((name) => `${name}.jsonl`).sort());
});

describe("the cases of the historical eras", () => {
  describe.each(corpora)("$profile", ({ profile, cases }) => {
    const text = readFileSync(new URL(`${profile}.jsonl`, FOLDER), "utf8");
    const kernel = new EmulatedKernel();

    test("are what npm run vectors:written writes", () => {
      expect(text).toBe(cases.map((vector) => `${JSON.stringify(vector)}\n`).join(""));
    });

    test("say that they come from the rules, and from which", () => {
      const placed = parseVectors(text, profile);
      for (const { vector } of placed) {
        expect(vector.provenance?.by, vector.id).toBe("rules");
        expect(vector.provenance?.rules.length, vector.id).toBeGreaterThan(0);
        expect(vector.profile).toBe(profile);
      }
    });

    const answers = cases.map((vector) => ({ vector, answer: kernel.run(vector) }));

    test("pass on the emulated kernel", () => {
      const judged = answers.map(({ vector, answer }) => ({ id: vector.id, ...judge(vector, answer) }));
      expect(judged.filter(({ status }) => status !== "passed")).toEqual([]);
    });

    test("are refused by the rung they say speaks", () => {
      const said = answers.flatMap(({ vector, answer }) =>
        Object.entries(vector.provenance?.breaks ?? {}).map(([label, [first]]) => {
          const spoke = isSkipped(answer) ? undefined : answer.rungs?.[label]?.rung;
          return { id: vector.id, first, spoke };
        }),
      );
      expect(said.filter(({ first, spoke }) => first !== spoke)).toEqual([]);
      expect(said.length).toBeGreaterThan(200);
    });
  });
});

describe.each(ports)("the cases of $arch", ({ arch, cases }) => {
  const text = readFileSync(new URL(`${arch}.jsonl`, FOLDER), "utf8");

  test("are what npm run vectors:written writes", () => {
    expect(text).toBe(cases.map((vector) => `${JSON.stringify(vector)}\n`).join(""));
  });

  test("say their processor, their era, and the rules they come from", () => {
    const placed = parseVectors(text, arch);
    for (const { vector } of placed) {
      expect(vector.provenance?.by, vector.id).toBe("rules");
      expect(vector.provenance?.rules.length, vector.id).toBeGreaterThan(0);
      expect([vector.arch, vector.profile === undefined], vector.id).toEqual([arch, false]);
    }
    expect(new Set(placed.map(({ vector }) => vector.profile))).toEqual(
      new Set(["cwp-v2", "cwp-v3", "eclone", "clone3-614"]),
    );
  });

  test("pass on the emulated kernel", () => {
    const kernel = new EmulatedKernel();
    const judged = cases.map((vector) => ({ id: vector.id, ...judge(vector, kernel.run(vector)) }));
    expect(judged.filter(({ status }) => status !== "passed")).toEqual([]);
  });

  test("fail with the bytes of the other order, and with another value in a register", () => {
    const kernel = new EmulatedKernel();
    const turned = cases.flatMap((vector) => {
      const main = vector.expect?.memory.main ?? [];
      const [item] = main;
      if (vector.expect === undefined || item === undefined || !("hex" in item)) return [];
      const bytes = item.hex.match(/../g) ?? [];
      const hex = bytes.reverse().join("");
      const memory = { ...vector.expect.memory, main: [{ ...item, hex }, ...main.slice(1)] };
      return hex === item.hex ? [] : [{ ...vector, expect: { ...vector.expect, memory } }];
    });
    const other = cases.flatMap((vector) => {
      const [label, named] = Object.entries(vector.expect?.regs ?? {})[0] ?? [];
      const [name] = Object.keys(named ?? {});
      if (vector.expect === undefined || label === undefined || name === undefined) return [];
      const regs = { ...vector.expect.regs, [label]: { ...named, [name]: "0x7777" } };
      return [{ ...vector, expect: { ...vector.expect, regs } }];
    });
    expect(turned.length).toBeGreaterThan(5);
    expect(other.length).toBeGreaterThan(30);
    for (const vector of [...turned, ...other])
      expect(judge(vector, kernel.run(vector)).status, vector.id).toBe("failed");
  });
});

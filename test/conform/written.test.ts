import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { writtenCorpora } from "../../scripts/vectors/written/corpus.ts";
import { EmulatedKernel, isSkipped, parseVectors } from "../../src/conform/index.ts";
import { judge } from "../../src/conform/verdict.ts";

const FOLDER = new URL("../../vectors/written/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));
const corpora = writtenCorpora();

describe("the cases of the historical eras", () => {
  test("have a file an era", () => {
    expect(files.sort()).toEqual(corpora.map(({ profile }) => `${profile}.jsonl`).sort());
  });

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

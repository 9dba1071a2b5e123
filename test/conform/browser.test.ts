import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { caseWith } from "./cases.ts";

test("cases are read, run and compared where there is nothing but the language and WebAssembly", async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: 'export * from "./conform/index.ts"',
      resolveDir: join(import.meta.dirname, "../../src"),
      loader: "ts",
    },
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "conform",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const foreign = Object.keys(metafile.inputs).filter(
    (i) => i !== "<stdin>" && !/^(.*\/)?src\/(abi|mm|arch|atlas|kernel|conform)\//.test(i),
  );
  expect(foreign).toEqual([]);
  const line = JSON.stringify(caseWith({ profile: "cwp-v3" }));
  const context = createContext({ WebAssembly: Reflect.get(globalThis, "WebAssembly") });
  const answer = runInContext(
    `${outputFiles[0]?.text}
    (() => {
      const vector = conform.parseVector(${JSON.stringify(line)}, "here");
      const answer = new conform.EmulatedKernel().run(vector);
      const { expect } = conform.expectationOf(vector, [answer]);
      return [typeof process, typeof Buffer, JSON.stringify(expect.results), conform.compare(vector, expect, answer).length];
    })()`,
    context,
  );
  expect([...answer]).toEqual(["undefined", "undefined", '{"me":{"ret":1}}', 0]);
});

import { describe, expect, test } from "vitest";
import { jsonLine } from "../../../src/kernel/trace/json.ts";
import type { TraceRecord } from "../../../src/kernel/trace/record.ts";
import { traceSchema } from "../../../src/kernel/trace/schema.ts";
import { scenario } from "./scenario.ts";
import { schemaErrors } from "./schema.ts";
import { render } from "./world.ts";

const records = scenario("x86_64/syscall");

describe("a record as JSON", () => {
  test("is one line, and nothing of it is lost", () => {
    for (const record of records) {
      const line = jsonLine(record);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(JSON.parse(line)).toEqual(record);
    }
  });

  test("can be rendered after a journey through JSON as before", () => {
    const back = records.map((record) => JSON.parse(jsonLine(record)) as TraceRecord);
    expect(render(back, { reasons: true })).toBe(render(records, { reasons: true }));
  });

  test("follows the schema, in every kind of record", () => {
    expect(new Set(records.map((record) => record.kind))).toEqual(
      new Set(["enter", "exit", "signal", "exited", "oops"]),
    );
    for (const record of records) expect(schemaErrors(record)).toEqual([]);
  });
});

describe("the schema", () => {
  const first = records[0] as TraceRecord;

  test.each([
    ["an unknown property", { ...first, extra: 1 }],
    ["a missing property", { ...first, task: undefined }],
    ["an unknown kind", { ...first, kind: "leave" }],
    [
      "a number where a 64-bit word belongs",
      { ...first, call: { ...(first as { call: object }).call, nrWord: 5 } },
    ],
    [
      "a word with a leading zero",
      { ...first, call: { ...(first as { call: object }).call, nrWord: "0x05" } },
    ],
    ["a sequence number of 0", { ...first, seq: 0 }],
  ])("refuses %s", (_what, record) => {
    expect(schemaErrors(JSON.parse(JSON.stringify(record)))).not.toEqual([]);
  });

  test("is a literal that prints as it is", () => {
    expect(JSON.parse(JSON.stringify(traceSchema))).toEqual(traceSchema);
  });
});

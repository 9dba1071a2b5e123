import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EntryPathName } from "../../../src/arch/entry-path.ts";
import { jsonLine } from "../../../src/kernel/trace/json.ts";
import type { TraceRecord } from "../../../src/kernel/trace/record.ts";
import { scenario } from "./scenario.ts";
import { render } from "./world.ts";

/** Set to 1 to write the golden traces anew; read what changed before you commit it. */
const UPDATE = process.env.TRAPGATE_UPDATE_GOLDEN === "1";

const WAYS: Readonly<Record<string, (records: readonly TraceRecord[]) => string>> = {
  plain: (records) => render(records),
  reasons: (records) => render(records, { reasons: true }),
  levels: (records) => render(records, { pids: "all" }),
  json: (records) => records.map(jsonLine).join(""),
};

const PATHS: Readonly<Record<string, EntryPathName>> = { x86_64: "x86_64/syscall", i386: "i386/int80" };

describe.each(Object.entries(PATHS))("the golden trace of %s", (arch, path) => {
  test.each(Object.entries(WAYS))("%s", (way, write) => {
    const file = new URL(`golden/${arch}-${way}.txt`, import.meta.url);
    const trace = write(scenario(path));
    if (UPDATE) writeFileSync(file, trace);
    expect(trace).toBe(readFileSync(file, "utf8"));
  });
});

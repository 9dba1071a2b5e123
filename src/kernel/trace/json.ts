import type { TraceRecord } from "./record.ts";

/** A record as one line of JSON, newline included. The shape is {@link traceSchema}'s. */
export function jsonLine(record: TraceRecord): string {
  return `${JSON.stringify(record)}\n`;
}

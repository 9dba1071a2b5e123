export { ctypeText } from "./ctype-text.ts";
export { DECODE_LIMITS, type DecodeLimits, type TypeLookup } from "./decode-context.ts";
export { oneLine } from "./escape.ts";
export { jsonLine } from "./json.ts";
export type * from "./record.ts";
export { traceSchema } from "./schema.ts";
export { type PidView, type TextOptions, TextTrace } from "./text.ts";
export {
  ARGUMENT_ROLES,
  type ExitStatus,
  type TracedTask,
  type TraceOutcome,
  Tracer,
  type TracerOptions,
} from "./tracer.ts";
export type * from "./value.ts";

import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import type { TraceRecord } from "../../../src/kernel/trace/record.ts";
import { traceSchema } from "../../../src/kernel/trace/schema.ts";

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false }).compile(traceSchema);

/** What is wrong with a record by the schema; nothing when it is right. */
export function schemaErrors(record: TraceRecord): readonly ErrorObject[] {
  return validate(record) ? [] : (validate.errors ?? []);
}

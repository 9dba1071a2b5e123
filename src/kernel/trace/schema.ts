const hex = { type: "string", pattern: "^0x(0|[1-9a-f][0-9a-f]{0,15})$" } as const;
const bytes = { type: "string", pattern: "^([0-9a-f]{2})*$" } as const;
const count = { type: "integer", minimum: 0 } as const;
const value = { $ref: "#/$defs/value" } as const;
const signalName = { type: ["string", "null"], pattern: "^SIG[A-Z0-9_]+$" } as const;

const head = {
  seq: { type: "integer", minimum: 1, description: "Position in the trace, from 1, without gaps." },
  task: { $ref: "#/$defs/task" },
} as const;

/**
 * JSON Schema (2020-12) of one line of a JSON trace. It is closed: a property it does not name is a mistake.
 *
 * @example
 * ```ts
 * import { boot, Guest, jsonLine, traceSchema } from "trapgate";
 * const lines: string[] = [];
 * const machine = boot({ trace: (record) => lines.push(jsonLine(record)) });
 * new Guest(machine, machine.init).call("getpid");
 * console.log(lines.length, JSON.parse(lines[1] ?? "").kind, traceSchema.title); // 2 exit trapgate trace record
 * ```
 */
export const traceSchema: Readonly<Record<string, unknown>> = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "trapgate trace record",
  description: "One thing that happened at the user/kernel boundary. 64-bit words are hexadecimal strings.",
  oneOf: [
    { $ref: "#/$defs/enter" },
    { $ref: "#/$defs/exit" },
    { $ref: "#/$defs/signal" },
    { $ref: "#/$defs/exited" },
    { $ref: "#/$defs/oops" },
  ],
  $defs: {
    hex,
    task: {
      type: "object",
      description: "The task a record is about.",
      additionalProperties: false,
      required: ["pids", "tid", "comm"],
      properties: {
        pids: {
          type: "array",
          minItems: 1,
          items: { type: "integer" },
          description: "Pid number at every level, the initial namespace first.",
        },
        tid: { type: "integer", description: "Pid number in the task's own namespace, the last of pids." },
        comm: { type: "string" },
      },
    },
    call: {
      type: "object",
      description: "Which call, and the way it came in.",
      additionalProperties: false,
      required: ["name", "nr", "nrWord", "path", "table", "model"],
      properties: {
        name: { type: ["string", "null"], description: "Null for a number that is in no table here." },
        nr: {
          type: "integer",
          minimum: -1,
          description: "The number the table was asked for, -1 beyond every table.",
        },
        nrWord: { ...hex, description: "The number register." },
        path: { type: "string", description: "Entry path." },
        table: { type: "string", description: "Table of that path." },
        model: { type: "string", description: "Data model of the caller's structs." },
      },
    },
    enter: {
      type: "object",
      description: "A task enters the kernel; in-arguments are decoded.",
      additionalProperties: false,
      required: ["kind", "seq", "task", "call", "args"],
      properties: {
        kind: { const: "enter" },
        ...head,
        call: { $ref: "#/$defs/call" },
        args: {
          type: "array",
          maxItems: 6,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["name", "type", "raw", "value"],
            properties: {
              name: { type: "string" },
              type: { type: "string", description: "C type." },
              raw: { ...hex, description: "The register word." },
              value,
            },
          },
        },
      },
    },
    exit: {
      type: "object",
      description: "A call ends; what it wrote is decoded.",
      additionalProperties: false,
      required: ["kind", "seq", "task", "enter", "call", "outcome", "outs"],
      properties: {
        kind: { const: "exit" },
        ...head,
        enter: { type: "integer", minimum: 1, description: "seq of the enter record." },
        call: { $ref: "#/$defs/call" },
        outcome: { $ref: "#/$defs/outcome" },
        outs: {
          type: "array",
          items: {
            type: "object",
            additionalProperties: false,
            required: ["at", "value"],
            properties: {
              at: {
                type: "array",
                minItems: 1,
                items: { type: "string" },
                description: "Argument name, then struct fields and array indices.",
              },
              value,
            },
          },
        },
      },
    },
    outcome: {
      oneOf: [
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "value"],
          properties: { kind: { const: "value" }, value: { type: "number" }, address: hex },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "errno", "number", "meaning", "rung"],
          properties: {
            kind: { const: "error" },
            errno: { type: "string", pattern: "^E[A-Z0-9]+$" },
            number: { type: "integer", minimum: 1, maximum: 4095 },
            meaning: { type: "string" },
            rung: {
              description: "The rung of the call's ladder that decided it.",
              oneOf: [
                { type: "null" },
                {
                  type: "object",
                  additionalProperties: false,
                  required: ["id", "rules", "reason"],
                  properties: {
                    id: { type: "string" },
                    rules: { type: "array", items: { type: "string" } },
                    reason: { type: "string" },
                  },
                },
              ],
            },
          },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "code"],
          properties: {
            kind: { const: "restart" },
            code: { enum: ["ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ERESTART_RESTARTBLOCK"] },
          },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind"],
          properties: { kind: { const: "noreturn" } },
        },
      ],
    },
    signal: {
      type: "object",
      description: "A signal is delivered.",
      additionalProperties: false,
      required: ["kind", "seq", "task", "signal", "name", "info"],
      properties: {
        kind: { const: "signal" },
        ...head,
        signal: { type: "integer" },
        name: signalName,
        info: {
          type: "object",
          additionalProperties: false,
          properties: {
            from: { type: "integer", description: "Sender as the receiver sees it, 0 when it does not." },
            code: { type: "string" },
            uid: { type: "integer" },
            status: { type: "integer" },
          },
        },
      },
    },
    exited: {
      type: "object",
      description: "A task is gone.",
      additionalProperties: false,
      required: ["kind", "seq", "task", "code", "signal", "signalName"],
      properties: {
        kind: { const: "exited" },
        ...head,
        code: { type: ["integer", "null"] },
        signal: { type: ["integer", "null"] },
        signalName,
      },
    },
    oops: {
      type: "object",
      description: "A defect of trapgate itself. Never an errno.",
      additionalProperties: false,
      required: ["kind", "seq", "task", "error"],
      properties: { kind: { const: "oops" }, ...head, error: { type: "string" } },
    },
    value: {
      oneOf: [
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "value"],
          properties: {
            kind: { const: "int" },
            value: { anyOf: [{ type: "integer" }, hex] },
            role: { enum: ["pid", "uid", "gid", "fd", "size", "char", "sigset", "wait-status"] },
          },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "address"],
          properties: { kind: { const: "address" }, address: hex },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "value", "name"],
          properties: { kind: { const: "signal" }, value: { type: "integer" }, name: signalName },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "set", "raw", "text"],
          properties: {
            kind: { const: "flags" },
            set: { type: "string" },
            raw: hex,
            text: { type: "string" },
          },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "address", "state"],
          properties: {
            kind: { const: "pointer" },
            address: hex,
            state: { enum: ["null", "decoded", "pending", "unreadable", "uncounted", "too-deep"] },
            to: value,
            inout: { const: true },
            readable: count,
          },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "name", "fields"],
          properties: {
            kind: { const: "struct" },
            name: { type: "string" },
            fields: {
              type: "array",
              items: {
                type: "object",
                additionalProperties: false,
                required: ["name", "value"],
                properties: { name: { type: "string" }, value },
              },
            },
            tail: {
              type: "object",
              additionalProperties: false,
              required: ["from", "to", "bytes"],
              properties: {
                from: count,
                to: { anyOf: [count, hex] },
                bytes: { oneOf: [{ type: "null" }, bytes] },
              },
            },
          },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "items", "count"],
          properties: { kind: { const: "array" }, items: { type: "array", items: value }, count, cut: hex },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["kind", "bytes", "ended"],
          properties: { kind: { const: "string" }, bytes, ended: { type: "boolean" } },
        },
      ],
    },
  },
};

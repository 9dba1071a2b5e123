/**
 * The case format as JSON Schema (draft 2020-12). It is closed: a property it does not name is a mistake. The parser
 * reads it too, and takes its messages from `title` (what a value is) and `description` (how to write it).
 */

const word = { $ref: "#/$defs/word" } as const;
const expectedNumber = { $ref: "#/$defs/expectedNumber" } as const;
const bytes = { $ref: "#/$defs/bytes" } as const;
const byte = { $ref: "#/$defs/byte" } as const;
const flag = { type: "boolean", title: "a switch", description: "write true or false" } as const;
const text = { type: "string", minLength: 1, title: "a text", description: "write a string" } as const;
const count = {
  type: "integer",
  minimum: 0,
  maximum: 0x4000_0000,
  title: "a number of bytes",
  description: "write an integer from 0",
} as const;

const region = {
  type: "object",
  title: "a region",
  description: 'write {"addr", "size", "prot", "fill"}',
  additionalProperties: false,
  required: ["addr", "size", "prot", "fill"],
  properties: {
    addr: word,
    size: count,
    prot: {
      type: "string",
      pattern: "^[r-][w-][x-]$",
      title: "a protection",
      description: 'write "rw-": r, w and x, or - for absent',
    },
    fill: byte,
    data: {
      type: "array",
      title: "the patches of a region",
      description: "write a list",
      items: { $ref: "#/$defs/patch" },
    },
  },
} as const;

const sys = {
  type: "object",
  title: "a call",
  description: 'write {"op":"sys", "label", "nr", "args"}',
  additionalProperties: false,
  required: ["op", "label", "nr", "args"],
  properties: {
    op: { const: "sys" },
    label: { $ref: "#/$defs/label" },
    name: text,
    nr: word,
    args: {
      type: "array",
      maxItems: 6,
      title: "the arguments of a call",
      description: "write a list of at most six",
      items: { $ref: "#/$defs/arg" },
    },
    child: { $ref: "#/$defs/program" },
    childExit: {
      type: "integer",
      minimum: 0,
      maximum: 255,
      title: "an exit code",
      description: "write an integer from 0 to 255",
    },
    childSharesVm: flag,
    childDump: flag,
    noPdeathsig: flag,
    regs: { $ref: "#/$defs/registers" },
    flags: word,
    captureRegs: flag,
    captureChildRegs: flag,
  },
} as const;

const expect = {
  type: "object",
  title: "what the kernel answered",
  description:
    'write {"results", "memory", "mainCompleted", "mainWaitStatus"}, or let trapgate record write it',
  additionalProperties: false,
  required: ["results", "memory", "mainCompleted", "mainWaitStatus"],
  properties: {
    results: {
      type: "object",
      title: "results by label",
      description: "write an object",
      additionalProperties: { $ref: "#/$defs/result" },
    },
    memory: {
      type: "object",
      title: "changed memory by task",
      description: "write an object",
      additionalProperties: {
        type: "array",
        title: "changed memory",
        description: "write a list",
        items: { $ref: "#/$defs/memory" },
      },
    },
    pids: {
      type: "object",
      title: "pids by task",
      description: "write an object",
      additionalProperties: {
        type: "array",
        title: "the numbers of a task",
        description: "write a list, level 0 first",
        items: expectedNumber,
      },
    },
    regs: {
      type: "object",
      title: "registers by label",
      description: "write an object",
      additionalProperties: {
        type: "object",
        title: "registers",
        description: "write an object",
        additionalProperties: expectedNumber,
      },
    },
    mainCompleted: flag,
    mainWaitStatus: {
      type: ["integer", "null"],
      title: "a wait status",
      description: "write an integer, or null for a task that never ended",
    },
  },
} as const;

const provenance = {
  type: "object",
  title: "where an expectation comes from",
  description: 'write {"by", "rules"}',
  additionalProperties: false,
  required: ["by", "rules"],
  properties: {
    by: {
      enum: ["kernel", "rules"],
      title: "a source",
      description: 'write "kernel" for a recorded answer, "rules" for one written from the rules',
    },
    rules: {
      type: "array",
      title: "the rules a case shows",
      description: "write a list of rule ids",
      items: {
        type: "string",
        pattern: "^[A-Z]-\\d\\d$",
        title: "a rule id",
        description: 'write it as "A-07"',
      },
    },
    breaks: {
      type: "object",
      title: "broken rungs by label",
      description: "write an object",
      additionalProperties: {
        type: "array",
        title: "the rungs a call breaks",
        description: "write a list of rung ids, the one that speaks first",
        items: text,
      },
    },
    note: text,
  },
} as const;

/** JSON Schema (2020-12) of one line of a file of cases. */
export const vectorSchema: Readonly<Record<string, unknown>> = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "a case",
  description: 'write {"id", "group", "arch", "caps", "nsLevel", "nsInit", "regions", "dump", "program"}',
  type: "object",
  additionalProperties: false,
  required: ["id", "group", "arch", "caps", "nsLevel", "nsInit", "regions", "dump", "program"],
  properties: {
    id: text,
    group: text,
    arch: {
      enum: ["x86_64", "i386", "int80", "arm64", "riscv64", "s390x", "powerpc64"],
      title: "an architecture",
      description:
        'write "x86_64" (syscall), "i386" (int 0x80), "int80" (a 64-bit program through int 0x80), or "arm64", "riscv64", "s390x", "powerpc64"',
    },
    kernel: {
      const: "i386",
      title: "a kernel",
      description: 'write "i386" for a 32-bit kernel, or leave it out for a 64-bit one',
    },
    profile: text,
    provenance,
    caps: {
      anyOf: [{ enum: ["all", "none"] }, { type: "array", items: { type: "string" } }],
      title: "a set of capabilities",
      description: 'write "all", "none" or a list of names',
    },
    capMask: word,
    nsLevel: {
      type: "integer",
      minimum: 0,
      maximum: 32,
      title: "a depth of pid namespaces",
      description: "write an integer from 0 to 32",
    },
    nsInit: flag,
    regions: { type: "array", title: "the regions", description: "write a list", items: region },
    dump: {
      type: "array",
      title: "the ranges to compare",
      description: "write a list",
      items: {
        type: "object",
        title: "a range",
        description: 'write {"addr", "size"}',
        additionalProperties: false,
        required: ["addr", "size"],
        properties: { addr: word, size: count },
      },
    },
    program: { $ref: "#/$defs/program" },
    needs: {
      type: "array",
      title: "what the case depends on",
      description: "write a list",
      items: {
        enum: [
          "init-user-ns-caps",
          "init-pid-ns",
          "no-pku",
          "no-cpuid-faulting",
          "ia32-compat",
          "per-ns-pid_max",
          "4-level-paging",
          "pidfd-thread",
          "init-pid_max-32768",
          "uprobe-syscalls",
        ],
        title: "a need",
        description:
          "write init-user-ns-caps, init-pid-ns, no-pku, no-cpuid-faulting, ia32-compat, per-ns-pid_max, 4-level-paging, pidfd-thread, init-pid_max-32768 or uprobe-syscalls",
      },
    },
    hazard: text,
    expect,
  },
  $defs: {
    word: {
      anyOf: [
        { type: "integer", minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
        { type: "string", pattern: "^0x[0-9a-f]{1,16}$" },
      ],
      title: "a 64-bit word",
      description: 'write an integer or a string such as "0x1f"',
    },
    label: {
      type: "string",
      pattern: "^[A-Za-z_][A-Za-z0-9_.-]*$",
      title: "a label",
      description: "write letters, digits and _ . -",
    },
    byte: {
      type: "string",
      pattern: "^[0-9a-f]{2}$",
      title: "a byte",
      description: 'write two hex digits, such as "aa"',
    },
    bytes: {
      type: "string",
      pattern: "^([0-9a-f]{2})*$",
      title: "bytes",
      description: "write pairs of hex digits",
    },
    arg: {
      anyOf: [
        word,
        {
          type: "object",
          additionalProperties: false,
          required: ["ret"],
          properties: { ret: { type: "string" } },
        },
      ],
      title: "an argument",
      description: 'write an integer, a string such as "0x1f", or {"ret":"label"}',
    },
    registers: {
      type: "object",
      title: "registers",
      description: "write an object of ax bx cx dx si di bp sp 8 … 15, or of the processor's own names",
      propertyNames: { pattern: "^([a-z][a-z0-9_]*|8|9|1[0-5])$" },
      additionalProperties: word,
    },
    patch: {
      anyOf: [
        {
          type: "object",
          additionalProperties: false,
          required: ["off", "hex"],
          properties: { off: count, hex: bytes },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["off", "len", "fill"],
          properties: { off: count, len: count, fill: byte },
        },
      ],
      title: "a patch",
      description: 'write {"off", "hex"} or {"off", "len", "fill"}',
    },
    program: {
      type: "array",
      title: "a program",
      description: "write a list of operations",
      items: {
        oneOf: [
          sys,
          {
            type: "object",
            title: "a question for pids",
            description: 'write {"op":"nspid", "of":"label"}',
            additionalProperties: false,
            required: ["op", "of"],
            properties: { op: { const: "nspid" }, of: { type: "string", title: "a label" } },
          },
        ],
        title: "an operation",
        description: 'write {"op":"sys", …} or {"op":"nspid", …}',
      },
    },
    expectedNumber: {
      anyOf: [word, { type: "string", pattern: "^(@[A-Za-z_][A-Za-z0-9_.-]*|\\*)$" }],
      title: "a number or a symbol",
      description: 'write an integer, a string such as "0x1f", "@label" or "*"',
    },
    result: {
      anyOf: [
        {
          type: "object",
          additionalProperties: false,
          required: ["ret"],
          properties: { ret: expectedNumber, errno: { type: "string", pattern: "^E[A-Z0-9]+$" } },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["notReached"],
          properties: { notReached: { const: true } },
        },
      ],
      title: "a result",
      description: 'write {"ret"}, {"errno", "ret"} or {"notReached":true}',
    },
    memory: {
      anyOf: [
        {
          type: "object",
          additionalProperties: false,
          required: ["addr", "hex"],
          properties: { addr: word, hex: bytes },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["addr", "len", "fill"],
          properties: { addr: word, len: count, fill: byte },
        },
        {
          type: "object",
          additionalProperties: false,
          required: ["addr", "pid"],
          properties: { addr: word, pid: expectedNumber },
        },
      ],
      title: "changed memory",
      description: 'write {"addr", "hex"}, {"addr", "len", "fill"} or {"addr", "pid"}',
    },
  },
};

import type { ImageKind } from "./messages.ts";

/** A process number as an image has it. */
const pid = {
  title: "a process number",
  description: "write a number from 1 to 4194303",
  type: "integer",
  minimum: 1,
  maximum: 4_194_303,
} as const;

/** A session, a group or a parent: 0 for one from outside. */
const reference = { ...pid, description: "write a number from 0 to 4194303", minimum: 0 } as const;

/** An image has more than a tree is made of. */
const more = { additionalProperties: {} } as const;

/** Any number of 32 bits. */
const uint32 = {
  title: "a number",
  description: "write a number of 32 bits",
  type: "integer",
  minimum: 0,
  maximum: 0xffff_ffff,
} as const;

function image(magic: string, entry: object): Readonly<Record<string, unknown>> {
  return {
    title: `a ${magic} image`,
    description: "it is what crit decode prints: magic and entries",
    type: "object",
    ...more,
    required: ["magic", "entries"],
    properties: {
      magic: { title: "the kind of image", description: `it has to be ${magic}`, const: magic },
      entries: { title: "the entries", description: "write a list", type: "array", items: entry },
    },
  };
}

const ids = {
  title: "the namespaces of a task",
  description: "it is what crit decode prints",
  type: "object",
  ...more,
  properties: { pid_ns_id: uint32 },
} as const;

/** JSON Schemas of images as `crit decode` prints them, as far as they tell of a tree. */
export const imageSchemas: Readonly<Record<ImageKind, Readonly<Record<string, unknown>>>> = {
  PSTREE: image("PSTREE", {
    title: "a task",
    description: "it has pid, ppid, pgid and sid",
    type: "object",
    ...more,
    required: ["pid", "ppid", "pgid", "sid"],
    properties: {
      pid,
      ppid: reference,
      pgid: reference,
      sid: reference,
      threads: {
        title: "the threads of a task",
        description: "write a list of numbers",
        type: "array",
        items: pid,
      },
    },
  }),
  CORE: image("CORE", {
    title: "a thread",
    description: "it is what crit decode prints",
    type: "object",
    ...more,
    properties: {
      tc: {
        title: "what a task has that its threads have not",
        description: "it has task_state and exit_code",
        type: "object",
        ...more,
        required: ["task_state", "exit_code"],
        properties: {
          task_state: { title: "a state", description: "a number or a word" },
          exit_code: uint32,
        },
      },
      ids,
    },
  }),
  IDS: image("IDS", ids),
};

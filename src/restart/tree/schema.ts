const PID_MAX = 4_194_303;
/** A pid namespace lies at most this deep (MAX_PID_NS_LEVEL); level 0 has a number too. */
const MOST_LEVELS = 33;

const numbers = {
  title: "the numbers of a task",
  description: `one for each level, each from 1 to ${PID_MAX}, level 0 first, at most ${MOST_LEVELS}`,
  type: "array",
  minItems: 1,
  maxItems: MOST_LEVELS,
  items: {
    title: "the number of a task",
    description: `write a number from 1 to ${PID_MAX}`,
    type: "integer",
    minimum: 1,
    maximum: PID_MAX,
  },
} as const;

function reference(title: string, none: string): object {
  return {
    title,
    description: `write a task's number at level 0, or 0 for ${none}`,
    type: "integer",
    minimum: 0,
    maximum: PID_MAX,
  };
}

/** The JSON Schema (2020-12) of a process tree. */
export const treeSchema: Readonly<Record<string, unknown>> = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "a process tree",
  description: "write format, tasks, and where there are any, namespaces and gone",
  type: "object",
  required: ["format", "tasks"],
  additionalProperties: false,
  properties: {
    format: {
      title: "the format of a process tree",
      description: "write trapgate-tree-1",
      const: "trapgate-tree-1",
    },
    tasks: {
      title: "the tasks of a tree",
      description: "write a list of tasks",
      type: "array",
      items: {
        title: "a task",
        description: "write pid, parent, session and group",
        type: "object",
        required: ["pid", "parent", "session", "group"],
        additionalProperties: false,
        properties: {
          pid: numbers,
          parent: reference("a parent", "the root"),
          session: reference("a session", "one from outside the tree"),
          group: reference("a process group", "one from outside the tree"),
          ns: reference("a pid namespace", "the outermost"),
          threads: {
            title: "the other threads of a task",
            description: "write a list of lists of numbers",
            type: "array",
            items: numbers,
          },
          zombie: {
            title: "an exit code",
            description: "write a number from 0 to 255",
            type: "integer",
            minimum: 0,
            maximum: 255,
          },
          killed: {
            title: "a signal that kills",
            description: "write a number from 1 to 64",
            type: "integer",
            minimum: 1,
            maximum: 64,
          },
          stopped: {
            title: "whether a task is stopped",
            description: "write true, or leave it out",
            const: true,
          },
          childNs: reference("a pid namespace", "the outermost"),
          unshared: {
            title: "whether a task's next child is init of a new pid namespace",
            description: "write true, or leave it out",
            const: true,
          },
        },
      },
    },
    namespaces: {
      title: "the pid namespaces of a tree",
      description: "write a list of namespaces",
      type: "array",
      items: {
        title: "a pid namespace",
        description: "write init, and in where it lies in another",
        type: "object",
        required: ["init"],
        additionalProperties: false,
        properties: {
          init: reference("the init of a namespace", "no other"),
          in: reference("the namespace around it", "the outermost"),
        },
      },
    },
    gone: {
      title: "leaders that have gone",
      description: "write a list of leaders",
      type: "array",
      items: {
        title: "a leader that has gone",
        description: "write pid, and ns where it was not in the outermost namespace",
        type: "object",
        required: ["pid"],
        additionalProperties: false,
        properties: { pid: numbers, ns: reference("a pid namespace", "the outermost") },
      },
    },
  },
};

import type { FileOperations } from "./file-operations.ts";

/** `/dev/null`: it never looks at memory. Source: drivers/char/mem.c null_fops. */
export const DEV_NULL: FileOperations = Object.freeze({
  name: "/dev/null",
  read: () => 0,
  write: (_k, _file, from) => from.count,
} satisfies FileOperations);

import type { FileOperations } from "./file-operations.ts";

/** `/dev/null`. Source: drivers/char/mem.c null_fops. */
export const DEV_NULL: FileOperations = Object.freeze({ name: "/dev/null" });

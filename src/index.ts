/**
 * trapgate: the user/kernel boundary of Linux on raw guest memory. This is the public surface; the rooms are also
 * exported one by one as trapgate/abi, trapgate/mm, trapgate/arch and trapgate/kernel.
 */
export * from "./abi/index.ts";
export * from "./arch/index.ts";
export * from "./kernel/index.ts";
export * from "./mm/index.ts";

import type { StructDecl } from "../abi/struct.ts";
import { STRUCTS } from "../abi/structs/index.ts";
import { UAPI_STRUCTS } from "./uapi/structs.ts";

/** Every struct trapgate knows: its own declarations', and those of calls it only describes. */
export const KNOWN_STRUCTS: readonly StructDecl[] = [
  ...STRUCTS,
  ...UAPI_STRUCTS.filter(({ struct }) => !STRUCTS.some((own) => own.struct === struct)),
];

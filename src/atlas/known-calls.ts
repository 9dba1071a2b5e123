import { CALLS } from "../abi/calls/index.ts";
import { LADDERS } from "../abi/ladders/index.ts";
import { Registry } from "../abi/registry.ts";
import { FLAG_SETS } from "../abi/structs/index.ts";
import type { SyscallDecl } from "../abi/syscall.ts";
import { KNOWN_STRUCTS } from "./known-structs.ts";
import { UAPI_CALLS } from "./uapi/calls.ts";

/** Every call trapgate knows: those it answers, and those it only describes. */
export const KNOWN_CALLS: readonly SyscallDecl[] = [
  ...CALLS,
  ...UAPI_CALLS.filter(({ name }) => !CALLS.some((own) => own.name === name)),
];

/** A registry of every call and struct trapgate knows. */
export function knownRegistry(): Registry {
  return new Registry({
    calls: KNOWN_CALLS,
    structs: KNOWN_STRUCTS,
    flagsets: FLAG_SETS,
    ladders: LADDERS,
  });
}

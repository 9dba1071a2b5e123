/** One argument of a call, its type as the kernel's C has it. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
}

/** The arguments of a call trapgate knows and does not emulate. */
export interface Signature {
  readonly call: string;
  /** The entry point it was read off: `newstat` for stat. */
  readonly entry: string;
  readonly parameters: readonly Parameter[];
}

/** The argument lists by the name of the call. */
export type Signatures = ReadonlyMap<string, Signature>;

let loaded: Promise<Signatures> | null = null;

/**
 * The argument lists of every call an independent source has them for: the tracepoints of a running x86_64 kernel, and
 * a few calls with 64-bit words that only 32-bit tables have. Loaded once, when first asked for.
 * @example
 * ```ts
 * import { loadSignatures } from "trapgate/atlas";
 * const openat2 = (await loadSignatures()).get("openat2");
 * console.log(openat2?.parameters.map(({ name }) => name).join(" ")); // dfd filename how usize
 * ```
 */
export function loadSignatures(): Promise<Signatures> {
  loaded ??= readSignatures();
  return loaded;
}

async function readSignatures(): Promise<Signatures> {
  const { ENTRY_POINTS, SIGNATURES } = await import("./data/signatures.ts");
  const { WIDE_CALLS } = await import("./wide-calls.ts");
  const entries = new Map<string, readonly Parameter[]>();
  for (const line of `${SIGNATURES}${WIDE_CALLS}`.split("\n")) {
    const [, entry, list] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
    if (entry !== undefined) entries.set(entry, parametersOf(list ?? ""));
  }
  const calls = new Map<string, Signature>();
  const add = (call: string, entry: string): void => {
    const parameters = entries.get(entry);
    if (parameters === undefined) calls.delete(call);
    else calls.set(call, { call, entry, parameters });
  };
  for (const entry of entries.keys()) add(entry, entry);
  for (const [, call = "", entry = ""] of ENTRY_POINTS.matchAll(/(\w+)=(\w+)/g)) add(call, entry);
  return calls;
}

/** `int fd, const char *name`: the last word is the name, everything before it the type. */
function parametersOf(list: string): Parameter[] {
  if (list === "") return [];
  return list.split(", ").map((text) => {
    const [, type = text, name = ""] = /^(.*?)\s?(\w+)$/.exec(text) ?? [];
    return { name, type };
  });
}

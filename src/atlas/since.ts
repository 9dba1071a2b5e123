let loaded: Promise<ReadonlyMap<string, string>> | null = null;

/**
 * The first kernel of each call, on whichever architecture had it first; calls of which no source says it are left
 * out. Loaded once, when first asked for.
 * @example
 * ```ts
 * import { loadSince } from "trapgate/atlas";
 * console.log((await loadSince()).get("clone3")); // 5.3
 * ```
 */
export function loadSince(): Promise<ReadonlyMap<string, string>> {
  loaded ??= readSince();
  return loaded;
}

async function readSince(): Promise<ReadonlyMap<string, string>> {
  const { SINCE } = await import("./data/since.ts");
  const since = new Map<string, string>();
  let version = "";
  for (const word of SINCE.split(/\s+/)) {
    if (word.endsWith(":")) version = word.slice(0, -1);
    else if (word !== "") since.set(word, version);
  }
  return since;
}

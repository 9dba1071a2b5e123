import { keyOf } from "../tree/family.ts";
import type { Tree } from "../tree/tree.ts";

/** Where a tree is not the one that was asked for: one line each, in words. Nothing when it is. */
export function differencesOf(asked: Tree, got: Tree): string[] {
  return [
    ...compare("task", asked.tasks, got.tasks),
    ...compare("leader that has gone", asked.gone ?? [], got.gone ?? []),
    ...compareNamespaces(asked, got),
  ];
}

interface Numbered {
  readonly pid: readonly number[];
}

function compare(what: string, asked: readonly Numbered[], got: readonly Numbered[]): string[] {
  const there = new Map(got.map((item) => [keyOf(item), item]));
  const lines: string[] = [];
  for (const item of asked) {
    const number = keyOf(item);
    const found = there.get(number);
    there.delete(number);
    if (found === undefined) lines.push(`${what} ${number} is not there`);
    else lines.push(...fieldsOf(`${what} ${number}`, item, found));
  }
  for (const number of there.keys()) lines.push(`${what} ${number} is too many`);
  return lines;
}

function fieldsOf(who: string, asked: object, got: object): string[] {
  const one = normal(asked);
  const other = normal(got);
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.flatMap((name) => {
    const [a, b] = [JSON.stringify(one[name]), JSON.stringify(other[name])];
    return a === b ? [] : [`${who}: ${name} is ${b ?? "not there"}, not ${a ?? "missing"}`];
  });
}

/** The same thing said in one way: nothing where there is nothing to say, lists of threads in order. */
function normal(item: object): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...item };
  if (fields.ns === 0 || fields.ns === undefined) delete fields.ns;
  if (fields.in === 0 || fields.in === undefined) delete fields.in;
  // Its own namespace is where its children are born anyway.
  if (fields.childNs === (fields.ns ?? 0)) delete fields.childNs;
  const threads = fields.threads as readonly (readonly number[])[] | undefined;
  if (threads === undefined || threads.length === 0) delete fields.threads;
  else fields.threads = [...threads].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return fields;
}

function compareNamespaces(asked: Tree, got: Tree): string[] {
  const text = (tree: Tree): Map<number, string> =>
    new Map((tree.namespaces ?? []).map((ns) => [ns.init, JSON.stringify(normal(ns))]));
  const one = text(asked);
  const other = text(got);
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((init) =>
    one.get(init) === other.get(init)
      ? []
      : [`namespace of ${init}: ${other.get(init) ?? "not there"}, not ${one.get(init) ?? "there"}`],
  );
}

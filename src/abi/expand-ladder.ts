import { DeclarationError } from "./declaration-error.ts";
import { isErrnoName } from "./errno.ts";
import type { LadderDecl, LadderRow, Rung } from "./ladder.ts";
import { checkKeys, checkList, named, shown } from "./slips.ts";

/** Shared ladders by name. */
export type LadderTable = ReadonlyMap<string, LadderDecl>;

/**
 * The rungs of a ladder in check order, each include replaced by the ladder it names.
 * @param where the ladder's own place: `clone_with_pids.ladder`, `ladder copy_process`
 * @throws DeclarationError for unknown ladders and errnos, circles, malformed rows and ids that stand there twice
 */
export function expandLadder(rows: readonly LadderRow[], where: string, ladders: LadderTable): Rung[] {
  checkList(rows, where, "the rungs of a ladder");
  const rungs = rows.flatMap((row, i) => expandRow(row, `${where}[${i}]`, ladders, null, []));
  const seen = new Map<string, Rung>();
  for (const rung of rungs) {
    const twin = seen.get(rung.id);
    if (twin !== undefined) {
      const places = [twin, rung]
        .map((r) => (r.from === null ? "here" : `in ladder ${r.from}`))
        .join(" and ");
      throw new DeclarationError(`${where}.${rung.id}`, `stands there twice: ${places}`);
    }
    seen.set(rung.id, rung);
  }
  return rungs;
}

function expandRow(
  row: LadderRow,
  where: string,
  ladders: LadderTable,
  from: string | null,
  path: readonly string[],
): readonly Rung[] {
  if (Array.isArray(row)) return [readRung(row, where, from)];
  if (typeof row !== "object" || row === null || !("include" in row))
    throw new DeclarationError(where, "is neither a rung nor an include");
  checkKeys(row, where, ["include"]);
  const { include } = row;
  const ladder = ladders.get(include);
  if (ladder === undefined) throw new DeclarationError(where, `no ladder is called ${named(include)}`);
  if (path.includes(include)) {
    const circle = [...path.slice(path.indexOf(include)), include].join(" → ");
    throw new DeclarationError(where, `a ladder that includes itself: ${circle}`);
  }
  checkList(ladder.rungs, `ladder ${include}`, "the rungs of a ladder");
  const inside = [...path, include];
  return ladder.rungs.flatMap((r, i) => expandRow(r, `ladder ${include}[${i}]`, ladders, include, inside));
}

function readRung(row: readonly unknown[], where: string, from: string | null): Rung {
  const [id, errno, rules, reason] = row;
  if (row.length !== 4) throw new DeclarationError(where, "a rung is [id, errno, rules, reason]");
  if (typeof id !== "string" || !/^[a-z][a-z0-9-]*$/.test(id))
    throw new DeclarationError(where, `${shown(id)} is no rung id: write words-in-lower-case`);
  const at = `${where} ${id}`;
  if (typeof errno !== "string" || !isErrnoName(errno))
    throw new DeclarationError(at, `${shown(errno)} is not an errno`);
  const ids = typeof rules === "string" ? [rules] : rules;
  if (!Array.isArray(ids) || !ids.every((rule) => typeof rule === "string"))
    throw new DeclarationError(at, "its rules are a rule id or a list of them");
  if (typeof reason !== "string" || reason === "") throw new DeclarationError(at, "gives no reason");
  return { id, errno, rules: ids, reason, from };
}

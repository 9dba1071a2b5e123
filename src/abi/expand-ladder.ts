import { DeclarationError } from "./declaration-error.ts";
import { isErrnoName } from "./errno.ts";
import type { EraDecl, LadderDecl, LadderRow, Rung, RungDetails, RungRow } from "./ladder.ts";
import { checkEra, checkKeys, checkList, checkObject, checkTexts, named, shown } from "./slips.ts";

/** Shared ladders by name. */
export type LadderTable = ReadonlyMap<string, LadderDecl>;

/**
 * The rungs of a ladder in check order, each include replaced by the ladder it names.
 * @param where the ladder's own place: `clone_with_pids.ladder`, `ladder copy_process`
 * @throws DeclarationError for unknown ladders and errnos, circles, malformed rows and ids that stand there twice
 */
export function expandLadder(rows: readonly LadderRow[], where: string, ladders: LadderTable): Rung[] {
  checkList(rows, where, "the rungs of a ladder");
  const whole: Place = { from: null, path: [], era: {} };
  const rungs = rows.flatMap((row, i) => expandRow(row, `${where}[${i}]`, ladders, whole));
  for (const [i, rung] of rungs.entries()) {
    const twin = rungs.slice(0, i).find((other) => other.id === rung.id && meet(other, rung));
    if (twin !== undefined) {
      const places = [twin, rung]
        .map((r) => (r.from === null ? "here" : `in ladder ${r.from}`))
        .join(" and ");
      throw new DeclarationError(`${where}.${rung.id}`, `stands there twice: ${places}`);
    }
  }
  return rungs;
}

/** The rungs a kernel of this version has (a number from `kernelVersion`), in check order. */
export function rungsOfEra(ladder: readonly Rung[], kernel: number): readonly Rung[] {
  return ladder.filter((rung) => {
    const { since, until } = checkEra(rung, rung.id);
    return kernel >= since && kernel < until;
  });
}

/** Where a row stands: the shared ladder, the ladders around it, and the era they leave it. */
interface Place {
  readonly from: string | null;
  readonly path: readonly string[];
  readonly era: EraDecl;
}

function expandRow(row: LadderRow, where: string, ladders: LadderTable, place: Place): readonly Rung[] {
  if (isRung(row)) return [readRung(row, where, place)];
  if (typeof row !== "object" || row === null || !("include" in row))
    throw new DeclarationError(where, "is neither a rung nor an include");
  checkKeys(row, where, ["include", "since", "until"]);
  const { include } = row;
  const ladder = ladders.get(include);
  if (ladder === undefined) throw new DeclarationError(where, `no ladder is called ${named(include)}`);
  const { path } = place;
  if (path.includes(include)) {
    const circle = [...path.slice(path.indexOf(include)), include].join(" → ");
    throw new DeclarationError(where, `a ladder that includes itself: ${circle}`);
  }
  checkList(ladder.rungs, `ladder ${include}`, "the rungs of a ladder");
  const inside: Place = {
    from: include,
    path: [...path, include],
    era: narrowed(place.era, { ...pick(row, "since"), ...pick(row, "until") }, where),
  };
  return ladder.rungs.flatMap((r, i) => expandRow(r, `ladder ${include}[${i}]`, ladders, inside));
}

function isRung(row: LadderRow): row is RungRow {
  return Array.isArray(row);
}

function readRung(row: readonly unknown[], where: string, { from, era: around }: Place): Rung {
  const [id, errno, rules, reason, own] = row;
  if (row.length !== 4 && row.length !== 5)
    throw new DeclarationError(where, "a rung is [id, errno, rules, reason], or these and an era");
  if (typeof id !== "string" || !/^[a-z][a-z0-9-]*$/.test(id))
    throw new DeclarationError(where, `${shown(id)} is no rung id: write words-in-lower-case`);
  const at = `${where} ${id}`;
  if (typeof errno !== "string" || !isErrnoName(errno))
    throw new DeclarationError(at, `${shown(errno)} is not an errno`);
  const ids = typeof rules === "string" ? [rules] : rules;
  if (!Array.isArray(ids) || !ids.every((rule) => typeof rule === "string"))
    throw new DeclarationError(at, "its rules are a rule id or a list of them");
  if (typeof reason !== "string" || reason === "") throw new DeclarationError(at, "gives no reason");
  if (row.length === 5) {
    checkObject(own, at, "the era of a rung");
    checkKeys(own as object, at, ["since", "until", "leaves", "only", "each"]);
  }
  const { leaves, only, each, ...era } = (own ?? {}) as RungDetails;
  if (leaves !== undefined) checkTexts(leaves, at, "what a rung leaves");
  if (only !== undefined && only !== "64-bit" && only !== "32-bit")
    throw new DeclarationError(at, `only is "64-bit", "32-bit" or left out, not ${shown(only)}`);
  if (each !== undefined && (typeof each !== "string" || each === ""))
    throw new DeclarationError(at, `each is a word for what is looked at one by one, not ${shown(each)}`);
  const kept = {
    ...(leaves === undefined ? {} : { leaves }),
    ...(only === undefined ? {} : { only }),
    ...(each === undefined ? {} : { each }),
  };
  return { id, errno, rules: ids, reason, from, ...kept, ...narrowed(around, era, at) };
}

function pick(era: EraDecl, key: "since" | "until"): EraDecl {
  const version = era[key];
  return version === undefined ? {} : { [key]: version };
}

/** What two eras have in common. @throws DeclarationError when that is nothing */
function narrowed(around: EraDecl, own: EraDecl, where: string): EraDecl {
  const [a, b] = [checkEra(around, where), checkEra(own, where)];
  const both = {
    ...around,
    ...own,
    ...(a.since > b.since ? pick(around, "since") : {}),
    ...(a.until < b.until ? pick(around, "until") : {}),
  };
  checkEra(both, where);
  return both;
}

/** Whether some kernel has both. */
function meet(a: EraDecl, b: EraDecl): boolean {
  const [x, y] = [checkEra(a, ""), checkEra(b, "")];
  return x.since < y.until && y.since < x.until;
}

import type { Vector } from "../../src/conform/vector.ts";
import { CLONE3_LADDER, NEEDS, type Violation } from "./clone3-ladder.ts";
import { clone3Draft, FLAG, PLAIN, type Prelude, type Wish } from "./clone3-wish.ts";
import { ARCHES } from "./draft.ts";

/** A pair that no call can break at once, and why. */
export interface Hole {
  readonly pair: string;
  readonly because: string;
}

/** Every pair of rungs of clone3's ladder that one call can break at once, on every way in; and those that none can. */
export function clone3Pairs(): { drafts: Vector[]; holes: Hole[] } {
  const drafts: Vector[] = [];
  const holes = new Map<string, Hole>();
  for (const arch of ARCHES) {
    const ladder = CLONE3_LADDER.filter((v) => v.only?.includes(arch) ?? true);
    for (const [i, first] of ladder.entries()) {
      drafts.push(clone3Draft(`clone3.rung/${first.rule}/${arch}`, "clone3.rung", arch, mustJoin([first])));
      for (const second of ladder.slice(i + 1)) {
        const pair = `${first.rule}+${second.rule}`;
        const wish = join([first, second]);
        if (typeof wish === "string") holes.set(pair, { pair, because: wish });
        else drafts.push(clone3Draft(`clone3.pair/${pair}/${arch}`, "clone3.pair", arch, wish));
      }
    }
  }
  return { drafts, holes: [...holes.values()] };
}

function mustJoin(violations: readonly Violation[]): Wish {
  const wish = join(violations);
  if (typeof wish === "string") throw new Error(`${violations[0]?.rule}: ${wish}`);
  return wish;
}

/** One call that breaks all of `violations`, or why there is none. */
function join(violations: readonly Violation[]): Wish | string {
  const on = violations.reduce((flags, v) => flags | (v.on ?? 0n), 0n);
  const off = violations.reduce((flags, v) => flags | (v.off ?? 0n), 0n);
  if ((on & off) !== 0n) return "one needs a flag that the other must not have";
  const chosen: Record<string, unknown> = { ...PLAIN };
  for (const key of Object.keys(PLAIN) as (keyof Wish)[]) {
    const sets = violations.flatMap((v) =>
      v.allow?.[key] === undefined ? [] : [v.allow[key] as readonly unknown[]],
    );
    if (sets.length === 0) continue;
    const common = sets.reduce((left, right) => left.filter((value) => right.includes(value)));
    if (common.length === 0) return `they ask for different values of ${key}`;
    chosen[key] = common[0];
  }
  const tids = joinTids(violations);
  if (tids === null) return "they ask for different numbers at one level";
  const preludes = joinPreludes(violations.flatMap((v) => v.preludes ?? []));
  if (preludes === null) return "one needs an unshared namespace, the other a dead one";
  const wish = { ...(chosen as unknown as Wish), flags: withNeeds(on, off), tids, preludes };
  return settle(wish, violations);
}

function joinTids(violations: readonly Violation[]): readonly number[] | null {
  const tids = [600, 601, 602];
  for (const index of [0, 1] as const) {
    const sets = violations.flatMap((v) => (v.tid?.[0] === index ? [v.tid[1]] : []));
    if (sets.length === 0) continue;
    const common = sets.reduce((left, right) => left.filter((nr) => right.includes(nr)));
    if (common[0] === undefined) return null;
    tids[index] = common[0];
  }
  return tids;
}

const ORDER: readonly Prelude[] = [
  "no-files",
  "unshare-newpid",
  "dead-namespace",
  "unshare-newuser",
  "no-processes",
];

function joinPreludes(all: readonly Prelude[]): readonly Prelude[] | null {
  if (all.includes("unshare-newpid") && all.includes("dead-namespace")) return null;
  return ORDER.filter((prelude) => all.includes(prelude));
}

/** The flags, and what they need so that nothing else is broken. */
function withNeeds(on: bigint, off: bigint): bigint {
  let flags = on;
  for (const [flag, needs] of NEEDS) if ((flags & flag) !== 0n) flags |= needs & ~off;
  return flags;
}

/** What nobody asked for is chosen so that it breaks nothing. */
function settle(wish: Wish, violations: readonly Violation[]): Wish {
  const asked = (key: keyof Wish): boolean => violations.some((v) => v.allow?.[key] !== undefined);
  const silent = (wish.flags & (FLAG.THREAD | FLAG.PARENT)) !== 0n && !asked("exitSignal");
  const init = (wish.flags & FLAG.PARENT) === 0n || asked("nsInit");
  return {
    ...wish,
    exitSignal: silent ? 0n : wish.exitSignal,
    nsInit: init,
    size: asked("size") ? wish.size : wish.tail === "none" ? 88 : 96,
  };
}

import type { Provenance, Vector } from "../../../src/conform/vector.ts";

/** What every call of a plan has: a flag word, and what the program does before it. */
export interface BaseWish {
  readonly flags: bigint;
  readonly preludes: readonly string[];
}

/** What must be so for a rung to be broken: for each part of the call, the values that do it. */
export interface Demand<W extends BaseWish> {
  /** The rung's id in the declaration. */
  readonly rung: string;
  /** The rule. A letter behind it tells two ways of breaking one rule apart. */
  readonly rule: string;
  readonly what: string;
  /** The ways in it exists on; all when left out. */
  readonly only?: readonly string[];
  /** Flags that must be set, and flags that must not. */
  readonly on?: bigint;
  readonly off?: bigint;
  /** One of these values; the first that suits both rungs of a pair is taken. */
  readonly allow?: { readonly [K in keyof W]?: readonly W[K][] };
  readonly preludes?: readonly string[];
  /** Preludes that would break something else, or mend it, and why. */
  readonly without?: Readonly<Record<string, string>>;
}

/** A rung that no program can break, or show, and why. */
export type Unobservable = Readonly<Record<string, string>>;

/** A pair that cannot be shown though its flags and values would go together, and why. */
export interface Apart {
  readonly rungs: readonly string[];
  readonly with: readonly string[];
  readonly because: string;
}

/** The ladder of one call in one era, with what breaks each rung, and how a call becomes a case. */
export interface Plan<W extends BaseWish, Way extends string = string> {
  readonly call: string;
  /** The era; the recording kernel's when left out. */
  readonly profile?: string;
  /** The ways in. */
  readonly ways: readonly Way[];
  /** A call with nothing wrong. */
  readonly plain: W;
  /** In check order. */
  readonly demands: readonly Demand<W>[];
  readonly unobservable: Unobservable;
  /** Flags a flag needs, so that a call is broken in the wanted way alone. */
  readonly needs: readonly (readonly [flag: bigint, needs: bigint])[];
  /** Preludes in the order they are played. */
  readonly preludes: readonly string[];
  readonly apart: readonly Apart[];
  /** Why two demands on one part of the call contradict each other. */
  readonly clash: { readonly [K in keyof W]?: string };
  /** Chooses what no demand asks for so that it breaks nothing; or says why it cannot. */
  settle(wish: W, demands: readonly Demand<W>[]): W | string;
  /** The call as a case; `broken` are its demands in check order. */
  draft(id: string, group: string, way: Way, wish: W, broken: readonly Demand<W>[]): Vector;
}

/** A pair that no call can break at once, and why. */
export interface Hole {
  readonly pair: readonly [string, string];
  readonly because: string;
}

/** Every rung of a plan alone, every pair that one call can break at once, on every way in; and the pairs that none can. */
export function pairsOf<W extends BaseWish, Way extends string>(
  plan: Plan<W, Way>,
): { drafts: Vector[]; holes: Hole[] } {
  const { call, profile } = plan;
  const name = profile === undefined || profile === call ? call : `${call}.${profile}`;
  const drafts: Vector[] = [];
  const seen = new Set<string>();
  const holes = new Map<string, Hole>();
  for (const way of plan.ways) {
    const ladder = plan.demands.filter((demand) => demand.only?.includes(way) ?? true);
    for (const [i, first] of ladder.entries()) {
      const alone = join(plan, [first]);
      if (typeof alone === "string") throw new Error(`${name} ${first.rule}: ${alone}`);
      drafts.push(plan.draft(`${name}.rung/${first.rule}/${way}`, `${name}.rung`, way, alone, [first]));
      for (const second of ladder.slice(i + 1)) {
        const rungs = [first.rung, second.rung] as const;
        const wish = join(plan, [first, second]);
        if (typeof wish === "string") {
          if (first.rung !== second.rung && !holes.has(rungs.join()))
            holes.set(rungs.join(), { pair: rungs, because: wish });
          continue;
        }
        seen.add(rungs.join());
        const id = `${name}.pair/${first.rule}+${second.rule}/${way}`;
        drafts.push(plan.draft(id, `${name}.pair`, way, wish, [first, second]));
      }
    }
  }
  for (const [i, first] of plan.demands.entries())
    for (const second of plan.demands.slice(i + 1)) {
      const pair = [first.rung, second.rung] as const;
      const both = plan.ways.some((way) => [first, second].every(({ only }) => only?.includes(way) ?? true));
      if (!both && first.rung !== second.rung && !holes.has(pair.join()))
        holes.set(pair.join(), { pair, because: "no way in has both" });
    }
  // A pair that one way of breaking a rung shows is no hole because another way cannot.
  return { drafts, holes: [...holes].flatMap(([key, hole]) => (seen.has(key) ? [] : [hole])) };
}

/** What a case of a plan says of itself. */
export function provenanceOf(
  by: Provenance["by"],
  broken: readonly { readonly rule: string; readonly rung: string }[],
  label = "c",
): Provenance {
  const rules = broken.flatMap(({ rule }) => /^[A-Z]-\d\d/.exec(rule) ?? []);
  const rungs = broken.map(({ rung }) => rung);
  return { by, rules: [...new Set(rules)], breaks: { [label]: [...new Set(rungs)] } };
}

/** One call that breaks all of `demands`, or why there is none. */
function join<W extends BaseWish, Way extends string>(
  plan: Plan<W, Way>,
  demands: readonly Demand<W>[],
): W | string {
  const [first, second] = demands.map(({ rung }) => rung);
  const apart = plan.apart.find(({ rungs, with: others }) =>
    [
      [first, second],
      [second, first],
    ].some(([a, b]) => a !== undefined && b !== undefined && rungs.includes(a) && others.includes(b)),
  );
  if (apart !== undefined) return apart.because;
  const on = demands.reduce((flags, demand) => flags | (demand.on ?? 0n), 0n);
  const off = demands.reduce((flags, demand) => flags | (demand.off ?? 0n), 0n);
  if ((on & off) !== 0n) return "one needs a flag that the other must not have";
  const chosen: Partial<Record<keyof W, unknown>> = { ...plan.plain };
  for (const key of Object.keys(plan.plain) as (keyof W & string)[]) {
    const sets = demands.flatMap((demand) => {
      const values: readonly unknown[] | undefined = demand.allow?.[key];
      return values === undefined ? [] : [values];
    });
    if (sets.length === 0) continue;
    const common = sets.reduce((left, right) => left.filter((value) => right.includes(value)));
    if (common.length === 0) return plan.clash[key] ?? `they ask for different values of ${key}`;
    chosen[key] = common[0];
  }
  const asked = demands.flatMap((demand) => demand.preludes ?? []);
  const preludes = plan.preludes.filter((prelude) => asked.includes(prelude));
  for (const demand of demands)
    for (const prelude of preludes) {
      const because = demand.without?.[prelude];
      if (because !== undefined) return because;
    }
  return plan.settle(
    { ...(chosen as unknown as W), flags: (plan.plain.flags | withNeeds(plan, on, off)) & ~off, preludes },
    demands,
  );
}

/** The flags, and what they need so that nothing else is broken. */
function withNeeds<W extends BaseWish, Way extends string>(
  { needs }: Plan<W, Way>,
  on: bigint,
  off: bigint,
): bigint {
  let flags = on;
  for (const [flag, wants] of needs) if ((flags & flag) !== 0n) flags |= wants & ~off;
  return flags;
}

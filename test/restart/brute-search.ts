/**
 * Whether a small process tree can come about at all, found by trying everything: a model of clone (with CLONE_NEWPID and
 * CLONE_PARENT), setns, setsid, setpgid, exit and wait, as small as it can be, beside the planner. Nobody in it is a subreaper.
 */

import type { Tree } from "../../src/restart/index.ts";
import { familyOf, type Member, type Ns } from "../../src/restart/tree/family.ts";

/** What was found. */
export type Verdict =
  | "possible"
  | "impossible"
  /** There was more to try than there was patience for. */
  | "open";

/** From outside the tree: the first session, and the first group. */
const OUT = -1;

const UNBORN = 0;
const ALIVE = 1;
const ZOMBIE = 2;
const REAPED = 3;

/** Fields of a task of the model: a world is all of them, one after the other. */
const IS = 0;
const PARENT = 1;
const SESSION = 2;
const GROUP = 3;
/** The namespace it is in, and the one its children are born in: by the index of the init, or {@link OUT}. */
const NS = 4;
const NURSERY = 5;
const FIELDS = 6;

type World = Int8Array;

/** What is to come about for one task. */
interface Wish {
  readonly end: "alive" | "zombie" | "gone" | "any";
  readonly parent: number;
  readonly session: number;
  readonly group: number;
  /** Null for one that may be anywhere. */
  readonly ns: number | null;
}

const HELPER: Wish = { end: "any", parent: OUT, session: OUT, group: OUT, ns: null };

/** @param helpers tasks nobody asked for that may live meanwhile @param patience worlds that are looked at, at most */
export function search(tree: Tree, helpers: number, patience: number): Verdict {
  return new Search(tree, helpers).run(patience);
}

class Search {
  private readonly wishes: readonly Wish[];
  /** The namespace around each, by the index of its init. */
  private readonly around: ReadonlyMap<number, number>;
  private readonly rootIsInit: boolean;
  private readonly seen: Set<string> = new Set();
  private readonly open: World[] = [];

  constructor(tree: Tree, helpers: number) {
    const family = familyOf(tree);
    const everybody: readonly Member[] = [...family.tasks, ...family.gone];
    const index = (member: Member | null): number => (member === null ? OUT : everybody.indexOf(member));
    const nsIndex = (ns: Ns | null): number => (ns === null || ns.level === 0 ? OUT : index(ns.init));
    this.wishes = [
      ...everybody.map(
        (member): Wish => ({
          end: member.gone ? "gone" : member.end === null ? "alive" : "zombie",
          parent: index(member.parent),
          session: index(member.session),
          group: index(member.group),
          ns: nsIndex(member.ns),
        }),
      ),
      ...Array.from({ length: helpers }, () => HELPER),
    ];
    this.around = new Map(
      family.namespaces.filter(({ level }) => level > 0).map((ns) => [index(ns.init), nsIndex(ns.parent)]),
    );
    this.rootIsInit = family.root.ns.level === 0 && family.root.ns.init === family.root;
  }

  run(patience: number): Verdict {
    const start = new Int8Array(this.wishes.length * FIELDS).fill(OUT);
    for (let i = 0; i < this.wishes.length; i++) start[i * FIELDS] = UNBORN;
    const ns = this.wishes[0]?.ns ?? OUT;
    start.set([ALIVE, OUT, OUT, OUT, ns, ns]);
    this.visit(start);
    for (let world = this.open.pop(); world !== undefined; world = this.open.pop()) {
      if (this.isWished(world)) return "possible";
      if (this.seen.size > patience) return "open";
      this.moves(world);
    }
    return "impossible";
  }

  private visit(world: World): void {
    if (!this.isHopeful(world)) return;
    const key = String.fromCharCode(...world.map((value) => value + 2));
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.open.push(world);
  }

  /** No task can be in a session again that it has left or never was in, nor lose a parent that lives on. */
  private isHopeful(world: World): boolean {
    return this.wishes.every((wish, i) => {
      const at = i * FIELDS;
      if (wish.end === "any" || world[at + IS] === UNBORN) return true;
      if (wish.end === "gone") return true;
      const session = world[at + SESSION] as number;
      if (session !== wish.session && (wish.session !== i || session === i)) return false;
      const parent = world[at + PARENT] as number;
      if (parent === wish.parent || i === 0) return true;
      return parent !== OUT && !["alive", "zombie"].includes((this.wishes[parent] as Wish).end);
    });
  }

  private isWished(world: World): boolean {
    return this.wishes.every((wish, i) => {
      const [is, parent, session, group] = world.subarray(i * FIELDS, i * FIELDS + FIELDS);
      if (wish.end === "any") return is === UNBORN || is === REAPED;
      if (wish.end === "gone") return is === REAPED;
      const state = wish.end === "alive" ? ALIVE : ZOMBIE;
      return (
        is === state &&
        (i === 0 || parent === wish.parent) &&
        session === wish.session &&
        group === wish.group
      );
    });
  }

  private moves(world: World): void {
    for (let i = 0; i < this.wishes.length; i++) {
      if (world[i * FIELDS + IS] !== ALIVE) continue;
      this.births(world, i);
      this.entries(world, i);
      this.groups(world, i);
      if (!this.isThere(world, (at) => world[at + GROUP] === i))
        this.put(world, i, { [SESSION]: i, [GROUP]: i });
      if (this.wishes[i]?.end !== "alive") this.exit(world, i);
      for (let j = 0; j < this.wishes.length; j++)
        if (
          world[j * FIELDS + IS] === ZOMBIE &&
          world[j * FIELDS + PARENT] === i &&
          this.wishes[j]?.end !== "zombie"
        )
          this.put(world, j, { [IS]: REAPED, [PARENT]: OUT, [SESSION]: OUT, [GROUP]: OUT });
    }
  }

  private births(world: World, i: number): void {
    const at = i * FIELDS;
    const nursery = world[at + NURSERY] as number;
    let helper = false;
    for (const [j, wish] of this.wishes.entries()) {
      if (world[j * FIELDS + IS] !== UNBORN) continue;
      // One helper is as good as another.
      if (wish.end === "any" && helper) continue;
      if (wish.end === "any") helper = true;
      const begins = this.around.has(j);
      // copy_pid_ns: who makes a namespace is in the one around it, and so are its children to be.
      if (
        begins
          ? nursery !== world[at + NS] || this.around.get(j) !== nursery
          : wish.ns !== null && wish.ns !== nursery
      )
        continue;
      const ns = begins ? j : nursery;
      const child = {
        [IS]: ALIVE,
        [SESSION]: world[at + SESSION],
        [GROUP]: world[at + GROUP],
        [NS]: ns,
        [NURSERY]: ns,
      };
      this.put(world, j, { ...child, [PARENT]: i });
      // copy_process: an init makes no sisters.
      if (i !== 0 && !this.isInit(i)) this.put(world, j, { ...child, [PARENT]: world[at + PARENT] });
    }
  }

  private entries(world: World, i: number): void {
    const own = world[i * FIELDS + NS] as number;
    for (const ns of [own, ...this.around.keys()])
      if (this.sees(own, ns) && (ns === own || world[ns * FIELDS + IS] === ALIVE))
        this.put(world, i, { [NURSERY]: ns });
  }

  private groups(world: World, i: number): void {
    const session = world[i * FIELDS + SESSION] as number;
    const own = world[i * FIELDS + NS] as number;
    for (let j = 0; j < this.wishes.length; j++) {
      const at = j * FIELDS;
      const isOwn = j === i || world[at + PARENT] === i;
      if (!isOwn || !this.lives(world, j) || world[at + SESSION] !== session || session === j) continue;
      for (let group = OUT; group < this.wishes.length; group++) {
        if (
          group === OUT
            ? this.rootIsInit || own !== OUT
            : group !== j && !this.sees(own, this.nsOf(world, group))
        )
          continue;
        const has = (k: number): boolean => world[k + GROUP] === group && world[k + SESSION] === session;
        if (group === j || (group === OUT ? session === OUT : this.isThere(world, has)))
          this.put(world, j, { [GROUP]: group });
      }
    }
  }

  /** Its children go to the init of its namespace; an init ends last. */
  private exit(world: World, i: number): void {
    if (i === 0) return;
    const at = i * FIELDS;
    if (this.isInit(i) && this.isThere(world, (k) => k !== at && this.sees(i, world[k + NS] as number)))
      return;
    const reaper = this.reaperIn(world[at + NS] as number);
    const next = world.slice();
    next[at + IS] = ZOMBIE;
    next[at + NURSERY] = OUT;
    for (let j = 0; j < this.wishes.length; j++) {
      if (!this.lives(world, j) || world[j * FIELDS + PARENT] !== i) continue;
      if (reaper === null) return;
      next[j * FIELDS + PARENT] = reaper;
    }
    this.visit(next);
  }

  /** Null where orphans leave the tree. */
  private reaperIn(ns: number): number | null {
    if (ns !== OUT) return ns;
    return this.rootIsInit ? 0 : null;
  }

  private put(world: World, i: number, change: Readonly<Record<number, number | undefined>>): void {
    const next = world.slice();
    for (const [field, value] of Object.entries(change)) next[i * FIELDS + Number(field)] = value as number;
    this.visit(next);
  }

  private isThere(world: World, is: (at: number) => boolean): boolean {
    for (let k = 0; k < this.wishes.length; k++) if (this.lives(world, k) && is(k * FIELDS)) return true;
    return false;
  }

  private lives(world: World, k: number): boolean {
    const is = world[k * FIELDS + IS];
    return is === ALIVE || is === ZOMBIE;
  }

  private isInit(i: number): boolean {
    return this.around.has(i) || (i === 0 && this.rootIsInit);
  }

  private nsOf(world: World, i: number): number {
    return this.wishes[i]?.ns ?? (world[i * FIELDS + NS] as number);
  }

  /** Whether `inner` is `outer` or lies in it. */
  private sees(outer: number, inner: number): boolean {
    for (let ns = inner; ; ns = this.around.get(ns) as number) {
      if (ns === outer) return true;
      if (ns === OUT || !this.around.has(ns)) return outer === OUT;
    }
  }
}

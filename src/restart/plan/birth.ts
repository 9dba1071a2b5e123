import { type Family, keyOf, type Member, sees } from "../tree/family.ts";
import { isRefusal, type Refusal } from "./step.ts";

/** A session: its leader; null for the one from outside, which the root is born in. */
export type Session = Member | null;

/** How somebody comes into being. */
export interface Birth {
  /** Whose child it is at first; null for the root. */
  readonly maker: Member | null;
  /** Whether the maker leads a session of its own by then. */
  readonly when: "before" | "after" | "any";
  /** The maker's child makes it, and goes: the parent to be adopts it. */
  readonly midwife: boolean;
}

/** The births of everybody, and the session each leader is born in where it matters. */
export interface Births {
  readonly of: ReadonlyMap<Member, Birth>;
}

/**
 * Which session a namespace's init that leads one is to be born in, of those its children need; undefined for none: it
 * adopts them all.
 */
export type Choice = (init: Member, needed: readonly Session[]) => Session | undefined;

/** Whether a task leads a session. */
export function leads(member: Member): boolean {
  return member.session === member;
}

/** Whether a task adopts the orphans of its namespace. */
export function adopts(member: Member): boolean {
  return member.ns.init === member;
}

/**
 * Says for everybody who makes it, and when. A child has the session its maker is in. So a task that leads no session
 * is born in its own; a task that leads one is born in any, but where children of it were made before setsid: in theirs.
 */
export function birthsOf(family: Family, choice: Choice): Births | Refusal {
  const of = new Map<Member, Birth>();
  const needs = new Map<Member, Session>();
  const required = (task: Member): Session | undefined => (leads(task) ? needs.get(task) : task.session);
  for (const parent of [...family.tasks].reverse()) {
    const strangers: Member[] = [];
    for (const child of parent.children) {
      const session = required(child);
      if (session === undefined) of.set(child, { maker: parent, when: "any", midwife: false });
      else if (session === parent.session)
        of.set(child, { maker: parent, when: after(parent), midwife: false });
      else strangers.push(child);
    }
    const refusal = placeStrangers(parent, strangers, { family, of, needs, choice, required });
    if (refusal !== null) return refusal;
  }
  const { root } = family;
  const born = required(root);
  if (born !== undefined && born !== null)
    return {
      refused: "root-session",
      task: root,
      reason: `the root would have to be born in session ${keyOf(born)}, which does not exist before it`,
    };
  of.set(root, { maker: null, when: "any", midwife: false });
  for (const leader of family.gone) {
    const birth = birthOfGone(leader, family);
    if (isRefusal(birth)) return birth;
    of.set(leader, birth);
  }
  for (const [who, birth] of of) if (isFromOutside(who, birth)) return fromOutside(who, birth);
  return { of };
}

/** Whether a namespace would have to be made by somebody who is not in the one around it (copy_pid_ns). */
function isFromOutside(who: Member, { maker, midwife }: Birth): boolean {
  if (maker === null || who.ns.init !== who) return false;
  return (midwife ? (who.parent as Member).ns : maker.ns) !== who.ns.parent;
}

function fromOutside(who: Member, { maker }: Birth): Refusal {
  return {
    refused: "namespace-from-outside",
    task: who,
    reason: `task ${keyOf(who)} is the init of a namespace, and ${keyOf(maker as Member)}, which would have to make it, is not in the namespace around that one`,
  };
}

interface Places {
  readonly family: Family;
  readonly of: Map<Member, Birth>;
  readonly needs: Map<Member, Session>;
  readonly choice: Choice;
  readonly required: (task: Member) => Session | undefined;
}

/** Children whose session their parent is not in at the end: made before its setsid, or adopted. */
function placeStrangers(parent: Member, strangers: readonly Member[], places: Places): Refusal | null {
  const [first] = strangers;
  if (first === undefined) return null;
  const { required, needs, of, choice } = places;
  const sessionOf = (child: Member): Session => required(child) as Session;
  const sessions = [...new Set(strangers.map(sessionOf))];
  let before: Session | undefined;
  if (leads(parent)) before = adopts(parent) ? choice(parent, sessions) : sessions[0];
  if (before !== undefined) needs.set(parent, before);
  for (const child of strangers) {
    const session = sessionOf(child);
    if (before !== undefined && session === before) {
      of.set(child, { maker: parent, when: "before", midwife: false });
      continue;
    }
    if (!adopts(parent))
      return leads(parent) ? twoBirths(parent, before as Session, session) : notInherited(child, session);
    const birth = adoption(child, session, places.family);
    if (isRefusal(birth)) return birth;
    of.set(child, birth);
  }
  return null;
}

/** A child made in another session, which its parent adopts when its maker has gone. */
function adoption(child: Member, session: Session, { root }: Family): Birth | Refusal {
  const parent = child.parent as Member;
  // Whoever is in a session is in the leader's namespace or a deeper one: the leader reaches what any member reaches.
  const maker = session ?? root;
  if (!sees(maker.ns, parent.ns))
    return {
      refused: "session-out-of-reach",
      task: child,
      reason: `task ${keyOf(child)} is in session ${keyOf(maker)}, whose leader is in another namespace than init ${keyOf(parent)}, which was to adopt it, and not around it`,
    };
  const when = session === null ? before(root) : "after";
  // A leader that goes leaves its children to the same init as a midwife of its namespace would.
  const orphaned = maker.gone && maker.ns.init === parent;
  return { maker, when, midwife: !orphaned };
}

/** A leader of a session that has gone may be anybody's child; one of a group alone was in the group's session. */
function birthOfGone(leader: Member, { root }: Family): Birth | Refusal {
  if (leads(leader)) return { maker: leader.ns.init ?? root, when: "any", midwife: false };
  const maker = leader.session ?? root;
  if (sees(maker.ns, leader.ns))
    return { maker, when: leader.session === null ? before(root) : "after", midwife: false };
  return {
    refused: "session-out-of-reach",
    task: leader,
    reason: `the leader of group ${keyOf(leader)}, which has gone, was in session ${keyOf(maker)}, whose leader is in a deeper namespace`,
  };
}

function after(maker: Member): Birth["when"] {
  return leads(maker) ? "after" : "any";
}

function before(maker: Member): Birth["when"] {
  return leads(maker) ? "before" : "any";
}

function twoBirths(parent: Member, one: Session, other: Session): Refusal {
  const named = (session: Session): string =>
    session === null ? "the session from outside" : `session ${keyOf(session)}`;
  return {
    refused: "two-births",
    task: parent,
    reason: `task ${keyOf(parent)} leads a session and has children in ${named(one)} and in ${named(other)}: it would have to be born in both`,
  };
}

function notInherited(child: Member, session: Session): Refusal {
  const parent = child.parent as Member;
  const own = parent.session === null ? "one from outside" : String(keyOf(parent.session));
  const where = session === null ? "in the session from outside" : `in session ${keyOf(session)}`;
  const how = leads(child) ? "has to be born" : "is";
  return {
    refused: "session-not-inherited",
    task: child,
    reason: `task ${keyOf(child)} ${how} ${where}, and its parent ${keyOf(parent)} in ${own}: a child has its maker's session`,
  };
}

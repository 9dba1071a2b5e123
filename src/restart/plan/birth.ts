import { type Family, keyOf, type Member, sees } from "../tree/family.ts";
import { isRefusal, type Refusal } from "./step.ts";

/** A session: its leader; null for the one from outside, which the root is born in. */
export type Session = Member | null;

/** How somebody comes into being. */
export interface Birth {
  /** Who makes it, or whose helper; null for the root. */
  readonly maker: Member | null;
  /** Whether the maker leads a session of its own by then. */
  readonly when: "before" | "after" | "any";
  /**
   * As the maker's child; by a child of the maker that goes, so that the parent to be adopts it; or as the maker's sister
   * (CLONE_PARENT), the parent to be having made the maker.
   */
  readonly how: "child" | "midwife" | "sister";
}

/** The births of everybody, and the session each leader is born in where it matters. */
export interface Births {
  readonly of: ReadonlyMap<Member, Birth>;
}

/**
 * Which session a task that leads one is to be born in, of those its children need; undefined for none: an init adopts
 * them all, and of others they become sisters of their sessions' leaders.
 */
export interface Choice {
  before(leader: Member, needed: readonly Session[]): Session | undefined;
  /** Who is to be born before its parent's setsid, in another namespace, is a sister of one who was: so it may come later. */
  readonly sisters: boolean;
  /** Who is made elsewhere in its session, though its parent could make it: an init, which adopts it. */
  readonly adopted: ReadonlySet<Member>;
  /** Whether somebody who is no init may adopt for a moment (PR_SET_CHILD_SUBREAPER): not every dialect's era can. */
  readonly subreapers: boolean;
}

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
  const claims = new Map<Member, Member>();
  const required = (task: Member): Session | undefined => (leads(task) ? needs.get(task) : task.session);
  const places: Places = { family, of, needs, claims, choice, required };
  for (const parent of [...family.tasks].reverse()) {
    const strangers: Member[] = [];
    for (const child of parent.children) {
      const session = required(child);
      const elsewhere = choice.adopted.has(child)
        ? adoption(child, session === undefined ? parent.session : session, places)
        : null;
      if (elsewhere !== null) of.set(child, elsewhere);
      else if (session === undefined) of.set(child, { maker: parent, when: "any", how: "child" });
      else if (session === parent.session)
        of.set(child, { maker: parent, when: after(parent), how: "child" });
      else strangers.push(child);
    }
    const refusal = placeStrangers(parent, strangers, places);
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
  of.set(root, { maker: null, when: "any", how: "child" });
  for (const leader of family.gone) {
    const birth = birthOfGone(leader, claims.get(leader), family);
    if (isRefusal(birth)) return birth;
    of.set(leader, birth);
  }
  return { of };
}

interface Places {
  readonly family: Family;
  readonly of: Map<Member, Birth>;
  readonly needs: Map<Member, Session>;
  /** Leaders of sessions that have gone, by the task that is to have made them. */
  readonly claims: Map<Member, Member>;
  readonly choice: Choice;
  readonly required: (task: Member) => Session | undefined;
}

/** Children whose session their parent is not in at the end: made before its setsid, adopted, or sisters of a leader. */
function placeStrangers(parent: Member, strangers: readonly Member[], places: Places): Refusal | null {
  const [first] = strangers;
  if (first === undefined) return null;
  const { required, needs, of, choice } = places;
  const sessionOf = (child: Member): Session => required(child) as Session;
  const sessions = [...new Set(strangers.map(sessionOf))];
  let before: Session | undefined;
  // Who is below the parent leads a session that the parent cannot have been born in.
  const possible = sessions.filter((session) => session === null || !isBelow(session, parent));
  if (leads(parent)) before = choice.before(parent, adopts(parent) ? sessions : possible);
  if (before !== undefined) needs.set(parent, before);
  for (const child of strangers) {
    const session = sessionOf(child);
    if (before !== undefined && session === before) {
      const elder = choice.sisters ? elderOf(child, parent, session, required) : undefined;
      of.set(
        child,
        elder === undefined
          ? { maker: parent, when: "before", how: "child" }
          : { maker: elder, when: "any", how: "sister" },
      );
      continue;
    }
    const birth = adoption(child, session, places) ?? sisterhood(child, session, places, before);
    const fostered = isRefusal(birth) ? fosterage(child, session, places) : birth;
    if (fostered === null) return birth as Refusal;
    of.set(child, fostered);
  }
  return null;
}

/** A child of a task that was born in a session and stays there, and can go into the namespace of one that comes later. */
function elderOf(
  child: Member,
  parent: Member,
  session: Session,
  required: (task: Member) => Session | undefined,
): Member | undefined {
  if (child.ns === parent.ns) return undefined;
  return parent.children.find(
    (other) => other !== child && !leads(other) && other.ns === parent.ns && required(other) === session,
  );
}

/** A child made in another session, which its parent adopts when its maker has gone; null where it would not. */
function adoption(child: Member, session: Session, { family, choice, required }: Places): Birth | null {
  const { root } = family;
  const parent = child.parent as Member;
  // Whoever is in a session is in the leader's namespace or a deeper one: the leader reaches what any member reaches.
  const elder = session === null && choice.sisters ? elderOf(child, root, session, required) : undefined;
  const maker = session ?? elder ?? root;
  if (!adopts(parent) || !sees(maker.ns, parent.ns)) return null;
  const whenRoot = elder === undefined ? before(root) : "any";
  const when = session === null ? whenRoot : "after";
  // A leader that goes, or ends, leaves its children to the same init as a midwife of its namespace would.
  const orphaned = (maker.gone || maker.end !== null) && maker.ns.init === parent;
  return { maker, when, how: orphaned ? "child" : "midwife" };
}

/**
 * A child made in its session, which its parent adopts as a subreaper: the session's leader is below the parent and in the same
 * namespace, or nobody adopts past its own (find_new_reaper). Null where it is not.
 */
function fosterage(child: Member, session: Session, { choice, claims }: Places): Birth | null {
  const parent = child.parent as Member;
  if (!choice.subreapers || session === null || session.ns !== parent.ns) return null;
  const claimed = session.gone ? (claims.get(session) ?? parent) : session;
  if (claimed !== parent && !isBelow(claimed, parent)) return null;
  if (session.gone) claims.set(session, claimed);
  return { maker: session, when: "after", how: "midwife" };
}

function isBelow(member: Member, ancestor: Member): boolean {
  for (let at = member.parent; at !== null; at = at.parent) if (at === ancestor) return true;
  return false;
}

/** A child that the leader of its session makes as its own sister: the leader is a child of the same parent. */
function sisterhood(
  child: Member,
  session: Session,
  { claims }: Places,
  before: Session | undefined,
): Birth | Refusal {
  const parent = child.parent as Member;
  const none = (): Refusal => {
    if (adopts(parent)) return outOfReach(child, session as Member);
    return before !== undefined ? twoBirths(parent, before, session) : notInherited(child, session);
  };
  // An init has no sisters: nobody but it could be their parent's child there (copy_process, SIGNAL_UNKILLABLE).
  if (session === null || session.ns.init === session || !sees(session.ns, child.ns)) return none();
  if (session.gone) {
    const claimed = claims.get(session) ?? parent;
    if (claimed !== parent || !sees(parent.ns, session.ns)) return none();
    claims.set(session, parent);
  } else if (session.parent !== parent) return none();
  return { maker: session, when: "after", how: "sister" };
}

/** A leader of a session that has gone may be anybody's child; one of a group alone was in the group's session. */
function birthOfGone(leader: Member, claimed: Member | undefined, { root }: Family): Birth | Refusal {
  if (leads(leader)) return { maker: claimed ?? leader.ns.init ?? root, when: "any", how: "child" };
  const maker = leader.session ?? root;
  if (sees(maker.ns, leader.ns))
    return { maker, when: leader.session === null ? before(root) : "after", how: "child" };
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

function outOfReach(child: Member, leader: Member): Refusal {
  const parent = child.parent as Member;
  return {
    refused: "session-out-of-reach",
    task: child,
    reason: `task ${keyOf(child)} is in session ${keyOf(leader)}, whose leader is in another namespace than init ${keyOf(parent)}, which was to adopt it, and not around it`,
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

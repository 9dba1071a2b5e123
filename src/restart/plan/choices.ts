import type { Family, Member } from "../tree/family.ts";
import { adopts, type Choice, leads, type Session } from "./birth.ts";

/** Inits whose choices are tried one by one; beyond them all inits choose alike. */
const MOST_TRIED = 4;

/** How one kind of task chooses. */
type Pick = (sessions: readonly Session[]) => Session | undefined;

/** An init can adopt them all; likelier is that it made those of the session from outside before its own. */
const INITS: readonly Pick[] = [(sessions) => (sessions.includes(null) ? null : undefined), () => undefined];

/** Another was likely born in a session whose leader has gone since; but it may have made that leader instead. */
const OTHERS: readonly Pick[] = [
  (sessions) => sessions[0],
  (sessions) => (sessions.some(isThere) ? sessions.find(isThere) : sessions[0]),
  (sessions) => sessions.find(isThere),
];

/** The root can be born in the session from outside, and in no other. */
function pickFor(leader: Member, init: Pick, others: Pick): Pick {
  if (adopts(leader)) return init;
  return leader.parent === null ? (sessions) => sessions.find((session) => session === null) : others;
}

function isThere(session: Session): boolean {
  return session?.gone !== true;
}

/**
 * The ways in which tasks that lead a session can be born, the likeliest first. Such a task can get one child of another
 * session, or several of one session, by making them before its own setsid.
 */
export function* choicesOf(family: Family): Generator<Omit<Choice, "adopted" | "subreapers">> {
  const leaders = family.tasks.filter((task) => adopts(task) && leads(task));
  const combined = leaders.length > MOST_TRIED ? [] : [...combinations(leaders, new Map(), family)];
  for (const sisters of [false, true]) {
    for (const others of OTHERS)
      for (const init of INITS)
        yield { sisters, before: (leader, sessions) => pickFor(leader, init, others)(sessions) };
    for (const others of OTHERS)
      for (const picked of combined) {
        const before = (leader: Member, sessions: readonly Session[]): Session | undefined =>
          pickFor(leader, () => picked.get(leader), others)(sessions);
        yield { sisters, before };
      }
  }
}

/** Every way to pick, for each init, nobody or one of the sessions there are. */
function* combinations(
  inits: readonly Member[],
  picked: Map<Member, Session | undefined>,
  family: Family,
): Generator<ReadonlyMap<Member, Session | undefined>> {
  const [init, ...others] = inits;
  if (init === undefined) {
    yield new Map(picked);
    return;
  }
  for (const session of [undefined, ...sessionsBelow(init)]) {
    picked.set(init, session);
    yield* combinations(others, picked, family);
  }
  picked.delete(init);
}

/** Sessions somebody below a task is in: those its children can need. */
function sessionsBelow(task: Member): Set<Session> {
  const found = new Set<Session>();
  const open = [...task.children];
  for (const member of open) {
    found.add(member.session);
    for (const child of member.children) open.push(child);
  }
  found.delete(task.session);
  return found;
}

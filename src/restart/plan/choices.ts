import type { Family, Member } from "../tree/family.ts";
import { adopts, type Choice, leads, type Session } from "./birth.ts";

/** Inits whose choices are tried one by one; beyond them all inits choose alike. */
const MOST_TRIED = 4;

/**
 * The ways in which the inits that lead a session can be born, the likeliest first. Such a task has two ways to get a
 * child of another session: to make it before its own setsid, or to adopt it; the first is possible for one session.
 */
export function* choicesOf(family: Family): Generator<Choice> {
  yield (_, sessions) => (sessions.length === 1 || sessions.includes(null) ? preferred(sessions) : undefined);
  yield () => undefined;
  const inits = family.tasks.filter((task) => adopts(task) && leads(task));
  if (inits.length > MOST_TRIED) return;
  yield* combinations(inits, new Map(), family);
}

function preferred(sessions: readonly Session[]): Session | undefined {
  return sessions.includes(null) ? null : undefined;
}

/** Every way to pick, for each init, nobody or one of the sessions there are. */
function* combinations(
  inits: readonly Member[],
  picked: Map<Member, Session | undefined>,
  family: Family,
): Generator<Choice> {
  const [init, ...others] = inits;
  if (init === undefined) {
    const choice = new Map(picked);
    yield (task) => choice.get(task);
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

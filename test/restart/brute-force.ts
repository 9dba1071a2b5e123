/**
 * Every process tree a kernel can have with a few pids, found by trying everything: a model of fork, setsid, setpgid,
 * exit and wait in one pid namespace, as small as it can be, beside the planner.
 */
import type { Tree } from "../../src/restart/index.ts";

/** One task of the model; `unborn` and `reaped` ones have no more to say. */
interface Life {
  readonly is: "unborn" | "alive" | "zombie" | "reaped";
  readonly parent: number;
  readonly session: number;
  readonly group: number;
}

/** Index = pid − 1. */
type World = readonly Life[];

const UNBORN: Life = { is: "unborn", parent: 0, session: 0, group: 0 };
const INIT = 1;

/** The portraits of every world that `pids` numbers can make, 1 being the init, as JSON. */
export function everyTree(pids: number): ReadonlySet<string> {
  const start: World = [
    { is: "alive", parent: 0, session: 0, group: 0 },
    ...Array.from({ length: pids - 1 }, () => UNBORN),
  ];
  const seen = new Set([JSON.stringify(start)]);
  const found = new Set<string>();
  const open = [start];
  for (const world of open) {
    found.add(portrait(world));
    for (const next of moves(world)) {
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return found;
}

function* moves(world: World): Generator<World> {
  const firstUnborn = world.findIndex(({ is }) => is === "unborn");
  for (const [i, life] of world.entries()) {
    if (life.is !== "alive") continue;
    const pid = i + 1;
    // Which number a child has makes no difference to what can become of it: but trees name numbers, so all are tried.
    if (firstUnborn >= 0)
      for (const [j, child] of world.entries())
        if (child.is === "unborn") yield put(world, j, { ...life, parent: pid });
    if (!world.some((other) => isThere(other) && other.group === pid))
      yield put(world, i, { ...life, session: pid, group: pid });
    yield* groupMoves(world, pid);
    if (pid !== INIT) yield ended(world, pid);
    for (const [j, child] of world.entries())
      if (child.is === "zombie" && child.parent === pid) yield put(world, j, { ...UNBORN, is: "reaped" });
  }
}

function* groupMoves(world: World, caller: number): Generator<World> {
  const { session } = world[caller - 1] as Life;
  for (const [j, who] of world.entries()) {
    const pid = j + 1;
    if (!isThere(who) || (pid !== caller && who.parent !== caller)) continue;
    if (who.session !== session || who.session === pid) continue;
    const groups = new Set(
      world.filter((x) => isThere(x) && x.session === session).map(({ group }) => group),
    );
    for (const group of [pid, ...groups])
      if (group !== 0 && group !== who.group) yield put(world, j, { ...who, group });
  }
}

function ended(world: World, pid: number): World {
  return world.map((life, i) => {
    if (i + 1 === pid) return { ...life, is: "zombie" };
    return isThere(life) && life.parent === pid ? { ...life, parent: INIT } : life;
  });
}

function put(world: World, at: number, life: Life): World {
  return world.map((old, i) => (i === at ? life : old));
}

function isThere({ is }: Life): boolean {
  return is === "alive" || is === "zombie";
}

function portrait(world: World): string {
  return keyOfTasks(
    world.flatMap((life, i) =>
      isThere(life) ? [[i + 1, life.parent, life.session, life.group, life.is === "zombie" ? 1 : 0]] : [],
    ),
  );
}

/** A tree in the words of {@link everyTree}. */
export function keyOfTree({ tasks }: Tree): string {
  return keyOfTasks(
    tasks.map((t) => [t.pid[0] ?? 0, t.parent, t.session, t.group, t.zombie === undefined ? 0 : 1]),
  );
}

function keyOfTasks(tasks: readonly (readonly number[])[]): string {
  return JSON.stringify([...tasks].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)));
}

/** Every tree of the first `tasks` pids that can be written down, with leaders from `pids` numbers; most are absurd. */
export function* everyWriting(tasks: number, pids: number): Generator<Tree> {
  const options = (pid: number): { parent: number; session: number; group: number; zombie?: number }[] => {
    const all = [];
    for (let parent = pid === INIT ? 0 : 1; parent <= (pid === INIT ? 0 : tasks); parent++)
      for (let session = 0; session <= pids; session++)
        for (let group = 0; group <= pids; group++)
          for (const zombie of pid === INIT ? [undefined] : [undefined, 0])
            all.push({ parent, session, group, ...(zombie === undefined ? {} : { zombie }) });
    return all;
  };
  const lists = Array.from({ length: tasks }, (_, i) => options(i + 1));
  const chosen = new Array<number>(tasks).fill(0);
  for (;;) {
    const list = chosen.map((at, i) => ({
      pid: [i + 1],
      ...(lists[i]?.[at] as ReturnType<typeof options>[number]),
    }));
    const named = new Set(list.flatMap(({ session, group }) => [session, group]));
    const gone = [...named].filter((nr) => nr > tasks).map((nr) => ({ pid: [nr] }));
    yield { format: "trapgate-tree-1", tasks: list, ...(gone.length > 0 ? { gone } : {}) };
    let i = 0;
    while (i < tasks && ++(chosen[i] as number) === lists[i]?.length) chosen[i++] = 0;
    if (i === tasks) return;
  }
}

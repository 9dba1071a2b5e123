import type { LadderDecl } from "../ladder.ts";
import { copy_process } from "./copy-process.ts";
import { do_fork } from "./do-fork.ts";

/** The shared ladders by name: what `{ include: "…" }` in a declaration may say. */
export interface Ladders {
  readonly do_fork: typeof do_fork;
  readonly copy_process: typeof copy_process;
}

/** Every shared ladder trapgate declares. */
export const LADDERS: readonly LadderDecl[] = [do_fork, copy_process];

export { copy_process, do_fork };

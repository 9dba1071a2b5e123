import { Search, targetOf } from "../src/fuzz/index.ts";
import type { BenchRow, Work } from "./harness.ts";

export const title = "The fuzz lab: programs made, run, looked at by every detector, put back";

function searching(calls: readonly string[], steps = 1): () => Work {
  return () => {
    const search = new Search(targetOf(calls), { seed: 1, steps });
    // What is new in the beginning costs most: a long search is what counts.
    search.step(30_000 / steps);
    return (n) => {
      search.step(n);
      return search.runs;
    };
  };
}

const SMALL = ["getgroups", "getresuid", "rt_sigpending", "capget"];

export const rows: BenchRow[] = [
  { title: "one call that changes nothing", setup: searching(SMALL), goal: 5_000 },
  { title: "one clone3", setup: searching(["clone3"]), goal: 5_000 },
  { title: "one call of any kind", setup: searching([]) },
  {
    title: "a program of eight calls",
    setup: searching(["pipe2", "read", "write", "close", "dup2"], 8),
    goal: 50_000,
  },
];

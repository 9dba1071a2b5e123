import fc from "fast-check";
import { seedOfRun } from "./seed.ts";

// A failure prints seed and path; the reporter prints the seed of every run.
fc.configureGlobal({ seed: seedOfRun() });

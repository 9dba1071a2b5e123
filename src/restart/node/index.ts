/** What restarting needs of a machine: its `/proc`, and programs that run on it. */
export { ProcError } from "../capture/proc-task.ts";
export type { Captured, CaptureOptions } from "../capture/tree-of-tasks.ts";
export { captureTree } from "./capture.ts";
export { type LiveRun, type LiveRunOptions, runLive } from "./live-run.ts";
export { readCriu } from "./read-criu.ts";

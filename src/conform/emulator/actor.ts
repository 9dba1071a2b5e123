import type { Task } from "../../kernel/task/task.ts";
import type { Operation, SysOperation } from "../vector.ts";

/** A task of a case and the list it runs. */
export class Actor {
  /** `main`, or the label of the operation that made it. */
  readonly name: string;
  readonly task: Task;
  readonly list: readonly Operation[];
  /** The operation that made it; null for the main task. */
  readonly maker: SysOperation | null;
  /** What comes next in {@link list}; its length when only the exit is left. */
  next = 0;
  /** It has run: what a new task does first is done. */
  started = false;
  /** The call it is in, whose result is still to come. */
  pending: SysOperation | null = null;
  /** It has asked to exit. */
  exiting = false;

  constructor(name: string, task: Task, list: readonly Operation[], maker: SysOperation | null) {
    this.name = name;
    this.task = task;
    this.list = list;
    this.maker = maker;
  }

  /** It can take a step. */
  get ready(): boolean {
    return this.task.state === "running" && !this.exiting;
  }
}

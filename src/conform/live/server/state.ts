import type { Layout } from "../program/layout.ts";

/** A request: what a server reads before the code of a case. Fields of eight bytes. */
export const REQUEST = {
  /** Bytes of code. */
  length: 0,
  entry: 8,
  /** Bytes of the report to make zero. */
  zeroed: 16,
  /** Bytes of the report to send. */
  reply: 24,
  /** The flags the first task is made with. */
  flags: 32,
  /** Numbers of tasks to put down at the end: the first, and the end of them. */
  tids: 40,
  tidsEnd: 48,
  /** Naps without anything happening after which the case is put down. */
  patience: 56,
  size: 64,
} as const;

/** A reply: what a server writes before the report. Fields of eight bytes. */
export const REPLY = {
  /** The first task's wait status. */
  status: 0,
  /** Whether the case was put down: one of {@link PUT_DOWN}. */
  putDown: 8,
  /** Why there was no first task. */
  forkError: 16,
  size: 24,
} as const;

/** How a case ended that did not by itself. */
export const PUT_DOWN = {
  /** It was killed. */
  killed: 1,
  /** It was killed, and is there still. */
  inVain: 2,
} as const;

/** What a server says once it is ready. Fields of eight bytes. */
export const HELLO = {
  /** What asking for a priority answered: 0 when it may order tasks by it. */
  priority: 0,
  /** The leader of the process group that cases are in. */
  anchor: 8,
  size: 16,
} as const;

/** A server's variables. */
export interface State {
  readonly request: number;
  readonly reply: number;
  readonly hello: number;
  readonly anchor: number;
  readonly child: number;
  readonly naps: number;
  readonly cursor: number;
  readonly left: number;
}

/** Where they are. */
export function STATE({ state }: Layout): State {
  return {
    request: state,
    reply: state + 0x40,
    hello: state + 0x60,
    anchor: state + 0x68,
    child: state + 0x70,
    naps: state + 0x78,
    cursor: state + 0x80,
    left: state + 0x88,
  };
}

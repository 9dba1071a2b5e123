/**
 * What a handler returns: a value, a negative errno, or one of the codes below that never reach a register.
 * Values are safe integers; −4095 … −1 are errors (N-14).
 */
export type Result = number;

/** The task waits; its call completes later through the resume function it left behind. */
export const BLOCKED: Result = -100_001;

/** The call does not return: the task has exited. */
export const NO_RETURN: Result = -100_002;

/** A signal interrupted the call before anything was done: it starts again, unseen by the guest (B-16, P-13). */
export const RESTART_NO_INTR: Result = -513;

/** A signal interrupted a wait: restarted when the handler asked for that, else EINTR. */
export const RESTART_SYS: Result = -512;

/** The result register holds its value already: one that a number here cannot tell exactly. */
export const STORED: Result = -100_003;

/** True for the two restart codes. */
export function isRestart(result: Result): boolean {
  return result === RESTART_NO_INTR || result === RESTART_SYS;
}

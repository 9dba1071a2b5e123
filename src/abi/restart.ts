/**
 * What a call answers inside the kernel when a signal cut it short: never an errno, never seen by a program.
 * The exit path turns each into a restart or into EINTR. Source: linux/errno.h.
 */
export const RESTART = {
  ERESTARTSYS: 512,
  ERESTARTNOINTR: 513,
  ERESTARTNOHAND: 514,
  ERESTART_RESTARTBLOCK: 516,
} as const;

/** The name of a restart code. */
export type RestartName = keyof typeof RESTART;

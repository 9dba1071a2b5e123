/** What the command exits with. */
export const EXIT = {
  ok: 0,
  /** Something was looked at and is not as it should be. */
  failed: 1,
  /** A wrong argument. */
  usage: 2,
  /** A defect of trapgate itself (EX_SOFTWARE). */
  oops: 70,
  /** Standard output cannot be written (EX_IOERR). */
  io: 74,
} as const;

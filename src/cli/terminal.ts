/** Where a verb writes, and how wide and colourful that may be. */
export interface Terminal {
  /** Text for standard output, newlines included. */
  out(text: string): void;
  /** Text for standard error, newlines included. */
  err(text: string): void;
  /** Columns lines are kept within, {@link NARROWEST} … {@link WIDEST}. */
  readonly columns: number;
  /** Whether standard output takes colours. */
  readonly color: boolean;
  /** Whether standard error is a screen, where a line may be written over. */
  readonly screen: boolean;
  /** Whether an internal failure shows its stack. */
  readonly debug: boolean;
  /** What the command exits with when nothing is thrown: 0 unless a verb found something to report. */
  exitCode: number;
}

/** No page is wider, however wide the screen is. */
export const WIDEST = 100;
/** No page is set narrower: tables need some room. */
export const NARROWEST = 60;

/** The part of a stream that decides on colour and width. */
export interface ScreenLike {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The variables that are looked at. */
export interface Environment {
  readonly FORCE_COLOR?: string | undefined;
  readonly NO_COLOR?: string | undefined;
  readonly NODE_DISABLE_COLORS?: string | undefined;
  readonly TERM?: string | undefined;
  readonly TRAPGATE_DEBUG?: string | undefined;
}

/**
 * Whether to colour: `FORCE_COLOR` decides when it is set, then `NO_COLOR`, `NODE_DISABLE_COLORS` and `TERM=dumb`
 * say no, and otherwise a terminal gets colours and nothing else does.
 */
export function wantsColor(stream: ScreenLike, env: Environment): boolean {
  const { FORCE_COLOR: forced } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (env.NO_COLOR || env.NODE_DISABLE_COLORS || env.TERM === "dumb") return false;
  return stream.isTTY === true;
}

/** Columns to keep within: a terminal's own between {@link NARROWEST} and {@link WIDEST}, else the widest. */
export function widthOf(stream: ScreenLike): number {
  // Some pseudo terminals report 0 columns: that is "not known".
  if (stream.isTTY !== true || !stream.columns) return WIDEST;
  return Math.min(WIDEST, Math.max(NARROWEST, stream.columns));
}

/** The terminal of a process. */
export function processTerminal(process: {
  readonly stdout: ScreenLike & { write(text: string): unknown };
  readonly stderr: ScreenLike & { write(text: string): unknown };
  readonly env: Environment;
}): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    columns: widthOf(process.stdout),
    color: wantsColor(process.stdout, process.env),
    screen: process.stderr.isTTY === true,
    debug: process.env.TRAPGATE_DEBUG === "1",
    exitCode: 0,
  };
}

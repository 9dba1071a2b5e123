import type { CampaignFigures } from "../../fuzz/node/campaign.ts";
import type { Terminal } from "../terminal.ts";
import { grouped, several, timeText } from "./figures.ts";

/** Milliseconds between two looks. */
const LOOK = 250;
/** Looks the speed is taken over. */
const WINDOW = 12;
/** Seconds at which a pipe gets a line: then twice as late each time, and not more often than the last. */
const FIRST_LINE = 5;
const LONGEST_PAUSE = 60;

/**
 * How far a campaign is, on standard error: one line written over and over where that is a screen, and a line now and
 * then where it is not.
 */
export class FuzzProgress {
  private readonly terminal: Terminal;
  private readonly figures: () => CampaignFigures;
  private readonly began: number = performance.now();
  private readonly looks: { at: number; runs: number }[] = [];
  private readonly timer: NodeJS.Timeout;
  private next: number = FIRST_LINE;
  private shown = false;

  constructor(terminal: Terminal, figures: () => CampaignFigures) {
    this.terminal = terminal;
    this.figures = figures;
    this.timer = setInterval(() => this.look(), LOOK);
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** Takes the line away, so that something else may be written. */
  clear(): void {
    if (this.shown) this.terminal.err("\r\u001b[K");
    this.shown = false;
  }

  end(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private look(): void {
    const { terminal, looks, seconds } = this;
    const figures = this.figures();
    looks.push({ at: seconds, runs: figures.runs });
    if (looks.length > WINDOW) looks.shift();
    if (terminal.screen) {
      terminal.err(
        `\r\u001b[K${progressText(figures, seconds, this.speed()).slice(0, terminal.columns - 1)}`,
      );
      this.shown = true;
    } else if (seconds >= this.next) {
      terminal.err(`${progressText(figures, seconds, this.speed())}\n`);
      this.next += Math.min(this.next, LONGEST_PAUSE);
    }
  }

  private speed(): number {
    const [first, last] = [this.looks[0], this.looks[this.looks.length - 1]];
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return (last.runs - first.runs) / (last.at - first.at);
  }
}

/** `12 s  2 481 152 runs  206 410 a second  812 features  143 programs  1 finding` */
export function progressText(
  { runs, features, corpus, findings }: CampaignFigures,
  seconds: number,
  speed: number,
): string {
  return [
    timeText(seconds),
    several(runs, "run"),
    `${grouped(speed)} a second`,
    several(features, "feature"),
    several(corpus, "program"),
    several(findings, "finding"),
  ].join("  ");
}

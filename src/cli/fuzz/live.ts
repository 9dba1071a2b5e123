import { LiveKernel } from "../../conform/live/live-kernel.ts";
import type { Finding } from "../../fuzz/finding.ts";
import { differential } from "../../fuzz/node/differential.ts";
import type { FuzzProgram } from "../../fuzz/program.ts";
import type { FuzzTarget } from "../../fuzz/target.ts";
import { wrap } from "../layout.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { several } from "./figures.ts";

/** What the kernel below had to say. */
export interface Answered {
  readonly findings: readonly Finding[];
  /** Programs it was asked, and those it was not. */
  readonly asked: number;
  readonly notAsked: number;
  /** The kernel by name. */
  readonly kernel: string;
  /** Reasons for not asking, the most frequent first. */
  readonly why: readonly (readonly [reason: string, programs: number])[];
}

/** Asks the kernel below what the emulated one was asked. */
export async function askLive(
  programs: readonly FuzzProgram[],
  target: FuzzTarget,
  seed: number,
): Promise<Answered> {
  const live = new LiveKernel();
  try {
    const { asked, skipped, findings } = await differential(programs, target, live, seed);
    const why = [...skipped].sort((a, b) => b[1] - a[1]);
    return { findings, asked, notAsked: why.reduce((n, [, m]) => n + m, 0), kernel: live.name, why };
  } finally {
    await live.close();
  }
}

/** How many were asked, and loudly why others were not. */
export function answeredPage(
  { asked, notAsked, kernel, why }: Answered,
  { color, columns }: Terminal,
): string {
  const paint = paintFor(color);
  const reasons = why.map(([reason, programs]) => `${programs} ${reason}`).join(", ");
  const lines = [
    paint("faint", `${several(asked, "program")} asked on ${kernel}`),
    ...(notAsked === 0
      ? []
      : wrap(`${several(notAsked, "program")} not asked: ${reasons}`, columns, 2).map((line) =>
          paint("rule", line),
        )),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

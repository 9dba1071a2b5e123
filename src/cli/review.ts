import { knownRegistry } from "../atlas/known-calls.ts";
import { reviewCall } from "../atlas/review/review.ts";
import { REVIEW_RULES } from "../atlas/review/rules.ts";
import { paintFor } from "./paint.ts";
import { declarationsIn } from "./review/declarations.ts";
import { reviewPage } from "./review/page.ts";
import type { Verb } from "./verb.ts";
import { unknown } from "./wrong-argument.ts";

/** `trapgate review CALL|FILE`: what a careful reviewer would say about an ABI. */
export const review: Verb = (program, terminal) => {
  program
    .command("review")
    .description("what a careful kernel reviewer would say about a call's ABI, with precedents")
    .argument("<call>", "a call such as clone_with_pids, or a file that declares calls")
    .option("--json", "print the findings as JSON lines")
    .action(async (call: string, { json }: { json?: true }) => {
      const { registry, calls } = /[./]/.test(call)
        ? await declarationsIn(call)
        : { registry: knownRegistry(), calls: [call] };
      const pages: string[] = [];
      for (const name of calls) {
        const compiled = registry.get(name);
        if (compiled === undefined)
          throw unknown("call", name, [...registry.calls()].map((c) => c.name).sort());
        const findings = await reviewCall(compiled, registry.types);
        if (json) {
          for (const finding of findings) {
            const { asks, precedent } = REVIEW_RULES.find(({ rule }) => rule === finding.rule) ?? {};
            terminal.out(`${JSON.stringify({ call: name, ...finding, asks, precedent })}\n`);
          }
        } else {
          const screen = { paint: paintFor(terminal.color), columns: terminal.columns };
          pages.push(
            reviewPage(name, findings, screen)
              .map((line) => `${line}\n`)
              .join(""),
          );
        }
      }
      if (!json) terminal.out(pages.join("\n"));
    });
};

import { clone_with_pids } from "../abi/calls/index.ts";
import { ARCH_NAMES } from "../arch/arch-name.ts";
import { choice } from "./choice.ts";
import type { Arch } from "./demo/events.ts";
import { Page } from "./demo/page.ts";
import { demonstrate } from "./demo/scenario.ts";
import { paintFor } from "./paint.ts";
import type { Verb } from "./verb.ts";

/** The postings of the RFC: the eras that have its call. */
const POSTINGS = Object.keys(clone_with_pids.numbers.i386.profiles);

interface Options {
  readonly arch: Arch | "both";
  readonly profile: string;
  readonly json?: true;
  readonly reasons?: true;
}

/** `trapgate demo`: the RFC's own example, on real raw memory and registers. */
export const demo: Verb = (program, terminal) => {
  program
    .command("demo")
    .description("watch clone_with_pids choose pids in nested namespaces, and be refused")
    .addOption(choice("--arch <arch>", "whose registers and layouts", [...ARCH_NAMES, "both"], "both"))
    .addOption(choice("--profile <profile>", "which posting of the RFC", POSTINGS, "cwp-v2"))
    .option("--reasons", "say of every refusal how far down the ladder it stands, and what was met")
    .option("--json", "print the steps as JSON lines")
    .action(({ arch, profile, json, reasons }: Options) => {
      const archs: readonly Arch[] = arch === "both" ? ["x86_64", "i386"] : [arch];
      const paint = paintFor(terminal.color);
      const page = new Page({
        paint,
        columns: terminal.columns,
        reasons: reasons === true,
      });
      for (const [i, each] of archs.entries()) {
        const events = [...demonstrate(each, profile)];
        if (json) for (const event of events) terminal.out(`${JSON.stringify(event)}\n`);
        else terminal.out(`${i === 0 ? "" : "\n"}${page.render(events)}`);
      }
      if (!json)
        terminal.out(`\n${paint("faint", "More: trapgate explain clone_with_pids, trapgate demo --help")}\n`);
    });
};

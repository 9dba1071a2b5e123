import { CALLS } from "../abi/calls/index.ts";
import { LADDERS } from "../abi/ladders/index.ts";
import { Registry } from "../abi/registry.ts";
import { FLAG_SETS, STRUCTS } from "../abi/structs/index.ts";
import { ARCH_NAMES, type ArchName } from "../arch/arch-name.ts";
import { PROFILES, profileNamed } from "../kernel/profile/index.ts";
import { choice } from "./choice.ts";
import { describe } from "./explain/describe.ts";
import { ExplanationPage } from "./explain/page.ts";
import { paintFor } from "./paint.ts";
import type { Verb } from "./verb.ts";
import { unknown } from "./wrong-argument.ts";

interface Options {
  readonly arch: ArchName | "both" | "all";
  readonly profile?: string;
  readonly json?: true;
}

/** The two of x86, every one a machine boots as, or one. */
function archsOf(arch: Options["arch"]): readonly ArchName[] {
  if (arch === "both") return ["x86_64", "i386"];
  return arch === "all" ? ARCH_NAMES : [arch];
}

/** `trapgate explain CALL`: what its declaration says, worked out for every architecture and profile. */
export const explain: Verb = (program, terminal) => {
  program
    .command("explain")
    .description("print a syscall's declaration: arguments, registers, numbers, layouts, ladder")
    .argument("<call>", "its name, such as clone_with_pids")
    .addOption(choice("--arch <arch>", "of which kernels", [...ARCH_NAMES, "both", "all"], "both"))
    .addOption(choice("--profile <profile>", "of one era only", Object.keys(PROFILES)))
    .option("--json", "print the data as JSON")
    .action((name: string, { arch, profile, json }: Options) => {
      const registry = new Registry({
        calls: CALLS,
        structs: STRUCTS,
        flagsets: FLAG_SETS,
        ladders: LADDERS,
      });
      const call = registry.get(name);
      if (call === undefined) throw unknown("call", name, [...registry.calls()].map((c) => c.name).sort());
      const explanation = describe(registry, call, {
        archs: archsOf(arch),
        profiles: profile === undefined ? Object.values(PROFILES) : [profileNamed(profile)],
      });
      const page = new ExplanationPage({ paint: paintFor(terminal.color), columns: terminal.columns });
      terminal.out(json ? `${JSON.stringify(explanation, null, 2)}\n` : page.render(explanation));
    });
};

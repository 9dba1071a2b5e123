import { keyOf } from "../../fuzz/finding.ts";
import { Campaign } from "../../fuzz/node/campaign.ts";
import { checkProgram, programIn } from "../../fuzz/node/corpus-folder.ts";
import { loadTarget, type TargetSpec } from "../../fuzz/node/load-target.ts";
import type { FuzzProgram } from "../../fuzz/program.ts";
import { EXIT } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { WrongArgument } from "../wrong-argument.ts";
import { DEFAULT_HANG, type FuzzArguments } from "./arguments.ts";
import { keeperIn } from "./keeper.ts";
import { findingPage } from "./page.ts";

/** Runs one program again and says what detectors make of it. The exit code says whether they object. */
export async function replayProgram(
  text: string,
  { spec, given }: { readonly spec: TargetSpec; readonly given: FuzzArguments },
  terminal: Terminal,
): Promise<void> {
  const program = programOf(text);
  const calls = spec.calls.length > 0 ? spec.calls : callsIn(program, spec);
  const campaign = new Campaign({
    ...{ target: { ...spec, calls }, detectors: given.detector ?? null },
    ...{ seed: 1, workers: 1, steps: 1, runs: 0, done: [], corpus: [] },
    patience: (given.hang ?? DEFAULT_HANG) * 1000,
  });
  try {
    await campaign.open();
    const suspicions = await campaign.replay(program);
    const found = suspicions.map((suspicion) => ({
      ...{ ...suspicion, key: keyOf(suspicion), program, original: program, seed: 1, run: 0 },
    }));
    const findings = [...new Map(found.map((finding) => [finding.key, finding])).values()];
    const keeper =
      given.out === undefined ? null : keeperIn(given.out, spec, await loadTarget({ ...spec, calls }));
    for (const finding of findings) keeper?.keep(finding);
    for (const finding of findings)
      terminal.out(given.json ? `${JSON.stringify(finding)}\n` : findingPage(finding, spec, terminal));
    if (findings.length > 0) terminal.exitCode = EXIT.failed;
    else if (!given.json) terminal.out("no finding: no detector objects to this program\n");
  } finally {
    await campaign.close();
  }
}

function programOf(text: string): FuzzProgram {
  if (!text.trimStart().startsWith("{")) return programIn(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WrongArgument(
      "--replay: is not JSON: put the program in single quotes, as the report prints it",
    );
  }
  return checkProgram((value as { program?: unknown }).program ?? value, "--replay");
}

/** Of trapgate's own calls only those of the program: a machine for all of them takes longer to set up. */
function callsIn({ steps }: FuzzProgram, { file }: TargetSpec): string[] {
  if (file !== null) return [];
  const of = (some: FuzzProgram["steps"]): string[] =>
    some.flatMap(({ call, child = [] }) => [call, ...of(child)]);
  return [...new Set(of(steps))];
}

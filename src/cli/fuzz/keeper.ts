import { FindingFolder } from "../../fuzz/node/finding-folder.ts";
import type { TargetSpec } from "../../fuzz/node/load-target.ts";
import type { FuzzTarget } from "../../fuzz/target.ts";
import { commandFor } from "./page.ts";

/** The folder of `--out`. @throws LoadError */
export function keeperIn(folder: string, spec: TargetSpec, target: FuzzTarget): FindingFolder {
  return new FindingFolder(folder, { spec, target, command: commandFor(spec) });
}

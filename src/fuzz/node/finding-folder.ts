import { join, relative, resolve } from "node:path";
import type { Finding } from "../finding.ts";
import { Lab } from "../lab.ts";
import { findingCase, nameOf } from "../report/finding-case.ts";
import { testText } from "../report/test-text.ts";
import { reportText } from "../report.ts";
import type { FuzzTarget } from "../target.ts";
import type { TargetSpec } from "./load-target.ts";
import { makeFolder } from "./make-folder.ts";
import { writeWhole } from "./write-whole.ts";

/** What a target is called, and itself. */
interface Tested {
  readonly spec: TargetSpec;
  readonly target: FuzzTarget;
  /** The command that fuzzes it, as a shell reads it. */
  readonly command: string;
}

/**
 * A folder with what there is to keep of findings, each under its own name: the report (`.txt`), the program as a case of
 * `trapgate conform` (`.jsonl`), and a test for vitest (`.test.ts`). A program that never comes back has no test.
 */
export class FindingFolder {
  private readonly folder: string;
  private readonly tested: Tested;
  private lab: Lab | null = null;

  /** @throws LoadError for a folder that cannot be made */
  constructor(folder: string, tested: Tested) {
    this.folder = folder;
    this.tested = tested;
    makeFolder(folder);
  }

  /** Writes the files of a finding, in place of those it has. */
  keep(finding: Finding): void {
    const { spec, target, command } = this.tested;
    this.lab ??= new Lab(target);
    const write = (ending: string, text: string): void =>
      writeWhole(join(this.folder, `${nameOf(finding)}${ending}`), text);
    write(".txt", `${reportText(finding, { command })}\n`);
    write(".jsonl", `${JSON.stringify(findingCase(this.lab, finding))}\n`);
    if (finding.detector === "hang") return;
    const file = spec.file === null ? null : relative(this.folder, resolve(spec.file));
    write(".test.ts", testText(finding, { file, profile: spec.profile }));
  }
}

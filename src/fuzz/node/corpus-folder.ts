import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FUZZ_ARCHS, type FuzzProgram, type FuzzStep } from "../program.ts";
import { Search } from "../search.ts";
import type { FuzzTarget } from "../target.ts";
import type { CampaignFinding } from "./campaign.ts";
import { LoadError } from "./load-error.ts";
import { makeFolder } from "./make-folder.ts";
import { writeWhole } from "./write-whole.ts";

/** How far a campaign has come, and which one it was. */
export interface CampaignProgress {
  readonly seed: number;
  readonly workers: number;
  readonly steps: number;
  /** Calls under test. */
  readonly calls: readonly string[];
  /** Runs that each worker has behind it. */
  readonly runs: readonly number[];
}

/**
 * A folder that outlives a campaign: `programs`, a file for each program worth keeping, `findings`, one for each
 * finding, and `progress.json`. Files are named by what is in them, so two folders are merged by copying one into the
 * other, and a file is there as a whole or not at all.
 */
export class CorpusFolder {
  private readonly folder: string;
  /** Files of programs that were there when it was read, by the program's text. */
  private readonly files: Map<string, string> = new Map();

  /** @throws LoadError for a folder that cannot be made */
  constructor(folder: string) {
    this.folder = folder;
    for (const part of ["programs", "findings"]) makeFolder(join(folder, part));
  }

  /** Every program, the shortest first. @throws LoadError naming the first file that holds none */
  programs(): FuzzProgram[] {
    const found: FuzzProgram[] = [];
    for (const name of namesIn(join(this.folder, "programs"))) {
      const file = join(this.folder, "programs", name);
      const program = programIn(file);
      this.files.set(JSON.stringify(program), name);
      found.push(program);
    }
    return found.sort(byLength);
  }

  /** Every finding. @throws LoadError */
  findings(): CampaignFinding[] {
    return namesIn(join(this.folder, "findings")).map((name) => {
      const file = join(this.folder, "findings", name);
      const finding = jsonIn(file) as CampaignFinding;
      if (typeof finding?.key !== "string") throw new LoadError(`${file}: is no finding`);
      return { ...finding, program: checkProgram(finding.program, file) };
    });
  }

  /** How far the last campaign came; null for none. @throws LoadError */
  progress(): CampaignProgress | null {
    const file = join(this.folder, "progress.json");
    if (!readdirSync(this.folder).includes("progress.json")) return null;
    const progress = jsonIn(file) as CampaignProgress;
    if (!Array.isArray(progress?.runs)) throw new LoadError(`${file}: does not say how far a campaign came`);
    return progress;
  }

  keepProgram(program: FuzzProgram): void {
    const text = JSON.stringify(program);
    if (this.files.has(text)) return;
    const name = `${hashOf(text)}.json`;
    this.files.set(text, name);
    writeWhole(join(this.folder, "programs", name), `${text}\n`);
  }

  keepFinding(finding: CampaignFinding): void {
    writeWhole(this.findingFile(finding), `${JSON.stringify(finding, null, 2)}\n`);
  }

  /** A finding that is none any more. */
  dropFinding(finding: CampaignFinding): void {
    rmSync(this.findingFile(finding), { force: true });
  }

  keepProgress(progress: CampaignProgress): void {
    writeWhole(join(this.folder, "progress.json"), `${JSON.stringify(progress)}\n`);
  }

  /** Takes away the programs of a target's that do nothing the kept ones do not. @returns how many went */
  minimise(target: FuzzTarget): number {
    const all = [...this.files.keys()].map((text) => JSON.parse(text) as FuzzProgram).sort(byLength);
    const kept = new Set(leastOf(target, all).map((program) => JSON.stringify(program)));
    const names = new Set(target.test);
    let gone = 0;
    for (const program of all) {
      const text = JSON.stringify(program);
      // What another target has put here is for that one to judge.
      if (kept.has(text) || !callsIn(program.steps).every((call) => names.has(call))) continue;
      rmSync(join(this.folder, "programs", this.files.get(text) as string), { force: true });
      this.files.delete(text);
      gone++;
    }
    return gone;
  }

  private findingFile({ key }: CampaignFinding): string {
    return join(this.folder, "findings", `${hashOf(key)}.json`);
  }
}

/**
 * Programs that together do everything all of them do, taken in their order: each does something that none before it
 * does.
 */
export function leastOf(target: FuzzTarget, programs: readonly FuzzProgram[]): FuzzProgram[] {
  const names = new Set(target.test);
  const own = programs.filter(({ steps }) => callsIn(steps).every((call) => names.has(call)));
  const search = new Search(target, { detectors: [] });
  search.offer([...own].reverse());
  search.step(own.length);
  return search.programs();
}

/** A program that came from outside. @throws LoadError saying that `where` holds none */
export function checkProgram(value: unknown, where: string): FuzzProgram {
  const { arch, steps } = (value ?? {}) as Partial<FuzzProgram>;
  if (!FUZZ_ARCHS.includes(arch as FuzzProgram["arch"]) || !Array.isArray(steps) || steps.length === 0)
    throw new LoadError(`${where}: is no program: it has an arch (${FUZZ_ARCHS.join(", ")}) and steps`);
  if (!steps.every(isStep)) throw new LoadError(`${where}: is no program: a step has a call and args`);
  return value as FuzzProgram;
}

/** A program, or the program of a finding, from a file. @throws LoadError */
export function programIn(file: string): FuzzProgram {
  const value = jsonIn(file) as { program?: unknown } | null;
  return checkProgram(value?.program ?? value, file);
}

function isStep(step: unknown): step is FuzzStep {
  const { call, args, child = [] } = (step ?? {}) as Partial<FuzzStep>;
  if (typeof call !== "string" || typeof args !== "object" || args === null) return false;
  return !Object.values(args).includes(null as never) && Array.isArray(child) && child.every(isStep);
}

function callsIn(steps: readonly FuzzStep[]): string[] {
  return steps.flatMap(({ call, child = [] }) => [call, ...callsIn(child)]);
}

function byLength(a: FuzzProgram, b: FuzzProgram): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one.length - other.length || (one < other ? -1 : 1);
}

/** Names of files in a fixed order; one that is half written has another ending. */
function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
}

function jsonIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new LoadError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new LoadError(`${file}: is not JSON`);
  }
}

/** A name for a text: 16 hexadecimal digits of its SHA-256. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import ts from "typescript";

/** A program on a page or in a comment; it imports trapgate by name. */
export interface Program {
  /** Where it stands. */
  readonly at: string;
  readonly code: string;
}

/** What a program came to. */
export interface Ran {
  readonly stdout: string;
  /** The stack, or "" when it ended well. */
  readonly error: string;
}

/** Where `trapgate` and `trapgate/…` lead. */
function sourceOf(root: string, name: string): string {
  const room = name.split("/")[1];
  return join(root, "src", room ?? "", "index.ts");
}

/** Programs as files that exist for the compilers alone, in the root of the package. */
function asFiles(root: string, programs: readonly Program[]): Map<string, Program> {
  return new Map(programs.map((program, i) => [join(root, `program-${i}.ts`), program]));
}

/** Runs programs one after the other in one process. */
export async function runAll(root: string, programs: readonly Program[]): Promise<Map<string, Ran>> {
  const files = asFiles(root, programs);
  const out = await mkdtemp(join(tmpdir(), "trapgate-docs-"));
  try {
    await build({
      entryPoints: [...files.keys()],
      plugins: [programsPlugin(root, files)],
      bundle: true,
      splitting: true,
      platform: "node",
      format: "esm",
      outdir: out,
      outExtension: { ".js": ".mjs" },
      logLevel: "silent",
    });
    const runner = join(out, "run.mjs");
    await writeFile(runner, RUNNER);
    const names = programs.map((_, i) => `./program-${i}.mjs`);
    const { stdout } = await promisify(execFile)(process.execPath, [runner, ...names], { timeout: 30_000 });
    const ran = JSON.parse(stdout) as Ran[];
    return new Map(programs.map(({ at }, i) => [at, ran[i] ?? { stdout: "", error: "it never ran" }]));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Imports each file, collects what it writes, and prints the whole as JSON. */
const RUNNER = `
const write = process.stdout.write.bind(process.stdout);
const results = [];
for (const name of process.argv.slice(2)) {
  const result = { stdout: "", error: "" };
  process.stdout.write = (text) => { result.stdout += text; return true; };
  try { await import(name); } catch (error) { result.error = String(error.stack ?? error); }
  if (process.exitCode) result.error ||= "exit code " + process.exitCode;
  process.exitCode = 0;
  results.push(result);
}
write(JSON.stringify(results));
`;

function programsPlugin(root: string, files: ReadonlyMap<string, Program>): Plugin {
  return {
    name: "programs",
    setup(build) {
      build.onResolve({ filter: /^trapgate(\/\w+)?$/ }, ({ path }) => ({ path: sourceOf(root, path) }));
      build.onResolve({ filter: /program-\d+\.ts$/ }, ({ path }) => ({ path }));
      build.onLoad({ filter: /program-\d+\.ts$/ }, ({ path }) => ({
        contents: files.get(path)?.code ?? "",
        loader: "ts",
      }));
    },
  };
}

/** What the compiler says against the programs, under the house's own settings. */
export function complaintsOf(root: string, programs: readonly Program[]): string[] {
  const files = asFiles(root, programs);
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config.config, include: [], files: [] },
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => files.get(name)?.code ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, settings, ...rest) => {
    const program = files.get(name);
    if (program === undefined) return getSourceFile(name, settings, ...rest);
    // A program without an import would be a script, and share its names with the others.
    return ts.createSourceFile(name, `${program.code}\nexport {};\n`, settings);
  };
  const compiled = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([name, { at }]) => {
    const source = compiled.getSourceFile(name);
    const found = [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)];
    return found.map((d) => `${at}: ${ts.flattenDiagnosticMessageText(d.messageText, " ")}`);
  });
}

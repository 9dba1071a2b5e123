import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./rooms.ts";

/** The package as `npm pack` makes it, installed in a folder of its own beside what it depends on. */
export class Packed {
  /** A project that has installed it. */
  readonly project: string;
  private readonly root: string;

  constructor(folder: string) {
    this.project = folder;
    this.root = join(folder, "node_modules/trapgate");
    mkdirSync(this.root, { recursive: true });
    const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
      ...{ cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    execFileSync("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", this.root]);
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    // Of the optional ones fast-check, which `trapgate/fuzz/arbitrary` is for.
    for (const name of [...Object.keys(dependencies), "fast-check", "typescript", "@types"])
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  }

  /** Bytes of the files whose names match. */
  bytes(of: RegExp): number {
    return readdirSync(this.root, { recursive: true, encoding: "utf8" })
      .filter((name) => of.test(name) && statSync(join(this.root, name)).isFile())
      .reduce((sum, name) => sum + statSync(join(this.root, name)).size, 0);
  }

  /** What the compiler says of files of the project's and of the package's types, taken strictly. */
  compile(files: readonly string[], moduleResolution: "nodenext" | "bundler"): string {
    const module = moduleResolution === "bundler" ? "esnext" : "nodenext";
    const flags = `--noEmit --strict --target es2022 --types node --lib es2023 --module ${module}`.split(" ");
    return this.node([
      join(ROOT, "node_modules/typescript/bin/tsc"),
      ...flags,
      ...["--moduleResolution", moduleResolution, "--exactOptionalPropertyTypes", ...files],
    ]);
  }

  /** Files of the package that a program loads, relative to its dist. */
  loadedBy(program: string): string[] {
    const hooks = `
      import { appendFileSync } from "node:fs";
      export async function load(url, context, next) {
        appendFileSync("loaded.txt", url + "\\n");
        return next(url, context);
      }`;
    writeFileSync(join(this.project, "hooks.mjs"), hooks);
    writeFileSync(join(this.project, "loaded.txt"), "");
    const register = 'import { register } from "node:module"; register("./hooks.mjs", import.meta.url);';
    writeFileSync(join(this.project, "register.mjs"), register);
    this.node(["--import", "./register.mjs", "--input-type=module", "-e", program]);
    const urls = readFileSync(join(this.project, "loaded.txt"), "utf8").split("\n");
    return urls.flatMap((url) => /\/trapgate\/dist\/(.*)$/.exec(url)?.[1] ?? []);
  }

  /** Runs the installed command; both its streams. */
  command(...args: string[]): string {
    return this.node([join(this.root, "dist/cli/main.js"), ...args]);
  }

  private node(args: readonly string[]): string {
    try {
      return execFileSync(process.execPath, args, { cwd: this.project, encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return `${stdout}${stderr}`;
    }
  }
}

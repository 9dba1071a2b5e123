import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A package of Debian's, unpacked but not installed: cross packages of different architectures do not conflict. */
export interface Unpacked {
  readonly name: string;
  readonly version: string;
  readonly root: string;
}

/**
 * Downloads a package with apt-get and unpacks it below `folder`; once per folder.
 * @throws Error when apt-get cannot have it; `apt-get update` once may help
 */
export function unpack(name: string, folder: string): Unpacked {
  const root = join(folder, name);
  if (!existsSync(root)) {
    mkdirSync(root, { recursive: true });
    run("apt-get", ["download", name], root);
  }
  const file = readdirSync(root).find((entry) => entry.endsWith(".deb"));
  if (file === undefined) throw new Error(`apt-get download ${name} left no package`);
  const out = join(root, "x");
  if (!existsSync(out)) run("dpkg-deb", ["-x", file, out], root);
  return { name, version: run("dpkg-deb", ["-f", file, "Version"], root).trim(), root: out };
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

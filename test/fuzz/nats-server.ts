import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A server of this test's own: a spare port, a store of its own, gone when it is stopped. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server with JetStream, installing it where that is permitted. @returns why not, where it cannot */
export async function startServer(): Promise<Server | string> {
  const program = find() ?? install();
  if (program === null) return "there is no nats-server here, and apt-get does not install one";
  const store = mkdtempSync(join(tmpdir(), "trapgate-nats-"));
  const port = await sparePort();
  const child = spawn(program, ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", store], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ready = await isReady(child);
  const stop = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once("close", resolve));
    if (child.exitCode === null && child.kill("SIGKILL")) await gone;
    rmSync(store, { recursive: true, force: true });
  };
  if (ready) return { url: `nats://127.0.0.1:${port}`, stop };
  await stop();
  return "the nats-server that is here does not start";
}

function find(): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/bin"];
  return folders.map((folder) => join(folder, "nats-server")).find((path) => existsSync(path)) ?? null;
}

function install(): string | null {
  if (process.getuid?.() !== 0) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["install", "-y", "nats-server"], { env, stdio: "ignore", timeout: 180_000 });
  } catch {
    return null;
  }
  return find();
}

function sparePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function isReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (data: string) => {
      text += data;
      if (text.includes("Server is ready")) resolve(true);
    });
    child.once("close", () => resolve(false));
    child.once("error", () => resolve(false));
  });
}

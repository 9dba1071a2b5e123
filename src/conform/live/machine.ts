import { readFileSync, readlinkSync } from "node:fs";
import { arch, platform, release } from "node:os";
import { kernelVersion } from "../../abi/version.ts";
import { allCapabilities } from "../../kernel/capability.ts";

/** Inode numbers of the first pid and the first user namespace. Source: include/linux/proc_ns.h. */
const INIT_PID_NS = "pid:[4026531836]";
const INIT_USER_NS = "user:[4026531837]";

/** What can be read of a machine without running anything. */
export interface Machine {
  /** "Linux 6.18.44" with whatever its builder has added. */
  readonly name: string;
  /** Its version in three numbers: "6.18.44". */
  readonly kernel: string;
  /** A 64-bit Linux on x86: the only one whose programs we write. */
  readonly supported: boolean;
  readonly root: boolean;
  /** Capabilities this process has not, as bits. */
  readonly missing: bigint;
  readonly initUserNs: boolean;
  readonly initPidNs: boolean;
  /** pid_max of level 0; null where it cannot be read. */
  readonly pidMax: number | null;
  /** Levels of pid namespaces above this process; null without /proc. */
  readonly outerLevels: number | null;
  /** Processors this process may run on. */
  readonly cpus: readonly number[];
}

/** Looks at the machine. */
export function lookAtMachine(): Machine {
  const status = textOf("/proc/self/status");
  const field = (name: string): string | null =>
    new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status ?? "")?.[1] ?? null;
  const { lo, hi } = allCapabilities();
  const all = (BigInt(hi) << 32n) | BigInt(lo);
  const effective = BigInt(`0x${field("CapEff") ?? "0"}`);
  const pidMax = textOf("/proc/sys/kernel/pid_max");
  return {
    name: `${platform() === "linux" ? "Linux" : platform()} ${release()}`,
    kernel: /^\d+\.\d+(\.\d+)?/.exec(release())?.[0] ?? "0.0",
    supported: platform() === "linux" && arch() === "x64",
    root: process.geteuid?.() === 0,
    missing: all & ~effective,
    initUserNs: linkOf("/proc/self/ns/user") === INIT_USER_NS,
    initPidNs: linkOf("/proc/self/ns/pid") === INIT_PID_NS,
    pidMax: pidMax === null ? null : Number(pidMax),
    outerLevels: field("NSpid") === null ? null : (field("NSpid") ?? "").split(/\s+/).length - 1,
    cpus: cpuList(field("Cpus_allowed_list") ?? "0"),
  };
}

/** Whether the machine's kernel is at least as new. */
export function isSince(machine: Machine, version: string): boolean {
  return kernelVersion(machine.kernel) >= kernelVersion(version);
}

/** `0-3,8` as numbers. */
export function cpuList(text: string): number[] {
  return text.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function linkOf(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}

import { O } from "../../abi/structs/index.ts";
import { ENTRY_PATHS, NATIVE_PATHS } from "../../arch/entry.ts";
import type { EntryPath } from "../../arch/entry-path.ts";
import { type BootOptions, boot } from "../../kernel/boot.ts";
import { fdInstall, getUnusedFd } from "../../kernel/file/descriptor.ts";
import { DEV_NULL } from "../../kernel/file/dev-null.ts";
import { allocFile } from "../../kernel/file/open-file.ts";
import { Guest } from "../../kernel/guest.ts";
import type { Machine } from "../../kernel/machine.ts";
import type { Profile } from "../../kernel/profile/profile.ts";
import type { MachineSnapshot } from "../../kernel/snapshot/machine-snapshot.ts";
import type { Task } from "../../kernel/task/task.ts";
import type { TraceSink } from "../../kernel/trace/record.ts";
import { capabilitySet } from "../capability-set.ts";
import { isX86, type Region, type Vector, type VectorArch } from "../vector.ts";
import { addressOfWord, protOf, regionImage } from "../words.ts";
import { PLAIN_FLAGS } from "./registers.ts";
import { Scratch } from "./scratch.ts";

/** A case asks for something that cannot be played: one line for the person who wrote it. */
export class Unplayable extends Error {}

/** A machine before the start of a case. */
export interface Bare {
  readonly machine: Machine;
  readonly main: Task;
}

/** A machine that stands at the start of a case. */
export interface Stage extends Bare {
  /** How the case's tasks trap. */
  readonly path: EntryPath;
  /** The number of exit there. */
  readonly exitNr: number;
  /** What stands in the case's regions. */
  readonly images: ReadonlyMap<Region, Uint8Array>;
  /** Room for more images. */
  readonly scratch: Scratch;
}

/** The way in that each architecture of a case stands for: i386 is a 32-bit program on a 64-bit kernel. */
const PATHS: Readonly<Record<VectorArch, EntryPath>> = {
  ...NATIVE_PATHS,
  x86_64: ENTRY_PATHS["x86_64/syscall"],
  int80: ENTRY_PATHS["x86_64/int80"],
  i386: ENTRY_PATHS["ia32/int80"],
};

/** The way in of a case's tasks. */
export function pathOf({ arch, kernel }: Pick<Vector, "arch" | "kernel">): EntryPath {
  return kernel === "i386" ? ENTRY_PATHS["i386/int80"] : PATHS[arch];
}

const SIGCHLD = 17;
const NEWPID = 0x2000_0000;
/** Where the program's text would be: below every case's own memory. */
const TEXT = 0x40_0000;

/** What of a case the machine before its start depends on. */
export type Setting = Pick<Vector, "arch" | "kernel" | "nsLevel" | "nsInit">;

/**
 * Boots a machine and makes the main task. Level 0 has an init and below it the task that stands for a harness; each
 * level is made by the one above, and a main task that is no init is the first child of its namespace's. The harness leads
 * the session, and the tasks of a case are in a group that is not its own: one that has a parent in its session.
 * @param own calls beside trapgate's
 */
export function buildStage(
  setting: Setting,
  profile: Profile,
  trace?: TraceSink,
  own: Pick<BootOptions, "calls" | "structs" | "flagSets"> = {},
): Bare {
  const { arch, kernel, nsLevel, nsInit } = setting;
  const machine = boot({
    arch: kernel ?? (isX86(arch) ? "x86_64" : arch),
    bits: arch === "i386" ? 32 : 64,
    profile,
    ...own,
    ...(trace === undefined ? {} : { trace }),
  });
  openStandardFiles(machine, arch === "i386" ? 0 : O.LARGEFILE);
  let main = childOf(machine, machine.init, SIGCHLD);
  const harness = main;
  new Guest(machine, harness).call("setsid");
  for (let level = 1; level <= nsLevel; level++) main = childOf(machine, main, SIGCHLD | NEWPID);
  if (!nsInit) main = childOf(machine, main, SIGCHLD);
  for (const task of machine.tasks)
    if (task !== machine.init && task !== harness) task.signal.changePgrp(task, machine.init.signal.pgrp);
  main.comm = "main";
  main.regs.set(main.regs.layout.ip, TEXT);
  if (isX86(arch)) main.regs.set("flags", PLAIN_FLAGS);
  return { machine, main };
}

/** Descriptors 0, 1 and 2 of the init, and so of everybody: /dev/null, opened once by a program of the case's width. */
function openStandardFiles(machine: Machine, flags: number): void {
  const file = allocFile(machine, DEV_NULL, O.RDWR | flags);
  if (file === null) throw new Error("no memory for the standard files");
  for (let i = 0; i < 3; i++) {
    const fd = getUnusedFd(machine.init, false);
    if (typeof fd === "string") throw new Error("no memory for the standard files");
    fdInstall(machine.init, fd, file);
  }
  file.refs = 3;
}

function childOf(machine: Machine, parent: Task, flags: number): Task {
  const guest = new Guest(machine, parent);
  const child = guest.child(guest.call("clone", { flags })).task;
  machine.start(child);
  return child;
}

/** A machine reserves much address space. */
const MOST_KEPT = 16;

/** A machine and the way back to where it stood first. */
interface Kept extends Bare {
  readonly start: MachineSnapshot;
  /** Where its records go, when it makes any: to whoever watches the case that is played. */
  readonly watched: { sink: TraceSink | null };
}

/**
 * Sets stages. Booting takes a hundred times as long as going back to a snapshot, so a machine is used again for the
 * cases that begin in the same place.
 */
export class StageHand {
  /** By what the start depends on; who was used last stands last. */
  private readonly kept: Map<string, Kept> = new Map();
  /** Who stands last in {@link kept}. */
  private newest = "";
  private readonly scratch: Scratch = new Scratch();

  /**
   * Brings a machine to the start of a case. @throws Unplayable when the case's memory cannot be mapped
   * @param trace gets every record of the case
   */
  set(vector: Vector, profile: Profile, trace: TraceSink | null = null): Stage {
    // int80 is a way in, not a machine.
    const program = vector.arch === "int80" ? "x86_64" : vector.arch;
    const key = `${profile.name} ${program} ${vector.kernel} ${vector.nsLevel} ${vector.nsInit} ${trace !== null}`;
    let kept = this.kept.get(key);
    if (kept === undefined) {
      const watched: Kept["watched"] = { sink: null };
      const bare = buildStage(
        vector,
        profile,
        trace === null ? undefined : (record) => watched.sink?.(record),
      );
      kept = { ...bare, start: bare.machine.snapshot(), watched };
      const [oldest] = this.kept.keys();
      if (this.kept.size === MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    } else {
      kept.start.restore();
      if (key !== this.newest) this.kept.delete(key);
    }
    if (key !== this.newest) this.kept.set(key, kept);
    this.newest = key;
    kept.watched.sink = trace;
    return this.dress(kept, vector);
  }

  /** Forgets every machine: one of them broke down. */
  clear(): void {
    this.kept.clear();
    this.newest = "";
  }

  /** What the main task has of a case alone: memory and capabilities. */
  private dress({ machine, main }: Bare, vector: Vector): Stage {
    const { scratch } = this;
    scratch.reset();
    const images = mapRegions(main, vector, scratch);
    const set = capabilitySet(vector);
    main.cred = { ...main.cred, effective: set, permitted: set };
    const path = pathOf(vector);
    return { machine, main, path, exitNr: machine.numberOf("exit", path) ?? 0, images, scratch };
  }
}

function mapRegions(main: Task, { regions }: Vector, scratch: Scratch): Map<Region, Uint8Array> {
  const images = new Map<Region, Uint8Array>();
  for (const region of regions) {
    const address = addressOfWord(region.addr);
    const error = main.mm?.map(address, region.size, protOf(region)) ?? null;
    if (error !== null) throw new Unplayable(`the region at ${region.addr} cannot be mapped: ${error}`);
    const image = regionImage(region, scratch.take(region.size));
    main.mm?.poke(address, image);
    images.set(region, image);
  }
  return images;
}

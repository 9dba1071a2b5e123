import { ENTRY_PATHS } from "../arch/entry.ts";
import type { EntryPath } from "../arch/entry-path.ts";
import { buildStage } from "../conform/emulator/stage.ts";
import { allCapabilities, NO_CAPABILITIES } from "../kernel/capability.ts";
import { Guest } from "../kernel/guest.ts";
import type { Machine } from "../kernel/machine.ts";
import { MachineSnapshot } from "../kernel/snapshot/machine-snapshot.ts";
import { saveMemory } from "../kernel/snapshot/saved-memory.ts";
import type { Credentials } from "../kernel/task/credentials.ts";
import { SIG } from "../kernel/task/signal-queue.ts";
import type { Task } from "../kernel/task/task.ts";
import { PAGE_SIZE } from "../mm/frames.ts";
import type { CallAxes } from "./axes.ts";
import { Fingerprint } from "./fingerprint.ts";
import { type PlacedCall, placeCall } from "./placed-call.ts";
import type { FuzzArch } from "./program.ts";
import { StateImage } from "./state-image.ts";
import type { FuzzTarget } from "./target.ts";
import type { Remains } from "./tear-down.ts";
import { SCRATCH_AT, World } from "./world.ts";

/** Depth of the caller's pid namespace. */
export const NS_LEVEL = 2;

/** What kernel scratch memory is filled with when it is handed out. */
export const POISON = 0xe7;

const PATHS: Readonly<Record<FuzzArch, EntryPath>> = {
  x86_64: ENTRY_PATHS["x86_64/syscall"],
  int80: ENTRY_PATHS["x86_64/int80"],
  i386: ENTRY_PATHS["ia32/int80"],
};

/** What is done before every program: two ends of a pipe with bytes in it, a zombie and a child that lives. */
export const PRELUDE: readonly { readonly call: string; readonly words: readonly number[] }[] = [
  { call: "pipe", words: [SCRATCH_AT + 0x800] },
  { call: "write", words: [4, SCRATCH_AT + 0x840, 24] },
  { call: "vfork", words: [] },
  { call: "fork", words: [] },
];

/**
 * A machine that stands where every program begins, for callers of one width: the task deep in its namespaces, the
 * arenas mapped, a pipe and two children made. It goes back there in no time when a run has changed nothing.
 */
export class Stand {
  readonly machine: Machine;
  readonly main: Task;
  readonly world: World;
  /** Where user space ends for the caller. */
  readonly limit: number;
  readonly fingerprint: Fingerprint;
  /** The whole of the kernel's state where programs begin. */
  readonly image: StateImage;
  /** What is left when everybody is gone who is there in the beginning; null while nobody has looked. */
  remains: Remains | null = null;
  /** Pool offset of two frames that objects are put together in. */
  readonly stage: number;
  /** Numbers a caller may have a use for: its own, its parent's, its children's. */
  readonly pids: readonly number[];
  /** Tasks that were there before the program's own. */
  readonly initial: ReadonlySet<Task>;
  private readonly start: MachineSnapshot;
  private readonly able: Credentials;
  private readonly unable: Credentials;
  private readonly placed: Map<EntryPath, (PlacedCall | null)[]> = new Map();

  constructor(target: FuzzTarget, width: 32 | 64) {
    const { calls, structs, flagSets, profile } = target;
    const arch = width === 32 ? "i386" : "x86_64";
    const setting = { arch, nsLevel: NS_LEVEL, nsInit: false } as const;
    const { machine, main } = buildStage(setting, profile, undefined, { calls, structs, flagSets });
    this.machine = machine;
    this.main = main;
    main.deathSignal = SIG.KILL;
    const able = allCapabilities();
    main.cred = { ...main.cred, effective: able, permitted: able };
    if (main.mm === null) throw new RangeError("the main task has no memory");
    this.limit = main.mm.taskSize;
    this.world = new World(machine, main.mm);
    this.initial = new Set(machine.tasks);
    this.stage = twoFrames(machine) * PAGE_SIZE;
    this.runPrelude(arch);
    target.setup?.(machine, main);
    const children = [...(main.children ?? [])].map((child) => child.nrIn(main.pidNs));
    this.pids = [main.nrIn(main.pidNs), main.realParent.nrIn(main.pidNs), ...children];
    this.able = main.cred;
    this.unable = { ...main.cred, effective: NO_CAPABILITIES, permitted: NO_CAPABILITIES };
    machine.pool.poison = POISON;
    this.start = new MachineSnapshot(machine, (mm) => (mm === main.mm ? this.world.save() : saveMemory(mm)));
    this.fingerprint = new Fingerprint(machine, main);
    this.image = new StateImage(machine);
  }

  /** A call laid out for a way in; null when it has no number there. */
  call(call: CallAxes, arch: FuzzArch): PlacedCall | null {
    const path = PATHS[arch];
    let known = this.placed.get(path);
    if (known === undefined) this.placed.set(path, (known = []));
    const found = known[call.id];
    if (found !== undefined) return found;
    const placed = placeCall(call, path, this.machine);
    known[call.id] = placed;
    return placed;
  }

  /** The way in of an architecture. */
  path(arch: FuzzArch): EntryPath {
    return PATHS[arch];
  }

  /** Goes back to the start, whatever has happened. */
  restore(): void {
    this.start.restore();
    this.setCapable(true);
    this.fingerprint.take();
  }

  /** The caller has every capability, or none. */
  setCapable(capable: boolean): void {
    this.main.cred = capable ? this.able : this.unable;
  }

  /** What of the kernel's state is not as it was in the beginning; null when everything is. */
  difference(): string | null {
    const { main } = this;
    if (main.cred !== this.unable) return this.image.difference();
    // Rights that were taken away for the run are no change of its own.
    main.cred = this.able;
    const difference = this.image.difference();
    main.cred = this.unable;
    return difference;
  }

  /** Tasks that programs have made, oldest first. */
  *made(): Generator<Task> {
    for (const task of this.machine.tasks) if (!this.initial.has(task)) yield task;
  }

  private runPrelude(arch: FuzzArch): void {
    const { machine, main } = this;
    const path = PATHS[arch];
    const guest = new Guest(machine, main);
    for (const { call, words } of PRELUDE) {
      const nr = machine.numberOf(call, path);
      if (nr === undefined) continue;
      guest.syscall(nr, words, path);
      // vfork: its child goes first, and has nothing to do but to exit.
      for (const task of this.made())
        if (main.state === "blocked" && task.state === "running") this.exit(task, path);
    }
  }

  /** A task that a program made comes to its end. */
  exit(task: Task, path: EntryPath): void {
    const { machine } = this;
    const { regs } = task;
    regs.setWord(path.convention.number, machine.numberOf("exit", path) ?? 0, 0);
    regs.setWord(path.convention.args[0] as string, 0, 0);
    machine.enter(task, path);
  }
}

/** Two frames that follow one another, never given back; the first of them. */
function twoFrames({ pool }: Machine): number {
  let first = pool.alloc();
  for (let second = pool.alloc(); second !== 0; second = pool.alloc()) {
    if (second === first + 1) return first;
    first = second;
  }
  throw new RangeError("no memory for the lab's own frames");
}

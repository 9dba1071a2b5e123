import { CALLS } from "../abi/calls/index.ts";
import type { CompiledSyscall } from "../abi/compile.ts";
import { errnoNumber } from "../abi/errno.ts";
import type { FlagSetDecl } from "../abi/flags.ts";
import { LADDERS } from "../abi/ladders/index.ts";
import { Registry } from "../abi/registry.ts";
import type { StructDecl } from "../abi/struct.ts";
import { FLAG_SETS, STRUCTS } from "../abi/structs/index.ts";
import type { SyscallDecl } from "../abi/syscall.ts";
import { kernelVersion } from "../abi/version.ts";
import { ARCH_NAMES, type ArchName } from "../arch/arch-name.ts";
import { ENTRY_PATHS, NATIVE_PATHS } from "../arch/entry.ts";
import { ENTRY_PATH_NAMES, type EntryPath } from "../arch/entry-path.ts";
import { SyscallTable } from "../arch/table.ts";
import { type ArgSource, argsView } from "../arch/words.ts";
import { AddressSpace } from "../mm/address-space.ts";
import { FramePool } from "../mm/frames.ts";
import { type Failure, type Implementation, implement, type TableRow } from "./call.ts";
import { BUILTIN_CALLS } from "./calls/index.ts";
import { List } from "./list.ts";
import { Machine, type MachineParts } from "./machine.ts";
import { allocPid } from "./pid/alloc.ts";
import { Pid } from "./pid/pid.ts";
import { cwpV3, profileNamed } from "./profile/index.ts";
import type { Profile } from "./profile/profile.ts";
import { userLimitOf } from "./profile/user-limit.ts";
import { type QuirkSwitch, withQuirks } from "./quirk/switch.ts";
import { rootCredentials } from "./task/credentials.ts";
import { FilesStruct } from "./task/files-struct.ts";
import { FsStruct } from "./task/fs-struct.ts";
import type { NsProxy, PlainNamespace, PlainNamespaceKind } from "./task/nsproxy.ts";
import { initialLimits } from "./task/rlimits.ts";
import { Sighand } from "./task/sighand.ts";
import { SIG } from "./task/signal-queue.ts";
import { SignalStruct } from "./task/signal-struct.ts";
import { Task } from "./task/task.ts";
import type { TraceSink } from "./trace/record.ts";
import { Tracer } from "./trace/tracer.ts";

/** How a machine is booted. Everything has a default. */
export interface BootOptions {
  /**
   * The kernel's architecture: x86_64, i386, arm64, riscv64, s390x or powerpc64, the last two big endian. A 32-bit task on
   * an x86_64 kernel is made with `bits: 32`. Default x86_64.
   */
  readonly arch?: ArchName;
  /** An era by name, or a profile of your own. Default cwp-v3. */
  readonly profile?: string | Profile;
  /** Defects of the era's own to be emulated, or with a `!` in front not to be: `["Q-01", "!Q-04"]`. Default: as {@link QUIRKS} says. */
  readonly quirks?: readonly QuirkSwitch[];
  /** Width of the first program: 32 on an i386 kernel, else 64; an x86_64 kernel may be asked for 32. */
  readonly bits?: 32 | 64;
  /** Guest memory at most, in 4 KiB frames. Default 16 384 (64 MiB). */
  readonly frames?: number;
  /** pid_max of the initial namespace, between the era's floor and ceiling (B-31: 301 to 32 768 or 4 194 304). Default: the era's. */
  readonly pidMax?: number;
  /** threads-max. Default 32 768. */
  readonly maxThreads?: number;
  /** Where trace records go; without it nothing is traced. */
  readonly trace?: TraceSink;
  /** Calls of your own beside trapgate's. */
  readonly calls?: readonly Implementation[];
  /** Structs and flag sets your declarations name. */
  readonly structs?: readonly StructDecl[];
  readonly flagSets?: readonly FlagSetDecl[];
}

const DEFAULT_FRAMES = 16_384;
const DEFAULT_MAX_THREADS = 32_768;

/**
 * Boots a machine: memory, tables of the era, the initial namespaces, and its init, pid 1, in user mode.
 *
 * @throws RangeError for an unknown architecture or profile, a quirk the era does not have or a pid_max it does not allow; DeclarationError for a wrong
 *   declaration of yours.
 * @example
 * ```ts
 * import { boot } from "trapgate";
 * const machine = boot({ arch: "i386", profile: "cwp-v3" });
 * console.log(machine.init.tid); // 1
 * ```
 */
export function boot(options: BootOptions = {}): Machine {
  const arch = checkedArch(options.arch ?? "x86_64", options.bits);
  const era =
    typeof options.profile === "object" ? options.profile : profileNamed(options.profile ?? cwpV3.name);
  const profile = withQuirks(era, options.quirks ?? []);
  const own = options.calls ?? [];
  const registry = registryOf(options);
  const source: ArgSource = { regs: null, sixth: 0 };
  const machine = new Machine(
    {
      arch,
      profile,
      pool: new FramePool({ frames: options.frames ?? DEFAULT_FRAMES }),
      registry,
      tables: makeTables(registry, [...BUILTIN_CALLS, ...own], profile, arch, source),
      source,
      pidPolicy: profile.pids,
      pidMax: checkedPidMax(options.pidMax ?? profile.pidMax.initial, profile, arch),
      maxThreads: options.maxThreads ?? DEFAULT_MAX_THREADS,
    },
    makeIdle,
  );
  machine.init = makeInit(machine, arch === "i386" ? 32 : (options.bits ?? 64));
  if (options.trace !== undefined)
    machine.tracer = new Tracer(options.trace, {
      types: registry.types,
      kernel: kernelVersion(profile.kernel),
    });
  return machine;
}

/** What machines without declarations of their own know. Nothing changes in it, so they have it together. */
let builtin: Registry | null = null;

function registryOf({ calls = [], structs = [], flagSets = [] }: BootOptions): Registry {
  if (calls.length + structs.length + flagSets.length === 0)
    return (builtin ??= new Registry({
      calls: CALLS,
      structs: STRUCTS,
      flagsets: FLAG_SETS,
      ladders: LADDERS,
    }));
  return new Registry({
    calls: [...CALLS, ...calls.map((i) => i.decl)],
    structs: [...STRUCTS, ...structs],
    flagsets: [...FLAG_SETS, ...flagSets],
    ladders: LADDERS,
  });
}

/** Programs have the kernel's own width, but on x86_64. */
function checkedArch(arch: ArchName, bits: 32 | 64 | undefined): ArchName {
  if (!ARCH_NAMES.includes(arch))
    throw new RangeError(`no machine is a ${String(arch)}: there are ${ARCH_NAMES.join(", ")}`);
  if (bits === 32 && arch !== "x86_64" && arch !== "i386")
    throw new RangeError(`a machine of ${arch} runs 64-bit programs only`);
  return arch;
}

/** What writing to kernel.pid_max accepts (B-31). */
function checkedPidMax(pidMax: number, profile: Profile, arch: ArchName): number {
  const { floor, ceiling32, ceiling64 } = profile.pidMax;
  const ceiling = arch === "i386" ? ceiling32 : ceiling64;
  if (Number.isInteger(pidMax) && pidMax >= floor && pidMax <= ceiling) return pidMax;
  throw new RangeError(`pid_max is ${floor} to ${ceiling} on ${arch}, not ${pidMax}`);
}

/** The default way in for a program of `bits` on a kernel of `arch`. */
export function defaultPath(arch: ArchName, bits: 32 | 64): EntryPath {
  return arch === "x86_64" && bits === 32 ? ENTRY_PATHS["ia32/int80"] : NATIVE_PATHS[arch];
}

/** What a number that is nobody's answers (A-01, N-01). */
const niSyscall: SyscallDecl = {
  name: "sys_ni_syscall",
  numbers: {},
  args: {},
  returns: "int",
  ladder: [["not-implemented", "ENOSYS", ["A-01", "N-01"], "no call has this number here"]],
  support: "full",
  provenance: ["kernel/sys_ni.c"],
};

function makeTables(
  registry: Registry,
  calls: readonly Implementation[],
  profile: Profile,
  arch: ArchName,
  source: ArgSource,
): MachineParts["tables"] {
  const era = { name: profile.name, kernel: kernelVersion(profile.kernel) };
  const byName = new Map(calls.map((i) => [i.decl.name, i]));
  const missing = implement(niSyscall, (k) => k.fail("not-implemented" as never));
  return ENTRY_PATH_NAMES.map((name) => {
    const path = ENTRY_PATHS[name];
    if (path.kernel !== arch) return null;
    const table = new SyscallTable<TableRow>(
      makeRow(registry.compile(niSyscall), missing, path, profile, source),
    );
    for (const [nr, call] of registry.entries(path.table, era)) {
      const implementation = byName.get(call.decl.name);
      if (implementation !== undefined) table.set(nr, makeRow(call, implementation, path, profile, source));
    }
    return table;
  });
}

function makeRow(
  call: CompiledSyscall,
  implementation: Implementation,
  path: EntryPath,
  profile: Profile,
  source: ArgSource,
): TableRow {
  const failures = new Map<string, Failure>();
  for (const rung of call.ladderIn(kernelVersion(profile.kernel))) {
    const errno = profile.errno[rung.id] ?? rung.errno;
    failures.set(rung.id, { rung, errno, value: -errnoNumber(errno) });
  }
  return { call, handler: implementation.handler, args: argsView(call.decl, path, source), failures };
}

function makeIdle(machine: Machine): Task {
  const pid = Pid.idle(machine.rootPidNs);
  const limits = initialLimits(machine.maxThreads, machine.profile.rlimits.memlock);
  return makeTask(machine, pid, new SignalStruct(pid, pid, limits), 64, null);
}

function makeInit(machine: Machine, bits: 32 | 64): Task {
  const pid = allocPid(machine.rootPidNs, null, machine.pidPolicy, null);
  if (!(pid instanceof Pid)) throw new Error(`no number for the first task: ${pid}`);
  const { idle } = machine;
  const signal = new SignalStruct(idle.signal.pgrp, idle.signal.session, idle.signal.rlimits);
  const init = makeTask(machine, pid, signal, bits, idle);
  const taskSize =
    bits === 32 && machine.arch === "x86_64"
      ? COMPAT_TASK_SIZE
      : userLimitOf(machine.profile, machine.arch).taskSize;
  init.mm = new AddressSpace(machine.pool, { taskSize });
  init.mm.users = 1;
  init.exitSignal = SIG.CHLD;
  init.comm = "init";
  signal.addThread(init);
  signal.live = 1;
  signal.unkillable = true;
  pid.attach(init);
  signal.join(init);
  machine.rootPidNs.reaper = init;
  init.sibling = (idle.children = new List()).push(init);
  init.cred.user.addProcess();
  machine.nrThreads++;
  init.link = machine.tasks.push(init);
  return init;
}

/** Where the mappings of a 32-bit task on a 64-bit kernel end (rules §7, Limits). */
const COMPAT_TASK_SIZE = 0xffffe000;

function makeTask(
  machine: Machine,
  pid: Pid,
  signal: SignalStruct,
  bits: 32 | 64,
  parent: Task | null,
): Task {
  const path = defaultPath(machine.arch, bits);
  return new Task({
    regs: machine.regsPool.alloc(path.layout),
    path,
    bits,
    mm: null,
    pid,
    signal,
    sighand: new Sighand(),
    files: new FilesStruct(machine.pool),
    fs: new FsStruct(),
    nsproxy: parent?.nsproxy ?? initialNamespaces(machine),
    cred: parent?.cred ?? rootCredentials(machine.rootUserNs),
    comm: "swapper",
    groupLeader: null,
    realParent: parent,
  });
}

function initialNamespaces(machine: Machine): NsProxy {
  const plain = (kind: PlainNamespaceKind): PlainNamespace => ({
    kind,
    id: machine.nextId(),
    userNs: machine.rootUserNs,
  });
  const time = plain("time");
  return {
    mnt: plain("mnt"),
    uts: plain("uts"),
    ipc: plain("ipc"),
    pidNs: machine.rootPidNs,
    cgroup: plain("cgroup"),
    net: plain("net"),
    time,
    timeForChildren: time,
  };
}

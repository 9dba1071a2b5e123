import { CALLS } from "../../../src/abi/calls/index.ts";
import type { CompiledSyscall } from "../../../src/abi/compile.ts";
import type { ErrnoName } from "../../../src/abi/errno.ts";
import { LADDERS } from "../../../src/abi/ladders/index.ts";
import { Registry } from "../../../src/abi/registry.ts";
import type { StructDecl } from "../../../src/abi/struct.ts";
import { FLAG_SETS, STRUCTS } from "../../../src/abi/structs/index.ts";
import type { SyscallDecl } from "../../../src/abi/syscall.ts";
import { kernelVersion } from "../../../src/abi/version.ts";
import { ENTRY_PATHS } from "../../../src/arch/entry.ts";
import type { EntryPath, EntryPathName } from "../../../src/arch/entry-path.ts";
import { type PtRegs, RegsPool } from "../../../src/arch/pt-regs.ts";
import type { TraceRecord } from "../../../src/kernel/trace/record.ts";
import { type TextOptions, TextTrace } from "../../../src/kernel/trace/text.ts";
import {
  type TracedTask,
  type TraceOutcome,
  Tracer,
  type TracerOptions,
} from "../../../src/kernel/trace/tracer.ts";
import { AddressSpace } from "../../../src/mm/address-space.ts";
import { FramePool } from "../../../src/mm/frames.ts";
import { PROT_READ, PROT_WRITE } from "../../../src/mm/vma.ts";

/** Lowest address of the page of {@link memory}; the page behind it is not mapped. */
export const PAGE = 0x8000;
/** The first address that faults. */
export const GUARD = 0x9000;

/** A struct that grows, with a pointer to chosen pids: what clone3 will look like. */
export const grown: StructDecl = {
  struct: "grown",
  fields: {
    flags: { flags: "clone_flags", of: "u64" },
    where: { out: "pid_t" },
    set_tid: { in: "pid_t", count: "set_tid_size" },
    set_tid_size: "u64",
  },
  versions: { VER0: 16, VER1: 32 },
};

/** A struct with a length the kernel reads and writes. */
export const vector: StructDecl = {
  struct: "vector",
  fields: { base: { out: "char", size: "length" }, length: "size_t" },
};

/** A list in memory, whose end only a NULL makes. */
export const node: StructDecl = {
  struct: "node",
  fields: { next: { in: "node" }, many: { in: "node", count: "n" }, n: "long" },
};

/** Arrays inside a struct. */
export const label: StructDecl = {
  struct: "label",
  fields: {
    name: { array: "char", length: 8 },
    raw: { array: "u8", length: 4 },
    pids: { array: "pid_t", length: 100 },
  },
};

/** A struct no trace reads as a whole. */
export const huge: StructDecl = { struct: "huge", fields: { all: { array: "long", length: 10_000 } } };

/** A struct that holds one it has no name for. */
export const inner: StructDecl = { struct: "inner", fields: { b: "int", c: "long" } };
export const outer: StructDecl = {
  struct: "outer",
  fields: { a: "int", _inner: { struct: "inner" }, d: { struct: "inner" } },
  anonymous: ["_inner"],
};

const extra: readonly SyscallDecl[] = [
  call("walk", { args: { from: { in: "node" } }, returns: "int" }),
  call("name", { args: { to: { in: "label" } }, returns: "int" }),
  call("swallow", {
    args: { all: { in: "huge" }, sized: { in: "huge", size: "n" }, n: "size_t" },
    returns: "int",
  }),
  call("readwords", { args: { buf: { out: "u16", size: "n" }, n: "size_t" }, returns: "ssize_t" }),
  call("grow", { args: { uargs: { in: "grown", size: "size" }, size: "size_t" }, returns: "pid_t" }),
  call("read", {
    args: { fd: "fd", buf: { out: "char", size: "count" }, count: "size_t" },
    returns: "ssize_t",
  }),
  call("write", {
    args: { fd: "fd", buf: { in: "char", size: "count" }, count: "size_t" },
    returns: "ssize_t",
  }),
  call("readv", { args: { fd: "fd", vec: { in: "vector", count: "n" }, n: "int" }, returns: "ssize_t" }),
  call("getname", {
    args: { fd: "fd", name: { out: "char", size: "len" }, len: { inout: "unsigned int" } },
    returns: "int",
  }),
  call("getcwd", {
    args: { buf: { string: "out", size: "size" }, size: "unsigned long" },
    returns: "int",
  }),
  call("open", { args: { path: { string: "in", max: 4096 }, mode: "unsigned int" }, returns: "fd" }),
  call("map", { args: { at: "addr" }, returns: "addr" }),
  call("setgroups", { args: { n: "int", list: { in: "gid_t", count: "n" } }, returns: "int" }),
  call("setuid", { args: { uid: "uid_t" }, returns: "int" }),
  call("mask", { args: { set: { in: "sigset_t" } }, returns: "int" }),
  call("outer", { args: { it: { in: "outer" } }, returns: "int" }),
];

function call(name: string, parts: Pick<SyscallDecl, "args" | "returns">): SyscallDecl {
  return {
    name,
    numbers: { x86_64: 900, i386: 900 },
    ladder: [],
    support: "declared",
    provenance: ["a test"],
    ...parts,
  };
}

const registry = new Registry({
  calls: [
    ...CALLS.filter(({ name }) => !extra.some((own) => own.name === name)),
    ...extra.map((decl, i) => ({ ...decl, numbers: { x86_64: 900 + i, i386: 900 + i } })),
  ],
  structs: [...STRUCTS, grown, vector, node, label, huge, inner, outer],
  flagsets: FLAG_SETS,
  ladders: LADDERS,
});

/** A declared call by name. */
export function declared(name: string): CompiledSyscall {
  const found = registry.get(name);
  if (found === undefined) throw new Error(`no call is declared as ${name}`);
  return found;
}

/** Options that let a tracer find this file's structs, in 2009. */
export const OPTIONS: TracerOptions = { types: registry.types, kernel: kernelVersion("2.6.31") };

/** A task without a kernel: registers, memory, and numbers. */
export class FakeTask implements TracedTask {
  readonly regs: PtRegs;
  mm: AddressSpace | null;
  readonly comm: string;
  private readonly pids: readonly number[];

  constructor(path: EntryPath, mm: AddressSpace, pids: readonly number[] = [99], comm = "test") {
    this.regs = new RegsPool().alloc(path.layout);
    this.mm = mm;
    this.pids = pids;
    this.comm = comm;
  }

  pidNumbers(): readonly number[] {
    return this.pids;
  }
}

/** One page at {@link PAGE}, readable and writable, with nothing mapped behind it. */
export function memory(): AddressSpace {
  const mm = new AddressSpace(new FramePool({ frames: 64 }), { taskSize: 0xc000_0000 });
  const failed = mm.map(PAGE, 4096, PROT_READ | PROT_WRITE);
  if (failed !== null) throw new Error(failed);
  return mm;
}

/** Little-endian words of `size` bytes, as the host stores them. */
export function words(size: 4 | 8, ...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    if (size === 4) view.setInt32(i * 4, value, true);
    else view.setBigInt64(i * 8, BigInt(value), true);
  }
  return bytes;
}

/** A traced task and what its tracer said. */
export class Scene {
  readonly records: TraceRecord[] = [];
  readonly path: EntryPath;
  readonly mm: AddressSpace = memory();
  readonly tracer: Tracer;
  readonly task: FakeTask;

  constructor(path: EntryPathName = "x86_64/syscall", options: TracerOptions = OPTIONS) {
    this.path = ENTRY_PATHS[path];
    this.tracer = new Tracer((record) => this.records.push(record), options);
    this.task = this.another([5, 77, 99]);
  }

  /** One more task in the same memory. */
  another(pids: readonly number[], comm = "test"): FakeTask {
    return new FakeTask(this.path, this.mm, pids, comm);
  }

  /** Puts `bytes` at an address of the page. */
  poke(at: number, bytes: Uint8Array): void {
    this.mm.poke(at, bytes);
  }

  /** Bytes a pointer and a long take on this path. */
  get word(): 4 | 8 {
    return this.path.model.pointer;
  }

  /** A task knocks with words in the order of the path; returns nothing, as the gate's call does. */
  enter(name: string, args: readonly (number | bigint)[] = [], task: FakeTask = this.task): void {
    const { path } = this;
    const compiled = declared(name);
    const { numbers } = compiled.decl;
    const spec = numbers[path.table === "ia32" ? "i386" : path.table];
    this.knock(compiled, typeof spec === "number" ? spec : path.wide ? 297 : 335, args, task);
  }

  /** As {@link enter} for any call and number. */
  knock(
    compiled: CompiledSyscall | null,
    nr: number,
    args: readonly (number | bigint)[],
    task: FakeTask = this.task,
  ): void {
    const { path } = this;
    task.regs.set("ax", nr);
    for (const [i, value] of args.entries()) task.regs.set(path.convention.args[i] as string, value);
    path.begin(task.regs, { wideNumber: true });
    this.tracer.enter(task, compiled, path, nr, 0);
  }

  /** The call ends with a value. */
  returns(value: number, task: FakeTask = this.task): void {
    this.tracer.exit(task, { kind: "value", value });
  }

  /** The call fails, with a rung of its ladder if one is named. */
  fails(
    errno: ErrnoName,
    rung: string | null = null,
    name = "clone_with_pids",
    task: FakeTask = this.task,
  ): void {
    const outcome: TraceOutcome = {
      kind: "error",
      errno,
      rung: rung === null ? null : (declared(name).rung(rung) ?? null),
    };
    this.tracer.exit(task, outcome);
  }

  /** The whole trace as text, unaligned and without prefix unless asked otherwise. */
  text(options: TextOptions = {}): string {
    return render(this.records, { prefix: false, align: 0, ...options });
  }
}

/** Records as text. */
export function render(records: readonly TraceRecord[], options: TextOptions = {}): string {
  const text = new TextTrace(options);
  return records.map((record) => text.push(record)).join("") + text.flush();
}

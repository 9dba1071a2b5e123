import {
  type NspidOperation,
  type Operation,
  operationsOf,
  type Range,
  type SysOperation,
  type Vector,
} from "../../vector.ts";
import { addressOfWord } from "../../words.ts";
import { HEAD, TURN } from "./layout.ts";

const PAGE = 4096;
/** Registers that are captured: sixteen, or eight, and the flags; then room for a stack of two words. */
const CAPTURE_SIZE = 8 * 20;
/** The numbers of a task stand in the first bytes of its status. */
const STATUS_SIZE = 1024;

/** Where the answer of an operation is reported; addresses. */
export interface CallPlan {
  readonly operation: SysOperation;
  /** What it returned. */
  readonly ret: number;
  /** 1 once it has. */
  readonly done: number;
  /** The registers after it, where asked for. */
  readonly regs: number | null;
  /** The registers the new task starts with. */
  readonly childRegs: number | null;
  /** A stack for loading flags. */
  readonly stack: number;
  /** The task it makes. */
  readonly child: TaskPlan | null;
}

/** A stretch of a dump that lies on one page. */
export interface Chunk {
  readonly addr: number;
  readonly size: number;
  /** 1 when it could be read. */
  readonly read: number;
  /** Where its bytes are reported: a distance from {@link Plan.dumps}. */
  readonly off: number;
}

/** What is reported of a task. */
export interface TaskPlan {
  /** `main`, or the label of the operation that makes it. */
  readonly name: string;
  readonly list: readonly Operation[];
  readonly maker: SysOperation | null;
  /** Where the address of its turn is kept. */
  readonly turn: number;
  /** Its number on level 0, for whoever has to put it down. */
  readonly tid: number;
  /** Its status file, where its numbers are asked for. */
  readonly numbers: { readonly length: number; readonly text: number; readonly asked: number } | null;
  /** 1 once it came to its dump; null for a task that has none. */
  readonly dumped: number | null;
  readonly chunks: readonly Chunk[];
  /** By the operation. */
  readonly calls: ReadonlyMap<Operation, CallPlan>;
}

/** Where everything about a case is reported. */
export interface Plan {
  readonly main: TaskPlan;
  /** Every task by name, each after the one that makes it. */
  readonly tasks: ReadonlyMap<string, TaskPlan>;
  /** The first and the last but one of the tids. */
  readonly tids: { readonly start: number; readonly end: number };
  /** Bytes that are zero when the case begins. */
  readonly zeroed: number;
  /** Where dumps are reported: behind that, for they are written whole. */
  readonly dumps: number;
  /** Bytes in all. */
  readonly size: number;
}

/** Lays out the report of a case. @param base where the report lies */
export function planOf(vector: Vector, base: number): Plan {
  return new Planner(vector, base).plan();
}

class Planner {
  private readonly vector: Vector;
  private readonly base: number;
  private readonly makers: readonly SysOperation[];
  private readonly subjects: ReadonlySet<string>;
  private readonly tasks: Map<string, TaskPlan> = new Map();
  private readonly tids: number;
  private at: number;
  private beyond = 0;

  constructor(vector: Vector, base: number) {
    this.vector = vector;
    this.base = base;
    const all = [...operationsOf(vector.program)];
    this.makers = all.filter((o): o is SysOperation => o.op === "sys" && o.child !== undefined);
    this.subjects = new Set(all.filter((o): o is NspidOperation => o.op === "nspid").map((o) => o.of));
    this.at = base + HEAD.turns + TURN.size * (this.makers.length + 1);
    this.tids = this.take(8 * (this.makers.length + 1));
  }

  plan(): Plan {
    const main = this.task("main", this.vector.program, null);
    const zeroed = this.at - this.base;
    return {
      main,
      tasks: this.tasks,
      tids: { start: this.tids, end: this.tids + 8 * (this.makers.length + 1) },
      zeroed,
      dumps: this.at,
      size: zeroed + this.beyond,
    };
  }

  private task(name: string, list: readonly Operation[], maker: SysOperation | null): TaskPlan {
    const dumps = (maker === null || maker.childDump === true) && this.vector.dump.length > 0;
    const calls = new Map<Operation, CallPlan>();
    const task: TaskPlan = {
      name,
      list,
      maker,
      turn: this.take(8),
      tid: this.tids + 8 * this.tasks.size,
      numbers: this.subjects.has(name)
        ? { length: this.take(8), asked: this.take(8), text: this.take(STATUS_SIZE) }
        : null,
      dumped: dumps ? this.take(8) : null,
      chunks: dumps ? this.vector.dump.flatMap((range) => this.chunks(range)) : [],
      calls,
    };
    this.tasks.set(name, task);
    for (const operation of list) if (operation.op === "sys") calls.set(operation, this.call(operation));
    return task;
  }

  private call(operation: SysOperation): CallPlan {
    const { label, child } = operation;
    return {
      operation,
      ret: this.take(8),
      done: this.take(8),
      regs: operation.captureRegs === true ? this.take(CAPTURE_SIZE) : null,
      childRegs: operation.captureChildRegs === true ? this.take(CAPTURE_SIZE) : null,
      stack: this.take(16),
      child: child === undefined ? null : this.task(label, child, operation),
    };
  }

  private chunks(range: Range): Chunk[] {
    const chunks: Chunk[] = [];
    const end = addressOfWord(range.addr) + range.size;
    for (let addr = addressOfWord(range.addr); addr < end; ) {
      const size = Math.min(end - addr, PAGE - (addr % PAGE));
      chunks.push({ addr, size, read: this.take(8), off: this.beyond });
      this.beyond += Math.ceil(size / 8) * 8;
      addr += size;
    }
    return chunks;
  }

  private take(bytes: number): number {
    const at = this.at;
    this.at += bytes;
    return at;
  }
}

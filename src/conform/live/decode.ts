import type { Answer, ChangedWord, RawResult } from "../answer.ts";
import { changedWords } from "../memory-words.ts";
import { startOf } from "../start-memory.ts";
import type { Vector } from "../vector.ts";
import { signedOf } from "../words.ts";
import type { CaseProgram } from "./program/case-program.ts";
import { HEAD, LAYOUT } from "./program/layout.ts";
import { capturedRegisters } from "./program/operation.ts";
import type { CallPlan, TaskPlan } from "./program/plan.ts";
import type { Reply } from "./server/server.ts";

/** What kept a case from being run: what could not be done, and the errno; 0 for none. */
export interface Failure {
  readonly step: string;
  readonly errno: number;
}

/** What kept a case from being run, from its report; null when nothing did. */
export function failureOf(program: CaseProgram, { forkError, stuck, report }: Reply): Failure | null {
  if (stuck) return { step: "its first task cannot be ended: a process is left behind", errno: 0 };
  if (forkError !== 0) return { step: "a first task cannot be made", errno: -forkError };
  const step = report.getUint32(HEAD.failedStep, true);
  if (step === 0) return null;
  return { step: program.steps[step - 1] ?? "a step", errno: -report.getInt32(HEAD.failure, true) };
}

/** The answer that a report holds. @param base how many of a task's numbers belong to namespaces above level 0 */
export function decodeReport(vector: Vector, program: CaseProgram, reply: Reply, base: number): Answer {
  return new Report(vector, program, reply, base).answer();
}

class Report {
  private readonly vector: Vector;
  private readonly program: CaseProgram;
  private readonly reply: Reply;
  private readonly base: number;
  private readonly view: DataView;
  private readonly start: number;

  constructor(vector: Vector, program: CaseProgram, reply: Reply, base: number) {
    this.vector = vector;
    this.program = program;
    this.reply = reply;
    this.base = base;
    this.view = reply.report;
    this.start = LAYOUT[program.bits].report;
  }

  answer(): Answer {
    const results: Record<string, RawResult> = {};
    const memory: Record<string, readonly ChangedWord[]> = {};
    const pids: Record<string, readonly number[]> = {};
    const regs: Record<string, Record<string, bigint>> = {};
    for (const task of this.program.plan.tasks.values()) {
      for (const call of task.calls.values()) {
        const { label } = call.operation;
        const done = this.word(call.done) !== 0;
        results[label] = done ? { ret: this.result(call.ret) } : { notReached: true };
        if (done && call.regs !== null) regs[label] = this.registers(call, call.regs);
        if (call.childRegs !== null && this.word(call.childRegs + 8 * 16) !== 0)
          regs[`child:${label}`] = this.registers(call, call.childRegs);
      }
      if (task.dumped !== null && this.word(task.dumped) !== 0) memory[task.name] = this.dump(task);
      const numbers = this.numbers(task);
      if (numbers !== null) pids[task.name] = numbers;
    }
    return {
      results,
      memory,
      pids,
      regs,
      mainCompleted: this.word(this.start + HEAD.completed) !== 0,
      mainWaitStatus: this.status(),
      self: this.word(this.start + HEAD.self),
      parent: this.word(this.start + HEAD.parent),
    };
  }

  /** The server is the main task's parent where there is nobody in between. */
  private status(): number | null {
    const { nsLevel, nsInit } = this.vector;
    if (nsLevel === 0 || (nsLevel === 1 && nsInit)) return this.reply.putDown ? null : this.reply.status;
    return this.word(this.start + HEAD.statusKnown) === 0 ? null : this.word(this.start + HEAD.status);
  }

  private word(address: number): number {
    return this.view.getUint32(address - this.start, true);
  }

  private long(address: number): bigint {
    return this.view.getBigUint64(address - this.start, true);
  }

  private result(address: number): bigint {
    return signedOf(this.long(address), this.vector.arch === "i386" ? 32 : 64);
  }

  private registers({ operation }: CallPlan, at: number): Record<string, bigint> {
    const registers = capturedRegisters(this.program.bits);
    const image: Record<string, bigint> = Object.fromEntries(
      registers.map((register, i) => [register, this.long(at + 8 * i)]),
    );
    image.flags = this.long(at + 8 * 16);
    image.ip = BigInt(this.program.ips.get(operation.label) ?? 0);
    return image;
  }

  private dump({ chunks }: TaskPlan): ChangedWord[] {
    const { dumps } = this.program.plan;
    return chunks.flatMap(({ addr, size, read, off }) => {
      if (this.word(read) === 0) return [];
      const now = new Uint8Array(this.view.buffer, this.view.byteOffset + dumps + off - this.start, size);
      return changedWords(addr, startOf(this.vector, addr, size), now);
    });
  }

  /** `NSpid:` of a status has a task's numbers, level 0 first. */
  private numbers({ numbers }: TaskPlan): number[] | null {
    if (numbers === null || this.word(numbers.asked) === 0) return null;
    const length = this.view.getInt32(numbers.length - this.start, true);
    if (length <= 0) return null;
    const text = new TextDecoder().decode(
      new Uint8Array(this.view.buffer, this.view.byteOffset + numbers.text - this.start, length),
    );
    const line = /^NSpid:\s*(.*)$/m.exec(text)?.[1];
    return line === undefined ? null : line.split(/\s+/).map(Number).slice(this.base);
  }
}

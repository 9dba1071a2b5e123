import { errnoName } from "../../abi/errno.ts";
import type { Answer, Executor, Skipped } from "../answer.ts";
import { eraOf } from "../era.ts";
import { needsOf } from "../needs.ts";
import { operationsOf, type Vector } from "../vector.ts";
import type { Bits } from "./asm/encodings.ts";
import { decodeReport, type Failure, failureOf } from "./decode.ts";
import { lackOf } from "./lacking.ts";
import { lookAtMachine, type Machine } from "./machine.ts";
import { takenOutside } from "./outer-tids.ts";
import { Probes } from "./probes.ts";
import { bitsOf, compileCase } from "./program/case-program.ts";
import { CaseTooLarge } from "./program/layout.ts";
import { processorOf, refusalOf } from "./refusal.ts";
import { CannotStart } from "./server/executable.ts";
import { NAP_MILLISECONDS } from "./server/run-case.ts";
import { type Server, ServerLost } from "./server/server.ts";
import { PIPES } from "./server/server-program.ts";
import { Servers } from "./server/servers.ts";

/** How a live kernel is asked. */
export interface LiveOptions {
  /** Programs that run cases at the same time, for each width. Default 1. */
  readonly jobs?: number;
  /** Milliseconds in which no task of a case does anything, after which it is put down. Default 200. */
  readonly patience?: number;
}

/**
 * Runs cases on the kernel below: each in a process of its own, in pid namespaces of its own, with the case's memory at the
 * case's addresses. A case that this machine does not permit, or that could do anything outside itself, is skipped with the
 * reason. {@link close} ends the programs it has started.
 */
export class LiveKernel implements Executor {
  readonly name: string;
  /** The era of the kernel below: cases of another have other answers here. */
  readonly era: string;
  private readonly machine: Machine;
  private readonly servers: Servers;
  private readonly probes: Probes;
  private readonly patience: number;

  constructor({ jobs = 1, patience = 200 }: LiveOptions = {}) {
    this.machine = lookAtMachine();
    this.name = this.machine.name;
    this.servers = new Servers(jobs, this.machine.cpus);
    this.probes = new Probes(this.machine, (vector) => this.bare(vector));
    this.patience = Math.ceil(patience / NAP_MILLISECONDS);
    this.era = eraOf(this.machine.kernel);
  }

  async run(vector: Vector): Promise<Answer | Skipped> {
    const why =
      processorOf(vector) ?? this.foreign(vector) ?? refusalOf(vector) ?? (await this.missing(vector));
    if (why !== null) return { skipped: why };
    const answer = await this.bare(vector);
    return typeof answer === "string" ? { skipped: answer } : answer;
  }

  /** Ends what was started. Cases that are under way are still answered. */
  async close(): Promise<void> {
    await this.servers.close();
  }

  /** What a case says it is of, where that is another kernel than this; null where it is not. */
  private foreign(vector: Vector): string | null {
    const { machine } = this;
    if (vector.profile !== undefined && vector.profile !== this.era)
      return `it is a case of ${vector.profile}, and ${machine.name} is ${this.era}`;
    if (vector.kernel === "i386")
      return `it is a case of a 32-bit kernel, and ${machine.name} is a 64-bit one`;
    return null;
  }

  /** What this machine lacks for a case; null when nothing. */
  private async missing(vector: Vector): Promise<string | null> {
    const { machine, probes } = this;
    if (!machine.supported) return `${machine.name} is no 64-bit Linux on x86`;
    if (!machine.root) return "its tasks are root's, and this user is not root";
    const lack = lackOf(vector, machine.missing);
    if (lack !== null) return lack;
    if (vector.arch === "int80") {
      const why = await probes.int80();
      if (why !== null) return why;
    }
    if (vector.nsLevel > 0) {
      const why = await probes.namespaces();
      if (why !== null) return why;
    }
    const asksNumbers = [...operationsOf(vector.program)].some((operation) => operation.op === "nspid");
    if (asksNumbers && machine.outerLevels === null)
      return "a task's numbers cannot be read: there is no /proc";
    if (vector.hazard !== undefined && (await probes.need("per-ns-pid_max")) !== null)
      return `hazard: ${vector.hazard}`;
    const tid = takenOutside(vector);
    if (tid !== null) return `somebody else on level 0 has number ${tid}`;
    for (const need of needsOf(vector)) {
      const why = await probes.need(need);
      if (why !== null) return why;
    }
    return null;
  }

  /** Runs a case without asking whether it may: the answer, or what kept it from running. */
  private async bare(vector: Vector): Promise<Answer | string> {
    let server: Server;
    try {
      server = await this.servers.pick(bitsOf(vector));
    } catch (error) {
      if (error instanceof CannotStart) return startFailure(bitsOf(vector), error);
      throw error;
    }
    try {
      const program = compileCase(vector, { pipes: Object.values(PIPES), strict: server.strict });
      const reply = await server.run(program, this.patience);
      const failure = failureOf(program, reply);
      if (failure !== null) return failureText(failure);
      return decodeReport(vector, program, reply, this.machine.outerLevels ?? 0);
    } catch (error) {
      if (error instanceof ServerLost || error instanceof CaseTooLarge) return error.message;
      throw error;
    }
  }
}

function failureText({ step, errno }: Failure): string {
  return errno === 0 ? step : `${step}: ${errnoName(errno) ?? errno}`;
}

function startFailure(bits: Bits, { message }: CannotStart): string {
  return bits === 32
    ? `32-bit programs do not run here (${message}): no IA32 emulation`
    : `our programs do not run here (${message})`;
}

import { RefusedTarget } from "../../fuzz/node/crew-member.ts";
import { LoadError } from "../../fuzz/node/load-error.ts";
import { loadTarget, namesIn, type TargetSpec } from "../../fuzz/node/load-target.ts";
import type { FuzzTarget } from "../../fuzz/target.ts";
import { oneLine } from "../../kernel/trace/escape.ts";
import type { Terminal } from "../terminal.ts";
import { wrongFile } from "../user-module.ts";
import { unknown, WrongArgument } from "../wrong-argument.ts";
import type { FuzzArguments } from "./arguments.ts";
import { checkNumbers } from "./check-numbers.ts";
import { runQueueSession } from "./queue-session.ts";
import { replayProgram } from "./replay.ts";
import { runSession } from "./session.ts";

/** `trapgate fuzz` with what stands on its command line. @throws WrongArgument */
export async function runFuzz(given: FuzzArguments, terminal: Terminal): Promise<void> {
  const spec = { file: given.target ?? null, calls: given.calls, profile: given.profile ?? null };
  try {
    const target = await targetFor(spec);
    checkNumbers(spec.calls, target);
    if (given.replay !== undefined) await replayProgram(given.replay, { spec, given }, terminal);
    else if (given.queue !== undefined) await runQueueSession(given.queue, { spec, given }, terminal);
    else await runSession({ spec, given, target }, terminal);
  } catch (error) {
    if (error instanceof LoadError || error instanceof RefusedTarget || error instanceof RangeError)
      throw new WrongArgument(oneLine(error.message));
    throw error;
  }
}

async function targetFor(spec: TargetSpec): Promise<FuzzTarget> {
  const { file, calls } = spec;
  try {
    const known = namesIn(file === null ? { calls: [] } : await loadTarget({ ...spec, calls: [] }));
    for (const name of calls) if (!known.includes(name)) throw unknown("call", name, known);
    return await loadTarget(spec);
  } catch (error) {
    if (file !== null && error instanceof LoadError) throw wrongFile(file, error);
    throw error;
  }
}

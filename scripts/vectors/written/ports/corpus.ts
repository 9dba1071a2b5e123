import { errnoNumber, isErrnoName } from "../../../../src/abi/errno.ts";
import type { ExpectedResult, PortArch, Vector } from "../../../../src/conform/vector.ts";
import { operationsOf } from "../../../../src/conform/vector.ts";
import { hex, page } from "../../draft.ts";
import type { Said } from "../case.ts";
import { PROCESSORS, type Processor } from "./processor.ts";
import { AT, PORT_SPECS, type PortSpec, Saying } from "./specs.ts";

/** The cases of one processor. */
export interface PortCorpus {
  readonly arch: PortArch;
  readonly cases: readonly Vector[];
}

/** Every case written for the processors that are no x86: one list, said in the words of each. */
export function portCorpora(): PortCorpus[] {
  return PROCESSORS.map((cpu) => ({
    arch: cpu.arch,
    cases: PORT_SPECS.filter(({ only }) => only?.(cpu) ?? true).map((spec) => caseOf(spec, cpu)),
  }));
}

function caseOf(spec: PortSpec, cpu: Processor): Vector {
  const say = new Saying(cpu, spec.era);
  const { program, answers, pids, memory, regs } = spec.make(say);
  const labels = [...operationsOf(program)].flatMap((o) => (o.op === "sys" ? [o.label] : []));
  const id = `${cpu.arch}.${spec.era}/${spec.name.replaceAll(/[^\w-]+/g, "-")}`;
  const lacking = labels.find((label) => !Object.hasOwn(answers, label));
  if (lacking !== undefined) throw new Error(`${id}: no answer for ${lacking}`);
  return {
    id,
    group: `${cpu.arch}.${spec.era}`,
    arch: cpu.arch,
    profile: spec.era,
    provenance: { by: "rules", rules: spec.rules, ...(spec.note === undefined ? {} : { note: spec.note }) },
    caps: spec.caps ?? "all",
    nsLevel: 1,
    nsInit: true,
    regions: [page(AT.page, "rw-", say.data)],
    dump: [{ addr: hex(AT.page), size: 4096 }],
    program,
    expect: {
      results: Object.fromEntries(labels.map((label) => [label, resultOf(answers[label] ?? null)])),
      memory: { main: [], ...memory },
      ...(pids === undefined ? {} : { pids }),
      ...(regs === undefined ? {} : { regs }),
      mainCompleted: true,
      mainWaitStatus: 0,
    },
  };
}

function resultOf(said: Said): ExpectedResult {
  if (said === null) return { notReached: true };
  if (typeof said === "number") return { ret: said };
  return isErrnoName(said) ? { errno: said, ret: -errnoNumber(said) } : { ret: said };
}

import { errnoNumber, isErrnoName } from "../../../src/abi/errno.ts";
import type {
  Expect,
  ExpectedMemory,
  ExpectedNumber,
  ExpectedResult,
  Operation,
  Patch,
  Provenance,
  Vector,
} from "../../../src/conform/vector.ts";
import { operationsOf } from "../../../src/conform/vector.ts";
import { hex } from "../draft.ts";
import { AT, type OldProfile, type OldWay, scratch, settingOf } from "./way.ts";

/** What a call answers by the rules: a value, an errno by name, or nothing because it is never reached. */
export type Said = number | string | null;

/** A case written from the rules. */
export interface WrittenCase {
  readonly id: string;
  readonly group: string;
  readonly profile: OldProfile;
  readonly way: OldWay;
  readonly provenance: Provenance;
  readonly caps?: Vector["caps"];
  /** Default 2, as the RFC's example has it. */
  readonly nsLevel?: number;
  readonly nsInit?: boolean;
  readonly data?: readonly Patch[];
  readonly program: readonly Operation[];
  /** By label. */
  readonly answers: Readonly<Record<string, Said>>;
  readonly pids?: Readonly<Record<string, readonly ExpectedNumber[]>>;
  readonly memory?: Readonly<Record<string, readonly ExpectedMemory[]>>;
  readonly regs?: Expect["regs"];
  readonly mainCompleted?: boolean;
}

/** The case with its expectation. @throws Error when an answer is missing or about nothing */
export function written(given: WrittenCase): Vector {
  const { id, group, profile, way, provenance, program, answers, pids, memory, regs } = given;
  const labels = [...operationsOf(program)].flatMap((o) => (o.op === "sys" ? [o.label] : []));
  if (labels.toSorted().join() !== Object.keys(answers).toSorted().join())
    throw new Error(
      `${id}: answers are for ${Object.keys(answers).join(" ")}, calls are ${labels.join(" ")}`,
    );
  const results = Object.fromEntries(labels.map((label) => [label, resultOf(answers[label] ?? null)]));
  const completed = given.mainCompleted ?? true;
  return {
    id: `${id}/${way}`,
    group,
    ...settingOf(way),
    profile,
    provenance,
    caps: given.caps ?? "all",
    nsLevel: given.nsLevel ?? 2,
    nsInit: given.nsInit ?? true,
    regions: [scratch(given.data ?? [])],
    dump: [{ addr: hex(AT.scratch), size: 4096 }],
    program,
    expect: {
      results,
      memory: { main: [], ...memory },
      ...(pids === undefined ? {} : { pids }),
      ...(regs === undefined ? {} : { regs }),
      mainCompleted: completed,
      mainWaitStatus: completed ? 0 : null,
    },
  };
}

function resultOf(said: Said): ExpectedResult {
  if (said === null) return { notReached: true };
  if (typeof said === "number") return { ret: said };
  return isErrnoName(said) ? { errno: said, ret: -errnoNumber(said) } : { ret: said };
}

import { CLONE } from "../../../src/abi/structs/index.ts";
import type {
  ExpectedMemory,
  ExpectedNumber,
  Operation,
  Patch,
  SysOperation,
  Vector,
} from "../../../src/conform/vector.ts";
import { hex } from "../draft.ts";
import { type Said, written } from "./case.ts";
import { type OldCall, type OldProfile, type OldWay, plainCall, say } from "./way.ts";

/** The postings of clone_with_pids. */
export const CWP: readonly OldProfile[] = ["cwp-v2", "cwp-v2-newpid", "cwp-v3"];
/** Every era with a call that chooses pids. */
export const EVERY: readonly OldProfile[] = [...CWP, "eclone"];

/** The ways in on which a call exists: the series left the compat table of clone_with_pids alone. */
export function waysOf(profile: OldProfile): readonly OldWay[] {
  return profile === "eclone" ? ["x86_64", "i386", "int80", "i386-kernel"] : ["x86_64", "i386-kernel"];
}

/** What there is in common to know of a case. */
interface About {
  readonly name: string;
  /** Those that the profile has; an A- rule is no rule of eclone's where E- has its own. */
  readonly rules: readonly string[];
  readonly profiles: readonly OldProfile[];
  readonly ways?: readonly OldWay[];
  readonly caps?: Vector["caps"];
  readonly nsLevel?: number;
  readonly nsInit?: boolean;
  readonly note?: string;
}

/** One call, what it answers, and the numbers of the child. */
export interface CallSpec extends About {
  readonly call: OldCall;
  readonly answer: Said;
  readonly pids?: readonly ExpectedNumber[];
  readonly child?: (way: OldWay) => readonly Operation[];
  readonly childAnswers?: Readonly<Record<string, Said>>;
  readonly operation?: Partial<SysOperation>;
  readonly memory?: Readonly<Record<string, readonly ExpectedMemory[]>>;
  readonly regs?: Readonly<Record<string, Readonly<Record<string, ExpectedNumber>>>>;
  /** What follows in the program. */
  readonly after?: (way: OldWay) => readonly Operation[];
  readonly afterAnswers?: Readonly<Record<string, Said>>;
}

/** A program of its own. */
export interface ProgramSpec extends About {
  /** `call` says a call and sees to its memory. */
  readonly program: (
    way: OldWay,
    call: (label: string, call: OldCall, more?: Partial<SysOperation>) => SysOperation,
  ) => readonly Operation[];
  readonly answers: (way: OldWay) => Readonly<Record<string, Said>>;
  readonly pids?: Readonly<Record<string, readonly ExpectedNumber[]>>;
  readonly memory?: Readonly<Record<string, readonly ExpectedMemory[]>>;
}

/** A case of one or several eras, on every way in. */
export type Spec = CallSpec | ProgramSpec;

/** The cases of a group, one for each era and way in. */
export function casesOf(group: string, specs: readonly Spec[]): Vector[] {
  return specs.flatMap((spec) =>
    spec.profiles.flatMap((profile) =>
      (spec.ways ?? waysOf(profile)).map((way) => caseOf(`${group}.${profile}`, spec, profile, way)),
    ),
  );
}

function caseOf(group: string, spec: Spec, profile: OldProfile, way: OldWay): Vector {
  const { name, rules, caps, nsLevel, nsInit, note } = spec;
  const family = profile === "eclone" ? /^[^A]|^A-(0[125]|[24])/ : /^[^E]/;
  const level0 = nsLevel === 0;
  const common = {
    id: `${group}/${name.replaceAll(/[^\w-]+/g, "-")}`,
    group,
    profile,
    way,
    provenance: {
      by: "rules",
      rules: rules.filter((rule) => family.test(rule)),
      ...(note === undefined ? {} : { note }),
    },
    ...(caps === undefined ? {} : { caps }),
    ...(nsLevel === undefined ? {} : { nsLevel }),
    ...(nsInit === undefined && !level0 ? {} : { nsInit: nsInit ?? false }),
  } as const;
  return "program" in spec ? programCase(common, spec) : callCase(common, spec);
}

type Common = Omit<Parameters<typeof written>[0], "program" | "answers">;

function programCase(common: Common, spec: ProgramSpec): Vector {
  const data: Patch[] = [];
  const call = (label: string, wish: OldCall, more: Partial<SysOperation> = { child: [] }): SysOperation => {
    const said = say(common.profile, common.way, label, wish, more);
    data.push(...said.data);
    return said.operation;
  };
  const program = spec.program(common.way, call);
  return written({
    ...common,
    data,
    program,
    answers: spec.answers(common.way),
    ...(spec.pids === undefined ? {} : { pids: spec.pids }),
    ...(spec.memory === undefined ? {} : { memory: spec.memory }),
  });
}

function callCase(common: Common, spec: CallSpec): Vector {
  const { way } = common;
  const child = spec.child?.(way) ?? [];
  const { operation, data } = say(common.profile, way, "c", spec.call, { child, ...spec.operation });
  // A namespace goes with its init: who wants to see the child run waits for it. A thread goes on by itself.
  const thread = ((spec.call.flags ?? 0) & CLONE.THREAD) !== 0;
  const wait = child.length > 0 && !thread && typeof spec.answer === "number";
  return written({
    ...common,
    data,
    program: [
      operation,
      ...(spec.pids === undefined ? [] : [{ op: "nspid", of: "c" } as const]),
      ...(wait ? [plainCall(way, "w", "wait4", [{ ret: "c" }, 0, hex(WALL)])] : []),
      ...(spec.after?.(way) ?? []),
    ],
    answers: {
      c: spec.answer,
      ...spec.childAnswers,
      ...(wait ? { w: spec.answer } : {}),
      ...spec.afterAnswers,
    },
    ...(spec.pids === undefined ? {} : { pids: { c: spec.pids } }),
    ...(spec.memory === undefined ? {} : { memory: spec.memory }),
    ...(spec.regs === undefined ? {} : { regs: spec.regs }),
  });
}

/** __WALL: a wait for children of every kind. */
const WALL = 0x40000000;

import type { TraceField, TraceStruct, TraceValue } from "./value.ts";
import { namedSignal } from "./wait-status.ts";

/** What strace writes of a struct where that is not simply field after field; the record has them all. */
type Shape = (fields: readonly TraceField[]) => readonly TraceField[];

const SHAPES: Readonly<Record<string, Shape>> = {
  siginfo,
  sigaction,
  old_sigaction: sigaction,
  cap_user_data: capabilities,
};

/** The fields of a struct as they are written. */
export function shownFields({ name, fields }: TraceStruct): readonly TraceField[] {
  const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
  return shape === undefined ? fields : shape(fields);
}

function valueIn(fields: readonly TraceField[], name: string): TraceValue | undefined {
  return fields.find((field) => field.name === name)?.value;
}

function numberOf(fields: readonly TraceField[], name: string): number {
  const value = valueIn(fields, name);
  if (value?.kind === "flags") return Number(value.raw);
  return value?.kind === "signal" || (value?.kind === "int" && typeof value.value === "number")
    ? Number(value.value)
    : 0;
}

const CLD_EXITED = 1;

/** Nothing without a signal; si_errno where there is one; si_status is a signal unless the child exited. */
function siginfo(fields: readonly TraceField[]): readonly TraceField[] {
  if (numberOf(fields, "si_signo") === 0) return [];
  const exited = numberOf(fields, "si_code") === CLD_EXITED;
  return fields
    .filter((field) => field.name !== "si_errno" || numberOf(fields, "si_errno") !== 0)
    .map(({ name, value }) => {
      if (name !== "si_status" || exited) return { name, value };
      const signal = numberOf(fields, name);
      return { name, value: { kind: "signal", value: signal, name: namedSignal(signal) } };
    });
}

const SA_RESTORER = 0x4000000;

/** Handler, mask, flags, and the restorer where there is one. */
function sigaction(fields: readonly TraceField[]): readonly TraceField[] {
  const restorer = (numberOf(fields, "sa_flags") & SA_RESTORER) !== 0 ? ["sa_restorer"] : [];
  return ["sa_handler", "sa_mask", "sa_flags", ...restorer].flatMap(
    (name) => fields.find((field) => field.name === name) ?? [],
  );
}

/** A set is one word to people, and two in memory. */
function capabilities(fields: readonly TraceField[]): readonly TraceField[] {
  return ["effective", "permitted", "inheritable"].flatMap((name): TraceField[] => {
    const low = valueIn(fields, name);
    const high = valueIn(fields, `${name}_hi`);
    if (low?.kind !== "flags") return [];
    if (high?.kind !== "flags" || high.text === "0") return [{ name, value: low }];
    const text = low.text === "0" ? high.text : `${low.text}|${high.text}`;
    return [{ name, value: { ...low, text } }];
  });
}

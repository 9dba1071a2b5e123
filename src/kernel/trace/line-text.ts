import { oneLine } from "./escape.ts";
import type { ExitedRecord, SignalRecord, TraceCall, TraceResult } from "./record.ts";
import type { Paint } from "./style.ts";
import { addressText } from "./value-text.ts";
import { signalText } from "./wait-status.ts";

/** `= 99`, `= -1 EBUSY (…)`, `= ?`; after a failure, where `reasons` are wanted, the rung behind it. */
export function outcomeText(outcome: TraceResult, paint: Paint, reasons: boolean): string {
  switch (outcome.kind) {
    case "value":
      return `= ${outcome.address === undefined ? outcome.value : addressText(outcome.address)}`;
    case "noreturn":
      return "= ?";
    case "restart":
      return `= ? ${outcome.code} (${RESTARTS[outcome.code]})`;
    case "error": {
      const text = `= -1 ${paint("error", outcome.errno)} (${outcome.meaning})`;
      const { rung } = outcome;
      if (!reasons || rung === null) return text;
      const rules = rung.rules.length === 0 ? "" : ` (${rung.rules.join(", ")})`;
      return `${text}${paint("reason", `  ← ${rung.id}${rules}: ${oneLine(rung.reason)}`)}`;
    }
  }
}

const RESTARTS = {
  ERESTARTSYS: "To be restarted if SA_RESTART is set",
  ERESTARTNOINTR: "To be restarted",
  ERESTARTNOHAND: "To be restarted if no handler",
  ERESTART_RESTARTBLOCK: "Interrupted by signal",
} as const;

/** A call's name; a number without one as strace spells it: `syscall_0x14d`. */
export function callName(call: TraceCall): string {
  if (call.name !== null) return call.name;
  return `syscall_${call.nr < 0 ? call.nrWord : `0x${call.nr.toString(16)}`}`;
}

/** `--- SIGCHLD {si_signo=SIGCHLD, …} ---` */
export function signalLine({ signal, info }: SignalRecord): string {
  const name = signalText(signal);
  const parts = [`si_signo=${name}`];
  if (info.code !== undefined) parts.push(`si_code=${info.code}`);
  if (info.from !== undefined) parts.push(`si_pid=${info.from}`);
  if (info.uid !== undefined) parts.push(`si_uid=${info.uid}`);
  if (info.status !== undefined) {
    const killed = info.code === "CLD_KILLED" || info.code === "CLD_DUMPED" || info.code === "CLD_STOPPED";
    parts.push(`si_status=${killed ? signalText(info.status) : info.status}`);
  }
  return `--- ${name} {${parts.join(", ")}} ---`;
}

/** `+++ exited with 0 +++`, `+++ killed by SIGKILL +++` */
export function exitedText({ code, signal }: ExitedRecord): string {
  return signal === null ? `+++ exited with ${code} +++` : `+++ killed by ${signalText(signal)} +++`;
}

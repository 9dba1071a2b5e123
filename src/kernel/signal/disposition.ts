import { SIG } from "../task/signal-queue.ts";

/** What the default action of a signal does to its receiver; `dump` would write a core file before it terminates. */
export type DefaultAction = "terminate" | "dump" | "ignore" | "stop" | "continue";

/** The default action of `sig`. Source: linux/signal.h. */
export function defaultAction(sig: number): DefaultAction {
  switch (sig) {
    case SIG.CHLD:
    case SIG.URG:
    case SIG.WINCH:
      return "ignore";
    case SIG.CONT:
      return "continue";
    case SIG.STOP:
    case SIG.TSTP:
    case SIG.TTIN:
    case SIG.TTOU:
      return "stop";
    case SIG.QUIT:
    case SIG.ILL:
    case SIG.TRAP:
    case SIG.ABRT:
    case SIG.BUS:
    case SIG.FPE:
    case SIG.SEGV:
    case SIG.XCPU:
    case SIG.XFSZ:
    case SIG.SYS:
      return "dump";
    default:
      return "terminate";
  }
}

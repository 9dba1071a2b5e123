import { SIG } from "../task/signal-queue.ts";

/** What the default action of a signal does to its receiver. */
export type DefaultAction = "terminate" | "ignore" | "stop" | "continue";

/** The default action of `sig`. Core dumps are not made: such a signal terminates. Source: linux/signal.h. */
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
    default:
      return "terminate";
  }
}

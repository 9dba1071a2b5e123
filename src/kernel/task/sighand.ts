import { hiOf, loOf } from "../../abi/address.ts";
import { SA } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import { NO_SIGNALS, type SignalSet } from "./sigmask.ts";
import { SIG } from "./signal-queue.ts";

/** What a task does with a signal: the default, nothing, or a handler of its own. */
export type Disposition = "default" | "ignore" | { readonly handler: number; readonly restart: boolean };

/** `struct k_sigaction`: what rt_sigaction was given. Immutable. */
export interface SignalAction {
  /** SIG_DFL (0), SIG_IGN (1), or an address. */
  readonly handler: Word64;
  readonly flags: Word64;
  readonly restorer: Word64;
  readonly mask: SignalSet;
}

/** What every signal starts with. */
export const DEFAULT_ACTION: SignalAction = Object.freeze({
  handler: NO_SIGNALS,
  flags: NO_SIGNALS,
  restorer: NO_SIGNALS,
  mask: NO_SIGNALS,
});

/** SIG_IGN. */
const IGNORE: Word64 = Object.freeze({ lo: 1, hi: 0 });

interface Entry {
  readonly action: SignalAction;
  readonly disposition: Disposition;
}

/** `struct sighand_struct`: one action a signal, shared under CLONE_SIGHAND. */
export class Sighand {
  users = 1;
  /** Only what differs from the default is kept. */
  private actions: Map<number, Entry> | null = null;

  /** The disposition of `sig` (1 … 64). */
  get(sig: number): Disposition {
    return this.actions?.get(sig)?.disposition ?? "default";
  }

  /** The whole action of `sig`. */
  action(sig: number): SignalAction {
    return this.actions?.get(sig)?.action ?? DEFAULT_ACTION;
  }

  /** Whether the action of `sig` has a flag of SA. */
  hasFlag(sig: number, flag: number): boolean {
    return (this.action(sig).flags.lo & flag) !== 0;
  }

  /** Sets the disposition of `sig`, with no flags beside it; SIGKILL and SIGSTOP keep their default. */
  set(sig: number, disposition: Disposition): void {
    this.put(sig, disposition === "default" ? null : { action: actionOf(disposition), disposition });
  }

  /** Sets the whole action of `sig`; SIGKILL and SIGSTOP keep their default. */
  setAction(sig: number, action: SignalAction): void {
    this.put(sig, { action, disposition: dispositionOf(action) });
  }

  private put(sig: number, entry: Entry | null): void {
    if (sig === SIG.KILL || sig === SIG.STOP) return;
    if (entry === null) this.actions?.delete(sig);
    else {
      this.actions ??= new Map();
      this.actions.set(sig, entry);
    }
  }

  /** Every handler gives way to the default action; what is ignored stays so (flush_signal_handlers). */
  clearHandlers(): void {
    for (const [sig, { disposition }] of this.actions ?? [])
      if (disposition !== "ignore") this.actions?.delete(sig);
  }

  /** The handler of `sig` gives way to the default action; flags and mask stay (SA_RESETHAND). */
  reset(sig: number): void {
    this.setAction(sig, { ...this.action(sig), handler: DEFAULT_ACTION.handler });
  }

  /** The handler of `sig` gives way to SIG_IGN; flags and mask stay. */
  ignore(sig: number): void {
    this.setAction(sig, { ...this.action(sig), handler: IGNORE });
  }

  /** A copy of its own for a child made without CLONE_SIGHAND. */
  copy(): Sighand {
    const copy = new Sighand();
    if (this.actions !== null && this.actions.size > 0) copy.actions = new Map(this.actions);
    return copy;
  }
}

function actionOf(disposition: Exclude<Disposition, "default">): SignalAction {
  if (disposition === "ignore") return { ...DEFAULT_ACTION, handler: IGNORE };
  const { handler, restart } = disposition;
  return {
    ...DEFAULT_ACTION,
    handler: { lo: loOf(handler), hi: hiOf(handler) },
    flags: { lo: restart ? SA.RESTART : 0, hi: 0 },
  };
}

function dispositionOf({ handler, flags }: SignalAction): Disposition {
  if (handler.hi === 0 && handler.lo === 0) return "default";
  if (handler.hi === 0 && handler.lo === 1) return "ignore";
  return { handler: handler.hi * 2 ** 32 + handler.lo, restart: (flags.lo & SA.RESTART) !== 0 };
}

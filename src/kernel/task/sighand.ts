import { SIG } from "./signal-queue.ts";

/** What a task does with a signal: the default, nothing, or a handler of its own. */
export type Disposition = "default" | "ignore" | { readonly handler: number; readonly restart: boolean };

/** `struct sighand_struct`: one disposition a signal, shared under CLONE_SIGHAND. */
export class Sighand {
  users = 1;
  /** Only what differs from the default is kept. */
  private actions: Map<number, Disposition> | null = null;

  /** The disposition of `sig` (1 … 64). */
  get(sig: number): Disposition {
    return this.actions?.get(sig) ?? "default";
  }

  /** Sets the disposition of `sig`; SIGKILL and SIGSTOP keep their default. */
  set(sig: number, action: Disposition): void {
    if (sig === SIG.KILL || sig === SIG.STOP) return;
    if (action === "default") this.actions?.delete(sig);
    else {
      this.actions ??= new Map();
      this.actions.set(sig, action);
    }
  }

  /** Every handler gives way to the default action; what is ignored stays so (flush_signal_handlers). */
  clearHandlers(): void {
    for (const [sig, action] of this.actions ?? []) if (action !== "ignore") this.actions?.delete(sig);
  }

  /** A copy of its own for a child made without CLONE_SIGHAND. */
  copy(): Sighand {
    const copy = new Sighand();
    if (this.actions !== null && this.actions.size > 0) copy.actions = new Map(this.actions);
    return copy;
  }
}

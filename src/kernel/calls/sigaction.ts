import {
  rt_sigaction as rtSigactionDecl,
  sigaction as sigactionDecl,
  signal as signalDecl,
} from "../../abi/calls/index.ts";
import { type ReadPtr, userPtr } from "../../abi/pointer.ts";
import type { StructDecl } from "../../abi/struct.ts";
import { kernel_sigaction, old_sigaction, SA } from "../../abi/structs/index.ts";
import { setWord64, type Word64 } from "../../abi/word64.ts";
import { type Call, type Implementation, implement } from "../call.ts";
import { doSigaction } from "../signal/action.ts";
import { DEFAULT_ACTION, type SignalAction } from "../task/sighand.ts";

/** Bytes of a sigset_t. */
export const SIGSET_BYTES = 8;

/** `rt_sigaction`. Source: kernel/signal.c. */
export const rt_sigaction: Implementation = implement(
  rtSigactionDecl,
  (k, { sig, act, oact, sigsetsize }) => {
    if (sigsetsize !== SIGSET_BYTES) return k.fail("sigsetsize");
    const action = act === 0 ? null : readAction(k, act, kernel_sigaction);
    if (action === undefined) return k.fail("action-unreadable");
    const old = doSigaction(k, sig, action);
    if (old === null) return k.fail("signal-number");
    if (oact === 0) return 0;
    const written = k.path.compat ? writeMembers(k, oact, old) : writeWhole(k, oact, old);
    return written ? 0 : k.fail("old-unwritable");
  },
);

/** `sigaction`. Source: kernel/signal.c. */
export const sigaction: Implementation = implement(sigactionDecl, (k, { sig, act, oact }) => {
  const action = act === 0 ? null : readAction(k, act, old_sigaction);
  if (action === undefined) return k.fail("action-unreadable");
  const old = doSigaction(k, sig, action);
  if (old === null) return k.fail("signal-number");
  return oact === 0 || writeOld(k, oact, old) ? 0 : k.fail("old-unwritable");
});

const ONCE: Word64 = { lo: (SA.RESETHAND | SA.NODEFER) >>> 0, hi: 0 };

/** `signal`. Source: kernel/signal.c. */
export const signal: Implementation = implement(signalDecl, (k, { sig, handler }) => {
  const old = doSigaction(k, sig, { ...DEFAULT_ACTION, handler, flags: ONCE });
  return old === null ? k.fail("signal-number") : old.handler.lo;
});

/** An action from user memory; undefined when it cannot be read. */
function readAction(k: Call, from: ReadPtr, struct: StructDecl): SignalAction | undefined {
  const layout = k.layout(struct);
  const at = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(at, from, layout.size) !== 0) return undefined;
  const word = (name: string): Word64 => {
    const field = layout.field(name);
    return { lo: field.lo(k.view, at), hi: field.hi(k.view, at) };
  };
  return {
    handler: word("sa_handler"),
    flags: word("sa_flags"),
    restorer: word("sa_restorer"),
    mask: word("sa_mask"),
  };
}

/** The members of an action under the names the structs have for them. */
function membersOf(action: SignalAction): Readonly<Record<string, Word64>> {
  const { handler, flags, restorer, mask } = action;
  return { sa_handler: handler, sa_flags: flags, sa_restorer: restorer, sa_mask: mask };
}

/** One copy: what lies before a fault stays written. */
function writeWhole(k: Call, to: number, action: SignalAction): boolean {
  const layout = k.layout(kernel_sigaction);
  const at = k.kstack(layout.size);
  for (const [name, { lo, hi }] of Object.entries(membersOf(action)))
    layout.field(name).setWords(k.view, at, lo, hi);
  return k.uaccess.copyToUser(userPtr<string, "out">(to), at, layout.size) === 0;
}

/** The compat call writes member by member, and the rest after a fault too. */
function writeMembers(k: Call, to: number, action: SignalAction): boolean {
  const layout = k.layout(kernel_sigaction);
  const { handler, flags, restorer, mask } = action;
  const put = (name: string, { lo }: Word64): boolean =>
    k.uaccess.putUser(userPtr<string, "out">(to + layout.field(name).offset), 4, lo);
  const at = k.kstack(SIGSET_BYTES);
  setWord64(k.view, at, mask, k.path.model.littleEndian);
  const maskAt = userPtr<string, "out">(to + layout.field("sa_mask").offset);
  const done = [
    put("sa_handler", handler),
    k.uaccess.copyToUser(maskAt, at, SIGSET_BYTES) === 0,
    put("sa_flags", flags),
    put("sa_restorer", restorer),
  ];
  return done.every(Boolean);
}

/** The old call stops at the first fault. */
function writeOld(k: Call, to: number, action: SignalAction): boolean {
  const layout = k.layout(old_sigaction);
  if (!k.uaccess.accessOk(to, layout.size)) return false;
  const members = membersOf(action);
  return ["sa_handler", "sa_restorer", "sa_flags", "sa_mask"].every((name) =>
    k.uaccess.putUser(userPtr<string, "out">(to + layout.field(name).offset), 4, members[name]?.lo ?? 0),
  );
}

import { clone_args, eclone_args, target_pid_set } from "../../abi/structs/index.ts";
import type { Guest } from "../../kernel/guest.ts";
import { type PidSpelling, spellPids } from "../../kernel/pid/spelling.ts";
import { isPidRefusal } from "../../kernel/pid/wish.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";
import { CLONE_ARGS_SIZE_VER1, clone3Signal, flagsOf, type Kind } from "./request.ts";

/** The three generations of "a child with these pids". */
export type Dialect = "clone_with_pids" | "eclone" | "clone3";

/** A child as a schedule asks for it. */
export interface Wanted extends Kind {
  /** By level of the machine; null for the kernel's choice. */
  readonly numbers: readonly (number | null)[];
}

/** What a dialect has no word for, and why. */
export interface Unspeakable {
  readonly unspeakable: string;
}

/**
 * Makes a child through the gate, its request written into the maker's memory as a program would.
 * @param at room for the request: 256 bytes that the maker can write
 * @returns the number the maker knows the child by, or an errno below 0
 */
export function makeChild(
  guest: Guest,
  dialect: Dialect,
  wanted: Wanted,
  at: number,
): number | null | Unspeakable {
  const spelt = spellPids(wanted, spellingOf(guest, dialect));
  if (isPidRefusal(spelt)) return { unspeakable: spelt.reason };
  const flags = flagsOf(wanted);
  guest.writeInts(at + ARRAY, spelt);
  return SPEAKERS[dialect]({ guest, at, flags, signal: signalOf(wanted, dialect), count: spelt.length });
}

function signalOf(wanted: Wanted, dialect: Dialect): number {
  if (dialect === "clone3") return clone3Signal(wanted);
  return wanted.thread ? 0 : SIG.CHLD;
}

/** The postings of clone_with_pids differ in what they do of a namespace that comes with the child. */
function spellingOf({ machine }: Guest, dialect: Dialect): PidSpelling {
  if (dialect !== "clone_with_pids") return dialect;
  const { name } = machine.profile;
  return name === "cwp-v2" || name === "cwp-v2-newpid" ? name : "cwp-v3";
}

interface Request {
  readonly guest: Guest;
  readonly at: number;
  readonly flags: number;
  readonly signal: number;
  readonly count: number;
}

/** The array of numbers lies behind the struct. */
const ARRAY = 128;

const SPEAKERS: Readonly<Record<Dialect, (request: Request) => number | null>> = {
  clone_with_pids({ guest, at, flags, signal, count }) {
    guest.writeStruct(at, target_pid_set, { num_pids: count, target_pids: at + ARRAY });
    return guest.call("clone_with_pids", { flags: flags | signal, pid_set: at });
  },
  eclone({ guest, at, flags, signal, count }) {
    guest.writeStruct(at, eclone_args, { nr_pids: count });
    return guest.call("eclone", { flags_low: flags | signal, args: at, args_size: 48, pids: at + ARRAY });
  },
  clone3({ guest, at, flags, signal, count }) {
    guest.writeStruct(at, clone_args, {
      flags,
      exit_signal: signal,
      set_tid: count === 0 ? 0 : at + ARRAY,
      set_tid_size: count,
    });
    return guest.call("clone3", { uargs: at, size: CLONE_ARGS_SIZE_VER1 });
  },
};

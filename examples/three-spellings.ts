/**
 * One wish, three spellings: "77 one level up, 99 at home" as a set of 2009, as eclone's array and as clone3's set_tid,
 * said to three machines of three times. The child has the same numbers on each. What a spelling has no word for is
 * refused with its reason.
 */
import {
  boot,
  CLONE,
  clone_args,
  eclone_args,
  Guest,
  isPidRefusal,
  PAGE_SIZE,
  type PidSpelling,
  SIG,
  target_pid_set,
  translatePids,
} from "trapgate";

/** What each time calls its call, and how it is told which pids. */
const calls: Record<string, (caller: Guest, at: number, pids: readonly number[]) => number | null> = {
  "cwp-v3": (caller, at, pids) => {
    caller.writeStruct(at, target_pid_set, { num_pids: pids.length, target_pids: at + 256 });
    return caller.call("clone_with_pids", { flags: SIG.CHLD, pid_set: at });
  },
  eclone: (caller, at, pids) => {
    caller.writeStruct(at, eclone_args, { nr_pids: pids.length });
    return caller.call("eclone", { flags_low: SIG.CHLD, args: at, args_size: 48, pids: at + 256 });
  },
  clone3: (caller, at, pids) => {
    const set = { exit_signal: SIG.CHLD, set_tid: at + 256, set_tid_size: pids.length };
    caller.writeStruct(at, clone_args, set);
    return caller.call("clone3", { uargs: at, size: 88 });
  },
};

/** A caller in the third of three nested namespaces. */
function nested(profile: string): Guest {
  const machine = boot({ profile });
  let guest = new Guest(machine, machine.init);
  for (let level = 0; level < 2; level++)
    guest = guest.child(guest.call("clone", { flags: CLONE.NEWPID | SIG.CHLD }));
  return guest;
}

const wish = [0, 77, 99];
for (const to of ["cwp-v3", "eclone", "clone3"] as const satisfies readonly PidSpelling[]) {
  const pids = translatePids(wish, { from: "eclone", to, level: 2, newpid: false });
  if (isPidRefusal(pids)) throw new Error(pids.reason);
  const caller = nested(to === "clone3" ? "clone3-614" : to);
  const at = caller.map(PAGE_SIZE);
  caller.writeInts(at + 256, pids);
  const child = caller.child(calls[to]?.(caller, at, pids) ?? null);
  console.log(`${to.padEnd(7)} [${pids.join(", ")}] makes ${child.task.pidNumbers().join(", ")}`);
}

for (const pids of [
  [500, 0, 99],
  [77, 0],
]) {
  const said = translatePids(pids, { from: "eclone", to: "clone3", level: 2, newpid: false });
  if (isPidRefusal(said)) console.log(`[${pids.join(", ")}] in clone3: ${said.refused}, ${said.reason}`);
}

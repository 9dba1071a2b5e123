/**
 * Which of several faults speaks first is part of an ABI. One clone_with_pids has six things wrong with it; they are
 * put right one by one, in the order in which the kernel complains.
 */
import {
  allCapabilities,
  boot,
  CLONE,
  Guest,
  NO_CAPABILITIES,
  PAGE_SIZE,
  SIG,
  TextTrace,
  target_pid_set,
} from "trapgate";

const text = new TextTrace({ prefix: false, reasons: true, align: 0 });
const machine = boot({ profile: "cwp-v3", trace: (record) => process.stdout.write(text.push(record)) });
const guest = new Guest(machine, machine.init);
const become = (effective: typeof NO_CAPABILITIES) => {
  guest.task.cred = { ...guest.task.cred, effective };
};

const set = guest.map(PAGE_SIZE);
const array = set + 16;
const nowhere = 0x1000;
const thread = CLONE.THREAD | SIG.CHLD;

become(NO_CAPABILITIES);
guest.writeStruct(set, target_pid_set, { num_pids: 2, target_pids: nowhere });
guest.call("clone_with_pids", { flags: thread, pid_set: nowhere });
guest.call("clone_with_pids", { flags: thread, pid_set: set });
guest.writeStruct(set, target_pid_set, { num_pids: 1, target_pids: nowhere });
guest.call("clone_with_pids", { flags: thread, pid_set: set });
guest.writeInts(array, [1]);
guest.writeStruct(set, target_pid_set, { num_pids: 1, target_pids: array });
guest.call("clone_with_pids", { flags: thread, pid_set: set });
become(allCapabilities());
guest.call("clone_with_pids", { flags: thread, pid_set: set });
guest.call("clone_with_pids", { flags: SIG.CHLD, pid_set: set });
guest.writeInts(array, [77]);
guest.call("clone_with_pids", { flags: SIG.CHLD, pid_set: set });

/**
 * A guard page behind a structure shows how far the kernel reads: the set of clone_with_pids ends exactly where the
 * last mapped byte is. The access log says which bytes were asked for, and the fault where it ended.
 */
import { AccessLog, boot, Guest, guardAlloc, layoutOf, PAGE_SIZE, SIG, target_pid_set } from "trapgate";

for (const arch of ["x86_64", "i386"] as const) {
  const machine = boot({ arch, profile: "cwp-v3" });
  const guest = new Guest(machine, machine.init);
  const { mm, path } = guest.task;
  if (mm === null) throw new Error("init has no memory");
  const log = (machine.uaccess.log = new AccessLog());

  const pids = guest.map(PAGE_SIZE);
  guest.writeInts(pids, [500]);
  const { size } = layoutOf(target_pid_set, path.model);
  const set = guardAlloc(mm, size);
  guest.writeStruct(set, target_pid_set, { num_pids: 1, target_pids: pids });

  for (const late of [0, 1]) {
    log.clear();
    const result = guest.call("clone_with_pids", { flags: SIG.CHLD, pid_set: set + late });
    console.log(`${arch}: the set ends ${late} byte(s) behind the page: ${guest.errno(result) ?? result}`);
    for (const { op, address, length, done } of log.entries)
      console.log(`  ${op}(0x${address.toString(16)}, ${length}): ${done} bytes came across`);
    const { fault } = machine.uaccess;
    if (fault !== null) console.log(`  ${fault.access} at 0x${fault.address.toString(16)}: ${fault.reason}`);
  }
}

/**
 * A pid number has a viewpoint. One child in the third of three nested namespaces, asked for as {0, 77, 99}: who sees
 * it, and under which number.
 */
import { boot, CLONE, Guest, PAGE_SIZE, SIG, target_pid_set } from "trapgate";

const machine = boot({ arch: "i386", profile: "cwp-v2" });
const level0 = new Guest(machine, machine.init);
const level1 = level0.child(level0.call("clone", { flags: CLONE.NEWPID | SIG.CHLD }));
const level2 = level1.child(level1.call("clone", { flags: CLONE.NEWPID | SIG.CHLD }));

const set = level2.map(PAGE_SIZE);
level2.writeInts(set + 8, [0, 77, 99]);
level2.writeStruct(set, target_pid_set, { num_pids: 3, target_pids: set + 8 });
const child = level2.child(level2.call("clone_with_pids", { flags: SIG.CHLD, pid_set: set }));

console.log(`the child to itself: getpid() = ${child.call("getpid")}, getppid() = ${child.call("getppid")}`);
for (const [level, viewer] of [level0, level1, level2].entries()) {
  const nr = child.task.pid.nrIn(viewer.task.pidNs);
  const result = viewer.call("kill", { pid: nr, sig: 0 });
  console.log(`the init of level ${level} knows it as ${nr}: kill(${nr}, 0) = ${result}`);
}

import type { EntryPathName } from "../../../src/arch/entry-path.ts";
import type { TraceRecord } from "../../../src/kernel/trace/record.ts";
import { declared, GUARD, PAGE, Scene, words } from "./world.ts";

const CLONE_VM = 0x100;
const SIGCHLD = 17;
const SET = PAGE + 0x100;
const PIDS = PAGE + 0x200;
const STATUS = PAGE + 0x300;

/**
 * A small life in three nested pid namespaces, told to a tracer as the gate would tell it: a child with chosen
 * pids, a wait that is interrupted by the child's own calls, and the ways the call fails.
 */
export function scenario(path: EntryPathName): readonly TraceRecord[] {
  const scene = new Scene(path);
  const init = scene.another([3, 2, 1], "init");
  const child = scene.another([4, 77, 99], "child");
  const set = (count: number, pids: number): void => {
    scene.poke(SET, words(4, count));
    scene.poke(SET + scene.word, words(scene.word, pids));
  };
  const clone = (flags: number, at: number): void =>
    scene.enter("clone_with_pids", [flags, 0, 0, 0, 0, at], init);
  const fails = (errno: Parameters<Scene["fails"]>[0], rung: string): void =>
    scene.fails(errno, rung, "clone_with_pids", init);

  // The example of the RFC.
  scene.poke(PIDS, words(4, 0, 77, 99));
  set(3, PIDS);
  clone(SIGCHLD, SET);
  scene.returns(99, init);

  // The parent waits; the child looks around, is interrupted, and ends.
  scene.enter("wait4", [-1, STATUS, 0, 0], init);
  scene.enter("getpid", [], child);
  scene.returns(99, child);
  scene.enter("kill", [1, 10], child);
  scene.returns(0, child);
  scene.tracer.signal(init, 10, { code: "SI_USER", from: 99, uid: 0 });
  scene.enter("exit_group", [3], child);
  scene.tracer.exited(child, { code: 3 });
  scene.poke(STATUS, words(4, 0x300));
  scene.returns(99, init);
  scene.tracer.signal(init, SIGCHLD, { code: "CLD_EXITED", from: 99, uid: 0, status: 3 });

  // A wait that finds nothing, and one without children.
  scene.enter("wait4", [-1, STATUS, 1, 0], init);
  scene.fails("ECHILD", "no-child", "wait4", init);

  // Every way the pids can be refused.
  clone(SIGCHLD, GUARD - 4);
  fails("EFAULT", "set-unreadable");
  set(3, GUARD - 8);
  scene.poke(GUARD - 8, words(4, 0, 77));
  clone(SIGCHLD, SET);
  fails("EFAULT", "array-unreadable");
  set(-1, PIDS);
  clone(SIGCHLD, SET);
  fails("EINVAL", "count-negative");
  set(2147483647, PIDS);
  clone(SIGCHLD, SET);
  fails("EINVAL", "count-too-deep");
  set(1, PIDS + 8);
  clone(CLONE_VM | SIGCHLD, SET);
  fails("EBUSY", "pid-taken");
  clone(0x2000_0000 | SIGCHLD, SET);
  fails("EINVAL", "newpid-with-pids");
  clone(SIGCHLD, SET);
  fails("EPERM", "not-capable");
  clone(SIGCHLD, SET);
  fails("ENOMEM", "array-no-memory");

  // A number nobody has, a call that starts again, and what a child leaves in its parent's memory.
  scene.knock(null, 333, [1, 2, 3, 4, 5, 6], init);
  scene.tracer.exit(init, { kind: "error", errno: "ENOSYS", rung: null });
  scene.enter("fork", [], init);
  scene.tracer.exit(init, { kind: "restart", code: "ERESTARTNOINTR" });
  scene.enter("clone", [0x10_0000 | SIGCHLD, 0, STATUS, 0, 0], init);
  scene.poke(STATUS, words(4, 100));
  scene.returns(100, init);

  // A defect of the kernel, and the end.
  const last = scene.another([5, 78, 100], "last");
  scene.enter("setsid", [], last);
  scene.tracer.oops(last, `TypeError: ${declared("setsid").name} is broken\n    at a place in the kernel`);
  scene.tracer.exited(last, { signal: 9 });
  scene.enter("exit_group", [0], init);
  scene.tracer.exited(init, { code: 0 });
  return scene.records;
}

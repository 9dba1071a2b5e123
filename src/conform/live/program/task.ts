import type { Vector } from "../../vector.ts";
import { Label } from "../asm/assembler.ts";
import { pathOf } from "../refusal.ts";
import type { Emitter } from "./emitter.ts";
import { HEAD, TURN } from "./layout.ts";
import { type Emitted, emitBirth, emitOperation } from "./operation.ts";
import type { CallPlan, Plan, TaskPlan } from "./plan.ts";
import type { Steps } from "./stage.ts";

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
const ESRCH = 3;
const EINVAL = 22;
const FUTEX_WAIT = 0;
/** O_RDONLY, O_CLOEXEC. */
const OPEN_TO_READ = 0x8_0000;
/** Above every pid there can be. */
const PID_MAX_LIMIT = 0x40_0000;
/** No way of changing a signal mask: rt_sigprocmask looks at the new mask before it says so. */
const NO_HOW = 99;

/** How the tasks of a case are written. */
export interface TaskContext {
  readonly out: Emitter;
  readonly vector: Vector;
  readonly plan: Plan;
  readonly steps: Steps;
  /** The path of a task's own status. */
  readonly status: number;
  /** No task runs before those of a higher priority sleep: then the main task need not ask whose turn it is. */
  readonly strict: boolean;
  /** The instruction after each trap, by label. */
  readonly ips: Map<string, number>;
}

/** What the main task does before its program: the program itself follows, and every task that it makes. */
export function emitTasks(context: TaskContext): void {
  const { out, plan } = context;
  const { report } = out.layout;
  const { main } = plan;
  out.set("ax", report + HEAD.turns);
  out.store(main.turn, "ax");
  out.arithmetic("add", "ax", TURN.size);
  out.store(report + HEAD.nextTurn, "ax");
  out.call("prctl", PR_SET_PDEATHSIG, SIGKILL);
  out.call("getpid");
  out.store(report + HEAD.self, "ax");
  out.call("getppid");
  out.store(report + HEAD.parent, "ax");
  emitNumbers(context, main);
  emitList(context, main, () => out.put32(report + HEAD.completed, 1));
}

/** The operations of a task and its end, and after that those of the tasks it makes. */
function emitList(context: TaskContext, task: TaskPlan, atEnd: () => void): void {
  const { out, vector, plan } = context;
  const alone = plan.tasks.size === 1;
  const born: { readonly call: CallPlan; readonly at: Emitted }[] = [];
  for (const [i, operation] of task.list.entries()) {
    if (!alone && !(task.maker === null && i === 0)) emitTurn(context, task);
    if (i === 0) emitBeginning(context, task);
    if (operation.op === "nspid") emitAsked(context, task, operation.of);
    else {
      const call = task.calls.get(operation) as CallPlan;
      emitPathCheck(context, call);
      const at = emitOperation(out, vector.arch, call, alone, (label) => retOf(plan, label));
      context.ips.set(operation.label, at.ip);
      if (call.child !== null) born.push({ call, at });
    }
  }
  if (!alone) emitTurn(context, task);
  if (task.list.length === 0) emitBeginning(context, task);
  atEnd();
  emitDump(out, plan, task);
  out.call("exit", task.maker?.childExit ?? 0);
  for (const { call, at } of born) {
    out.place(at.child);
    emitBirth(out, call);
    const child = call.child as TaskPlan;
    if (vector.nsLevel === 0) {
      out.call("gettid");
      out.store(child.tid, "ax");
    }
    emitNumbers(context, child);
    emitList(context, child, () => {});
  }
}

/** A path that is not what it was when the case was found to be harmless is never looked at. */
function emitPathCheck({ out, vector, steps }: TaskContext, { operation }: CallPlan): void {
  const path = pathOf(operation, vector);
  if (path === null) return;
  const over = new Label();
  out.jump("jmp", over);
  const known = out.data([...path.text, 0]);
  out.place(over);
  out.set("ax", 0);
  out.set("si", known);
  out.set("di", path.at);
  out.set("cx", path.text.length + 1);
  out.bare("repe cmpsb");
  steps.unless("je", `${operation.label}: its path has changed`);
}

function retOf(plan: Plan, label: string): number {
  for (const task of plan.tasks.values())
    for (const call of task.calls.values()) if (call.operation.label === label) return call.ret;
  throw new Error(`no operation is called ${label}`);
}

/** A created task does not outlive the one that made it, unless the case says so. */
function emitBeginning({ out }: TaskContext, { maker }: TaskPlan): void {
  if (maker === null || maker.childSharesVm === true || maker.noPdeathsig === true) return;
  out.call("prctl", PR_SET_PDEATHSIG, SIGKILL);
}

/** Waits until it is this task's turn. The main task is the oldest: when the others sleep, it has it. */
function emitTurn({ out, strict }: TaskContext, task: TaskPlan): void {
  if (strict && task.maker === null) return;
  out.load("bp", task.turn);
  out.put32({ base: "bp", off: TURN.ready }, 1);
  const wait = out.place();
  out.call("futex", { bp: TURN.go }, FUTEX_WAIT, 0, 0);
  out.compare32({ base: "bp", off: TURN.go }, 0);
  out.jump("je", wait);
  out.put32({ base: "bp", off: TURN.go }, 0);
  out.put32({ base: "bp", off: TURN.ready }, 0);
}

/** Reports a task's status, which has its numbers at every level. The descriptor it takes is given back at once. */
function emitNumbers({ out, status }: TaskContext, { numbers }: TaskPlan): void {
  if (numbers === null) return;
  const done = new Label();
  out.call("open", status, OPEN_TO_READ, 0);
  out.store(numbers.length, "ax");
  out.jump("jae", done);
  out.copy("bp", "ax");
  out.call("read", { bp: 0 }, numbers.text, 1024);
  out.store(numbers.length, "ax");
  out.call("close", { bp: 0 });
  out.place(done);
}

/** Notes that a task's numbers are asked for, unless it is gone. */
function emitAsked({ out, plan }: TaskContext, asking: TaskPlan, of: string): void {
  const { numbers, maker } = plan.tasks.get(of) as TaskPlan;
  const gone = new Label();
  if (maker !== null && asking.maker !== maker) {
    out.load("bp", retOf(plan, of));
    out.arithmetic("cmp", "bp", 0);
    out.jump("je", gone);
    out.arithmetic("cmp", "bp", PID_MAX_LIMIT);
    out.jump("jae", gone);
    out.call("kill", { bp: 0 }, 0);
    out.arithmetic("cmp", "ax", -ESRCH);
    out.jump("je", gone);
  }
  if (numbers !== null) out.put32(numbers.asked, 1);
  out.place(gone);
}

/** Reports the bytes of each stretch that can be read, and which those are. */
function emitDump(out: Emitter, plan: Plan, { dumped, chunks }: TaskPlan): void {
  if (dumped === null) return;
  out.put32(dumped, 1);
  for (const { addr, size, read, off } of chunks) {
    const next = new Label();
    out.call("rt_sigprocmask", NO_HOW, addr - (addr % 4096), 0, 8);
    out.arithmetic("cmp", "ax", -EINVAL);
    out.jump("jne", next);
    out.put32(read, 1);
    out.set("si", addr);
    out.set("di", plan.dumps + off);
    out.set("cx", size);
    out.bare("rep movsb");
    out.place(next);
  }
}

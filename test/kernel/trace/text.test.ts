import { describe, expect, test } from "vitest";
import { errnoMeaning } from "../../../src/abi/errno.ts";
import { TextTrace } from "../../../src/kernel/trace/text.ts";
import { declared, PAGE, render, Scene, words } from "./world.ts";

describe("how a call ends", () => {
  test("a value", () => {
    const scene = new Scene();
    scene.enter("getpid");
    scene.returns(5);
    expect(scene.text()).toBe("getpid() = 5\n");
  });

  test("an address is hexadecimal, NULL when it is 0", () => {
    const scene = new Scene();
    for (const value of [0x7f00_1234_5000, 0]) {
      scene.enter("map", [0]);
      scene.returns(value);
    }
    expect(scene.text()).toBe("map(NULL) = 0x7f0012345000\nmap(NULL) = NULL\n");
  });

  test("an errno with its meaning; the rung behind it on request", () => {
    const scene = new Scene();
    scene.enter("clone_with_pids", [17, 0, 0, 0, 0, 1]);
    scene.fails("EFAULT", "set-unreadable");
    expect(scene.text()).toBe(
      "clone_with_pids(SIGCHLD, NULL, NULL, NULL, NULL, 0x1) = -1 EFAULT (Bad address)\n",
    );
    expect(scene.text({ reasons: true })).toBe(
      "clone_with_pids(SIGCHLD, NULL, NULL, NULL, NULL, 0x1) = -1 EFAULT (Bad address)" +
        "  ← set-unreadable (A-07): struct target_pid_set cannot be read\n",
    );
  });

  test("several rules are listed, none leaves no brackets, no rung leaves no arrow", () => {
    const scene = new Scene();
    scene.enter("kill", [1, 65]);
    scene.fails("EINVAL", "signal-number", "kill");
    scene.enter("clone_with_pids", [17]);
    scene.fails("EAGAIN", "pid-exhausted");
    scene.enter("fork");
    scene.fails("ENOMEM");
    const [kill, clone, fork] = scene.text({ reasons: true }).split("\n");
    expect(kill).toContain("← signal-number: the signal number is not 0 … 64");
    expect(clone).toContain("← pid-exhausted (A-49, B-14): no pid number is left");
    expect(fork).toMatch(/^fork\(\) = -1 ENOMEM \([^)]*\)$/);
  });

  test("N-14 a value from −4095 to −1 is an errno, whoever returned it", () => {
    const scene = new Scene();
    scene.enter("getpid");
    scene.returns(-22);
    scene.enter("getpid");
    scene.returns(-4096);
    expect(scene.text()).toBe("getpid() = -1 EINVAL (Invalid argument)\ngetpid() = -4096\n");
  });

  test("a call that starts again, and one that does not return", () => {
    const scene = new Scene();
    scene.enter("fork");
    scene.tracer.exit(scene.task, { kind: "restart", code: "ERESTARTNOINTR" });
    scene.enter("exit_group", [3]);
    scene.tracer.exited(scene.task, { code: 3 });
    expect(scene.text()).toBe(
      "fork() = ? ERESTARTNOINTR (To be restarted)\nexit_group(3) = ?\n+++ exited with 3 +++\n",
    );
  });

  test("a call that could not be begun in the trace does not end in it", () => {
    const scene = new Scene();
    scene.returns(1);
    expect(scene.records).toEqual([]);
  });
});

describe("numbers nobody has", () => {
  test.each(["x86_64/syscall", "i386/int80"] as const)("A-01 %s: all six words, and ENOSYS", (path) => {
    const scene = new Scene(path);
    scene.knock(null, 333, [1, 2, 3, 4, 0x10, 0]);
    scene.fails("ENOSYS");
    expect(scene.text()).toBe(
      `syscall_0x14d(0x1, 0x2, 0x3, 0x4, 0x10, 0) = -1 ENOSYS (${errnoMeaning("ENOSYS")})\n`,
    );
  });

  test("N-02 a number beyond every table is the register as it was", () => {
    const scene = new Scene();
    scene.task.regs.set("ax", 0x1_0000_0001n);
    scene.path.begin(scene.task.regs, { wideNumber: true });
    scene.tracer.enter(scene.task, null, scene.path, -1, 0);
    scene.fails("ENOSYS");
    expect(scene.text()).toMatch(/^syscall_0x100000001\(/);
  });

  test("a stand-in call without any number counts as none", () => {
    const scene = new Scene();
    const stand = declared("getpid");
    const nobody = Object.assign(Object.create(stand), {
      name: "nobody",
      decl: { ...stand.decl, numbers: {} },
    });
    scene.knock(nobody, 333, []);
    expect(scene.text()).toContain("syscall_0x14d(");
  });
});

describe("several tasks", () => {
  test("a line another task interrupts is unfinished, and resumed later", () => {
    const scene = new Scene();
    const child = scene.another([6, 78, 100]);
    scene.enter("wait4", [-1, PAGE, 0, 0]);
    scene.enter("getpid", [], child);
    scene.returns(100, child);
    scene.enter("exit_group", [3], child);
    scene.tracer.exited(child, { code: 3 });
    scene.poke(PAGE, words(4, 0x300));
    scene.returns(100);
    expect(scene.text({ prefix: true })).toBe(
      [
        "[pid 99] wait4(-1,  <unfinished ...>",
        "[pid 100] getpid() = 100",
        "[pid 100] exit_group(3) = ?",
        "[pid 100] +++ exited with 3 +++",
        "[pid 99] <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 100",
        "",
      ].join("\n"),
    );
  });

  test("calls without arguments, and with none left to write, resume with a bracket", () => {
    const scene = new Scene();
    const child = scene.another([6]);
    scene.enter("fork");
    scene.enter("kill", [99, 9], child);
    scene.returns(6);
    scene.returns(0, child);
    expect(scene.text({ prefix: true })).toBe(
      [
        "[pid 99] fork( <unfinished ...>",
        "[pid 6] kill(99, SIGKILL <unfinished ...>",
        "[pid 99] <... fork resumed>) = 6",
        "[pid 6] <... kill resumed>) = 0",
        "",
      ].join("\n"),
    );
  });

  test("a task killed in a call: the call has no result", () => {
    const scene = new Scene();
    const child = scene.another([6]);
    scene.enter("wait4", [-1, 0, 0, 0], child);
    scene.enter("kill", [6, 9]);
    scene.returns(0);
    scene.tracer.signal(child, 9, { from: 5 });
    scene.tracer.exited(child, { signal: 9 });
    expect(scene.text({ prefix: true })).toBe(
      [
        "[pid 6] wait4(-1, NULL, 0, NULL <unfinished ...>",
        "[pid 99] kill(6, SIGKILL) = 0",
        "[pid 6] --- SIGKILL {si_signo=SIGKILL, si_pid=5} ---",
        "[pid 6] <... wait4 resumed>) = ?",
        "[pid 6] +++ killed by SIGKILL +++",
        "",
      ].join("\n"),
    );
  });

  test("a signal to the task itself, in the middle of its call", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, 0, 0, 0]);
    scene.tracer.signal(scene.task, 10, { code: "SI_USER", from: 4, uid: 0 });
    scene.returns(5);
    expect(scene.text()).toBe(
      [
        "wait4(-1, NULL, 0, NULL <unfinished ...>",
        "--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=4, si_uid=0} ---",
        "<... wait4 resumed>) = 5",
        "",
      ].join("\n"),
    );
  });

  test("half an argument that was written at entry is not written again", () => {
    const scene = new Scene();
    const child = scene.another([6]);
    scene.poke(PAGE, words(8, 0, PAGE + 200, 0, 0));
    scene.poke(PAGE + 200, words(4, 42));
    scene.poke(PAGE + 400, words(4, 16));
    scene.enter("grow", [PAGE, 32]);
    scene.enter("getname", [3, 0, PAGE + 400], child);
    scene.returns(42);
    scene.poke(PAGE + 400, words(4, 2));
    scene.returns(0, child);
    expect(scene.text()).toBe(
      [
        "grow({flags=0, where=0x80c8, set_tid=NULL, set_tid_size=0} <unfinished ...>",
        "getname(3, NULL, [16 <unfinished ...>",
        "<... grow resumed> => {where=[42]}, 32) = 42",
        "<... getname resumed> => 2]) = 0",
        "",
      ].join("\n"),
    );
  });

  test("a NULL is no half argument: nothing will be written there", () => {
    const scene = new Scene();
    scene.enter("getname", [3, 0, 0]);
    expect(scene.text()).toBe("getname(3, NULL, NULL <unfinished ...>\n");
  });

  test("a trace that ends in the middle of a call says so", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, PAGE, 0, 0]);
    expect(scene.text()).toBe("wait4(-1,  <unfinished ...>\n");
  });

  test("SIGCHLD as strace writes it", () => {
    const scene = new Scene();
    scene.tracer.signal(scene.task, 17, { code: "CLD_EXITED", from: 5, uid: 0, status: 3 });
    scene.tracer.signal(scene.task, 17, { code: "CLD_KILLED", from: 6, uid: 0, status: 9 });
    scene.tracer.signal(scene.task, 17, { code: "CLD_STOPPED", from: 6, status: 19 });
    scene.tracer.signal(scene.task, 99, {});
    expect(scene.text()).toBe(
      "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=5, si_uid=0, si_status=3} ---\n" +
        "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=6, si_uid=0, si_status=SIGKILL} ---\n" +
        "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_STOPPED, si_pid=6, si_status=SIGSTOP} ---\n" +
        "--- 99 {si_signo=99} ---\n",
    );
  });
});

describe("choices of the reader", () => {
  const scene = new Scene();
  scene.enter("setpgid", [0, 5]);
  scene.fails("EPERM", "session-leader", "setpgid");
  const { records } = scene;

  test("pid numbers of the task's own namespace, the initial one, or every level", () => {
    expect(render(records)).toMatch(/^\[pid 99\] setpgid/);
    expect(render(records, { pids: "root" })).toMatch(/^\[pid 5\] setpgid/);
    expect(render(records, { pids: "all" })).toMatch(/^\[pid 5\/77\/99\] setpgid/);
  });

  test("the result stands in column 40 as strace's, or where it is told to", () => {
    expect(render(records).indexOf("= -1")).toBe(40);
    expect(render(records, { align: 60 }).indexOf("= -1")).toBe(60);
    expect(render(records, { align: 0, prefix: false })).toMatch(/^setpgid\(0, 5\) = -1 EPERM/);
  });

  test("names of the arguments", () => {
    expect(render(records, { names: true })).toContain("setpgid(pid=0, pgid=5)");
  });

  test("no colour unless asked for; with colour the same text", () => {
    const esc = String.fromCharCode(0x1b);
    const options = { reasons: true } as const;
    const plain = render(records, options);
    const coloured = render(records, { ...options, color: true });
    expect(plain).not.toContain(esc);
    expect(coloured).toContain(`${esc}[31mEPERM${esc}[0m`);
    expect(
      coloured
        .split(esc)
        .map((part) => part.replace(/^\[\d*m/, ""))
        .join(""),
    ).toBe(plain);
  });
});

describe("an oops", () => {
  test("is one line, distinct from every errno, whatever was thrown", () => {
    const scene = new Scene();
    scene.enter("fork");
    scene.tracer.oops(scene.task, `TypeError: x is not \u001b[31ma\u202e function\u2028\r\n    at somewhere`);
    scene.tracer.exited(scene.task, { signal: 9 });
    expect(scene.text()).toBe(
      "fork( <unfinished ...>\n" +
        "!!! oops: TypeError: x is not \\x1b[31ma\\u202e function\\u2028\\x0d !!!\n" +
        "<... fork resumed>) = ?\n" +
        "+++ killed by SIGKILL +++\n",
    );
    expect(scene.records[1]).toMatchObject({ kind: "oops", error: expect.stringContaining("at somewhere") });
  });
});

test("the writer forgets calls that are over", () => {
  const text = new TextTrace();
  const scene = new Scene();
  const child = scene.another([6]);
  for (let i = 0; i < 100; i++) {
    scene.enter("fork");
    scene.enter("getpid", [], child);
    scene.returns(1);
    scene.returns(1, child);
  }
  for (const record of scene.records) text.push(record);
  expect((text as unknown as { unfinished: Map<number, unknown> }).unfinished.size).toBe(0);
});

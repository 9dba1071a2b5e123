import { describe, expect, test } from "vitest";
import { GUARD, PAGE, Scene, words } from "./world.ts";

const SIGCHLD = 17;

describe("what a call writes", () => {
  test("an out-pointer is read when the call ends, not before", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(4, 1111));
    scene.enter("clone", [SIGCHLD, 0, PAGE, 0, 0]);
    scene.poke(PAGE, words(4, 77));
    scene.returns(77);
    expect(scene.text()).toBe("clone(SIGCHLD, NULL, [77], NULL, NULL) = 77\n");
  });

  test("a call that failed wrote nothing: the address is shown", () => {
    const scene = new Scene();
    scene.enter("clone", [SIGCHLD, 0, PAGE, 0, 0]);
    scene.fails("EAGAIN");
    expect(scene.text()).toMatch(/^clone\(SIGCHLD, NULL, 0x8000, NULL, NULL\) = -1 EAGAIN \(/);
  });

  test("an out-pointer that cannot be read is its address", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, 1, 0, 0]);
    scene.returns(5);
    expect(scene.text()).toBe("wait4(-1, 0x1, 0, NULL) = 5\n");
  });

  test("a wait that had nothing to report wrote nothing", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, PAGE, 1, 0]);
    scene.returns(0);
    expect(scene.text()).toBe("wait4(-1, 0x8000, WNOHANG, NULL) = 0\n");
  });

  test.each([
    [0x300, "{WIFEXITED(s) && WEXITSTATUS(s) == 3}"],
    [9, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}"],
    [0x8b, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}"],
    [0x137f, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}"],
    [0xffff, "{WIFCONTINUED(s)}"],
    [0x12345678, "0x12345678"],
    [0x80, "0x80"],
    [0x0109, "0x109"],
  ])("a wait status of 0x%s is written in words", (status, text) => {
    const scene = new Scene();
    scene.enter("wait4", [-1, PAGE, 0, 0]);
    scene.poke(PAGE, words(4, status));
    scene.returns(5);
    expect(scene.text()).toBe(`wait4(-1, [${text}], 0, NULL) = 5\n`);
  });

  test("rusage is a table of figures: its first two fields, all of them on request", () => {
    const scene = new Scene();
    scene.enter("wait4", [-1, 0, 0, PAGE]);
    scene.returns(5);
    expect(scene.text()).toBe(
      "wait4(-1, NULL, 0, {ru_utime={tv_sec=0, tv_usec=0}, ru_stime={tv_sec=0, tv_usec=0}, ...}) = 5\n",
    );
    expect(scene.text({ abbreviate: false })).toContain("ru_nvcsw=0, ru_nivcsw=0}) = 5");
  });

  test("out-pointers inside a struct are followed at the end, from the addresses of the beginning", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, 0, PAGE + 200, 0, 0));
    scene.enter("grow", [PAGE, 32]);
    scene.poke(PAGE + 8, words(8, 1));
    scene.poke(PAGE + 200, words(4, 42));
    scene.returns(42);
    expect(scene.text()).toBe(
      "grow({flags=0, where=0x80c8, set_tid=NULL, set_tid_size=0} => {where=[42]}, 32) = 42\n",
    );
  });

  test("a word that is read and written shows both values, one when they are the same", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(4, 16));
    scene.poke(
      PAGE + 8,
      Uint8Array.from("ab", (c) => c.charCodeAt(0)),
    );
    scene.enter("getname", [3, PAGE + 8, PAGE]);
    scene.poke(PAGE, words(4, 2));
    scene.returns(0);
    scene.enter("getname", [3, PAGE + 8, PAGE]);
    scene.returns(0);
    expect(scene.text()).toBe('getname(3, "ab", [16 => 2]) = 0\ngetname(3, "ab", [2]) = 0\n');
  });

  test("a buffer whose length cannot be read is an address", () => {
    const scene = new Scene();
    scene.enter("getname", [3, PAGE, GUARD]);
    scene.returns(0);
    expect(scene.text()).toBe("getname(3, 0x8000, 0x9000) = 0\n");
  });

  test("a size in bytes and a returned size in bytes count whole elements", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(4, 0x0002_0001, 0x0004_0003));
    scene.enter("readwords", [PAGE, 8]);
    scene.returns(5);
    scene.enter("readwords", [PAGE, 7]);
    scene.returns(100);
    expect(scene.text()).toBe("readwords([1, 2], 8) = 5\nreadwords([1, 2, 3], 7) = 100\n");
  });

  test("when the tracer is told what was written, it goes by that alone", () => {
    const scene = new Scene("x86_64/syscall", { written: (address) => address === PAGE });
    scene.poke(PAGE, words(4, 77));
    scene.enter("clone", [SIGCHLD, 0, PAGE, PAGE + 4, 0]);
    scene.returns(77);
    scene.enter("wait4", [-1, PAGE, 0, PAGE + 4]);
    scene.fails("EFAULT");
    expect(scene.text()).toBe(
      "clone(SIGCHLD, NULL, [77], 0x8004, NULL) = 77\n" +
        "wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == 77}], 0, 0x8004) = -1 EFAULT (Bad address)\n",
    );
  });

  test("a task that has let go of its memory has nothing to read", () => {
    const scene = new Scene();
    scene.task.mm = null;
    scene.enter("wait4", [-1, PAGE, 0, 0]);
    scene.returns(5);
    expect(scene.text()).toBe("wait4(-1, 0x8000, 0, NULL) = 5\n");
  });
});

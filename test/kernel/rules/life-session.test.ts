import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import type { Guest } from "../../../src/kernel/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { Lab, nest } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;

describe.each(ERAS)(`Sessions and process groups, ${TITLE}`, (era) => {
  const answer = (guest: Guest, name: string, args: Record<string, number> = {}): number | string | null => {
    const result = guest.call(name, args);
    return guest.errno(result) ?? result;
  };
  const setpgid = (guest: Guest, pid: number, pgid: number): number | string | null =>
    answer(guest, "setpgid", { pid, pgid });

  test("setsid makes a session and a group of the caller's number, once", () => {
    const lab = new Lab(era, { level: 1 });
    const child = lab.fork();
    const { tid } = child.task;
    expect(answer(child, "setsid")).toBe(tid);
    expect([answer(child, "getsid"), answer(child, "getpgrp"), answer(child, "getpgid")]).toEqual([
      tid,
      tid,
      tid,
    ]);
    expect(answer(child, "setsid")).toBe("EPERM");
    expect(lab.rung).toBe("already-leader");
  });

  test("setsid is refused to a group's leader, and while anybody else is in a group of that number", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    expect(setpgid(leader, 0, 0)).toBe(0);
    expect(answer(leader, "setsid")).toBe("EPERM");
    expect(lab.rung).toBe("group-exists");
    // The leader leaves its own group, in which a member stays behind.
    const member = lab.fork(leader);
    expect(setpgid(leader, 0, lab.caller.task.tid)).toBe("EPERM");
    const other = lab.fork();
    expect(setpgid(other, 0, 0)).toBe(0);
    expect(setpgid(leader, 0, other.task.tid)).toBe(0);
    expect(answer(leader, "setsid")).toBe("EPERM");
    expect(lab.rung).toBe("group-exists");
    expect(setpgid(member, 0, other.task.tid)).toBe(0);
    expect(answer(leader, "setsid")).toBe(leader.task.tid);
  });

  test("setsid by a thread moves its whole group and returns the group's number", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    const thread = lab.fork(leader, THREAD);
    expect(answer(thread, "setsid")).toBe(leader.task.tid);
    expect(answer(leader, "getsid")).toBe(leader.task.tid);
  });

  test("a session is seen with its number in the asker's namespace, 0 from where it has none", () => {
    const lab = new Lab(era, { level: 1 });
    const child = lab.child({ pids: [500, 99] });
    expect(answer(child, "setsid")).toBe(99);
    const init = lab.inits[0];
    if (init === undefined) throw new Error("no init");
    expect(answer(init, "getsid", { pid: 500 })).toBe(500);
    expect(answer(init, "getpgid", { pid: 500 })).toBe(500);
    const inside = nest(child);
    expect([answer(inside, "getsid"), answer(inside, "getpgrp")]).toEqual([0, 0]);
    expect(answer(lab.caller, "getsid", { pid: inside.task.pidNumbers()[1] ?? 0 })).toBe(99);
  });

  test("getpgid and getsid of nobody are ESRCH", () => {
    const lab = new Lab(era, { level: 1 });
    for (const pid of [999, -1, -0x8000_0000, 32_767]) {
      expect(answer(lab.caller, "getpgid", { pid })).toBe("ESRCH");
      expect(answer(lab.caller, "getsid", { pid })).toBe("ESRCH");
    }
  });

  describe("setpgid's ladder", () => {
    test("a negative group is EINVAL, before anybody is looked for", () => {
      const lab = new Lab(era);
      expect(setpgid(lab.caller, 999, -1)).toBe("EINVAL");
      expect(lab.rung).toBe("pgid-negative");
      expect(setpgid(lab.caller, -5, 0)).toBe("EINVAL");
    });

    test("nobody of that number is ESRCH", () => {
      const lab = new Lab(era, { level: 1 });
      expect(setpgid(lab.caller, 999, 999)).toBe("ESRCH");
      expect(setpgid(lab.caller, -5, 7)).toBe("ESRCH");
      expect(lab.rung).toBe("no-task");
    });

    test("a thread cannot be moved: EINVAL", () => {
      const lab = new Lab(era);
      const leader = lab.fork();
      const thread = lab.fork(leader, THREAD);
      expect(setpgid(leader, thread.task.tid, 0)).toBe("EINVAL");
      expect(lab.rung).toBe("not-a-leader");
      // 0 is the thread's group, so that works.
      expect(setpgid(thread, 0, 0)).toBe(0);
      expect(answer(leader, "getpgrp")).toBe(leader.task.tid);
    });

    test("a child in another session is EPERM, one that has executed a program EACCES", () => {
      const lab = new Lab(era);
      const parent = lab.fork();
      const away = lab.fork(parent);
      expect(answer(away, "setsid")).toBe(away.task.tid);
      expect(setpgid(parent, away.task.tid, 0)).toBe("EPERM");
      expect(lab.rung).toBe("other-session");
      const execed = lab.fork(parent);
      execed.task.didExec = true;
      expect(setpgid(parent, execed.task.tid, 0)).toBe("EACCES");
      away.task.didExec = true;
      expect(setpgid(parent, away.task.tid, 0)).toBe("EPERM");
    });

    test("neither the caller nor a child of it: ESRCH", () => {
      const lab = new Lab(era);
      const one = lab.fork();
      const two = lab.fork();
      const grandchild = lab.fork(two);
      for (const pid of [two.task.tid, 1]) {
        expect(setpgid(one, pid, 0)).toBe("ESRCH");
        expect(lab.rung).toBe("not-own-child");
      }
      expect(setpgid(lab.caller, grandchild.task.tid, 0)).toBe("ESRCH");
    });

    test("a session leader stays where it is: EPERM", () => {
      const lab = new Lab(era);
      const child = lab.fork();
      answer(child, "setsid");
      expect(setpgid(child, 0, 0)).toBe("EPERM");
      expect(lab.rung).toBe("session-leader");
    });

    test("the group must exist, in the caller's session: EPERM", () => {
      const lab = new Lab(era);
      const child = lab.fork();
      const other = lab.fork();
      expect(setpgid(child, 0, 999)).toBe("EPERM");
      expect(lab.rung).toBe("no-such-group");
      // A task's number is no group yet.
      expect(setpgid(child, 0, other.task.tid)).toBe("EPERM");
      expect(setpgid(other, 0, 0)).toBe(0);
      expect(setpgid(child, 0, other.task.tid)).toBe(0);
      expect(answer(child, "getpgrp")).toBe(other.task.tid);
      const away = lab.fork();
      answer(away, "setsid");
      expect(setpgid(child, 0, away.task.tid)).toBe("EPERM");
    });

    test("a parent moves its child, a thread of it too", () => {
      const lab = new Lab(era, { level: 1 });
      const leader = lab.fork();
      const thread = lab.fork(leader, THREAD);
      const child = lab.fork(leader);
      expect(setpgid(thread, child.task.tid, 0)).toBe(0);
      expect(answer(child, "getpgrp")).toBe(child.task.tid);
      const second = lab.fork(leader);
      expect(setpgid(leader, second.task.tid, child.task.tid)).toBe(0);
      expect(answer(second, "getpgrp")).toBe(child.task.tid);
      expect(setpgid(leader, second.task.tid, second.task.tid)).toBe(0);
      expect(answer(second, "getpgrp")).toBe(second.task.tid);
    });
  });

  test("a group outlives its leader, and a child's group is its parent's", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    setpgid(leader, 0, 0);
    const member = lab.fork(leader);
    lab.bury(leader);
    expect(answer(member, "getpgrp")).toBe(leader.task.tid);
    expect(answer(lab.fork(member), "getpgrp")).toBe(leader.task.tid);
    const joiner = lab.fork();
    expect(setpgid(joiner, 0, leader.task.tid)).toBe(0);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Guest, type Task } from "../../../src/kernel/index.ts";
import { namespacesOf } from "../support/census.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { Lab, SCRATCH } from "../support/lab.ts";
import { step, take } from "../support/program.ts";

describe.each(ERAS)(`law: visibility, ${TITLE}`, (era) => {
  test("A-24 A-28 a task is visible in its namespace and every ancestor, nowhere else, one number each", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const lab = new Lab(era, { pidMax: 320 });
        for (const s of steps) take(lab, s);
        const namespaces = namespacesOf(lab.machine);
        for (const task of lab.machine.tasks) {
          expect(task.pidNumbers()).toHaveLength(task.pidNs.level + 1);
          for (const ns of namespaces) {
            const visible = ns === task.pidNs || isAbove(ns, task);
            const nr = task.nrIn(ns);
            expect(nr > 0).toBe(visible);
            if (!visible) continue;
            expect(nr).toBe(task.pidNumbers()[ns.level]);
            expect(lab.machine.find(ns, nr)).toBe(task);
          }
        }
        for (const ns of namespaces) {
          const seen = [...lab.machine.tasks].map((t) => t.nrIn(ns)).filter((nr) => nr > 0);
          expect(new Set(seen).size).toBe(seen.length);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("A-28 what getpid, gettid, getppid and wait say agrees with the numbers", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
        const lab = new Lab(era);
        for (const s of steps) take(lab, s);
        for (const task of [...lab.machine.tasks]) {
          if (task.state !== "running") continue;
          const guest = new Guest(lab.machine, task);
          const at = (other: Task): number => other.nrIn(task.pidNs);
          expect(guest.call("gettid")).toBe(at(task));
          expect(guest.call("getpid")).toBe(at(task.groupLeader));
          expect(guest.call("getppid")).toBe(at(task.realParent.groupLeader));
          expect(guest.call("getpgid", { pid: at(task) })).toBe(guest.call("getpgrp"));
        }
        for (const task of [...lab.machine.tasks]) {
          if (task.state !== "running") continue;
          const zombies = [...(task.children ?? [])].filter(
            (c) => c.state === "zombie" && c.signal.live === 0,
          );
          const numbers = zombies.map((c) => c.nrIn(task.pidNs));
          const guest = new Guest(lab.machine, task);
          for (const nr of numbers) {
            const args = { upid: nr, stat_addr: SCRATCH, options: 0x4000_0001 };
            expect(guest.call("wait4", args)).toBe(nr);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

function isAbove(ns: Task["pidNs"], task: Task): boolean {
  for (let at = task.pidNs.parent; at !== null; at = at.parent) if (at === ns) return true;
  return false;
}

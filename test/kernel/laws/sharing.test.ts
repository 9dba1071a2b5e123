import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { SIG, type Task } from "../../../src/kernel/index.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { Lab, SCRATCH } from "../support/lab.ts";

const PARTS = [
  ["mm", CLONE.VM],
  ["files", CLONE.FILES],
  ["fs", CLONE.FS],
  ["sighand", CLONE.SIGHAND],
  ["signal", CLONE.THREAD],
] as const;

describe.each(ERAS)(`law: what is shared and what is not, ${TITLE}`, (era) => {
  test("B-02 B-03 a family of clones shares exactly what its flags say", () => {
    const choice = fc.record({
      maker: fc.nat(6),
      mask: fc.integer({ min: 0, max: 15 }),
      thread: fc.boolean(),
      pids: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(choice, { minLength: 1, maxLength: 7, size: "max" }), (choices) => {
        const lab = new Lab(era);
        const family: { task: Task; owners: number[] }[] = [
          { task: lab.caller.task, owners: PARTS.map(() => 0) },
        ];
        for (const [i, { maker, mask, thread, pids }] of choices.entries()) {
          const from = family[maker % family.length];
          if (from === undefined) continue;
          let flags = PARTS.reduce((all, [, bit], n) => ((mask >> n) & 1 ? all | bit : all), 0);
          if (thread) flags |= CLONE.THREAD | CLONE.SIGHAND;
          else flags &= ~CLONE.THREAD;
          if ((flags & CLONE.SIGHAND) !== 0) flags |= CLONE.VM;
          const guest = { task: from.task, machine: lab.machine };
          const parent = lab.caller.child(guest.task.tid);
          const child = pids ? lab.child({ flags, pids: [100 + i] }, parent) : lab.fork(parent, flags);
          const owners = PARTS.map(([, bit], n) =>
            (flags & bit) !== 0 ? (from.owners[n] ?? 0) : family.length,
          );
          family.push({ task: child.task, owners });
        }
        for (const one of family) {
          for (const other of family) {
            for (const [n, [part]] of PARTS.entries()) {
              expect(one.task[part] === other.task[part]).toBe(one.owners[n] === other.owners[n]);
            }
          }
        }
        checkEffects(lab, family);
        checkUsers(family);
      }),
      { numRuns: 40 },
    );
  });

  /** Each task writes; those that share see it, the others do not. */
  function checkEffects(lab: Lab, family: readonly { task: Task; owners: readonly number[] }[]): void {
    for (const [i, one] of family.entries()) {
      const guest = lab.caller.child(one.task.tid);
      guest.writeInts(SCRATCH, [1000 + i]);
      one.task.fs.umask = i;
      one.task.sighand.set(SIG.USR1, { handler: 1000 + i, restart: false });
      for (const other of family) {
        const seen = lab.caller.child(other.task.tid).readInt(SCRATCH);
        expect(seen === 1000 + i).toBe(other.task.mm === one.task.mm);
        expect(other.task.fs.umask === i).toBe(other.task.fs === one.task.fs);
        const action = other.task.sighand.get(SIG.USR1);
        expect(typeof action === "object" && action.handler === 1000 + i).toBe(
          other.task.sighand === one.task.sighand,
        );
      }
      for (const other of family) other.task.fs.umask = -1;
    }
  }

  function checkUsers(family: readonly { task: Task }[]): void {
    for (const { task } of family) {
      const sharing = (part: "files" | "fs" | "sighand" | "mm"): number =>
        family.filter((other) => other.task[part] === task[part]).length;
      expect([task.files.users, task.fs.users, task.sighand.users, task.mm?.users]).toEqual(
        (["files", "fs", "sighand", "mm"] as const).map(sharing),
      );
    }
  }
});

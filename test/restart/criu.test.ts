import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { criuTree } from "../../src/restart/criu/criu-tree.ts";
import { isRefusal, planRestart, TreeError } from "../../src/restart/index.ts";
import { readCriu } from "../../src/restart/node/index.ts";

/** Images that crit wrote, and what it says is in them. */
const IMAGES = join(import.meta.dirname, "images");
const DECODED = join(import.meta.dirname, "decoded");

const folder = mkdtempSync(join(tmpdir(), "criu-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The images with one of them changed. */
function withImage(name: string, bytes: Uint8Array | string): string {
  const copy = mkdtempSync(join(folder, "images-"));
  cpSync(IMAGES, copy, { recursive: true });
  writeFileSync(join(copy, name), bytes);
  return join(copy, "pstree.img");
}

test("a shell job with threads, zombies and a leader that has gone is read from its images", () => {
  const { tree, notes } = readCriu(join(IMAGES, "pstree.img"));
  expect(tree).toEqual({
    format: "trapgate-tree-1",
    tasks: [
      // 31 is the shell's session, from outside; the root's own group is its own.
      { pid: [40], parent: 0, session: 0, group: 40 },
      { pid: [41], parent: 40, session: 41, group: 41, threads: [[45], [46]] },
      { pid: [43], parent: 40, session: 0, group: 40, killed: 9 },
      { pid: [42], parent: 41, session: 41, group: 41, zombie: 3 },
      { pid: [47], parent: 41, session: 41, group: 44 },
      { pid: [48], parent: 41, session: 41, group: 44, stopped: true },
    ],
    gone: [{ pid: [44] }],
  });
  expect(notes).toEqual([]);
  expect(isRefusal(planRestart(tree))).toBe(false);
});

test("what crit decodes says the same", () => {
  expect(readCriu(join(DECODED, "pstree.json"))).toEqual(readCriu(join(IMAGES, "pstree.img")));
});

test("crit's words for states stand for its numbers", () => {
  const entries = [{ pid: 7, ppid: 0, pgid: 7, sid: 7 }];
  const stateOf = (task_state: unknown): object | undefined =>
    criuTree(entries, new Map([[7, { tc: { task_state, exit_code: 0 } }]]), "t").tree.tasks[0];
  const task = { pid: [7], parent: 0, session: 7, group: 7 };
  expect(stateOf("Alive")).toEqual(task);
  // What crit calls a zombie is number 3, a stopped task.
  expect(stateOf("Zombie")).toEqual({ ...task, stopped: true });
  expect(stateOf("Stopped")).toEqual({ ...task, zombie: 0 });
});

const pstree = readFileSync(join(IMAGES, "pstree.img"));

describe("a mistake is one line that names the image and the place", () => {
  test.each<[string, string, Uint8Array | string, RegExp]>([
    ["another kind", "pstree.img", readFileSync(join(IMAGES, "core-40.img")), /pstree\.img: no PSTREE image/],
    ["nothing", "pstree.img", "", /pstree\.img: no PSTREE image/],
    ["no task", "pstree.img", pstree.subarray(0, 8), /pstree\.img: there is no task in it/],
    ["cut off", "pstree.img", pstree.subarray(0, -1), /pstree\.img: entries\[5\]: the file ends within it/],
    ["a core cut off", "core-41.img", pstree.subarray(0, 6), /core-41\.img: no CORE image/],
  ])("%s", (_, name, bytes, message) => {
    expect(() => readCriu(withImage(name, bytes))).toThrow(message);
  });

  const task = (pid: number, ppid: number): object => ({ pid, ppid, pgid: pid, sid: pid });
  test.each<[string, object, RegExp]>([
    ["a pid twice", { entries: [task(5, 0), task(5, 5)] }, /entries\[1\]\.pid: 5 is another task's already/],
    [
      "a circle",
      { entries: [task(5, 0), task(6, 7), task(7, 6)] },
      /entries\[1\]\.ppid: no task before it is 7/,
    ],
    ["a field missing", { entries: [{ pid: 5 }] }, /entries\[0\]\.ppid: is missing/],
    ["a number beyond all", { entries: [task(1e9, 0)] }, /entries\[0\]\.pid: .*4194303/],
    ["another image", { magic: "CORE", entries: [] }, /magic: /],
  ])("%s, decoded", (_, image, message) => {
    const file = join(mkdtempSync(join(folder, "json-")), "pstree.json");
    writeFileSync(file, JSON.stringify({ magic: "PSTREE", ...image }));
    expect(() => readCriu(file)).toThrow(message);
  });

  test("tasks in two namespaces have lost their other numbers", () => {
    const entries = [
      { pid: 1, ppid: 0, pgid: 1, sid: 1 },
      { pid: 9, ppid: 1, pgid: 9, sid: 9 },
    ];
    const cores = new Map([
      [1, { ids: { pid_ns_id: 4 } }],
      [9, { ids: { pid_ns_id: 7 } }],
    ]);
    expect(() => criuTree(entries, cores, "t")).toThrow(/^t: tasks 1 and 9 are in different pid namespaces/);
  });
});

test("law: an image with bytes changed is a tree, or a TreeError of one line", () => {
  const names = readdirSync(IMAGES);
  const change = fc.record({ name: fc.constantFrom(...names), at: fc.nat(60), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const copy = mkdtempSync(join(folder, "law-"));
      cpSync(IMAGES, copy, { recursive: true });
      for (const { name, at, byte } of changes) {
        const bytes = readFileSync(join(copy, name));
        bytes[at % bytes.length] = byte;
        writeFileSync(join(copy, name), bytes);
      }
      try {
        readCriu(join(copy, "pstree.img"));
      } catch (error) {
        expect(error).toBeInstanceOf(TreeError);
        expect((error as Error).message).not.toContain("\n");
      } finally {
        rmSync(copy, { recursive: true });
      }
    }),
    { numRuns: 200 },
  );
});

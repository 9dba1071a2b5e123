import type { Operation } from "../../../src/conform/vector.ts";
import { hex } from "../draft.ts";
import { CWP, EVERY, type Spec } from "./spec.ts";
import { AT, plainCall } from "./way.ts";

const WALL = hex(0x40000000);

/** Choosing one number (rules §3.4, E-40 … E-48), and what the allocator of the time does by itself (B-30 … B-33). */
export const CHOICE: readonly Spec[] = [
  {
    name: "the kernel's choice, three times",
    rules: ["A-40", "E-40", "B-30", "B-32"],
    profiles: EVERY,
    program: (_, call) => ["a", "b", "c"].map((label) => call(label, { pids: [0] })),
    answers: () => ({ a: 2, b: 3, c: 4 }),
  },
  {
    name: "fork goes on where the last choice was",
    rules: ["B-30", "B-32"],
    profiles: EVERY,
    program: (way) => [
      plainCall(way, "a", "fork", [], { child: [] }),
      plainCall(way, "w", "wait4", [{ ret: "a" }, 0, 0]),
      plainCall(way, "b", "fork", [], { child: [] }),
    ],
    answers: () => ({ a: 2, w: 2, b: 3 }),
  },
  {
    name: "the highest number",
    rules: ["A-42", "E-41", "B-31"],
    profiles: EVERY,
    call: { pids: [32767] },
    answer: 32767,
    pids: ["*", 3, 32767],
  },
  {
    name: "pid_max",
    rules: ["A-42", "E-41", "B-31"],
    profiles: EVERY,
    call: { pids: [32768] },
    answer: "EINVAL",
  },
  {
    name: "the highest integer",
    rules: ["A-42", "E-41"],
    profiles: EVERY,
    call: { pids: [0x7fffffff] },
    answer: "EINVAL",
  },
  {
    name: "the lowest integer",
    rules: ["A-41", "E-42"],
    profiles: EVERY,
    call: { pids: [-0x80000000] },
    answer: "EINVAL",
  },
  {
    name: "the caller's own number",
    rules: ["A-44", "E-45"],
    profiles: EVERY,
    call: { pids: [1] },
    answer: "EBUSY",
  },
  {
    name: "a zombie's number, until it is reaped",
    rules: ["A-44", "E-45", "B-33"],
    profiles: EVERY,
    program: (way, call) => [
      call("a", { pids: [60] }),
      plainCall(way, "other", "fork", [], { child: [] }),
      plainCall(way, "w", "wait4", [{ ret: "other" }, 0, WALL]),
      call("taken", { pids: [60], slot: 1 }),
      plainCall(way, "reap", "wait4", [{ ret: "a" }, 0, WALL]),
      call("again", { pids: [60], slot: 1 }),
    ],
    answers: () => ({ a: 60, other: 2, w: 2, taken: "EBUSY", reap: 60, again: 60 }),
  },
  {
    name: "a number that a session holds",
    rules: ["A-44", "E-45", "B-33"],
    profiles: EVERY,
    program: (way, call) => [
      call(
        "a",
        { pids: [60] },
        {
          child: [plainCall(way, "sid", "setsid"), plainCall(way, "member", "fork", [], { child: [] })],
        },
      ),
      plainCall(way, "w", "wait4", [{ ret: "a" }, 0, WALL]),
      call("taken", { pids: [60], slot: 1 }),
      plainCall(way, "reap", "wait4", [-1, 0, WALL]),
      call("again", { pids: [60], slot: 1 }),
    ],
    answers: () => ({ a: 60, sid: 60, member: 2, w: 60, taken: "EBUSY", reap: 2, again: 60 }),
  },
  {
    name: "a chosen number does not move the cursor",
    rules: ["A-45", "E-47"],
    profiles: EVERY,
    program: (way, call) => [
      call("a", { pids: [500] }),
      call("b", { pids: [7], slot: 1 }),
      plainCall(way, "c", "fork", [], { child: [] }),
    ],
    answers: () => ({ a: 500, b: 7, c: 2 }),
  },
  {
    name: "below 300",
    rules: ["A-46"],
    profiles: EVERY,
    program: (_, call) => [call("a", { pids: [200] }), call("b", { pids: [299], slot: 1 })],
    answers: () => ({ a: 200, b: 299 }),
  },
  {
    name: "after a failure the inner number is free",
    rules: ["A-47", "A-48"],
    profiles: EVERY,
    program: (_, call) => [
      call("a", { pids: [1, 88] }),
      call("b", { pids: [1, 88], slot: 1 }),
      call("c", { pids: [88], slot: 2 }),
    ],
    answers: () => ({ a: "EBUSY", b: "EBUSY", c: 88 }),
  },
  {
    name: "after a failure the cursor of an inner level stays moved",
    rules: ["A-48"],
    profiles: EVERY,
    program: (way, call) => [
      call("a", { pids: [1, 0] }),
      plainCall(way, "b", "fork", [], { child: [] }),
      { op: "nspid", of: "b" },
    ],
    answers: () => ({ a: "EBUSY", b: 3 }),
    pids: { b: ["*", 3, 3] },
  },
  {
    name: "a number of one level alone",
    rules: ["A-44"],
    profiles: CWP,
    program: (_, call) => [call("a", { pids: [77, 99] }), call("b", { pids: [99, 98], slot: 1 })],
    answers: () => ({ a: 99, b: 98 }),
  },
  {
    name: "a base beyond the page of numbers below 300",
    rules: ["E-44", "E-48"],
    profiles: ["eclone"],
    ways: ["x86_64", "i386-kernel"],
    note: "299 tasks bring last_pid from 1 to 300: then 200 is refused before it is seen that it is taken, and 300 is taken",
    program: (way, call) => [
      ...many(298, (i) => plainCall(way, `f${i}`, "fork", [], { child: [] })),
      call("still", { pids: [1] }),
      plainCall(way, "last", "fork", [], { child: [] }),
      call("reserved", { pids: [200], slot: 1 }),
      call("taken", { pids: [300], slot: 2 }),
    ],
    answers: () => ({
      ...Object.fromEntries(many(298, (i) => [`f${i}`, i + 2])),
      still: "EBUSY",
      last: 300,
      reserved: "EINVAL",
      taken: "EBUSY",
    }),
  },
];

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** The tids, where they may be written and where not. */
export const TIDS: readonly Spec[] = [
  {
    name: "the parent writes the child's number",
    rules: ["B-17", "A-28", "E-16"],
    profiles: EVERY,
    call: { pids: [99], flags: 0x100000, parentTid: AT.parentTid },
    answer: 99,
    memory: { main: [{ addr: hex(AT.parentTid), hex: "63000000" }] },
  },
  {
    name: "a fault of the parent's is ignored",
    rules: ["B-17"],
    profiles: EVERY,
    call: { pids: [99], flags: 0x100000, parentTid: AT.hole },
    answer: 99,
    pids: ["*", 3, 99],
  },
  {
    name: "the child writes its number in its own memory",
    rules: ["B-18"],
    profiles: EVERY,
    call: { pids: [99], flags: 0x1000000, childTid: AT.childTid },
    answer: 99,
    child: (way): Operation[] => [plainCall(way, "c_pid", "getpid")],
    childAnswers: { c_pid: 99 },
    operation: { childDump: true },
    memory: { c: [{ addr: hex(AT.childTid), hex: "63000000" }] },
  },
  {
    name: "a fault of the child's is ignored",
    rules: ["B-18"],
    profiles: EVERY,
    call: { pids: [99], flags: 0x1000000, childTid: AT.hole },
    answer: 99,
    child: (way): Operation[] => [plainCall(way, "c_pid", "getpid")],
    childAnswers: { c_pid: 99 },
  },
];

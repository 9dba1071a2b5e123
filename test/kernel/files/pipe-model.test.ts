import fc from "fast-check";
import { expect, test } from "vitest";
import { O } from "../../../src/abi/structs/index.ts";
import { Guest, SIG } from "../../../src/kernel/index.ts";
import { PAGE_SIZE } from "../../../src/mm/index.ts";
import { HOLE, Lab, SCRATCH } from "../support/lab.ts";

const BUFFER = HOLE - 3 * PAGE_SIZE;
const CAPACITY = 16;

/** The naive model of a pipe: pages of bytes, the oldest first, each with room behind what stands in it. */
class Model {
  readers = 1;
  writers = 1;
  readonly pages: { bytes: number[]; end: number }[] = [];

  /** How many bytes a write that does not wait takes; "pipe" or "again" for none. */
  write(bytes: readonly number[]): number | "pipe" | "again" {
    if (bytes.length === 0) return 0;
    if (this.readers === 0) return "pipe";
    let done = 0;
    const odd = bytes.length % PAGE_SIZE;
    const last = this.pages[this.pages.length - 1];
    if (odd > 0 && last !== undefined && last.end + odd <= PAGE_SIZE) {
      last.bytes.push(...bytes.slice(0, odd));
      last.end += odd;
      done = odd;
    }
    while (done < bytes.length && this.pages.length < CAPACITY) {
      const page = bytes.slice(done, done + PAGE_SIZE);
      this.pages.push({ bytes: [...page], end: page.length });
      done += page.length;
    }
    return done === 0 ? "again" : done;
  }

  /** What a read that does not wait gets. */
  read(count: number): number[] | "again" {
    const got: number[] = [];
    for (let [page] = this.pages; page !== undefined && got.length < count; [page] = this.pages) {
      got.push(...page.bytes.splice(0, count - got.length));
      if (page.bytes.length === 0) this.pages.shift();
    }
    return got.length === 0 && count > 0 && this.writers > 0 ? "again" : got;
  }
}

const size = fc.oneof(
  fc.nat(200),
  fc.constantFrom(0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE, 3 * PAGE_SIZE),
  fc.nat(3 * PAGE_SIZE),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant("write" as const), size }) },
  { weight: 5, arbitrary: fc.record({ op: fc.constant("read" as const), size }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constantFrom("close-reader" as const, "close-writer" as const), size }),
  },
);

test("law: a pipe is a queue of bytes in sixteen pages, whoever writes, reads and closes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
      const { caller } = lab;
      caller.task.sighand.set(SIG.PIPE, { handler: 1, restart: true });
      caller.call("pipe2", { fildes: SCRATCH - PAGE_SIZE, flags: O.NONBLOCK });
      const model = new Model();
      let next = 0;
      for (const { op, size } of steps) {
        if (op === "write" && model.writers > 0) {
          const bytes = Array.from({ length: size }, () => next++ & 255);
          caller.write(BUFFER, Uint8Array.from(bytes));
          const got = caller.call("write", { fd: 1, buf: BUFFER, count: size });
          const expected = model.write(bytes);
          const errno = expected === "pipe" ? "EPIPE" : expected === "again" ? "EAGAIN" : null;
          expect(caller.errno(got)).toBe(errno);
          if (errno === null) expect(got).toBe(expected);
        } else if (op === "read" && model.readers > 0) {
          const got = caller.call("read", { fd: 0, buf: BUFFER, count: size });
          const expected = model.read(size);
          if (expected === "again") expect(caller.errno(got)).toBe("EAGAIN");
          else {
            expect(got).toBe(expected.length);
            expect([...caller.read(BUFFER, expected.length)]).toEqual(expected);
          }
        } else if (op === "close-reader" && model.readers > 0) {
          caller.call("close", { fd: 0 });
          model.readers = 0;
        } else if (op === "close-writer" && model.writers > 0) {
          caller.call("close", { fd: 1 });
          model.writers = 0;
        }
      }
      caller.task.files.close(lab.machine);
      expect([lab.machine.pipes.used, lab.machine.filp.used]).toEqual([0, 0]);
    }),
    { numRuns: 25 },
  );
});

test("law: whatever waits at a pipe, every byte that is written is read once and in order", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 3 * PAGE_SIZE }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      sizes,
      sizes,
      fc.array(fc.boolean(), { minLength: 40, maxLength: 80 }),
      (writes, reads, turns) => {
        const lab = new Lab({ arch: "x86_64", profile: "clone3-614" });
        lab.caller.call("pipe", { fildes: SCRATCH - PAGE_SIZE });
        const [writer, reader] = [lab.fork(), lab.fork()];
        for (const fd of [0, 1]) lab.caller.call("close", { fd });
        writer.call("close", { fd: 0 });
        reader.call("close", { fd: 1 });
        let sent = 0;
        const received: number[] = [];
        let waiting = 0;
        const take = (n: number | null): void => {
          if (n !== null && n > 0) received.push(...reader.read(BUFFER, n));
        };
        for (const turn of turns) {
          if (turn && writer.task.state === "running") {
            const size = writes[sent % writes.length] ?? 1;
            writer.write(
              BUFFER,
              Uint8Array.from({ length: size }, (_, i) => (total(sent) + i) & 255),
            );
            sent++;
            writer.call("write", { fd: 1, buf: BUFFER, count: size });
          } else if (!turn && reader.task.state === "running") {
            waiting = reads[received.length % reads.length] ?? 1;
            take(reader.call("read", { fd: 0, buf: BUFFER, count: waiting }));
            if (reader.task.state === "running") waiting = 0;
          }
          if (waiting > 0 && reader.task.state === "running") {
            take(reader.result);
            waiting = 0;
          }
        }
        function total(n: number): number {
          let bytes = 0;
          for (let i = 0; i < n; i++) bytes += writes[i % writes.length] ?? 1;
          return bytes;
        }
        // The writer goes, and what it has moved is still there.
        lab.machine.kill(writer.task);
        lab.machine.settle();
        if (waiting > 0 && reader.task.state === "running") take(reader.result);
        for (let n = -1; n !== 0 && reader.task.state === "running"; ) {
          n = reader.call("read", { fd: 0, buf: BUFFER, count: 2 * PAGE_SIZE }) ?? 0;
          take(n);
        }
        expect(received).toEqual(received.map((_, i) => i & 255));
        expect(received.length).toBeLessThanOrEqual(total(sent));
        expect(new Guest(lab.machine, reader.task).task.state).toBe("running");
      },
    ),
    { numRuns: 15 },
  );
});

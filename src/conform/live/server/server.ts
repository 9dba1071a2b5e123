import type { ChildProcess } from "node:child_process";
import type { Bits } from "../asm/encodings.ts";
import type { CaseProgram } from "../program/case-program.ts";
import { CannotStart, startProgram } from "./executable.ts";
import { requestOf } from "./request.ts";
import { serverElf } from "./server-program.ts";
import { HELLO, PUT_DOWN, REPLY } from "./state.ts";

/** What a server said to a case. */
export interface Reply {
  /** The first task's wait status. */
  readonly status: number;
  /** It did nothing for too long, and all of it was killed. */
  readonly putDown: boolean;
  /** It could not even be killed. */
  readonly stuck: boolean;
  /** Why there was no first task: an errno, negative; 0 when there was one. */
  readonly forkError: number;
  readonly report: DataView;
}

interface Waiting {
  readonly replySize: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** How long a server may take to get ready, and how much longer a case may take than its patience. */
const SLOW_MILLISECONDS = 10_000;

/** A server that ended, or was ended because it said nothing any more: one line. */
export class ServerLost extends Error {}

/** A running server: cases in, answers out, in order. */
export class Server {
  /** Tasks run in a strict order: by priority. */
  readonly strict: boolean;
  private readonly child: ChildProcess;
  private readonly anchor: number;
  private readonly stream: Stream;
  private readonly waiting: Waiting[] = [];
  private watchdog: NodeJS.Timeout | null = null;
  private lost: ServerLost | null = null;

  private constructor(child: ChildProcess, stream: Stream, hello: DataView) {
    this.child = child;
    this.stream = stream;
    this.strict = hello.getInt32(HELLO.priority, true) === 0;
    this.anchor = hello.getInt32(HELLO.anchor, true);
    stream.onData = () => this.take();
    stream.onEnd = (why) => this.lose(why);
  }

  /** Starts one. @throws CannotStart when the machine does not run it */
  static async start(bits: Bits, cpu: number): Promise<Server> {
    const child = await startProgram(serverElf(bits, cpu));
    const stream = new Stream(child);
    const hello = await stream.first(HELLO.size);
    return new Server(child, stream, hello);
  }

  /** Cases that are not answered yet. */
  get load(): number {
    return this.waiting.length;
  }

  /** It takes no more cases. */
  get ended(): boolean {
    return this.lost !== null;
  }

  /** Runs a case. @throws ServerLost when the server ends before it answers */
  run(program: CaseProgram, patience: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.lost !== null) {
        reject(this.lost);
        return;
      }
      this.waiting.push({ replySize: REPLY.size + program.plan.size, resolve, reject });
      this.child.stdin?.write(messageOf(program, patience));
      this.watch();
    });
  }

  /** Ends it when it has answered what it was asked. */
  close(): void {
    this.child.stdin?.end();
  }

  private take(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const bytes = this.stream.take(next.replySize);
      if (bytes === null) break;
      this.waiting.shift();
      const head = new DataView(bytes.buffer, bytes.byteOffset, REPLY.size);
      next.resolve({
        status: head.getUint32(REPLY.status, true),
        putDown: head.getUint32(REPLY.putDown, true) !== 0,
        stuck: head.getUint32(REPLY.putDown, true) === PUT_DOWN.inVain,
        forkError: head.getInt32(REPLY.forkError, true),
        report: new DataView(bytes.buffer, bytes.byteOffset + REPLY.size, bytes.length - REPLY.size),
      });
    }
    this.watch();
  }

  /** Whoever says nothing for too long is ended, with all it has started. */
  private watch(): void {
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.watchdog = null;
    if (this.waiting.length === 0 || this.lost !== null) return;
    this.watchdog = setTimeout(() => this.kill(), SLOW_MILLISECONDS);
  }

  private kill(): void {
    this.child.kill("SIGKILL");
    try {
      process.kill(-this.anchor, "SIGKILL");
    } catch {
      // Nothing is left of the case.
    }
    this.lose("it said nothing for too long");
  }

  private lose(why: string): void {
    if (this.lost !== null) return;
    this.lost = new ServerLost(`the program that runs cases was lost: ${why}`);
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    for (const { reject } of this.waiting.splice(0)) reject(this.lost);
  }
}

function messageOf(program: CaseProgram, patience: number): Uint8Array {
  const request = requestOf(program, patience);
  const message = new Uint8Array(request.length + program.code.length);
  message.set(request);
  message.set(program.code, request.length);
  return message;
}

/** What a program writes, to be taken in pieces of known length. */
class Stream {
  onData: () => void = () => {};
  onEnd: (why: string) => void = () => {};
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(child: ChildProcess) {
    child.stdout?.on("data", (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.length += chunk.length;
      this.onData();
    });
    // A program that ends leaves its pipe broken: that it ended is told by its end.
    child.stdin?.on("error", () => {});
    child.once("exit", (code, signal) =>
      this.onEnd(signal === null ? `it exited with ${code}` : `${signal} ended it`),
    );
  }

  /** The next `size` bytes, or null while there are fewer. */
  take(size: number): Uint8Array | null {
    if (this.length < size) return null;
    const [first] = this.chunks;
    const all = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks);
    const rest = all.subarray(size);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.length -= size;
    return all.subarray(0, size);
  }

  /** The very first bytes. @throws CannotStart when the program ends without them */
  first(size: number): Promise<DataView> {
    return new Promise((resolve, reject) => {
      const slow = setTimeout(() => this.onEnd("it did not get ready"), SLOW_MILLISECONDS);
      this.onEnd = (why) => {
        clearTimeout(slow);
        reject(new CannotStart(why));
      };
      this.onData = () => {
        const bytes = this.take(size);
        if (bytes === null) return;
        clearTimeout(slow);
        resolve(new DataView(bytes.buffer, bytes.byteOffset, size));
      };
    });
  }
}

import { AccessLog } from "../mm/access-log.ts";

/** Accesses of one call after which it counts as hanging. */
const MOST = 16_384;

/** A call made more accesses to user memory than any call has a use for; the gate makes an oops of it. */
export class Hang extends Error {
  constructor() {
    super(`hangs: more than ${MOST} accesses to user memory in one call`);
  }
}

/** An access log that allocates nothing: what the lab runs with. */
export class Tape extends AccessLog {
  /** Accesses on the tape. */
  length = 0;
  readonly op: string[] = new Array<string>(MOST).fill("");
  readonly write: Uint8Array = new Uint8Array(MOST);
  readonly address: Float64Array = new Float64Array(MOST);
  readonly size: Float64Array = new Float64Array(MOST);
  /** Bytes that went through. */
  readonly done: Float64Array = new Float64Array(MOST);
  /** The pointer whose object was accessed: an axis, {@link NOBODY} or {@link SEVERAL}. */
  readonly site: Int16Array = new Int16Array(MOST);

  override record(op: string, access: "read" | "write", address: number, length: number, done: number): void {
    const i = this.length;
    if (i >= MOST) throw new Hang();
    this.op[i] = op;
    this.write[i] = access === "write" ? 1 : 0;
    this.address[i] = address;
    this.size[i] = length;
    this.done[i] = done;
    this.length = i + 1;
  }

  override clear(): void {
    this.length = 0;
  }
}

/** No pointer's object lies there. */
export const NOBODY = -1;
/** More than one pointer's object does. */
export const SEVERAL = -2;

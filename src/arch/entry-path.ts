import type { DataModel } from "../abi/data-model.ts";
import { errnoNumber } from "../abi/errno.ts";
import type { TableId } from "../abi/numbers.ts";
import type { ArgOrder } from "../abi/syscall.ts";
import type { ArchName } from "./arch-name.ts";
import type { Convention } from "./convention.ts";
import { indexOf, type PtRegs, type PtRegsLayout } from "./pt-regs.ts";

/** Every way in, in a fixed order. */
export const ENTRY_PATH_NAMES = [
  "x86_64/syscall",
  "x86_64/int80",
  "ia32/int80",
  "i386/int80",
  "i386/sysenter",
  "arm64/svc",
  "riscv64/ecall",
  "s390x/svc",
  "powerpc64/sc",
] as const;

/** The ways into the kernel. The table belongs to the path, not to the process. */
export type EntryPathName = (typeof ENTRY_PATH_NAMES)[number];

/** What of the entry differs by era. */
export interface EntryEra {
  /** N-02: 2009 compares all 64 bits of rax with the table size; today the low 32 count (N-03). */
  readonly wideNumber: boolean;
}

const ENOSYS = errnoNumber("ENOSYS");
const WORD = 2 ** 32;

/** Where tls stands among clone's arguments. */
const TLS_SEAT: Readonly<Record<ArgOrder, number>> = {
  default: 4,
  backwards: 3,
  backwards2: 4,
  backwards3: 5,
};

/** One way in: a convention bound to a register image. */
export class EntryPath {
  readonly name: EntryPathName;
  /** Position in {@link ENTRY_PATH_NAMES}: what per-path tables are indexed by. */
  readonly index: number;
  readonly convention: Convention;
  readonly table: TableId;
  readonly model: DataModel;
  /** The kernel that has this entry. */
  readonly kernel: ArchName;
  readonly layout: PtRegsLayout;
  /** A 32-bit call to a 64-bit kernel (in_compat_syscall): its structs have i386's layout and handlers of their own. */
  readonly compat: boolean;
  /** Arguments are 64-bit words; otherwise the low 32 bits, zero-extended (N-05). */
  readonly wide: boolean;
  /** The sixth argument is the word at the user's ebp (N-10). */
  readonly sixthOnStack: boolean;
  /** Indices of 32-bit words inside the image. */
  readonly nrIndex: number;
  readonly argIndex: readonly number[];
  readonly resultIndex: number;
  /** Of the stack pointer. */
  readonly spIndex: number;
  /** Of the argument that clone of this architecture calls tls. */
  readonly tlsIndex: number;
  private readonly keptIndex: number;
  /** Indices of the 64-bit words that an instruction with clobbers copies; −1 where it has none. */
  private readonly ipIndex: number;
  private readonly flagsIndex: number;
  private readonly cxIndex: number;
  private readonly r11Index: number;
  private readonly image64: boolean;

  constructor(name: EntryPathName, convention: Convention, layout: PtRegsLayout, sixthOnStack = false) {
    this.name = name;
    this.index = ENTRY_PATH_NAMES.indexOf(name);
    this.convention = convention;
    this.table = convention.table;
    this.model = convention.model;
    this.kernel = layout.arch;
    this.layout = layout;
    this.image64 = this.layout.wordSize === 8;
    this.wide = convention.model.long === 8;
    this.compat = this.image64 && !this.wide;
    this.sixthOnStack = sixthOnStack;
    const at = (register: string): number => indexOf(this.layout, register);
    this.nrIndex = at(convention.number);
    this.argIndex = convention.args.map(at);
    this.resultIndex = at(convention.result);
    this.spIndex = at(layout.sp);
    this.tlsIndex = this.argIndex[TLS_SEAT[convention.cloneOrder]] as number;
    this.keptIndex = at(layout.kept);
    const copies = convention.clobbers.includes("r11") && convention.clobbers.includes("cx");
    const wide = (register: string): number => (copies ? at(register) >>> 1 : -1);
    this.ipIndex = wide("ip");
    this.flagsIndex = wide("flags");
    this.cxIndex = wide("cx");
    this.r11Index = wide("r11");
  }

  /**
   * Keeps what the result register holds (on x86 the number, elsewhere the first argument), and returns the table index
   * the number asks for; −1 for one beyond every table (N-01 … N-03, N-05).
   */
  begin({ i32, base }: PtRegs, era: EntryEra): number {
    const from = base + this.nrIndex;
    const kept = base + this.resultIndex;
    const to = base + this.keptIndex;
    const nr = i32[from] as number;
    i32[to] = i32[kept] as number;
    if (this.image64 === true) {
      i32[to + 1] = i32[kept + 1] as number;
      if (i32[from + 1] !== 0 && this.counts(era)) return -1;
    }
    return nr < 0 ? -1 : nr;
  }

  /** The upper half of the number counts. */
  private counts(era: EntryEra): boolean {
    const { numberHalf } = this.convention;
    return this.wide && (numberHalf === undefined ? era.wideNumber : numberHalf === "both");
  }

  /** The call begins anew: the result register is as {@link begin} found it. */
  rewind({ i32, base }: PtRegs): void {
    const at = base + this.resultIndex;
    const from = base + this.keptIndex;
    i32[at] = i32[from] as number;
    if (this.image64) i32[at + 1] = i32[from + 1] as number;
  }

  /**
   * Presets the result to −ENOSYS (N-04), as x86 does. The kernel does it at every entry; here it is done for a call
   * that does not answer at once, for nobody can see it otherwise.
   */
  preset({ i32, base }: PtRegs): void {
    if (this.nrIndex !== this.resultIndex) return;
    const at = base + this.resultIndex;
    i32[at] = -ENOSYS;
    if (this.image64) i32[at + 1] = -1;
  }

  /**
   * Stores the result, sign-extended to the image's width, and what the instruction clobbers; nothing else changes
   * (N-08, N-09, N-14).
   * @param result a safe integer; −4095 … −1 is an error
   */
  finish(regs: PtRegs, result: number): void {
    const { i32, base } = regs;
    const at = base + this.resultIndex;
    i32[at] = result;
    if (this.image64 === true) i32[at + 1] = highWord(result);
    if (this.cxIndex < 0) return;
    const { u64 } = regs;
    const half = base >>> 1;
    u64[half + this.cxIndex] = u64[half + this.ipIndex] as bigint;
    u64[half + this.r11Index] = u64[half + this.flagsIndex] as bigint;
  }

  /** As {@link finish} with a result of two words, of which a 32-bit image holds the low one. */
  finishWords(regs: PtRegs, lo: number, hi: number): void {
    this.finish(regs, 0);
    const at = regs.base + this.resultIndex;
    regs.u32[at] = lo;
    if (this.image64 === true) regs.u32[at + 1] = hi;
  }

  /** The result as a signed number; an errno is negative, whatever the convention makes of it. */
  result({ u32, i32, base }: PtRegs): number {
    const at = base + this.resultIndex;
    if (!this.image64) return i32[at] as number;
    return (i32[at + 1] as number) * WORD + (u32[at] as number);
  }

  /** The child of a fork comes back from the same instruction with 0 (N-12). */
  childReturn(regs: PtRegs): void {
    this.finish(regs, 0);
  }
}

/** The upper half of a result in two's complement. */
function highWord(result: number): number {
  return result === (result | 0) ? result >> 31 : Math.floor(result / WORD);
}

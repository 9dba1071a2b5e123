import type { DataModel } from "../abi/data-model.ts";
import { errnoNumber } from "../abi/errno.ts";
import type { TableId } from "../abi/numbers.ts";
import {
  CONVENTION_I386,
  CONVENTION_IA32,
  CONVENTION_SYSENTER,
  CONVENTION_X86_64,
  type Convention,
} from "./convention.ts";
import { indexOf, PT_REGS_I386, PT_REGS_X86_64, type PtRegs, type PtRegsLayout } from "./pt-regs.ts";

/** The ways into the kernel. The table belongs to the path, not to the process. */
export type EntryPathName = "x86_64/syscall" | "x86_64/int80" | "ia32/int80" | "i386/int80" | "i386/sysenter";

/** Every way in, in a fixed order. */
export const ENTRY_PATH_NAMES: readonly EntryPathName[] = [
  "x86_64/syscall",
  "x86_64/int80",
  "ia32/int80",
  "i386/int80",
  "i386/sysenter",
];

/** What of the entry differs by era. */
export interface EntryEra {
  /** N-02: 2009 compares all 64 bits of rax with the table size; today the low 32 count (N-03). */
  readonly wideNumber: boolean;
}

const ENOSYS = errnoNumber("ENOSYS");
const WORD = 2 ** 32;

/** One way in: a convention bound to a register image. */
export class EntryPath {
  readonly name: EntryPathName;
  /** Position in {@link ENTRY_PATH_NAMES}: what per-path tables are indexed by. */
  readonly index: number;
  readonly convention: Convention;
  readonly table: TableId;
  readonly model: DataModel;
  /** The kernel that has this entry. */
  readonly kernel: "x86_64" | "i386";
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
  private readonly origIndex: number;
  /** Indices of the 64-bit words that an instruction with clobbers copies; −1 where it has none. */
  private readonly ipIndex: number;
  private readonly flagsIndex: number;
  private readonly cxIndex: number;
  private readonly r11Index: number;
  private readonly image64: boolean;

  constructor(name: EntryPathName, convention: Convention, kernel: "x86_64" | "i386", sixthOnStack = false) {
    this.name = name;
    this.index = ENTRY_PATH_NAMES.indexOf(name);
    this.convention = convention;
    this.table = convention.table;
    this.model = convention.model;
    this.kernel = kernel;
    this.layout = kernel === "x86_64" ? PT_REGS_X86_64 : PT_REGS_I386;
    this.image64 = this.layout.wordSize === 8;
    this.wide = convention.model.long === 8;
    this.compat = this.image64 && !this.wide;
    this.sixthOnStack = sixthOnStack;
    const at = (register: string): number => indexOf(this.layout, register);
    this.nrIndex = at(convention.number);
    this.argIndex = convention.args.map(at);
    this.resultIndex = at(convention.result);
    this.origIndex = at("orig_ax");
    const clobbers = convention.clobbers.length > 0;
    const wide = (register: string): number => (clobbers ? at(register) >>> 1 : -1);
    this.ipIndex = wide("ip");
    this.flagsIndex = wide("flags");
    this.cxIndex = wide("cx");
    this.r11Index = wide("r11");
  }

  /**
   * Keeps the number in orig_ax, and returns the table index it asks for; −1 for one beyond every table (N-01 … N-03,
   * N-05).
   */
  begin({ i32, base }: PtRegs, era: EntryEra): number {
    const from = base + this.nrIndex;
    const to = base + this.origIndex;
    const nr = i32[from] as number;
    i32[to] = nr;
    if (this.image64 === true) {
      const high = i32[from + 1] as number;
      i32[to + 1] = high;
      if (high !== 0 && this.counts(era)) return -1;
    }
    return nr < 0 ? -1 : nr;
  }

  /** The upper half of the number counts. */
  private counts(era: EntryEra): boolean {
    return this.wide && era.wideNumber;
  }

  /**
   * Presets the result to −ENOSYS (N-04). The kernel does it at every entry; here it is done for a call that does not
   * answer at once, for nobody can see it otherwise.
   */
  preset({ i32, base }: PtRegs): void {
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

  /** The child of a fork comes back from the same instruction with 0 (N-12). */
  childReturn(regs: PtRegs): void {
    this.finish(regs, 0);
  }
}

/** The upper half of a result in two's complement. */
function highWord(result: number): number {
  return result === (result | 0) ? result >> 31 : Math.floor(result / WORD);
}

/** Every way in, by name. */
export const ENTRY_PATHS: Readonly<Record<EntryPathName, EntryPath>> = {
  "x86_64/syscall": new EntryPath("x86_64/syscall", CONVENTION_X86_64, "x86_64"),
  "x86_64/int80": new EntryPath("x86_64/int80", CONVENTION_IA32, "x86_64"),
  "ia32/int80": new EntryPath("ia32/int80", CONVENTION_IA32, "x86_64"),
  "i386/int80": new EntryPath("i386/int80", CONVENTION_I386, "i386"),
  "i386/sysenter": new EntryPath("i386/sysenter", CONVENTION_SYSENTER, "i386", true),
};

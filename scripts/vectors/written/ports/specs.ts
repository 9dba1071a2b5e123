import { CLONE } from "../../../../src/abi/structs/index.ts";
import type {
  Arg,
  Expect,
  ExpectedMemory,
  Operation,
  Patch,
  SysOperation,
  Vector,
} from "../../../../src/conform/vector.ts";
import { hex } from "../../draft.ts";
import type { Said } from "../case.ts";
import { chooserOf, type PortCall, type Processor, words32, words64 } from "./processor.ts";

/** The page of every case, what lies in it, and an address where nothing is. */
export const AT = {
  page: 0x1000_0000,
  struct: 0x1000_0040,
  array: 0x1000_0100,
  parentTid: 0x1000_0300,
  childTid: 0x1000_0308,
  out: 0x1000_0400,
  stack: 0x1000_0f00,
  end: 0x1000_1000,
  hole: 0x1337_0000,
} as const;

export type Era = "cwp-v2" | "cwp-v3" | "eclone" | "clone3-614";
type Struct = Readonly<Partial<Record<Clone3Field, number | bigint>>>;
type Clone3Field = (typeof CLONE3)[number];
type Registers = Readonly<Record<string, string | number>>;

const CLONE3 = [
  "flags",
  "pidfd",
  "child_tid",
  "parent_tid",
  "exit_signal",
  "stack",
  "stack_size",
  "tls",
  "set_tid",
  "set_tid_size",
  "cgroup",
] as const;

/** One case, said once for every processor. */
export interface PortSpec {
  readonly name: string;
  readonly rules: readonly string[];
  readonly era: Era;
  readonly note?: string;
  readonly caps?: Vector["caps"];
  readonly only?: (cpu: Processor) => boolean;
  readonly make: (say: Saying) => Made;
}

/** What a case comes to on one processor. */
export interface Made {
  readonly program: readonly Operation[];
  readonly answers: Readonly<Record<string, Said>>;
  readonly pids?: Expect["pids"];
  readonly memory?: Readonly<Record<string, readonly ExpectedMemory[]>>;
  readonly regs?: Expect["regs"];
}

/** Says calls in the words of one processor, and keeps what they need in memory. */
export class Saying {
  readonly cpu: Processor;
  readonly data: Patch[] = [];
  private readonly era: Era;

  constructor(cpu: Processor, era: Era) {
    this.cpu = cpu;
    this.era = era;
  }

  put32(at: number, ...values: number[]): void {
    this.data.push({ off: at - AT.page, hex: words32(this.cpu, values) });
  }

  put64(at: number, ...values: (number | bigint)[]): void {
    this.data.push({ off: at - AT.page, hex: words64(this.cpu, values) });
  }

  call(
    label: string,
    name: PortCall,
    args: readonly Arg[] = [],
    more: Partial<SysOperation> = {},
  ): SysOperation {
    return { op: "sys", label, name, nr: this.cpu.numbers[name], args, ...more };
  }

  /** clone, its arguments in the processor's order. */
  clone(
    label: string,
    wish: Readonly<Partial<Record<"flags" | "stack" | "ptid" | "ctid" | "tls", number>>>,
    more: Partial<SysOperation> = { child: [] },
  ): SysOperation {
    const { flags = 17, stack = 0, ptid = 0, ctid = 0, tls = 0 } = wish;
    const words = this.cpu.stackFirst ? [stack, flags, ptid, ctid, tls] : [flags, stack, ptid, tls, ctid];
    return this.call(label, "clone", words.map(word), more);
  }

  /** clone_with_pids of an LP64 program: a count, a hole, a pointer. */
  cwp(
    label: string,
    wish: Readonly<{
      flags?: number;
      stack?: number;
      ptid?: number;
      ctid?: number;
      tls?: number;
      pids?: readonly number[];
      count?: number;
      set?: number;
      array?: number;
    }>,
    more: Partial<SysOperation> = { child: [] },
  ): SysOperation {
    const { flags = 17, stack = 0, ptid = 0, ctid = 0, tls = 0, pids } = wish;
    if (pids !== undefined) {
      this.put32(AT.array, ...pids);
      // What is in the hole is nobody's.
      this.put32(AT.struct, wish.count ?? pids.length, 0x55aa_55aa);
      this.put64(AT.struct + 8, wish.array ?? AT.array);
    }
    const set = wish.set ?? (pids === undefined ? 0 : AT.struct);
    const words = this.cpu.stackFirst
      ? [stack, flags, ptid, ctid, tls, set]
      : [flags, stack, ptid, tls, ctid, set];
    const nr = chooserOf(this.cpu.arch, this.era === "cwp-v2" ? "cwp-v2" : "cwp-v3");
    return { op: "sys", label, name: "clone_with_pids", nr, args: words.map(word), ...more };
  }

  /** eclone: a struct of 48 bytes and an array. */
  eclone(
    label: string,
    wish: Readonly<{
      flags?: number;
      size?: number;
      pids?: readonly number[];
      high?: bigint;
      stack?: number;
      stackSize?: number;
      ptid?: number;
      ctid?: number;
      count?: number;
      reserved?: number;
      struct?: number;
      array?: number;
    }>,
    more: Partial<SysOperation> = { child: [] },
  ): SysOperation {
    const {
      flags = 17,
      size = 48,
      pids = [],
      high = 0n,
      stack = 0,
      stackSize = 0,
      ptid = 0,
      ctid = 0,
    } = wish;
    this.put64(AT.struct, high, stack, stackSize, ptid, ctid);
    this.put32(AT.struct + 40, wish.count ?? pids.length, wish.reserved ?? 0);
    this.put32(AT.array, ...pids);
    const args = [flags, wish.struct ?? AT.struct, size, wish.array ?? (pids.length > 0 ? AT.array : 0)];
    return {
      op: "sys",
      label,
      name: "eclone",
      nr: chooserOf(this.cpu.arch, "eclone"),
      args: args.map(word),
      ...more,
    };
  }

  /** clone3: eleven 64-bit words, the same on every processor but for their bytes. */
  clone3(
    label: string,
    fields: Struct,
    { size = 88, at = AT.struct, ...more }: Partial<SysOperation> & { size?: number; at?: number } = {},
  ): SysOperation {
    this.put64(AT.struct, ...CLONE3.map((name) => fields[name] ?? (name === "exit_signal" ? 17 : 0)));
    return this.call(label, "clone3", [word(at), size], { child: [], ...more });
  }

  /** How a failed call stands in the registers (N-14). */
  failed(errno: number): Record<string, string> {
    const { result, flag } = this.cpu;
    return flag === null
      ? { [result]: hex(-errno) }
      : { [result]: hex(errno), [flag.register]: hex(flag.bit) };
  }

  /** How a value does. */
  returned(value: number): Record<string, string> {
    const { result, flag } = this.cpu;
    return { [result]: hex(value), ...(flag === null ? {} : { [flag.register]: "0x0" }) };
  }

  /** Registers with a value before the call, and what they hold after it. */
  keeps(): Registers {
    return { [this.cpu.kept[0]]: "0x1122334455667788", [this.cpu.kept[1]]: hex(-2) };
  }

  memory(at: number, bits: 32 | 64, ...values: (number | bigint)[]): ExpectedMemory {
    return {
      addr: hex(at),
      hex: bits === 32 ? words32(this.cpu, values.map(Number)) : words64(this.cpu, values),
    };
  }
}

function word(value: number): Arg {
  return value >= 0 && value < 0x1000 ? value : hex(value);
}

const SETTID = CLONE.PARENT_SETTID | CLONE.CHILD_SETTID;
const TODAY = { era: "clone3-614" } as const;
/** Called by nobody on any of the processors. */
const NOBODY = 4000;

/** The entry, and what it leaves behind. */
const ENTRY: readonly PortSpec[] = [
  {
    ...TODAY,
    name: "a number beyond the table",
    rules: ["N-01", "N-14"],
    make: (say) => ({
      program: [
        { op: "sys", label: "c", nr: NOBODY, args: [1, 2, 3, 4, 5, 6], regs: say.keeps(), captureRegs: true },
      ],
      answers: { c: "ENOSYS" },
      regs: { c: { ...say.keeps(), ...say.failed(38) } },
    }),
  },
  {
    ...TODAY,
    name: "a negative number",
    rules: ["N-01", "N-14"],
    make: (say) => ({
      program: [{ op: "sys", label: "c", nr: -1, args: [], captureRegs: true }],
      answers: { c: "ENOSYS" },
      regs: { c: say.failed(38) },
    }),
  },
  {
    ...TODAY,
    name: "the upper half of the number",
    rules: ["N-03"],
    note: "arm64 and s390x look at the low half, riscv64 and powerpc64 at all of it",
    make: (say) => ({
      program: [
        { op: "sys", label: "c", nr: hex(0xdead_beef_0000_0000n | BigInt(say.cpu.numbers.getpid)), args: [] },
      ],
      answers: { c: say.cpu.wideNumber ? "ENOSYS" : 1 },
    }),
  },
  {
    ...TODAY,
    name: "registers a call keeps",
    rules: ["N-14"],
    make: (say) => {
      const args = Object.fromEntries(say.cpu.args.slice(1).map((name, i) => [name, hex(0x7000 + i)]));
      const kept = Object.entries(args).filter(([name]) => !say.cpu.lost.includes(name));
      const sp = { [say.cpu.sp]: hex(AT.stack) };
      return {
        program: [
          { ...say.call("c", "getpid"), regs: { ...say.keeps(), ...args, ...sp }, captureRegs: true },
        ],
        answers: { c: 1 },
        regs: { c: { ...say.keeps(), ...Object.fromEntries(kept), ...sp, ...say.returned(1) } },
      };
    },
  },
  {
    ...TODAY,
    name: "an errno, and a value after it",
    rules: ["N-14"],
    make: (say) => ({
      program: [
        say.call("no", "kill", [4242, 0], { captureRegs: true }),
        say.call("yes", "kill", [1, 0], { captureRegs: true }),
      ],
      answers: { no: "ESRCH", yes: 0 },
      regs: { no: say.failed(3), yes: say.returned(0) },
    }),
  },
  {
    ...TODAY,
    name: "an int is the low half of its register",
    rules: ["N-07"],
    make: (say) => ({
      program: [say.call("c", "kill", ["0xdeadbeef00000001", "0xdeadbeef00000000"])],
      answers: { c: 0 },
    }),
  },
];

/** clone today: the order of its arguments, the child's registers, the words it writes. */
const CLONE_TODAY: readonly PortSpec[] = [
  {
    ...TODAY,
    name: "the order of clone's arguments",
    rules: ["L-04", "P-29", "P-30", "B-21"],
    note: "BACKWARDS: flags, stack, parent_tid, tls, child_tid; BACKWARDS2 of s390: stack, flags, parent_tid, child_tid, tls",
    make: (say) => {
      const tls = 0x7_6543_2100;
      const child = { child: [say.call("pid", "getpid")], childDump: true, captureChildRegs: true };
      const flags = 17 | SETTID | CLONE.SETTLS;
      return {
        program: [
          say.clone("c", { flags, stack: AT.stack, ptid: AT.parentTid, ctid: AT.childTid, tls }, child),
          say.call("w", "wait4", [-1, 0, 0, 0]),
        ],
        answers: { c: 2, pid: 2, w: 2 },
        memory: {
          main: [{ addr: hex(AT.parentTid), pid: "@c" }],
          c: [{ addr: hex(AT.childTid), pid: "@c" }],
        },
        regs: {
          "child:c": {
            ...say.returned(0),
            [say.cpu.sp]: hex(AT.stack),
            ...(say.cpu.tls === null ? {} : { [say.cpu.tls]: hex(tls) }),
          },
        },
      };
    },
  },
  {
    ...TODAY,
    name: "no stack leaves the child on the caller's",
    rules: ["L-04"],
    make: (say) => ({
      program: [
        say.clone("c", {}, { child: [], regs: { [say.cpu.sp]: "0x7000" }, captureChildRegs: true }),
        say.call("w", "wait4", [-1, 0, 0, 0]),
      ],
      answers: { c: 2, w: 2 },
      regs: { "child:c": { [say.cpu.sp]: "0x7000", ...say.returned(0) } },
    }),
  },
  ...(
    [
      ["THREAD without SIGHAND", "P-03", CLONE.THREAD],
      ["SIGHAND without VM", "P-04", CLONE.SIGHAND],
      ["NEWNS and FS", "P-01", CLONE.NEWNS | CLONE.FS],
    ] as const
  ).map(
    ([name, rule, flags]): PortSpec => ({
      ...TODAY,
      name,
      rules: [rule],
      make: (say) => ({
        program: [say.clone("c", { flags }, { child: [], captureRegs: true })],
        answers: { c: "EINVAL" },
        regs: { c: say.failed(22) },
      }),
    }),
  ),
  {
    ...TODAY,
    name: "a parent_tid that cannot be written",
    rules: ["P-29"],
    make: (say) => ({
      program: [
        say.clone("c", { flags: 17 | CLONE.PARENT_SETTID, ptid: AT.hole }),
        say.call("w", "wait4", [-1, 0, 0, 0]),
      ],
      answers: { c: 2, w: 2 },
    }),
  },
];

/** Words of every width that the kernel reads and writes. */
const WORDS: readonly PortSpec[] = [
  {
    ...TODAY,
    name: "a wait status",
    rules: ["N-14"],
    make: (say) => ({
      program: [
        say.clone("c", {}, { child: [say.call("end", "exit_group", [7])] }),
        say.call("w", "wait4", [-1, hex(AT.out), 0, 0]),
      ],
      answers: { c: 2, end: null, w: 2 },
      memory: { main: [say.memory(AT.out, 32, 0x700)] },
    }),
  },
  {
    ...TODAY,
    name: "a siginfo of waitid",
    rules: ["N-14"],
    make: (say) => {
      say.put64(AT.out, ...new Array<number>(16).fill(0));
      return {
        program: [
          say.clone("c", {}, { child: [], childExit: 7 }),
          say.call("w", "waitid", [0, 0, hex(AT.out), 4, 0]),
        ],
        answers: { c: 2, w: 0 },
        memory: {
          main: [
            say.memory(AT.out, 32, 17),
            say.memory(AT.out + 8, 32, 1),
            { addr: hex(AT.out + 16), pid: "@c" },
            say.memory(AT.out + 24, 32, 7),
          ],
        },
      };
    },
  },
  {
    ...TODAY,
    name: "a signal mask",
    rules: ["N-14"],
    note: "SIGKILL and SIGSTOP are taken out of what is asked",
    make: (say) => {
      say.put64(AT.struct, 0x8000_0001_0004_0102n, 0);
      return {
        program: [
          say.call("set", "rt_sigprocmask", [2, hex(AT.struct), 0, 8]),
          say.call("get", "rt_sigprocmask", [0, 0, hex(AT.struct + 8), 8]),
        ],
        answers: { set: 0, get: 0 },
        memory: { main: [say.memory(AT.struct + 8, 64, 0x8000_0001_0000_0002n)] },
      };
    },
  },
  {
    ...TODAY,
    name: "a resource limit",
    rules: ["N-14"],
    make: (say) => {
      say.put64(AT.struct, 0x1_0000_0002n, 0x3_0000_0004n, 0, 0);
      return {
        program: [
          say.call("set", "prlimit64", [0, 9, hex(AT.struct), 0]),
          say.call("get", "prlimit64", [0, 9, 0, hex(AT.struct + 16)]),
        ],
        answers: { set: 0, get: 0 },
        memory: { main: [say.memory(AT.struct + 16, 64, 0x1_0000_0002n, 0x3_0000_0004n)] },
      };
    },
  },
  {
    ...TODAY,
    name: "a vector, through a pipe",
    rules: ["N-14"],
    note: "what goes through a pipe are bytes, in no order of words",
    make: (say) => {
      say.put64(AT.struct, AT.array, 3);
      say.data.push({ off: AT.array - AT.page, hex: "010203" });
      say.put32(AT.out, 0, 0, 0);
      return {
        program: [
          say.call("p", "pipe2", [hex(AT.out), 0]),
          say.call("w", "writev", [4, hex(AT.struct), 1]),
          say.call("r", "read", [3, hex(AT.out + 8), 8]),
        ],
        answers: { p: 0, w: 3, r: 3 },
        memory: { main: [say.memory(AT.out, 32, 3, 4), { addr: hex(AT.out + 8), hex: "01020300" }] },
      };
    },
  },
  {
    ...TODAY,
    name: "a pointer",
    rules: ["N-14"],
    make: (say) => ({
      program: [
        say.call("set", "set_tid_address", [hex(AT.childTid)]),
        say.call("get", "prctl", [40, hex(AT.out), 0, 0, 0]),
      ],
      answers: { set: 1, get: 0 },
      memory: { main: [say.memory(AT.out, 64, AT.childTid)] },
    }),
  },
];

/** clone_with_pids: the set as an LP64 program has it, and the ladder in front of the numbers. */
const CWP: readonly PortSpec[] = [
  ...(["cwp-v2", "cwp-v3"] as const).flatMap((era): PortSpec[] => [
    {
      era,
      name: "the array, oldest namespace first",
      rules: ["A-20", "A-28"],
      make: (say) => ({
        program: [
          say.cwp(
            "c",
            { pids: [500, 99], flags: 17 | CLONE.PARENT_SETTID, ptid: AT.parentTid },
            { child: [say.call("pid", "getpid")], captureRegs: true },
          ),
          { op: "nspid", of: "c" },
          say.call("w", "wait4", [99, 0, hex(0x4000_0000), 0]),
        ],
        answers: { c: 99, pid: 99, w: 99 },
        pids: { c: [500, 99] },
        memory: { main: [say.memory(AT.parentTid, 32, 99)] },
        regs: { c: say.returned(99) },
      }),
    },
    {
      era,
      name: "a short array serves the youngest namespace",
      rules: ["A-21", "A-23"],
      make: (say) => ({
        program: [
          say.cwp("c", { pids: [99] }),
          { op: "nspid", of: "c" },
          say.call("w", "wait4", [99, 0, hex(0x4000_0000), 0]),
        ],
        answers: { c: 99, w: 99 },
        pids: { c: ["*", 99] },
      }),
    },
    {
      era,
      name: "no set",
      rules: ["A-06"],
      caps: "none",
      make: (say) => ({
        program: [say.cwp("c", {}), say.call("w", "wait4", [-1, 0, hex(0x4000_0000), 0])],
        answers: { c: 2, w: 2 },
      }),
    },
    ...refusals(era, [
      ["a set where nothing is", "A-07", "EFAULT", 14, { pids: [9], set: AT.hole }],
      ["a set cut off at its last byte", "A-07", "EFAULT", 14, { pids: [9], set: AT.end - 15 }],
      ["a negative count", "A-09", "EINVAL", 22, { pids: [9], count: -1 }],
      ["more numbers than levels", "A-10", "EINVAL", 22, { pids: [9, 9, 9] }],
      ["an array where nothing is", "A-12", "EFAULT", 14, { pids: [9], array: AT.hole }],
      ["an array cut off at its last byte", "A-12", "EFAULT", 14, { pids: [9], array: AT.end - 3 }],
      ["a negative number", "A-41", "EINVAL", 22, { pids: [-5] }],
      ["a number beyond pid_max", "A-42", "EINVAL", 22, { pids: [32768] }],
      ["a number that is taken", "A-44", "EBUSY", 16, { pids: [1] }],
      ["NEWUSER and THREAD", "A-03", "EINVAL", 22, { flags: CLONE.NEWUSER | CLONE.THREAD }],
    ]),
    {
      era,
      name: "numbers without the capability",
      rules: ["A-13"],
      caps: "none",
      make: (say) => ({
        program: [say.cwp("c", { pids: [99] }, { child: [], captureRegs: true })],
        answers: { c: "EPERM" },
        regs: { c: say.failed(1) },
      }),
    },
    {
      era,
      name: "SETTLS takes the word where clone has it",
      rules: ["B-21"],
      only: ({ tls }) => tls !== null,
      make: (say) => ({
        program: [
          say.cwp(
            "c",
            { pids: [99], flags: 17 | CLONE.SETTLS, tls: 0x5_4321_0000 },
            { child: [], captureChildRegs: true },
          ),
          say.call("w", "wait4", [99, 0, hex(0x4000_0000), 0]),
        ],
        answers: { c: 99, w: 99 },
        regs: { "child:c": { [say.cpu.tls ?? ""]: hex(0x5_4321_0000) } },
      }),
    },
  ]),
  {
    era: "cwp-v2",
    name: "NEWPID together with numbers, v2",
    rules: ["A-14"],
    make: (say) => ({
      program: [say.cwp("c", { pids: [99], flags: 17 | CLONE.NEWPID }, { child: [], captureRegs: true })],
      answers: { c: "EINVAL" },
      regs: { c: say.failed(22) },
    }),
  },
  {
    era: "cwp-v3",
    name: "NEWPID together with numbers, v3",
    rules: ["A-25"],
    make: (say) => ({
      program: [
        say.cwp("c", { pids: [99], flags: 17 | CLONE.NEWPID }, { child: [say.call("pid", "getpid")] }),
        { op: "nspid", of: "c" },
        say.call("w", "wait4", [99, 0, hex(0x4000_0000), 0]),
      ],
      answers: { c: 99, pid: 1, w: 99 },
      pids: { c: ["*", 99, 1] },
    }),
  },
];

type CwpWish = Parameters<Saying["cwp"]>[1];

function refusals(
  era: Era,
  rows: readonly (readonly [name: string, rule: string, errno: string, nr: number, wish: CwpWish])[],
): PortSpec[] {
  return rows.map(([name, rule, errno, nr, wish]) => ({
    era,
    name,
    rules: [rule, "N-14"],
    make: (say) => ({
      program: [say.cwp("c", wish, { child: [], captureRegs: true })],
      answers: { c: errno },
      regs: { c: say.failed(nr) },
    }),
  }));
}

type EcloneWish = Parameters<Saying["eclone"]>[1];

const ECLONE_REFUSALS: readonly (readonly [
  name: string,
  rule: string,
  errno: string,
  nr: number,
  wish: EcloneWish,
])[] = [
  ["a size of 47", "E-01", "EINVAL", 22, { size: 47 }],
  ["a struct where nothing is", "E-02", "EFAULT", 14, { struct: AT.hole }],
  ["a struct cut off at its last byte", "E-02", "EFAULT", 14, { struct: AT.end - 47 }],
  ["reserved0 set", "E-03", "EINVAL", 22, { reserved: 0xdead }],
  ["the low half of clone_flags_high", "E-03", "EINVAL", 22, { high: 1n }],
  ["the high half of clone_flags_high", "E-03", "EINVAL", 22, { high: 1n << 33n }],
  ["a stack size", "E-04", "EINVAL", 22, { stackSize: 8192 }],
  ["more numbers than levels", "E-08", "EINVAL", 22, { pids: [9, 9, 9] }],
  ["an array where nothing is", "E-10", "EFAULT", 14, { pids: [9], array: AT.hole }],
  ["a number beyond pid_max", "E-41", "EINVAL", 22, { pids: [32768] }],
  ["a number that is taken", "E-45", "EBUSY", 16, { pids: [1] }],
];

const ECLONE: readonly PortSpec[] = [
  {
    era: "eclone",
    name: "two numbers, and the words it writes",
    rules: ["E-15", "E-16"],
    make: (say) => ({
      program: [
        say.eclone(
          "c",
          { pids: [377, 99], flags: 17 | SETTID, ptid: AT.parentTid, ctid: AT.childTid, stack: AT.stack },
          { child: [say.call("pid", "getpid")], childDump: true, captureRegs: true, captureChildRegs: true },
        ),
        { op: "nspid", of: "c" },
        say.call("w", "wait4", [99, 0, hex(0x4000_0000), 0]),
      ],
      answers: { c: 99, pid: 99, w: 99 },
      pids: { c: [377, 99] },
      memory: { main: [say.memory(AT.parentTid, 32, 99)], c: [say.memory(AT.childTid, 32, 99)] },
      regs: { c: say.returned(99), "child:c": { [say.cpu.sp]: hex(AT.stack), ...say.returned(0) } },
    }),
  },
  ...ECLONE_REFUSALS.map(
    ([name, rule, errno, nr, wish]): PortSpec => ({
      era: "eclone",
      name,
      rules: [rule, "N-14"],
      make: (say) => ({
        program: [say.eclone("c", wish, { child: [], captureRegs: true })],
        answers: { c: errno },
        regs: { c: say.failed(nr) },
      }),
    }),
  ),
  {
    era: "eclone",
    name: "no stack",
    rules: ["Q-02"],
    note: "powerpc hands the raw 0 on; elsewhere the child is on the caller's stack",
    make: (say) => ({
      program: [
        say.eclone("c", {}, { child: [], regs: { [say.cpu.sp]: "0x7000" }, captureChildRegs: true }),
        say.call("w", "wait4", [-1, 0, hex(0x4000_0000), 0]),
      ],
      answers: { c: 2, w: 2 },
      regs: { "child:c": { [say.cpu.sp]: say.cpu.arch === "powerpc64" ? "0x0" : "0x7000" } },
    }),
  },
  {
    era: "eclone",
    name: "SETTLS takes the address of the pids",
    rules: ["Q-04"],
    only: ({ tls }) => tls !== null,
    make: (say) => ({
      program: [
        say.eclone("c", { pids: [99], flags: 17 | CLONE.SETTLS }, { child: [], captureChildRegs: true }),
        say.call("w", "wait4", [99, 0, hex(0x4000_0000), 0]),
      ],
      answers: { c: 99, w: 99 },
      regs: { "child:c": { [say.cpu.tls ?? ""]: hex(AT.array) } },
    }),
  },
];

const CLONE3_REFUSALS: readonly (readonly [
  name: string,
  rule: string,
  errno: string,
  nr: number,
  fields: Struct,
  more?: { size?: number; at?: number },
])[] = [
  ["a size of 4097", "C-01", "E2BIG", 7, {}, { size: 4097 }],
  ["a size of 63", "C-02", "EINVAL", 22, {}, { size: 63 }],
  ["a struct where nothing is", "C-05", "EFAULT", 14, {}, { at: AT.hole }],
  ["a struct cut off at its last byte", "C-05", "EFAULT", 14, {}, { at: AT.end - 87 }],
  ["33 numbers", "C-07", "EINVAL", 22, { set_tid: AT.array, set_tid_size: 33 }],
  ["the high half of a count", "C-07", "EINVAL", 22, { set_tid: AT.array, set_tid_size: 1n << 32n }],
  ["a count and no array", "C-08", "EINVAL", 22, { set_tid_size: 1 }],
  ["an array and no count", "C-09", "EINVAL", 22, { set_tid: AT.array }],
  ["a high bit of the exit signal", "C-10", "EINVAL", 22, { exit_signal: 1n << 63n }],
  ["an array where nothing is", "C-13", "EFAULT", 14, { set_tid: AT.hole, set_tid_size: 1 }],
  ["an unknown flag", "C-14", "EINVAL", 22, { flags: 1n << 38n }],
  ["a stack without a size", "C-19", "EINVAL", 22, { stack: AT.stack }],
  ["a size without a stack", "C-18", "EINVAL", 22, { stack_size: 16 }],
];

const CLONE3_TODAY: readonly PortSpec[] = [
  {
    ...TODAY,
    name: "a chosen tid, a stack, and the words it writes",
    rules: ["T-15", "C-21", "P-29", "P-30"],
    make: (say) => {
      say.put32(AT.array, 99, 500);
      return {
        program: [
          say.clone3(
            "c",
            {
              flags: SETTID,
              parent_tid: AT.parentTid,
              child_tid: AT.childTid,
              stack: AT.out,
              stack_size: 0x100,
              set_tid: AT.array,
              set_tid_size: 2,
            },
            {
              child: [say.call("pid", "getpid")],
              childDump: true,
              captureRegs: true,
              captureChildRegs: true,
            },
          ),
          { op: "nspid", of: "c" },
          say.call("w", "wait4", [99, 0, 0, 0]),
        ],
        answers: { c: 99, pid: 99, w: 99 },
        pids: { c: [500, 99] },
        memory: { main: [say.memory(AT.parentTid, 32, 99)], c: [say.memory(AT.childTid, 32, 99)] },
        regs: { c: say.returned(99), "child:c": { [say.cpu.sp]: hex(AT.out + 0x100), ...say.returned(0) } },
      };
    },
  },
  {
    ...TODAY,
    name: "a thread pointer",
    rules: ["P-23"],
    only: ({ tls }) => tls !== null,
    note: "P-23 is x86's: no address is refused here",
    make: (say) => ({
      program: [
        say.clone3("c", { flags: CLONE.SETTLS, tls: 0xffff_8000_0000_0000n }, { captureChildRegs: true }),
        say.call("w", "wait4", [-1, 0, 0, 0]),
      ],
      answers: { c: 2, w: 2 },
      regs: { "child:c": { [say.cpu.tls ?? ""]: "0xffff800000000000" } },
    }),
  },
  {
    ...TODAY,
    name: "a pidfd",
    rules: ["P-31"],
    make: (say) => ({
      program: [
        say.clone3("c", { flags: CLONE.PIDFD, pidfd: AT.out }),
        say.call("w", "wait4", [-1, 0, 0, 0]),
      ],
      answers: { c: 2, w: 2 },
      memory: { main: [say.memory(AT.out, 32, 3)] },
    }),
  },
  {
    ...TODAY,
    name: "a tail that is not zero",
    rules: ["C-04"],
    make: (say) => {
      const c = say.clone3("c", {}, { size: 96, captureRegs: true });
      say.put64(AT.struct + 88, 1);
      return { program: [c], answers: { c: "E2BIG" }, regs: { c: say.failed(7) } };
    },
  },
  ...CLONE3_REFUSALS.map(
    ([name, rule, errno, nr, fields, more]): PortSpec => ({
      ...TODAY,
      name: `clone3, ${name}`,
      rules: [rule, "N-14"],
      make: (say) => ({
        program: [say.clone3("c", fields, { captureRegs: true, ...more })],
        answers: { c: errno },
        regs: { c: say.failed(nr) },
      }),
    }),
  ),
  ...(
    [
      ["tid 0", "T-03", "EINVAL", 22, 0],
      ["a negative tid", "T-03", "EINVAL", 22, -1],
      ["a tid that is taken", "T-07", "EEXIST", 17, 1],
    ] as const
  ).map(
    ([name, rule, errno, nr, tid]): PortSpec => ({
      ...TODAY,
      name: `clone3, ${name}`,
      rules: [rule, "N-14"],
      make: (say) => {
        say.put32(AT.array, tid);
        return {
          program: [say.clone3("c", { set_tid: AT.array, set_tid_size: 1 }, { captureRegs: true })],
          answers: { c: errno },
          regs: { c: say.failed(nr) },
        };
      },
    }),
  ),
];

/** Every case, in the order of the file. */
export const PORT_SPECS: readonly PortSpec[] = [
  ...ENTRY,
  ...CLONE_TODAY,
  ...WORDS,
  ...CWP,
  ...ECLONE,
  ...CLONE3_TODAY,
];

/**
 * Cases without answers: what the generators of the corpus make, and `trapgate record` completes.
 */
import type {
  Arg,
  Operation,
  Patch,
  Region,
  SysOperation,
  Vector,
  VectorArch,
} from "../../src/conform/vector.ts";

/** Every way in. */
export const ARCHES: readonly VectorArch[] = ["x86_64", "i386", "int80"];

/** Numbers of the calls the corpus makes, native and i386; of several forms the newest. Source: the kernel's syscall tables. */
const NUMBERS = {
  arch_prctl: [158, 384],
  capget: [125, 184],
  capset: [126, 185],
  clone: [56, 120],
  clone3: [435, 435],
  close: [3, 6],
  close_range: [436, 436],
  dup: [32, 41],
  dup2: [33, 63],
  dup3: [292, 330],
  exit: [60, 1],
  exit_group: [231, 252],
  fcntl: [72, 221],
  fork: [57, 2],
  get_thread_area: [211, 244],
  getegid: [108, 202],
  geteuid: [107, 201],
  getgid: [104, 200],
  getgroups: [115, 205],
  getpgid: [121, 132],
  getpid: [39, 20],
  getppid: [110, 64],
  getresgid: [120, 211],
  getresuid: [118, 209],
  getrlimit: [97, 191],
  getsid: [124, 147],
  gettid: [186, 224],
  getuid: [102, 199],
  kill: [62, 37],
  mmap: [9, 192],
  mprotect: [10, 125],
  munmap: [11, 91],
  pause: [34, 29],
  pidfd_open: [434, 434],
  pipe: [22, 42],
  pipe2: [293, 331],
  prctl: [157, 172],
  prlimit64: [302, 340],
  read: [0, 3],
  readv: [19, 145],
  rt_sigaction: [13, 174],
  rt_sigpending: [127, 176],
  rt_sigprocmask: [14, 175],
  rt_sigsuspend: [130, 179],
  set_thread_area: [205, 243],
  set_tid_address: [218, 258],
  setfsgid: [123, 216],
  setfsuid: [122, 215],
  setgid: [106, 214],
  setgroups: [116, 206],
  setns: [308, 346],
  setpgid: [109, 57],
  setregid: [114, 204],
  setresgid: [119, 210],
  setresuid: [117, 208],
  setreuid: [113, 203],
  setrlimit: [160, 75],
  setsid: [112, 66],
  setuid: [105, 213],
  tgkill: [234, 270],
  tkill: [200, 238],
  unshare: [272, 310],
  vfork: [58, 190],
  wait4: [61, 114],
  waitid: [247, 284],
  write: [1, 4],
  writev: [20, 146],
} as const;

/** A call the corpus makes. */
export type CallName = keyof typeof NUMBERS;

/** The number of a call on the way in. */
export function numberOf(name: CallName, arch: VectorArch): number {
  return NUMBERS[name][arch === "x86_64" ? 0 : 1];
}

/** A call by name. */
export function sys(
  arch: VectorArch,
  label: string,
  name: CallName,
  args: readonly Arg[] = [],
  more: Partial<SysOperation> = {},
): SysOperation {
  return { op: "sys", label, name, nr: numberOf(name, arch), args, ...more };
}

/** A number as the format writes addresses and patterns: small ones plain, others in hex, negative ones as 64 bits. */
export function arg(value: number | bigint): Arg {
  const wide = BigInt.asUintN(64, BigInt(value));
  return wide < 0x1000n ? Number(wide) : hex(wide);
}

/** An address or pattern in hex. */
export function hex(value: number | bigint): string {
  return `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
}

/** Little-endian bytes of 64-bit words. */
export function words64(values: readonly (number | bigint)[]): string {
  return values.map((value) => bytes(BigInt.asUintN(64, BigInt(value)), 8)).join("");
}

/** Little-endian bytes of 32-bit words. */
export function words32(values: readonly number[]): string {
  return values.map((value) => bytes(BigInt.asUintN(32, BigInt(value)), 4)).join("");
}

function bytes(value: bigint, n: number): string {
  let out = "";
  for (let i = 0; i < n; i++) out += ((value >> BigInt(8 * i)) & 0xffn).toString(16).padStart(2, "0");
  return out;
}

/** One page of memory. */
export function page(at: number, prot: string, data: readonly Patch[], fill = "aa"): Region {
  return { addr: hex(at), size: 4096, prot, fill, data };
}

/** A case on level 1, as pid 1 of its namespace, with every capability. */
export function caseOf(
  arch: VectorArch,
  group: string,
  name: string,
  program: readonly Operation[],
  more: Partial<Vector> = {},
): Vector {
  return {
    id: `${group}/${name}/${arch}`,
    group,
    arch,
    caps: "all",
    nsLevel: 1,
    nsInit: true,
    regions: [],
    dump: [],
    program,
    ...more,
  };
}

/** A family of pseudo-random numbers that is the same on every run: xorshift32. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0 || 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

/** A hash of a name (FNV-1a): chance that is the same every time. */
export function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) as number), 0x01000193) >>> 0;
  return hash;
}

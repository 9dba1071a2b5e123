import { HOLE } from "../clone3-wish.ts";
import { READ_ONLY } from "../families/setting.ts";
import { HOLE_AT, OUT } from "./memory.ts";
import { allow, demand, planOf, THERE, type WordDemand, type WordPlan } from "./words.ts";

const AT = "0x10000000";
const ODD = "0x10000001";
const MAPPINGS = "it takes 65530 mappings";
/** Beyond user space. A 64-bit program that enters by int 0x80 has words for less than its memory. */
const BEYOND = { x86_64: ["0x800000000000", "0x800000000001"], i386: ["0xfffff000", "0xfffff001"] } as const;

const MUNMAP = planOf({
  call: "munmap",
  args: [AT, 4096],
  demands: [
    demand("address-unaligned", "at an odd address", {
      allow: allow("a0", ODD, BEYOND.x86_64[1], BEYOND.i386[1]),
    }),
    ...(["x86_64", "i386"] as const).map((way) =>
      demand("beyond-user-space", "beyond user space", { only: [way], allow: allow("a0", ...BEYOND[way]) }),
    ),
    demand("length-zero", "length 0", { allow: allow("a1", 0) }),
  ],
  unobservable: { "too-many-mappings": MAPPINGS },
});

const PROT_GROWSDOWN = 0x1000000;
const BOTH = 0x3000000;
const UNKNOWN = 0x10;

const MPROTECT = planOf({
  call: "mprotect",
  args: [AT, 4096, 3],
  demands: [
    demand("both-growths", "PROT_GROWSDOWN and PROT_GROWSUP", { allow: allow("a2", BOTH, BOTH | UNKNOWN) }),
    demand("address-unaligned", "at an odd address", {
      allow: allow("a0", ODD, `0x${(HOLE + 1).toString(16)}`),
    }),
    demand("range-wraps", "to the end of 2^64 bytes", {
      only: ["x86_64"],
      allow: allow("a1", "0xfffffffffffff000"),
    }),
    demand("unknown-prot", "protection 0x10", {
      allow: allow("a2", UNKNOWN, PROT_GROWSDOWN | UNKNOWN, BOTH | UNKNOWN),
    }),
    demand("hole", "where nothing is mapped", {
      allow: allow("a0", HOLE_AT, `0x${(HOLE + 1).toString(16)}`),
    }),
    demand("does-not-grow", "PROT_GROWSDOWN of what does not grow", {
      allow: { a0: [AT, ODD], a2: [PROT_GROWSDOWN, PROT_GROWSDOWN | UNKNOWN, BOTH] },
    }),
    // The first mapping is asked whether it grows before anybody sees what is behind it.
    demand("hole", "where something is mapped and then nothing", {
      rule: "hole-behind",
      allow: { a0: [AT, ODD], a1: [0x2000] },
    }),
  ],
  clash: { a0: "nothing is there that could grow", a1: "a call has one length" },
  unobservable: { "too-many-mappings": MAPPINGS },
});

const ARCH = {
  SET_FS: 0x1002,
  GET_FS: 0x1003,
  SET_CPUID: 0x1012,
  GET_XCOMP_SUPP: 0x1021,
  REQ_XCOMP_PERM: 0x1023,
} as const;
const BEYOND_64 = "0xffff888000000000";

function archPrctl(call: "arch_prctl" | "compat_arch_prctl"): WordPlan {
  const option = (rung: string, what: string, code: number, value: number | string): WordDemand =>
    demand(rung, what, { allow: { a0: [code], a1: [value] } });
  return planOf({
    call,
    args: [ARCH.GET_FS, OUT],
    demands: [
      option("cpuid-not-faultable", "ARCH_SET_CPUID", ARCH.SET_CPUID, 0),
      option("features-unwritable", "the processor's states into a hole", ARCH.GET_XCOMP_SUPP, HOLE_AT),
      option("no-such-feature", "processor state 99", ARCH.REQ_XCOMP_PERM, 99),
      option("feature-not-dynamic", "processor state 1", ARCH.REQ_XCOMP_PERM, 1),
      option("unknown-option", "option 0x9999", 0x9999, 0),
      ...(call === "arch_prctl"
        ? [
            option("base-not-user", "FS beyond user space", ARCH.SET_FS, BEYOND_64),
            option("base-unwritable", "FS into a hole", ARCH.GET_FS, HOLE_AT),
          ]
        : []),
    ],
    clash: { a0: "a call has one option", a1: "an option has one value" },
  });
}

const SEGMENT: readonly number[] = [12, 0x1000, 0xfffff, 0x51];
const ONE_ENTRY = "a descriptor has one entry number";

const SET_THREAD_AREA = planOf({
  call: "set_thread_area",
  args: [THERE],
  words: ["int", ...SEGMENT],
  preludes: ["full-slots"],
  demands: [
    demand("tls-unreadable", "descriptor in a hole", { allow: { at: [HOLE] } }),
    demand("tls-descriptor", "a 16-bit segment", { allow: allow("m3", 0x50) }),
    demand("no-free-entry", "any entry, of none", { allow: allow("m0", -1), preludes: ["full-slots"] }),
    demand("entry-unwritable", "any entry, told to a read-only page", {
      allow: { m0: [-1], at: [READ_ONLY] },
    }),
    demand("tls-entry", "entry 3", { allow: allow("m0", 3) }),
  ],
  clash: { m0: ONE_ENTRY, at: "a descriptor lies in one place" },
  apart: [
    {
      rungs: ["tls-unreadable"],
      with: ["tls-descriptor", "no-free-entry", "tls-entry"],
      because: "what is in a descriptor that cannot be read is nobody's fault",
    },
  ],
});

const GET_THREAD_AREA = planOf({
  call: "get_thread_area",
  args: [THERE],
  words: ["int", ...SEGMENT],
  demands: [
    demand("entry-unreadable", "descriptor in a hole", { allow: { at: [HOLE] } }),
    demand("tls-entry", "entry 3", { allow: allow("m0", 3) }),
    demand("descriptor-unwritable", "told to a read-only page", { allow: { at: [READ_ONLY, HOLE] } }),
  ],
  apart: [
    {
      rungs: ["entry-unreadable"],
      with: ["tls-entry"],
      because: "an entry number that cannot be read is nobody's fault",
    },
  ],
});

/** The plans of calls that unmap and protect, and of thread-local storage. */
export const MEMORY_PLANS: readonly WordPlan[] = [
  MUNMAP,
  MPROTECT,
  archPrctl("arch_prctl"),
  archPrctl("compat_arch_prctl"),
  SET_THREAD_AREA,
  GET_THREAD_AREA,
];

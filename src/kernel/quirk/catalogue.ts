/** A defect or oddity of the family's history, by its id in the rules (§12). */
export type QuirkId =
  `Q-${"01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09" | "10" | "11" | "12" | "13" | "14"}`;

/** What every entry of the catalogue says. */
interface QuirkFacts {
  readonly id: QuirkId;
  readonly title: string;
  /** What the source of the time does. */
  readonly happens: string;
  /** What an emulator had better do. */
  readonly advice: string;
  /** Profiles it belongs to; none where no profile has it. */
  readonly profiles: readonly string[];
  /** Tables it shows on, as far as it does not on every one. */
  readonly tables?: readonly string[];
  /** The calls it shows in. */
  readonly calls: readonly string[];
}

/** A quirk that a machine can be booted with or without. */
export interface SwitchedQuirk extends QuirkFacts {
  /** What a machine does without it, and with it. */
  readonly off: string;
  readonly on: string;
  readonly default: "off" | "on";
}

/** A quirk without a switch, and why. */
export interface FixedQuirk extends QuirkFacts {
  readonly noSwitch: string;
}

/** An entry of the catalogue. */
export type Quirk = SwitchedQuirk | FixedQuirk;

const CWP = ["cwp-v2", "cwp-v2-newpid", "cwp-v3"] as const;

/** The defects and oddities of the family, in the order of the rules (§12). Plain data; it prints as JSON. */
export const QUIRKS: readonly Quirk[] = [
  {
    id: "Q-01",
    title: "a count of 2^31 or more passes the depth check",
    happens:
      "copy_target_pids takes the unsigned nr_pids as a signed number, and the check for negative ones was dropped in v6: the count passes every bound and the length of the copy goes wild, before the capability is asked for",
    advice: "emulate what was meant, EINVAL; offer the historical behaviour as a trap",
    profiles: ["eclone"],
    calls: ["eclone"],
    off: "EINVAL, as for any count that is too deep (E-08)",
    on: "the machine stops: kernel memory has been overwritten",
    default: "off",
  },
  {
    id: "Q-02",
    title: "powerpc: a stack of 0 gives the child the stack pointer 0",
    happens: "sys_eclone of powerpc works out the caller's stack pointer and then passes the raw value on",
    advice: "a switch of the architecture",
    profiles: ["eclone"],
    tables: ["powerpc", "powerpc64"],
    calls: ["eclone"],
    off: "a child_stack of 0 stands for the caller's stack pointer, as on every other architecture",
    on: "a child_stack of 0 is the child's stack pointer",
    default: "on",
  },
  {
    id: "Q-03",
    title: "a full map hands out pid 0",
    happens:
      "the series' alloc_pidmap reports an error on one of its exits; the scan that runs off the end leaves 0, and 0 is handed out as the child's number (put right in v13)",
    advice: "do not copy",
    profiles: ["cwp-v3"],
    calls: ["clone_with_pids", "clone", "fork", "vfork"],
    off: "EAGAIN, with whatever number was given out last (A-49)",
    on: "the child has the number 0 in the full namespace; EAGAIN only where the last number given out was 300",
    default: "off",
  },
  {
    id: "Q-04",
    title: "CLONE_SETTLS takes the register with the pids",
    happens:
      "eclone has no TLS argument, but copy_thread takes the word from the register where clone has it. On 32-bit x86 that register carries pids: the array is read as a descriptor of 16 bytes, its first number as the entry. On powerpc and arm the TLS pointer becomes the address of the array; on x86_64 and s390 the register lies behind the arguments",
    advice: "a switch; a fine case of which fault speaks first (X-45)",
    profiles: ["eclone"],
    tables: ["i386", "ia32", "powerpc", "powerpc64", "arm", "arm64", "riscv64"],
    calls: ["eclone"],
    off: "the word is in the register of a fifth argument (edi, r7, x4, a4), as r8 is a 64-bit x86 task's",
    on: "the word is in the register with the pids (esi, r6, x3, a3)",
    default: "on",
  },
  {
    id: "Q-05",
    title: "a number in use beyond 32767 makes the kernel write outside the pid map",
    happens:
      "with a pid_max above 32768, set_pidmap goes on from a number that is taken to page 0 of the map with an offset beyond that page: it sets a bit in memory that is not the map's, and EBUSY is not assured",
    advice: "emulate EBUSY",
    profiles: ["eclone"],
    tables: ["x86_64", "ia32"],
    calls: ["eclone"],
    off: "EBUSY (E-45)",
    on: "the machine stops: kernel memory has been overwritten",
    default: "off",
  },
  {
    id: "Q-06",
    title: "the documentation's sample calls recvmmsg",
    happens:
      "it has the number 337 and the array in edi; the tree it ships in has 338 and reads esi, and 337 is recvmmsg there",
    advice: "never use it as an oracle",
    profiles: ["eclone"],
    tables: ["i386"],
    calls: ["eclone"],
    noSwitch: "a slip of a document: no kernel behaves by it",
  },
  {
    id: "Q-07",
    title: "the sample of the s390 port calls checkpoint",
    happens: "it uses the number 332, which is checkpoint there; the header says 334",
    advice: "never use it as an oracle",
    profiles: ["cwp-v3"],
    tables: ["s390", "s390x"],
    calls: ["clone_with_pids"],
    noSwitch: "a slip of a commit message: no kernel behaves by it",
  },
  {
    id: "Q-08",
    title: "s390: a 31-bit task's set is not converted",
    happens: "the compat entry reads the 16 bytes of a 64-bit set from the 8 bytes of a 31-bit one",
    advice: "a switch of the architecture",
    profiles: ["cwp-v3"],
    tables: ["s390"],
    calls: ["clone_with_pids"],
    noSwitch: "no machine here is an s390",
  },
  {
    id: "Q-09",
    title: "a 32-bit kernel cuts the struct's 64-bit words in silence",
    happens:
      "stack, stack size and pointers of eclone's struct lose their upper halves; nothing refuses them",
    advice: "document",
    profiles: ["eclone"],
    tables: ["i386"],
    calls: ["eclone"],
    noSwitch: "it is how the call works on a 32-bit kernel (E-05); no tree does otherwise",
  },
  {
    id: "Q-10",
    title: "the widening commit accepts every high flag",
    happens:
      "a later commit makes the flags 64 bits wide and takes out the rule that their upper half is 0; the mask that should stand in for it lets all of them through (Q-14)",
    advice: "a variant of the profile; keep to E-03 by default",
    profiles: ["eclone"],
    calls: ["eclone"],
    off: "clone_flags_high that is not 0 is EINVAL (E-03)",
    on: "clone_flags_high goes on to copy_process, which ignores it unless Q-14 is off",
    default: "off",
  },
  {
    id: "Q-11",
    title: "too deep a pid namespace: the manual and the source disagree",
    happens: "clone(2) has ENOSPC since 3.7; the sources of 3.7 to 4.8 answer EINVAL",
    advice: "choose by profile",
    profiles: [],
    calls: ["clone", "clone3", "unshare"],
    noSwitch:
      "no profile is of that time: before 3.7 nothing limits the depth (B-25), from 5.3 on it is ENOSPC (P-21)",
  },
  {
    id: "Q-12",
    title: "clone3: no set_tid and no size, in a struct that has both",
    happens: "a NULL set_tid with set_tid_size 0 in a struct of 80 bytes is legal: nothing is chosen",
    advice: "nothing to do",
    profiles: [],
    calls: ["clone3"],
    noSwitch: "it is the rule, not an exception: C-08 and C-09 refuse what does not go together",
  },
  {
    id: "Q-13",
    title: "clone3 was this series' own name first",
    happens:
      "v8 and v9 of October 2009 call their call clone3, ten years before mainline's call of that name",
    advice: "say so",
    profiles: [...CWP, "eclone"],
    calls: ["clone_with_pids", "eclone", "clone3"],
    noSwitch: "a matter of names: neither version is emulated",
  },
  {
    id: "Q-14",
    title: "the mask of valid flags refuses none",
    happens:
      "it names all 32 low bits, and its complement is a 32-bit zero that widens to a 64-bit one: bits above 31 pass, in the flags of a native 64-bit clone too",
    advice: "a flag type of one's own complements at full width",
    profiles: ["eclone"],
    tables: ["x86_64"],
    calls: ["eclone", "clone"],
    off: "a flag above bit 31 is EINVAL, in front of everything else in copy_process (E-12 as it was meant)",
    on: "flags above bit 31 are ignored (E-12)",
    default: "on",
  },
];

import { describe, expect, test } from "vitest";
import {
  AMBIENT,
  CAP_VERSION,
  CLONE,
  cap_user_data,
  cap_user_header,
  PR,
  SECBIT,
} from "../../../src/abi/structs/index.ts";
import { ENTRY_PATHS } from "../../../src/arch/index.ts";
import {
  allCapabilities,
  CAP,
  type CapabilitySet,
  type Guest,
  type Word,
} from "../../../src/kernel/index.ts";
import { BASE, clone3Eras, clone3ErasBefore, ECLONE, ERAS, TITLE } from "../support/eras.ts";
import { become, dropCapabilities, HOLE, Lab, SCRATCH } from "../support/lab.ts";

const HEADER = SCRATCH;
const DATA = SCRATCH + 0x100;
const ALL = [...BASE, ...clone3Eras()];
const only = (...caps: number[]): CapabilitySet => ({
  lo: caps.filter((cap) => cap < 32).reduce((lo, cap) => (lo | (1 << cap)) >>> 0, 0),
  hi: caps.filter((cap) => cap >= 32).reduce((hi, cap) => (hi | (1 << (cap - 32))) >>> 0, 0),
});
const NONE = only();

function call(guest: Guest, name: string, args: Readonly<Record<string, Word>>): number | string | null {
  const result = guest.call(name, args);
  return guest.errno(result) ?? result;
}

function header(guest: Guest, version: number, pid = 0): void {
  guest.writeStruct(HEADER, cap_user_header, { version, pid });
}

interface Sets {
  readonly effective?: CapabilitySet;
  readonly permitted?: CapabilitySet;
  readonly inheritable?: CapabilitySet;
}

function capset(guest: Guest, sets: Sets, version: number = CAP_VERSION.V3): unknown {
  const { effective = NONE, permitted = NONE, inheritable = NONE } = sets;
  header(guest, version);
  guest.writeStruct(DATA, cap_user_data, {
    effective: effective.lo,
    permitted: permitted.lo,
    inheritable: inheritable.lo,
    effective_hi: effective.hi,
    permitted_hi: permitted.hi,
    inheritable_hi: inheritable.hi,
  });
  return call(guest, "capset", { header: HEADER, data: DATA });
}

const capget = (guest: Guest, dataptr: Word = DATA): unknown =>
  call(guest, "capget", { header: HEADER, dataptr });

/** The six words capget writes. */
const words = (guest: Guest, at = DATA): number[] =>
  [0, 4, 8, 12, 16, 20].map((i) => guest.readInt(at + i) >>> 0);

const prctl = (guest: Guest, option: number, ...args: readonly Word[]): number | string | null => {
  const [arg2 = 0, arg3 = 0, arg4 = 0, arg5 = 0] = args;
  return call(guest, "prctl", { option, arg2, arg3, arg4, arg5 });
};

describe.each(ALL)(`capget and capset, ${TITLE}`, (era) => {
  test("one struct for version 1, two for the others; the sets of the caller or of another task", () => {
    const lab = new Lab(era);
    const child = lab.fork();
    child.task.cred = {
      ...child.task.cred,
      effective: only(5, 33),
      permitted: only(5, 33),
      inheritable: only(1),
    };
    for (const [version, last] of [
      [CAP_VERSION.V1, 0xaaaaaaaa],
      [CAP_VERSION.V2, 2],
      [CAP_VERSION.V3, 2],
    ] as const) {
      lab.caller.write(DATA, new Uint8Array(24).fill(0xaa));
      header(lab.caller, version, child.task.tid);
      expect(capget(lab.caller)).toBe(0);
      expect(words(lab.caller).slice(0, 4)).toEqual([0x20, 0x20, 2, last]);
    }
    header(lab.caller, CAP_VERSION.V3);
    expect(capget(lab.caller)).toBe(0);
    expect(words(lab.caller)[0]).toBe(0xffff_ffff);
  });

  test("an unknown version is EINVAL, and the one the kernel prefers is written", () => {
    const lab = new Lab(era);
    for (const name of ["capget", "capset"]) {
      header(lab.caller, 0x123, -5);
      const data = name === "capget" ? "dataptr" : "data";
      expect([call(lab.caller, name, { header: HEADER, [data]: 8 }), lab.rung]).toEqual([
        "EINVAL",
        "version",
      ]);
      expect([lab.caller.readInt(HEADER), lab.caller.readInt(HEADER + 4)]).toEqual([CAP_VERSION.V3, -5]);
      expect([call(lab.caller, name, { header: 8, [data]: 8 }), lab.rung]).toEqual([
        "EFAULT",
        "version-unreadable",
      ]);
    }
  });

  test("the ladder of capget: the pid, whose task it is, and the sets, which stay as far as they were written", () => {
    const lab = new Lab(era);
    const edge = HOLE - 4;
    lab.caller.writeInts(edge, [CAP_VERSION.V3]);
    expect([call(lab.caller, "capget", { header: edge, dataptr: 8 }), lab.rung]).toEqual([
      "EFAULT",
      "pid-unreadable",
    ]);
    header(lab.caller, CAP_VERSION.V3, -1);
    expect([capget(lab.caller, 8), lab.rung]).toEqual(["EINVAL", "pid-negative"]);
    header(lab.caller, CAP_VERSION.V3, 99);
    expect([capget(lab.caller, 8), lab.rung]).toEqual(["ESRCH", "no-task"]);
    header(lab.caller, CAP_VERSION.V3, 1);
    expect([capget(lab.caller, HOLE - 4), lab.rung]).toEqual(["EFAULT", "data-unwritable"]);
    expect(lab.caller.readInt(HOLE - 4) >>> 0).toBe(0xffff_ffff);
  });

  test("the ladder of capset: the pid is the caller's, the sets are read, and none grows", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const why = (sets: Sets): unknown[] => [capset(guest, sets), lab.rung];
    header(guest, CAP_VERSION.V3, 1);
    expect([call(guest, "capset", { header: HEADER, data: 8 }), lab.rung]).toEqual(["EPERM", "other-task"]);
    header(guest, CAP_VERSION.V3, guest.task.tid);
    expect([call(guest, "capset", { header: HEADER, data: 8 }), lab.rung]).toEqual([
      "EFAULT",
      "data-unreadable",
    ]);

    const three = only(CAP.KILL, CAP.SETPCAP, CAP.CHOWN);
    expect(why({ effective: only(CAP.KILL), permitted: three, inheritable: only(CAP.KILL) })).toEqual([
      0,
      null,
    ]);
    expect(guest.task.cred).toMatchObject({
      effective: only(CAP.KILL),
      permitted: three,
      inheritable: only(CAP.KILL),
    });
    expect(why({ permitted: three, inheritable: only(CAP.FOWNER), effective: only(CAP.FOWNER) })).toEqual([
      "EPERM",
      "inheritable-beyond-permitted",
    ]);
    expect(why({ permitted: only(CAP.FOWNER), effective: only(CAP.CHOWN) })).toEqual([
      "EPERM",
      "permitted-grows",
    ]);
    expect(why({ permitted: only(CAP.CHOWN), effective: only(CAP.KILL) })).toEqual([
      "EPERM",
      "effective-beyond-permitted",
    ]);
    expect(guest.task.cred.permitted).toEqual(three);
  });

  test("with CAP_SETPCAP what is inherited is bounded by the bounding set", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    expect(prctl(guest, PR.CAPBSET_DROP, CAP.CHOWN)).toBe(0);
    const sets = { effective: only(CAP.SETPCAP), permitted: only(CAP.SETPCAP) };
    expect(capset(guest, { ...sets, inheritable: only(CAP.FOWNER) })).toBe(0);
    expect([capset(guest, { ...sets, inheritable: only(CAP.CHOWN) }), lab.rung]).toEqual([
      "EPERM",
      "inheritable-beyond-bounding",
    ]);
  });

  test("version 1 has no upper half", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const both = only(CAP.KILL, CAP.MAC_ADMIN);
    expect(capset(guest, { effective: both, permitted: both }, CAP_VERSION.V1)).toBe(0);
    expect(guest.task.cred.permitted).toEqual(only(CAP.KILL));
  });
});

describe.each(ERAS)(`capget of 2009, ${TITLE}`, (era) => {
  test("NULL for the sets is a bad address", () => {
    const lab = new Lab(era);
    header(lab.caller, CAP_VERSION.V3);
    expect([capget(lab.caller, 0), lab.rung]).toEqual(["EFAULT", "data-unwritable"]);
    header(lab.caller, 7);
    expect(capget(lab.caller, 0)).toBe("EINVAL");
  });
});

describe.each([...ECLONE, ...clone3Eras()])(`capget since 2.6.32, ${TITLE}`, (era) => {
  test("NULL for the sets asks for the version alone: a wrong one is no failure", () => {
    const lab = new Lab(era);
    header(lab.caller, CAP_VERSION.V3, -1);
    expect(capget(lab.caller, 0)).toBe(0);
    header(lab.caller, 7, -1);
    expect([capget(lab.caller, 0), lab.caller.readInt(HEADER)]).toEqual([0, CAP_VERSION.V3]);
    expect(call(lab.caller, "capget", { header: 8, dataptr: 0 })).toBe("EFAULT");
  });
});

describe.each(ALL)(`prctl about capabilities, ${TITLE}`, (era) => {
  const last = ({ profile }: Lab["machine"]): number => profile.processes.lastCapability;

  test("PR_CAPBSET_READ and PR_CAPBSET_DROP: the privilege comes before the number", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const beyond = last(lab.machine) + 1;
    expect([
      prctl(guest, PR.CAPBSET_READ, CAP.KILL),
      prctl(guest, PR.CAPBSET_READ, last(lab.machine)),
    ]).toEqual([1, 1]);
    expect([prctl(guest, PR.CAPBSET_READ, beyond), lab.rung]).toEqual(["EINVAL", "no-such-capability"]);
    expect([prctl(guest, PR.CAPBSET_DROP, beyond), lab.rung]).toEqual(["EINVAL", "no-such-capability"]);
    expect([prctl(guest, PR.CAPBSET_DROP, CAP.KILL), prctl(guest, PR.CAPBSET_READ, CAP.KILL)]).toEqual([
      0, 0,
    ]);
    dropCapabilities(guest);
    expect([prctl(guest, PR.CAPBSET_DROP, beyond), lab.rung]).toEqual(["EPERM", "not-capable"]);
  });

  test("PR_SET_SECUREBITS: no locked bit, no lock taken off, none that does not exist, and CAP_SETPCAP", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const why = (bits: Word): unknown[] => [prctl(guest, PR.SET_SECUREBITS, bits), lab.rung];
    expect(prctl(guest, PR.SET_SECUREBITS, SECBIT.KEEP_CAPS | SECBIT.KEEP_CAPS_LOCKED)).toBe(0);
    expect(prctl(guest, PR.GET_SECUREBITS)).toBe(0x30);
    for (const bits of [0x20, 0x10, 0, 0x1000, 0x8000_0030]) expect(why(bits)).toEqual(["EPERM", "locked"]);
    expect(why(0x31)).toEqual([0, null]);
    expect([prctl(guest, PR.GET_KEEPCAPS), prctl(guest, PR.SET_KEEPCAPS, 0), lab.rung]).toEqual([
      1,
      "EPERM",
      "locked",
    ]);
    expect([prctl(guest, PR.SET_KEEPCAPS, 2), lab.rung]).toEqual(["EINVAL", "value"]);
    dropCapabilities(guest);
    expect(why(0x35)).toEqual(["EPERM", "not-capable"]);
    expect(why(0x31)).toEqual(["EPERM", "not-capable"]);
  });
});

describe.each(clone3Eras("clone3-614"))(`securebits since 6.14, ${TITLE}`, (era) => {
  test("the bits about scripts take no capability, but a change", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    dropCapabilities(guest);
    const bits = SECBIT.EXEC_RESTRICT_FILE | SECBIT.EXEC_DENY_INTERACTIVE;
    expect(prctl(guest, PR.SET_SECUREBITS, bits)).toBe(0);
    expect([prctl(guest, PR.SET_SECUREBITS, bits), lab.rung]).toEqual(["EPERM", "not-capable"]);
  });
});

describe.each([...BASE, ...clone3ErasBefore("clone3-614")])(`securebits before 6.14, ${TITLE}`, (era) => {
  test("the bits about scripts do not exist", () => {
    const lab = new Lab(era);
    expect([prctl(lab.caller, PR.SET_SECUREBITS, SECBIT.EXEC_RESTRICT_FILE), lab.rung]).toEqual([
      "EPERM",
      "locked",
    ]);
  });
});

describe.each(clone3Eras())(`PR_CAP_AMBIENT, ${TITLE}`, (era) => {
  test("what is both permitted and inheritable can be raised, and goes when it no longer is", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    const ambient = (how: number, cap: Word, ...rest: Word[]): unknown =>
      prctl(guest, PR.CAP_AMBIENT, how, cap, ...rest);
    expect([ambient(AMBIENT.RAISE, CAP.KILL), lab.rung]).toEqual(["EPERM", "ambient-raise"]);
    const sets = { effective: only(CAP.KILL), permitted: only(CAP.KILL), inheritable: only(CAP.KILL) };
    capset(guest, sets);
    expect([ambient(AMBIENT.RAISE, CAP.KILL), ambient(AMBIENT.IS_SET, CAP.KILL)]).toEqual([0, 1]);
    expect([ambient(AMBIENT.LOWER, CAP.KILL), ambient(AMBIENT.IS_SET, CAP.KILL)]).toEqual([0, 0]);
    ambient(AMBIENT.RAISE, CAP.KILL);
    capset(guest, { ...sets, inheritable: NONE });
    expect(ambient(AMBIENT.IS_SET, CAP.KILL)).toBe(0);
    for (const wrong of [
      [AMBIENT.IS_SET, 99],
      [AMBIENT.IS_SET, 1, 1],
      [AMBIENT.IS_SET, 1, 0, 1],
      [9, 1],
      [AMBIENT.CLEAR_ALL, 1],
    ] as const)
      expect([prctl(guest, PR.CAP_AMBIENT, ...wrong), lab.rung]).toEqual(["EINVAL", "ambient"]);
    expect(ambient(AMBIENT.CLEAR_ALL, 0)).toBe(0);
  });

  test("a new user namespace starts with every capability over it, and with no securebits", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    prctl(guest, PR.SET_SECUREBITS, SECBIT.NOROOT);
    become(guest, 1000, []);
    const inside = lab.made(lab.plain({ flags: CLONE.NEWUSER }, guest), guest);
    expect(inside.task.cred).toMatchObject({ effective: allCapabilities(), securebits: 0, ambient: NONE });
  });
});

describe.each(ALL)(`prctl about the process, ${TITLE}`, (era) => {
  test("PR_SET_NAME looks at 15 bytes, PR_GET_NAME writes 16, and a thread has its own", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    guest.write(HOLE - 15, new TextEncoder().encode("fifteen-letters"));
    expect(prctl(guest, PR.SET_NAME, HOLE - 15)).toBe(0);
    expect([prctl(guest, PR.SET_NAME, HOLE - 14), lab.rung]).toEqual(["EFAULT", "name-unreadable"]);
    expect(prctl(guest, PR.GET_NAME, SCRATCH)).toBe(0);
    expect(new TextDecoder().decode(guest.read(SCRATCH, 16))).toBe("fifteen-letters\0");
    expect([prctl(guest, PR.GET_NAME, HOLE - 8), lab.rung]).toEqual(["EFAULT", "result-unwritable"]);
    expect(new TextDecoder().decode(guest.read(HOLE - 8, 8))).toBe("fifteen-");
    const child = lab.fork(guest);
    guest.write(SCRATCH, Uint8Array.of(0xff, 0));
    expect(prctl(guest, PR.SET_NAME, SCRATCH)).toBe(0);
    expect([child.task.comm, guest.task.comm]).toEqual(["fifteen-letters", "\u00ff"]);
  });

  test("PR_SET_PDEATHSIG takes a signal or 0, as a whole word", () => {
    const lab = new Lab(era);
    for (const sig of [65, 0xffff_ffff]) expect(prctl(lab.caller, PR.SET_PDEATHSIG, sig)).toBe("EINVAL");
    expect([prctl(lab.caller, PR.SET_PDEATHSIG, 64), prctl(lab.caller, PR.GET_PDEATHSIG, SCRATCH)]).toEqual([
      0, 0,
    ]);
    expect(lab.caller.readInt(SCRATCH)).toBe(64);
    expect([prctl(lab.caller, PR.GET_PDEATHSIG, 8), lab.rung]).toEqual(["EFAULT", "result-unwritable"]);
    if (era.arch === "x86_64") expect(prctl(lab.caller, PR.SET_PDEATHSIG, (1n << 32n) | 9n)).toBe("EINVAL");
  });

  test("PR_SET_TIMING only 0, PR_SET_TIMERSLACK 0 back to the start, an unknown option EINVAL", () => {
    const lab = new Lab(era);
    expect([prctl(lab.caller, PR.GET_TIMING), prctl(lab.caller, PR.SET_TIMING, 1)]).toEqual([0, "EINVAL"]);
    expect(prctl(lab.caller, PR.SET_TIMERSLACK, 1000)).toBe(0);
    const child = lab.fork();
    expect(prctl(lab.caller, PR.SET_TIMERSLACK, 0)).toBe(0);
    expect([prctl(lab.caller, PR.GET_TIMERSLACK), prctl(child, PR.GET_TIMERSLACK)]).toEqual([50_000, 1000]);
    for (const option of [0, 9999, -1]) {
      expect([prctl(lab.caller, option), lab.rung]).toEqual(["EINVAL", "option"]);
    }
  });

  test("set_tid_address returns the caller's own number, and keeps any address", () => {
    const lab = new Lab(era, { level: 1 });
    const thread = lab.fork(lab.caller, CLONE.THREAD | CLONE.SIGHAND | CLONE.VM);
    thread.writeInts(SCRATCH, [7]);
    expect(thread.call("set_tid_address", { tidptr: 8 })).toBe(thread.task.tid);
    expect(thread.call("set_tid_address", { tidptr: SCRATCH })).toBe(thread.task.tid);
    thread.call("exit", { error_code: 0 });
    expect(lab.caller.readInt(SCRATCH)).toBe(0);
  });

  test("personality tells the old one, 0xffffffff only asks, and children have their parent's", () => {
    const lab = new Lab(era);
    expect(lab.caller.call("personality", { personality: 0x40000 })).toBe(0);
    expect(lab.fork().call("personality", { personality: 0xffff_ffff })).toBe(0x40000);
    expect(lab.caller.call("sched_yield")).toBe(0);
  });
});

describe.each(clone3Eras())(`prctl today, ${TITLE}`, (era) => {
  test("PR_SET_NO_NEW_PRIVS takes 1 and three zeros, PR_GET_NO_NEW_PRIVS four", () => {
    const lab = new Lab(era);
    const guest = lab.fork();
    expect(prctl(guest, PR.GET_NO_NEW_PRIVS)).toBe(0);
    expect([prctl(guest, PR.SET_NO_NEW_PRIVS, 0), lab.rung]).toEqual(["EINVAL", "value"]);
    expect([prctl(guest, PR.SET_NO_NEW_PRIVS, 1, 0, 0, 1), lab.rung]).toEqual(["EINVAL", "not-zero"]);
    expect(prctl(guest, PR.SET_NO_NEW_PRIVS, 1)).toBe(0);
    expect([prctl(guest, PR.GET_NO_NEW_PRIVS), prctl(guest, PR.GET_NO_NEW_PRIVS, 0, 1)]).toEqual([
      1,
      "EINVAL",
    ]);
    expect(prctl(lab.fork(guest), PR.GET_NO_NEW_PRIVS)).toBe(1);
  });

  test("PR_GET_TID_ADDRESS writes a pointer of the kernel's width", () => {
    const lab = new Lab(era);
    lab.caller.write(SCRATCH, new Uint8Array(8).fill(0xaa));
    lab.caller.call("set_tid_address", { tidptr: 0x1234 });
    const path = era.arch === "x86_64" ? ENTRY_PATHS["x86_64/int80"] : lab.caller.task.path;
    expect(lab.caller.call("prctl", { option: PR.GET_TID_ADDRESS, arg2: SCRATCH }, path)).toBe(0);
    expect(lab.caller.readInt(SCRATCH)).toBe(0x1234);
    expect(lab.caller.readInt(SCRATCH + 4)).toBe(era.arch === "x86_64" ? 0 : 0xaaaaaaaa | 0);
  });
});

test.each(BASE)("options that came later are unknown, $arch $profile", (era) => {
  const lab = new Lab(era);
  for (const option of [PR.SET_CHILD_SUBREAPER, PR.SET_NO_NEW_PRIVS, PR.GET_TID_ADDRESS, PR.CAP_AMBIENT])
    expect([prctl(lab.caller, option, 1), lab.rung]).toEqual(["EINVAL", "option"]);
});

import type { Answer } from "../answer.ts";
import type { Need, Vector } from "../vector.ts";
import { isSince, type Machine } from "./machine.ts";

/** Runs a case that nothing is asked about beforehand: its answer, or one line that says what kept it from running. */
export type RunBare = (vector: Vector) => Promise<Answer | string>;

const SIGSEGV = 11;
const EINVAL = 22;
const ENODEV = 19;
const ENOSYS = 38;
const EPERM = 1;
const PAGE = 0x10000000;
const NR = { getpid: 39, rt_sigprocmask: 14, clone3: 435, wait4: 61, arch_prctl: 158, uprobe: 336 } as const;
const I386_GETPID = 20;
const ARCH_SET_FS = 0x1002;
const ARCH_SET_CPUID = 0x1012;
const CPUID_WORKS = 1;
/** A number that only a namespace with a pid_max of its own has room for, where level 0 has the usual one. */
const BEYOND_LEVEL_0 = 4194303;

/** A case of one page and a few calls. */
function bare(nsLevel: number, program: Vector["program"], more: Partial<Vector> = {}): Vector {
  return {
    id: "probe",
    group: "probe",
    arch: "x86_64",
    caps: "all",
    nsLevel,
    nsInit: nsLevel > 0,
    regions: [],
    dump: [],
    program,
    ...more,
  };
}

const getpid = (nr: number): Vector["program"] => [{ op: "sys", label: "x", nr, args: [] }];

/** What a machine permits beyond what can be read of it, found out by trying; each thing once. */
export class Probes {
  private readonly machine: Machine;
  private readonly run: RunBare;
  private readonly found: Map<string, Promise<string | null>> = new Map();

  constructor(machine: Machine, run: RunBare) {
    this.machine = machine;
    this.run = run;
  }

  /** Why cases in pid namespaces cannot run; null when they can. */
  namespaces(): Promise<string | null> {
    return this.once("namespaces", async () => {
      const answer = await this.run(bare(1, getpid(NR.getpid)));
      return typeof answer === "string" ? `no pid namespaces: ${answer}` : null;
    });
  }

  /** Why a 64-bit program cannot enter through int 0x80; null when it can. */
  int80(): Promise<string | null> {
    return this.once("int80", async () => {
      const answer = await this.run(bare(0, getpid(I386_GETPID), { arch: "int80" }));
      if (typeof answer === "string") return answer;
      return answer.mainWaitStatus === SIGSEGV ? "no int 0x80 in 64-bit programs" : null;
    });
  }

  /** Why what a case needs is not so here; null when it is. */
  need(need: Need): Promise<string | null> {
    return this.once(need, () => this.lookAt(need));
  }

  private async lookAt(need: Need): Promise<string | null> {
    const { machine } = this;
    const without = (ok: boolean, why: string): string | null => (ok ? null : `${need}: ${why}`);
    switch (need) {
      case "init-user-ns-caps":
        return without(machine.initUserNs && machine.root, "this is not root of the first user namespace");
      case "init-pid-ns":
        return without(machine.initPidNs, "this is not the first pid namespace");
      case "init-pid_max-32768":
        return without(machine.pidMax === 32768, `pid_max is ${machine.pidMax ?? "not known"} here`);
      case "pidfd-thread":
        return without(isSince(machine, "6.9"), `${machine.name} is older than 6.9`);
      case "ia32-compat":
        return null;
      case "per-ns-pid_max":
        return without(await this.ownPidMax(), "pid_max is one number for all namespaces");
      case "4-level-paging":
        return without(
          (await this.result(ARCH_SET_FS, 2 ** 47)) === -EPERM,
          "user memory goes beyond 47 bits",
        );
      case "no-pku":
        return without(await this.executeOnlyIsRead(), "an execute-only page cannot be read");
      case "no-cpuid-faulting":
        return without(
          (await this.result(ARCH_SET_CPUID, CPUID_WORKS)) === -ENODEV,
          "this processor can make cpuid fault",
        );
      case "uprobe-syscalls":
        return without(await this.hasUprobe(), `${machine.name} has no uprobe`);
    }
  }

  private async ownPidMax(): Promise<boolean> {
    const args = new Uint8Array(96);
    const fields = new DataView(args.buffer);
    fields.setUint32(32, 17, true);
    fields.setUint32(64, PAGE + 88, true);
    fields.setUint32(72, 1, true);
    fields.setUint32(88, BEYOND_LEVEL_0, true);
    const hex = [...args].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const program: Vector["program"] = [
      { op: "sys", label: "x", nr: NR.clone3, args: [PAGE, 88], child: [] },
      { op: "sys", label: "w", nr: NR.wait4, args: [{ ret: "x" }, 0, 0, 0] },
    ];
    const regions = [{ addr: PAGE, size: 4096, prot: "rw-", fill: "00", data: [{ off: 0, hex }] }];
    return retOf(await this.run(bare(1, program, { regions }))) === BEYOND_LEVEL_0;
  }

  private async executeOnlyIsRead(): Promise<boolean> {
    const regions = [{ addr: PAGE, size: 4096, prot: "--x", fill: "00" }];
    const program: Vector["program"] = [
      { op: "sys", label: "x", nr: NR.rt_sigprocmask, args: [99, PAGE, 0, 8] },
    ];
    return retOf(await this.run(bare(0, program, { regions }))) === -EINVAL;
  }

  private async hasUprobe(): Promise<boolean> {
    const ret = retOf(await this.run(bare(0, getpid(NR.uprobe))));
    return ret !== null && ret !== -ENOSYS;
  }

  private async result(code: number, address: number): Promise<number | null> {
    return retOf(
      await this.run(bare(0, [{ op: "sys", label: "x", nr: NR.arch_prctl, args: [code, address] }])),
    );
  }

  private once(what: string, look: () => Promise<string | null>): Promise<string | null> {
    const before = this.found.get(what);
    if (before !== undefined) return before;
    const now = look();
    this.found.set(what, now);
    return now;
  }
}

function retOf(answer: Answer | string): number | null {
  if (typeof answer === "string") return null;
  const { x } = answer.results;
  return x !== undefined && "ret" in x ? Number(x.ret) : null;
}

import type { ArchName } from "../../../src/arch/index.ts";
import { boot, Guest, type Profile } from "../../../src/kernel/index.ts";

/** The machines that are no x86. */
export const PORTS = ["arm64", "riscv64", "s390x", "powerpc64"] as const;
export type Port = (typeof PORTS)[number];

export const BIG_ENDIAN: ReadonlySet<string> = new Set(["s390x", "powerpc64"]);

/** A machine with a page of memory, and its init as the caller. */
export class Lab {
  readonly guest: Guest;
  /** A page, zeroed. */
  readonly at: number;

  constructor(arch: ArchName, profile: string | Profile = "clone3-614") {
    const machine = boot({ arch, profile, frames: 512 });
    this.guest = new Guest(machine, machine.init);
    this.at = this.guest.map(4096);
  }

  get regs(): Guest["task"]["regs"] {
    return this.guest.task.regs;
  }

  /** Bytes of memory in hexadecimal. */
  hex(at: number, n: number): string {
    return [...this.guest.read(at, n)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Every register by name. */
  snapshot(): Map<string, bigint> {
    return new Map(this.regs.names().map((name) => [name, this.regs.get(name)]));
  }

  /** Fills every register with a value of its own; `except` stay as they are. */
  fill(except: readonly string[] = []): Map<string, bigint> {
    for (const [i, name] of this.regs.names().entries())
      if (!except.includes(name)) this.regs.set(name, (BigInt(0x7000 + i) << 32n) + BigInt(0x1000_0000 + i));
    return this.snapshot();
  }
}

/** Registers that differ, in image order. */
export function changed(before: Map<string, bigint>, after: Map<string, bigint>): string[] {
  return [...before.keys()].filter((name) => before.get(name) !== after.get(name));
}

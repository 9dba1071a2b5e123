import type { FuzzValue } from "../program.ts";
import { PLACEMENTS } from "../torture.ts";

/** A value of a program for a person: `= 64`, `ends where a page that is not mapped begins`. */
export function fieldText(value: FuzzValue): string {
  if (typeof value === "string") return `= ${value}`;
  if (typeof value === "number") return Math.abs(value) < 4096 ? `= ${value}` : `= ${hex(value)}`;
  if ("at" in value) {
    const about = PLACEMENTS.find(({ name }) => name === value.at)?.about ?? value.at;
    return value.of === undefined ? about : `${about}: ${value.of}`;
  }
  if ("sizeof" in value) {
    const { plus = 0 } = value;
    return `= sizeof *${value.sizeof}${plus === 0 ? "" : plus > 0 ? ` + ${plus}` : ` - ${-plus}`}`;
  }
  if ("ret" in value) return `= what call ${value.ret} returned`;
  if ("scratch" in value) return `= an address`;
  return `= ${value.bytes}, ${value.length} bytes`;
}

function hex(value: number): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

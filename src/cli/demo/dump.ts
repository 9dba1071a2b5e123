import { pointerOf } from "../../abi/ctype.ts";
import type { StructLayout } from "../../abi/struct.ts";
import type { Guest } from "../../kernel/index.ts";
import { fieldType } from "../c-types.ts";
import type { MemoryEvent } from "./events.ts";

const PID_BYTES = 4;

/** An array of pid numbers as it lies in `guest`'s memory. */
export function dumpPids(guest: Guest, at: number, count: number): MemoryEvent {
  return {
    event: "memory",
    what: "pid_t pids[]",
    address: hex(at),
    size: count * PID_BYTES,
    align: PID_BYTES,
    bytes: hexBytes(guest.read(at, count * PID_BYTES)),
    fields: Array.from({ length: count }, (_, i) => ({
      name: `pids[${i}]`,
      type: "pid_t",
      offset: i * PID_BYTES,
      size: PID_BYTES,
      value: guest.readInt(at + i * PID_BYTES),
    })),
    holes: [],
  };
}

/** A struct as it lies in `guest`'s memory: its bytes, and what they mean under this layout. */
export function dumpStruct(guest: Guest, at: number, layout: StructLayout): MemoryEvent {
  const bytes = guest.read(at, layout.size);
  const values = layout.read(new DataView(bytes.buffer), 0);
  return {
    event: "memory",
    what: `struct ${layout.name}`,
    address: hex(at),
    size: layout.size,
    align: layout.align,
    bytes: hexBytes(bytes),
    fields: layout.fields.map(({ name, type, offset, size }) => {
      const value = values[name] ?? 0;
      return {
        name,
        type: fieldType(type),
        offset,
        size,
        value: pointerOf(type) === null ? Number(value) : hex(value),
      };
    }),
    holes: layout.holes,
  };
}

/** A number as `0x…`. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

import { CELL } from "./cells.ts";
import type { PlacedObject } from "./placed-call.ts";
import type { Resolved } from "./resolve.ts";
import type { Stand } from "./stand.ts";

/** Puts an object together in the stand's own frame, and copies it to where it lies. */
export function writeObject(
  { machine, world, stage, main }: Stand,
  object: PlacedObject,
  cells: Int32Array,
  values: Resolved,
): void {
  const axis = object.axis.index;
  const address = values.address[axis] as number;
  const n = values.size[axis] as number;
  if (n === 0 || !world.holds(address, n)) return;
  const { pool } = machine;
  const { view } = pool;
  if (object.bytes >= 0) writeBytes(pool.u8, stage, n, cells, object.bytes);
  else {
    pool.fill(stage, 0, n);
    const { fields } = object;
    const little = main.path.model.littleEndian;
    for (let i = 0; i < fields.length; i++) {
      const { axis: field, offset, width } = fields[i] as (typeof fields)[number];
      if (offset + width > n) break;
      const lo = values.lo[field] as number;
      const at = stage + offset;
      switch (width) {
        case 8:
          view.setInt32(at, lo, little);
          view.setInt32(at + 4, values.hi[field] as number, little);
          break;
        case 4:
          view.setInt32(at, lo, little);
          break;
        case 2:
          view.setInt16(at, lo, little);
          break;
        default:
          view.setInt8(at, lo);
      }
    }
  }
  if (object.tail >= 0 && n > object.natural)
    pool.u8[stage + n - 1] = cells[object.tail * CELL + 1] as number;
  world.put(address, stage, n);
}

const A = 0x41;

/** What a buffer holds: text that ends with a NUL, text that does not, an empty string, or noise. */
function writeBytes(u8: Uint8Array, at: number, n: number, cells: Int32Array, axis: number): void {
  const kind = cells[axis * CELL + 1] as number;
  if (kind === 3) {
    let x = (cells[axis * CELL + 2] as number) | 1;
    for (let i = 0; i < n; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      u8[at + i] = x;
    }
    return;
  }
  u8.fill(kind === 2 ? 0 : A, at, at + n);
  if (kind === 0) u8[at + n - 1] = 0;
}

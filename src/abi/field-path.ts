import type { FieldWidth } from "./field-accessor.ts";

/** A type as one data model lays it out: what it takes inside a struct, and what is inside it. */
export interface Shape {
  readonly size: number;
  readonly align: number;
  /** Bytes of its value; 0 for an array or a struct. */
  readonly width: FieldWidth;
  readonly signed: boolean;
  /** An array's elements. */
  readonly element?: Shape;
  readonly length?: number;
  /** A struct's fields. */
  readonly members?: ReadonlyMap<string, Place>;
}

/** A shape at an offset from the start of the outermost struct, in bytes. */
export interface Place {
  readonly shape: Shape;
  readonly offset: number;
}

const STEP = /^(?:\.([A-Za-z_]\w*)|\[(\d+)\])/;

/** Follows a path (`ru_utime.tv_sec`, `pids[2]`) from a struct's fields; undefined where it leads nowhere. */
export function reach(members: ReadonlyMap<string, Place>, path: string): Place | undefined {
  let at: Place | undefined = { shape: { size: 0, align: 1, width: 0, signed: false, members }, offset: 0 };
  for (let rest = `.${path}`; rest !== ""; ) {
    const step = STEP.exec(rest);
    if (step === null || at === undefined) return undefined;
    const [text, name, index] = step;
    at = name === undefined ? element(at, Number(index)) : member(at, name);
    rest = rest.slice(text.length);
  }
  return at;
}

function member({ shape, offset }: Place, name: string): Place | undefined {
  const found = shape.members?.get(name);
  return found && { shape: found.shape, offset: offset + found.offset };
}

function element({ shape, offset }: Place, index: number): Place | undefined {
  if (shape.element === undefined || index >= (shape.length ?? 0)) return undefined;
  return { shape: shape.element, offset: offset + index * shape.element.size };
}

/** The paths of every scalar and pointer, inner structs and arrays unfolded, in memory order. */
export function leafPaths(members: ReadonlyMap<string, Place>): string[] {
  return [...members].flatMap(([name, { shape }]) => unfold(name, shape));
}

function unfold(path: string, shape: Shape): string[] {
  const { element: inner, length, members } = shape;
  if (inner !== undefined)
    return Array.from({ length: length ?? 0 }, (_, i) => unfold(`${path}[${i}]`, inner)).flat();
  if (members !== undefined)
    return [...members].flatMap(([name, place]) => unfold(`${path}.${name}`, place.shape));
  return [path];
}

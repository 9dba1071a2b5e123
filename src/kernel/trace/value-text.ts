import { bytesOf, quoteBytes, quoteHex } from "./escape.ts";
import { sigsetText } from "./sigset.ts";
import { shownFields } from "./struct-shape.ts";
import type {
  Hex,
  TraceArray,
  TraceInt,
  TracePointer,
  TraceString,
  TraceStruct,
  TraceTail,
  TraceValue,
} from "./value.ts";
import { waitStatusText } from "./wait-status.ts";

/** How much of a value is written. */
export interface ValueStyle {
  /** Shorten: 32 elements of an array, 32 bytes of a string, large structs by their first fields. */
  readonly abbreviate: boolean;
}

/** Elements of an array and bytes of a string that are shown when abbreviating, as strace does. */
export const SHOWN = 32;
/** A struct with more fields than this is a table of figures; abbreviated, its first few are shown. */
const MANY_FIELDS = 12;
const FEW_FIELDS = 2;

/** A value as strace writes it. */
export function valueText(value: TraceValue, style: ValueStyle): string {
  switch (value.kind) {
    case "int":
      return intText(value);
    case "address":
      return addressText(value.address);
    case "signal":
      return value.name ?? String(value.value);
    case "flags":
      return value.text;
    case "pointer":
      return pointerText(value, style);
    case "struct":
      return structText(value, style);
    case "array":
      return arrayText(value, style);
    case "string":
      return stringText(value, style);
  }
}

/** An address: `NULL`, or hexadecimal. */
export function addressText(address: Hex): string {
  return address === "0x0" ? "NULL" : address;
}

function intText({ value, role }: TraceInt): string {
  if (role === "sigset") return sigsetText(value);
  if (typeof value === "string") return value === "0x0" ? "0" : value;
  if ((role === "uid" || role === "gid") && value === 0xffff_ffff) return "-1";
  if (role === "wait-status") return waitStatusText(value);
  if (role === "char") return `'${quoteBytes([value]).slice(1, -1)}'`;
  return String(value);
}

function pointerText(pointer: TracePointer, style: ValueStyle): string {
  const { to } = pointer;
  if (to === undefined) return addressText(pointer.address);
  const text = valueText(to, style);
  const bracketed = to.kind === "struct" || to.kind === "array" || to.kind === "string" || isSigset(to);
  return bracketed ? text : `[${text}]`;
}

/** A signal set has brackets of its own. */
function isSigset(value: TraceValue): boolean {
  return value.kind === "int" && value.role === "sigset";
}

function structText(struct: TraceStruct, style: ValueStyle): string {
  const { tail } = struct;
  const fields = shownFields(struct);
  const short = style.abbreviate && fields.length > MANY_FIELDS;
  const parts = (short ? fields.slice(0, FEW_FIELDS) : fields).map(
    (f) => `${f.name}=${valueText(f.value, style)}`,
  );
  if (short) parts.push("...");
  if (tail !== undefined) parts.push(tailText(tail, style));
  return `{${parts.join(", ")}}`;
}

function tailText({ from, to, bytes }: TraceTail, style: ValueStyle): string {
  if (bytes === null) return "???";
  const all = bytesOf(bytes);
  const shown = style.abbreviate ? all.slice(0, SHOWN) : all;
  const more = typeof to === "string" || from + shown.length < to ? "..." : "";
  const last = typeof to === "string" ? to : to - 1;
  return `/* bytes ${from}..${last} */ ${quoteHex(shown)}${more}`;
}

function arrayText({ items, count, cut }: TraceArray, style: ValueStyle): string {
  const shown = style.abbreviate ? items.slice(0, SHOWN) : items;
  const parts = shown.map((item) => valueText(item, style));
  // Like strace, which stops there before it meets a fault further on.
  if (style.abbreviate && count > SHOWN && shown.length === SHOWN) parts.push("...");
  else if (cut !== undefined) parts.push(`... /* ${cut} */`);
  else if (items.length < count) parts.push("...");
  return `[${parts.join(", ")}]`;
}

/** Text in quotes; a buffer that is not text is written byte by byte. */
function stringText({ bytes, ended }: TraceString, style: ValueStyle): string {
  const all = bytesOf(bytes);
  const shown = style.abbreviate ? all.slice(0, SHOWN) : all;
  return `${quoteBytes(shown)}${ended && shown.length === all.length ? "" : "..."}`;
}

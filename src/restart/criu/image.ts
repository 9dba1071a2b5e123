import { PbfReader } from "pbf";
import { TreeError } from "../tree/parse.ts";
import { IMAGES, IMG_COMMON_MAGIC, type ImageKind, type Message } from "./messages.ts";

/** An image in the form `crit decode` gives it. */
export interface ImageJson {
  readonly magic: string;
  readonly entries: readonly unknown[];
}

const WORD = 4;

/**
 * Reads an image of CRIU's: a magic or two, then entries, each its length and a message.
 * @param file its name, for messages
 * @throws TreeError when it is another kind of file, or cut off
 */
export function readImage(bytes: Uint8Array, kind: ImageKind, file: string): ImageJson {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => (at + WORD <= bytes.length ? view.getUint32(at, true) : 0);
  // Images of version 1 have no common magic.
  let at = word(0) === IMG_COMMON_MAGIC ? WORD : 0;
  const { magic, entry } = IMAGES[kind];
  if (word(at) !== magic) throw new TreeError(`${file}: no ${kind} image of CRIU's: it begins otherwise`);
  at += WORD;
  const entries: unknown[] = [];
  while (at < bytes.length) {
    const length = word(at);
    const end = at + WORD + length;
    if (at + WORD > bytes.length || end > bytes.length)
      throw new TreeError(`${file}: entries[${entries.length}]: the file ends within it`);
    entries.push(readEntry(bytes.subarray(at + WORD, end), entry, `${file}: entries[${entries.length}]`));
    at = end;
  }
  return { magic: kind, entries };
}

function readEntry(bytes: Uint8Array, message: Message, place: string): unknown {
  try {
    const reader = new PbfReader(bytes);
    const fields = readMessage(reader, message, bytes.length);
    if (reader.pos === bytes.length) return fields;
  } catch (error) {
    // The reader throws for a wire type that there is none of, and for a varint without an end.
    if (!(error instanceof Error)) throw error;
  }
  throw new TreeError(`${place}: no protobuf message`);
}

function readMessage(reader: PbfReader, message: Message, end: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  reader.readFields(
    (number, into, pbf) => {
      const field = message[number];
      if (field === undefined) return;
      const { name, kind } = field;
      if (kind === "uint32") into[name] = pbf.readVarint();
      else if (kind === "uint32s")
        into[name] = pbf.readPackedVarint((into[name] as number[] | undefined) ?? []);
      else into[name] = readMessage(pbf, kind, pbf.readVarint() + pbf.pos);
    },
    fields,
    end,
  );
  return fields;
}

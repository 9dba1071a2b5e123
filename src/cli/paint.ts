import { styleText } from "node:util";

/** What a piece of a page is. */
type Ink = "title" | "heading" | "name" | "number" | "errno" | "rule" | "hole" | "faint";

const FORMATS = {
  title: ["bold", "cyan"],
  heading: ["bold"],
  name: ["bold"],
  number: ["green"],
  errno: ["red"],
  rule: ["yellow"],
  hole: ["magenta"],
  faint: ["dim"],
} as const;

/** Colours a piece of a page, or leaves it as it is. */
export type Paint = (ink: Ink, text: string) => string;

/** The paint for a terminal that takes colours, or for one that does not. */
export function paintFor(color: boolean): Paint {
  if (!color) return (_ink, text) => text;
  // Whether colours are wanted is decided already: styleText is not to ask the stream again.
  return (ink, text) => (text === "" ? "" : styleText([...FORMATS[ink]], text, { validateStream: false }));
}

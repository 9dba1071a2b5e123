/** What a piece of a trace line is, for colouring. */
export type Role = "task" | "call" | "error" | "reason" | "signal" | "end" | "faint";

/** Colours a piece of a line, or leaves it as it is. */
export type Paint = (role: Role, text: string) => string;

/** SGR parameters by role. */
const SGR: Readonly<Record<Role, string>> = {
  task: "36",
  call: "1",
  error: "31",
  reason: "2",
  signal: "33",
  end: "35",
  faint: "2",
};

/** No colour. */
export const plain: Paint = (_role, text) => text;

/** ANSI colours. Whether they are wanted (a terminal, `NO_COLOR`) is for the caller to know. */
export const ansi: Paint = (role, text) => (text === "" ? text : `\u001b[${SGR[role]}m${text}\u001b[0m`);

/** Characters a text takes on a terminal, its colours not counted. */
export function width(text: string): number {
  return text.replace(SEQUENCE, "").length;
}

const SEQUENCE = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]*m`, "g");

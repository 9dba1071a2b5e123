import { DeclarationError } from "../../abi/declaration-error.ts";

/** A word, a number or a mark of a declaration, with its place. */
export interface Token {
  readonly kind: "word" | "number" | "mark" | "end";
  readonly text: string;
  /** `file:line:column`, counted from 1. */
  readonly at: string;
}

/** White space and comments, then a token; a comment that never ends is one of its own. */
const PIECE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|([A-Za-z_]\w*)|(\d\w*)|(\/\*|[\s\S])/gy;

/** Cuts a file of struct declarations into tokens. @throws DeclarationError with `file:line:column` */
export function scan(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  const place = new Places(text, file);
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match !== null; match = PIECE.exec(text)) {
    const [, word, number, mark] = match;
    const at = place.of(match.index);
    if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (mark === "/*") throw new DeclarationError(at, "this comment has no end");
    else if (mark === "#")
      throw new DeclarationError(at, "there is no preprocessor here: write the structs alone");
    else if (mark !== undefined && !"{}()[];,*:".includes(mark))
      throw new DeclarationError(at, `${JSON.stringify(mark)} has no meaning in a struct declaration`);
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark, at });
  }
  tokens.push({ kind: "end", text: "the end of the file", at: place.of(text.length) });
  return tokens;
}

/** Lines and columns of ascending places in a text. */
class Places {
  private line = 1;
  private start = 0;
  private seen = 0;
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  of(index: number): string {
    for (; this.seen < index; this.seen++)
      if (this.text.charCodeAt(this.seen) === 10) {
        this.line++;
        this.start = this.seen + 1;
      }
    return `${this.file}:${this.line}:${index - this.start + 1}`;
  }
}

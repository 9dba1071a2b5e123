import type { CType } from "../../abi/ctype.ts";
import { DATA_MODELS } from "../../abi/data-model.ts";
import { DeclarationError } from "../../abi/declaration-error.ts";
import type { StructDecl } from "../../abi/struct.ts";
import { ABIS, abiNamed } from "../abis.ts";
import { isTypeWord, QUALIFIERS, scalarNamed } from "./c-types.ts";
import { scan, type Token } from "./scan.ts";

/** A struct read from a file, with the types of its fields as they stand there. */
export interface ParsedStruct {
  readonly decl: StructDecl;
  /** By field: `struct timespec *`, `char [16]`. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Reads a file of C struct declarations: scalars as C and the uapi headers spell them, pointers, arrays, structs held by
 * value, `__attribute__((packed))` or `__packed`, and `__packed(x86_64, x32)` for structs packed on some ABIs alone.
 * No typedefs, unions, bit fields or preprocessor.
 * @param file its name, for messages
 * @param known names of structs that may be held by value without standing in the file
 * @throws DeclarationError whose message begins with `file:line:column`
 * @example
 * ```ts
 * import { parseStructs } from "trapgate/atlas";
 * const [pair] = parseStructs("struct pair { __u32 a; void *b; };", "pair.h");
 * console.log(JSON.stringify(pair?.decl.fields)); // {"a":"u32","b":{"inout":"u8"}}
 * ```
 */
export function parseStructs(
  text: string,
  file: string,
  known: (struct: string) => boolean = () => false,
): ParsedStruct[] {
  return new Parser(scan(text, file), known).all();
}

/** An array longer than this is a slip. */
const LONGEST_ARRAY = 2 ** 24;

/** The ABIs whose data model is theirs alone. */
const OWN_MODELS = ABIS.filter(({ name, model }) => name === model.name)
  .map(({ name }) => name)
  .join(", ");

class Parser {
  private readonly tokens: readonly Token[];
  private readonly known: (struct: string) => boolean;
  private readonly made: Map<string, ParsedStruct> = new Map();
  private next = 0;

  constructor(tokens: readonly Token[], known: (struct: string) => boolean) {
    this.tokens = tokens;
    this.known = known;
  }

  all(): ParsedStruct[] {
    while (this.token.kind !== "end") this.struct();
    if (this.made.size === 0) throw new DeclarationError(this.token.at, "no struct is declared here");
    return [...this.made.values()];
  }

  private struct(): void {
    const packedBefore = this.packed();
    const start = this.take();
    if (start.text === "typedef" || start.text === "union" || start.text === "enum")
      throw new DeclarationError(start.at, `a ${start.text} has no layout of its own here: write a struct`);
    if (start.text !== "struct") this.wanted("struct NAME { … };", start);
    const name = this.word("the name of the struct");
    if (this.made.has(name.text))
      throw new DeclarationError(name.at, `struct ${name.text} is declared twice`);
    this.expect("{");
    const fields: Record<string, CType> = {};
    const texts: Record<string, string> = {};
    while (this.token.text !== "}") this.members(name.text, fields, texts);
    const close = this.take();
    if (Object.keys(fields).length === 0)
      throw new DeclarationError(close.at, `struct ${name.text} has no fields`);
    const packed = [...new Set([...packedBefore, ...this.packed()])];
    this.expect(";");
    const decl = { struct: name.text, fields, ...(packed.length === 0 ? {} : { packed }) };
    this.made.set(name.text, { decl, texts });
  }

  /** One declaration of a struct's body: a type and its declarators. */
  private members(struct: string, fields: Record<string, CType>, texts: Record<string, string>): void {
    const base = this.type(struct);
    do {
      let type = base.type;
      let text = base.text;
      let pointer = false;
      while (this.token.text === "*") {
        this.take();
        text = pointer ? `${text}*` : `${text} *`;
        pointer = true;
        while (QUALIFIERS.has(this.token.text)) this.take();
      }
      if (this.token.text === "(")
        throw new DeclarationError(this.token.at, "write a pointer to a function as void *");
      const name = this.word("the name of the field");
      if (Object.hasOwn(fields, name.text))
        throw new DeclarationError(name.at, `struct ${struct} has two fields ${name.text}`);
      if (pointer) type = { inout: "u8" };
      if (type === null)
        throw new DeclarationError(base.at, `${base.text} has no size: only pointers to it have`);
      if (this.token.text === ":")
        throw new DeclarationError(this.token.at, "write a bit field as the integer that holds it");
      const lengths = this.lengths();
      if (lengths.length > 0) text += ` ${lengths.map((length) => `[${length}]`).join("")}`;
      for (const length of lengths.reverse()) type = { array: type, length };
      fields[name.text] = type;
      texts[name.text] = text;
    } while (this.takeIf(","));
    this.expect(";");
  }

  /** The type a declaration begins with; its layout is null for one only a pointer may point at. */
  private type(struct: string): { type: CType | null; text: string; at: string } {
    while (QUALIFIERS.has(this.token.text)) this.take();
    const first = this.word("the type of a field");
    const { at } = first;
    if (first.text === "union" || (first.text === "struct" && this.token.text === "{"))
      throw new DeclarationError(
        at,
        `write what is inside this ${first.text} as fields, or the longest member alone`,
      );
    if (first.text === "struct") {
      const name = this.word("the name of the struct");
      while (QUALIFIERS.has(this.token.text)) this.take();
      const own = name.text === struct;
      const there = this.made.has(name.text) || this.known(name.text);
      if (this.token.text !== "*" && !there)
        throw new DeclarationError(
          name.at,
          own ? `struct ${struct} contains itself` : `no struct is called ${name.text}: declare it above`,
        );
      return { type: there ? { struct: name.text } : null, text: `struct ${name.text}`, at };
    }
    if (first.text === "enum") {
      const name = this.word("the name of the enum");
      return { type: "unsigned int", text: `enum ${name.text}`, at };
    }
    const words = [first.text];
    if (isTypeWord(first.text)) while (isTypeWord(this.token.text)) words.push(this.take().text);
    while (QUALIFIERS.has(this.token.text)) this.take();
    const scalar = scalarNamed(words);
    const text = words.join(" ");
    if (scalar === undefined && text !== "void") throw new DeclarationError(at, `no type is called ${text}`);
    return { type: scalar ?? null, text, at };
  }

  private lengths(): number[] {
    const lengths: number[] = [];
    while (this.takeIf("[")) {
      const token = this.take();
      if (token.text === "]")
        throw new DeclarationError(
          token.at,
          "an array without a length has no size: leave it out, which changes nothing where another field is aligned as it is",
        );
      const length = /^(\d+|0x[\da-f]+)$/i.test(token.text) ? Number(token.text) : Number.NaN;
      if (Number.isNaN(length)) this.wanted("the length of the array, a number", token);
      if (length < 1 || length > LONGEST_ARRAY)
        throw new DeclarationError(token.at, `an array of ${token.text} elements: at least 1`);
      lengths.push(length);
      this.expect("]");
    }
    return lengths;
  }

  /** `__packed`, `__packed(ABI, …)` or `__attribute__((packed))`: the names of the data models. */
  private packed(): string[] {
    if (this.takeIf("__attribute__")) {
      this.expect("(");
      this.expect("(");
      const attribute = this.word("the attribute");
      if (!/^(__)?packed(__)?$/.test(attribute.text))
        throw new DeclarationError(attribute.at, `the only attribute known is packed, not ${attribute.text}`);
      this.expect(")");
      this.expect(")");
      return Object.keys(DATA_MODELS);
    }
    if (!this.takeIf("__packed")) return [];
    if (!this.takeIf("(")) return Object.keys(DATA_MODELS);
    const models: string[] = [];
    do {
      const name = this.word("the name of an ABI");
      const abi = abiNamed(name.text);
      if (abi === undefined) throw new DeclarationError(name.at, `no ABI is called ${name.text}`);
      // Most ABIs share their data model with others: nothing in the field is packed on one of them alone.
      if (ABIS.filter(({ model }) => model === abi.model).length > 1)
        throw new DeclarationError(name.at, `a struct is packed everywhere, or on ${OWN_MODELS} alone`);
      models.push(abi.model.name);
    } while (this.takeIf(","));
    this.expect(")");
    return models;
  }

  private get token(): Token {
    return this.tokens[this.next] as Token;
  }

  private take(): Token {
    const { token } = this;
    if (token.kind !== "end") this.next++;
    return token;
  }

  private takeIf(text: string): boolean {
    if (this.token.text !== text || this.token.kind === "end") return false;
    this.take();
    return true;
  }

  private expect(text: string): void {
    if (!this.takeIf(text)) this.wanted(text, this.token);
  }

  private word(what: string): Token {
    if (this.token.kind !== "word") this.wanted(what, this.token);
    return this.take();
  }

  private wanted(what: string, { at, text }: Token): never {
    throw new DeclarationError(at, `${what} should stand here, not ${text}`);
  }
}

import { fits, table, tableRows, unbroken, wrap } from "../layout.ts";
import type { Paint } from "../paint.ts";
import type { ExplainedNumber, ExplainedRung, ExplainedStruct, Explanation } from "./explanation.ts";

/** An explanation as a page for people. */
export class ExplanationPage {
  private readonly paint: Paint;
  private readonly columns: number;

  constructor(options: { readonly paint: Paint; readonly columns: number }) {
    this.paint = options.paint;
    this.columns = options.columns;
  }

  render(call: Explanation): string {
    const lines = [
      ...this.title(call),
      ...this.section("Arguments", this.args(call)),
      ...this.section("Numbers", this.numbers(call)),
      ...call.structs.flatMap((struct) => ["", ...this.struct(struct)]),
      ...this.section(this.ladderHeading(call), this.ladder(call)),
      ...this.section("Quirks", this.quirks(call)),
      ...this.section("Effects", this.list(call.effects)),
      ...this.section("Sources", this.list(call.provenance)),
    ];
    return lines.map((line) => `${line.trimEnd()}\n`).join("");
  }

  private section(heading: string, lines: readonly string[]): string[] {
    return lines.length === 0 ? [] : ["", this.paint("heading", heading), ...lines];
  }

  private list(items: readonly string[]): string[] {
    return items.flatMap((item) => this.wrap(`  ${item}`, 4));
  }

  private wrap(line: string, hang: number): string[] {
    return wrap(line, this.columns, hang);
  }

  private title({ call, prototype, support, since, until, note }: Explanation): string[] {
    const era = [since === null ? "" : `since ${since}`, until === null ? "" : `gone in ${until}`].filter(
      Boolean,
    );
    const facts = [...era, `support: ${support}`].join(", ");
    return [
      // A parameter is never broken: only commas end a line.
      ...this.wrap(
        prototype.replace(/(?<!,) /g, unbroken).replace(call, (name) => this.paint("title", name)),
        4,
      ),
      ...this.wrap(this.paint("faint", `  ${facts}`), 2),
      ...(note === null ? [] : this.wrap(`  ${note}`, 2)),
    ];
  }

  /** A row an argument, a column for each different set of registers. */
  private args({ arguments: args, returns }: Explanation): string[] {
    const { paint } = this;
    const columns = groupPaths([...args.map((arg) => arg.places), returns.places]);
    const places = (of: Readonly<Record<string, string>>): string[] =>
      columns.map(([path = ""]) => of[path] ?? "");
    const deepest = Math.max(0, ...columns.map((paths) => paths.length));
    const heads = Array.from({ length: deepest }, (_, i) => [
      ...["", "", ""],
      ...columns.map((paths) => paint("faint", paths[i - deepest + paths.length] ?? "")),
    ]);
    const rows = args.map(({ type, name, remarks, places: of }) => [
      type,
      paint("name", name),
      paint("faint", remarks.join(", ")),
      ...places(of),
    ]);
    const result = [returns.type, paint("faint", "returned"), "", ...places(returns.places)];
    const onStack = args.some((arg) => Object.values(arg.places).some((place) => place.startsWith("(")));
    const legend = onStack ? [paint("faint", "  (register): the word in user memory that it points at")] : [];
    const whole = [...heads, ...rows, result];
    const lines = table(whole);
    // The prototype has the types already: they are what a narrow screen can do without.
    return [...(fits(lines, this.columns) ? lines : table(whole.map((row) => row.slice(1)))), ...legend];
  }

  /** A column a table, or a row where they are many, against profiles that agree and follow each other; remarks below. */
  private numbers({ numbers }: Explanation): string[] {
    const { paint } = this;
    const profiles = Object.keys(numbers[0]?.profiles ?? {});
    const remarks: string[] = [];
    const cell = (number: ExplainedNumber | undefined): string => {
      if (number === undefined) return "";
      const remark = number.nr === null ? number.absent : number.remark;
      const text = number.nr === null ? "none" : String(number.nr);
      if (remark === null) return paint("number", text);
      if (!remarks.includes(remark)) remarks.push(remark);
      const ink = number.nr === null ? "hole" : "number";
      return `${paint(ink, text)} ${paint("faint", `[${remarks.indexOf(remark) + 1}]`)}`;
    };
    const head = ["", ...numbers.map(({ table: name }) => paint("faint", name))];
    const rows = profiles.map((profile) => numbers.map((row) => cell(row.profiles[profile])));
    const runs = runsOf(rows.map((row) => row.join()));
    const body = runs.map(([first, last]) => [
      ...[first === last ? profiles[first] : `${profiles[first]} … ${profiles[last]}`].map(String),
      ...(rows[first] ?? []),
    ]);
    const notes = remarks.map((remark, i) => [paint("faint", `[${i + 1}]`), remark]);
    const lines = table([head, ...body]);
    // Many tables are better read from above.
    const sideways = head.map((_, i) => [head, ...body].map((row) => row[i] ?? ""));
    return [
      ...(fits(lines, this.columns) ? lines : table(sideways)),
      ...table(notes, { width: this.columns }),
    ];
  }

  /** Layouts side by side: a row a field, hole or padding, an offset and a size for each data model. */
  private struct({ struct, note, layouts }: ExplainedStruct): string[] {
    const { paint } = this;
    const rows: string[][] = [];
    const gaps = (offsets: readonly number[], what: string, sizes: readonly number[]): void => {
      if (sizes.every((size) => size === 0)) return;
      const cells = sizes.flatMap((size, i) => (size === 0 ? ["", ""] : [String(offsets[i]), String(size)]));
      rows.push(["", what, ...cells].map((text) => paint("hole", text)));
    };
    for (const [i, { type, name, remarks }] of (layouts[0]?.fields ?? []).entries()) {
      const fields = layouts.map((layout) => layout.fields[i]);
      const holes = layouts.map((layout, m) =>
        layout.holes.find((hole) => hole.offset + hole.size === fields[m]?.offset),
      );
      gaps(
        holes.map((hole) => hole?.offset ?? 0),
        "(hole)",
        holes.map((hole) => hole?.size ?? 0),
      );
      const cells = fields.flatMap((field) => [String(field?.offset), String(field?.size)]);
      rows.push([type, paint("name", name), ...cells, paint("faint", remarks.join(", "))]);
    }
    gaps(
      layouts.map((layout) => layout.size - layout.tailPadding),
      "(padding)",
      layouts.map((layout) => layout.tailPadding),
    );
    const heads = layouts.flatMap(() => [paint("faint", "offset"), paint("faint", "size")]);
    const right = layouts.flatMap((_, m) => [2 + 2 * m, 3 + 2 * m]);
    const sums = layouts
      .map(({ model, size, align }) => `${model} ${size} bytes, aligned to ${align}`)
      .join("; ");
    const models = layouts.flatMap(({ model }) => [paint("faint", model), ""]);
    return [
      ...this.wrap(`${paint("heading", `struct ${struct}`)}${paint("faint", `: ${sums}`)}`, 2),
      ...(note === null ? [] : this.wrap(`  ${note}`, 2)),
      ...table([["", "", ...models], ["", "", ...heads], ...rows], { right, width: this.columns }),
    ];
  }

  private ladderHeading({ ladder }: Explanation): string {
    return ladder.length === 0 ? "Ladder" : `Ladder: ${ladder.length} checks, the first that fails answers`;
  }

  /** Rungs in check order; where they come from a shared ladder, its name stands above them. */
  private ladder({ call, ladder }: Explanation): string[] {
    const { paint } = this;
    if (ladder.length === 0) return ["  none: it does not fail"];
    const rows = ladder.map((rung) => [
      String(rung.place),
      paint("errno", rung.errno),
      paint("rule", rung.rules.join(" ")),
      paint("name", rung.id),
      [rung.reason, ...eraText(rung)].join("; "),
    ]);
    const lines = tableRows(rows, { right: [0], width: this.columns });
    if (ladder.every((rung) => rung.from === null)) return lines.flat();
    return ladder.flatMap(({ from }, i) => {
      const own = lines[i] ?? [];
      if (i > 0 && ladder[i - 1]?.from === from) return own;
      return [paint("faint", from === null ? `  ${call}'s own` : `  ${from}, shared`), ...own];
    });
  }

  /** What happens, then what a machine does with and without it, or why it does nothing. */
  private quirks({ quirks }: Explanation): string[] {
    const { paint } = this;
    return quirks.flatMap(({ id, title, happens, switch: choice, noSwitch, advice, profiles, tables }) => {
      const where = [...profiles, ...(tables ?? [])].join(", ");
      const side = (name: "off" | "on", text: string): string =>
        `    ${paint("number", name)}${choice?.default === name ? " (default)" : ""}: ${text}`;
      return [
        ...this.wrap(`  ${paint("rule", id)}  ${title}`, 8),
        ...this.wrap(`    ${where === "" ? "" : `${paint("faint", where)}: `}${happens}`, 4),
        ...(choice === null
          ? this.wrap(`    ${paint("faint", "no switch")}: ${noSwitch}`, 6)
          : [...this.wrap(side("off", choice.off), 6), ...this.wrap(side("on", choice.on), 6)]),
        ...this.wrap(`    ${paint("faint", "advice")}: ${advice}`, 6),
      ];
    });
  }
}

/** Entry paths that put every argument in the same place stand together: one column each. */
function groupPaths(places: readonly Readonly<Record<string, string>>[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const path of Object.keys(places[0] ?? {})) {
    const key = places.map((of) => of[path]).join(" ");
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return [...groups.values()];
}

/** `5.3 to 5.17` is from 5.3 on and before 5.17. */
function eraText({ since, until }: Pick<ExplainedRung, "since" | "until">): string[] {
  if (since !== null && until !== null) return [`${since} to ${until}`];
  if (since !== null) return [`since ${since}`];
  return until === null ? [] : [`until ${until}`];
}

/** First and last index of every run of equal texts. */
function runsOf(texts: readonly string[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const [i, text] of texts.entries()) {
    const run = runs.at(-1);
    if (run !== undefined && texts[run[0]] === text) run[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}

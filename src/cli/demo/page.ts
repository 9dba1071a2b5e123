import { valueText } from "../../kernel/trace/value-text.ts";
import { fits, pad, table, tableRows, unbroken, widthOfText, wrap } from "../layout.ts";
import type { Paint } from "../paint.ts";
import type { CallEvent, ChildEvent, DemoEvent, MemoryEvent, RegistersEvent } from "./events.ts";

/** How the page is set. */
export interface PageOptions {
  readonly paint: Paint;
  readonly columns: number;
  /** Say of every refusal what was done, how far down the ladder it stands, and which access failed. */
  readonly reasons: boolean;
}

/** The events of one architecture as a page for people. */
export class Page {
  private readonly paint: Paint;
  private readonly columns: number;
  private readonly reasons: boolean;

  constructor(options: PageOptions) {
    this.paint = options.paint;
    this.columns = options.columns;
    this.reasons = options.reasons;
  }

  render(events: readonly DemoEvent[]): string {
    const calls = events.filter((e) => e.event === "call");
    const children = events.filter((e) => e.event === "child");
    const refused = calls
      .filter((call) => call.errno !== undefined)
      .sort((a, b) => (a.place?.[0] ?? 0) - (b.place?.[0] ?? 0));
    const asked = askedFor(events);
    const plain = calls.filter((call) => call.case.endsWith("-set") && call.errno === undefined);
    const lines = [
      ...this.title(events),
      ...this.section(
        "Three nested pid namespaces, each made from the one above",
        this.namespaces(events, calls),
      ),
      ...this.section(
        `The request in memory: pids[] = {${asked.join(", ")}}, oldest namespace first, 0 for the kernel's choice`,
        this.memory(events.filter((e) => e.event === "memory")),
      ),
      ...this.trap(events, calls),
      ...this.section("The child, as each level knows it", this.child(events, calls, children)),
      ...this.section(
        "The same call with one thing wrong at a time, in the order the kernel checks",
        refused.flatMap((call) => this.called(call)),
      ),
      ...this.newpid(calls, children),
      ...this.section(
        "No set, or an empty one: a plain clone, which takes no capability",
        plain.flatMap((call) => this.called(call)),
      ),
    ];
    return lines.map((line) => `${line.trimEnd()}\n`).join("");
  }

  private section(heading: string, lines: readonly string[]): string[] {
    return lines.length === 0 ? [] : ["", ...this.wrap(this.paint("heading", heading), 0), ...lines];
  }

  private title(events: readonly DemoEvent[]): string[] {
    const booted = events.find((e) => e.event === "boot");
    if (booted === undefined) return [];
    const { paint } = this;
    const number = `number ${booted.number}${booted.remark === null ? "" : `, ${booted.remark}`}`;
    return [
      paint("title", `clone_with_pids on ${booted.arch}`),
      ...this.wrap(paint("faint", `${booted.profile}: ${booted.title}`), 2),
      ...this.wrap(paint("faint", number), 2),
    ];
  }

  /** A row a namespace, a column a level: which numbers its init has. */
  private namespaces(events: readonly DemoEvent[], calls: readonly CallEvent[]): string[] {
    const made = events.filter((e) => e.event === "namespace");
    const levels = made.map(({ level }) => this.paint("faint", `level ${level}`));
    const set = (how: (line: string) => string): string[] => {
      const rows = made.map(({ level, pids }) => {
        const call = calls.find((c) => c.case === `nest-${level}`);
        const numbers = made.map((_, i) => this.paint("number", String(pids[i] ?? "")));
        const maker = call === undefined ? "the machine's init" : this.strace(how(call.line));
        return [maker, ...numbers, level === made.length - 1 ? "the caller" : ""];
      });
      return table([["", ...levels, ""], ...rows], { right: made.map((_, i) => i + 1) });
    };
    const whole = set((line) => line);
    return fits(whole, this.columns) ? whole : set((line) => line.replace(/(, NULL)+/, ", ..."));
  }

  /** A line a field: address, raw bytes, offset, type, name, value. All dumps share their columns. */
  private memory(dumps: readonly MemoryEvent[]): string[] {
    const rows = dumps.map((dump) => this.rows(dump));
    const set = (cells: readonly string[][]): string[][] => tableRows(cells, { indent: 4, right: [2] });
    let lines = set(rows.flat());
    // The types are what a narrow screen can do without.
    if (!fits(lines.flat(), this.columns))
      lines = set(rows.flat().map((row) => row.filter((_, i) => i !== TYPE_COLUMN)));
    return dumps.flatMap((dump, i) => {
      const extent = this.paint("faint", `: ${dump.size} bytes, aligned to ${dump.align}`);
      return [`  ${dump.what}${extent}`, ...lines.splice(0, rows[i]?.length ?? 0).flat()];
    });
  }

  private rows(dump: MemoryEvent): string[][] {
    const { paint } = this;
    const base = BigInt(dump.address);
    const bytes = (offset: number, size: number): string =>
      dump.bytes.slice(offset * 2, (offset + size) * 2).replace(/..(?=.)/g, "$& ");
    const at = (offset: number): string => paint("faint", `0x${(base + BigInt(offset)).toString(16)}`);
    const fields = dump.fields.map(({ offset, size, type, name, value }) => ({
      offset,
      row: [at(offset), bytes(offset, size), `+${offset}`, type, paint("name", name), String(value)],
    }));
    const holes = dump.holes.map(({ offset, size }) => ({
      offset,
      row: [at(offset), bytes(offset, size), `+${offset}`, "", "(hole)", `${size} bytes, unread`].map(
        (cell, i) => (i === 0 ? cell : paint("hole", cell)),
      ),
    }));
    return [...fields, ...holes].sort((a, b) => a.offset - b.offset).map(({ row }) => row);
  }

  private trap(events: readonly DemoEvent[], calls: readonly CallEvent[]): string[] {
    const loaded = events.find((e) => e.event === "registers");
    const call = calls.find((c) => c.case === "success");
    if (loaded === undefined || call === undefined) return [];
    return [
      ...this.section("In the registers", this.registers(loaded, call)),
      ...this.section(`The trap: ${loaded.instruction}`, this.called(call)),
    ];
  }

  private registers({ registers }: RegistersEvent, call: CallEvent): string[] {
    const meaning = (role: string, value: string): string => {
      if (role === "number") return `${Number(value)}: ${call.call}`;
      const decoded = call.args.find((arg) => arg.name === role)?.value;
      return decoded === undefined ? "" : valueText(decoded, { abbreviate: true });
    };
    return table(
      registers.map(({ register, role, value }) => [
        this.paint("name", register),
        value,
        role,
        this.paint("faint", meaning(role, value)),
      ]),
      { width: this.columns },
    );
  }

  /** A row a level, the child's own namespace first. */
  private child(
    events: readonly DemoEvent[],
    calls: readonly CallEvent[],
    children: readonly ChildEvent[],
  ): string[] {
    const pids = children.find((child) => child.case === "success")?.pids ?? [];
    const asked = askedFor(events);
    const own = calls.find((call) => call.case === "getpid");
    const rows = [...pids.entries()].reverse().map(([level, nr]) => {
      const seen = calls.find((call) => call.case === `visible-${level}`);
      const why = asked[level] === 0 ? "the kernel's choice" : "as asked";
      const itself =
        level === pids.length - 1 && own !== undefined ? `, and to itself ${this.strace(own.line)}` : "";
      return [
        `level ${level}`,
        this.paint("number", String(nr)),
        why,
        this.strace(seen?.line ?? "") + itself,
      ];
    });
    return table(rows, { right: [1], width: this.columns });
  }

  private newpid(calls: readonly CallEvent[], children: readonly ChildEvent[]): string[] {
    const call = calls.find((c) => c.case === "newpid");
    const child = children.find((c) => c.case === "newpid");
    if (call === undefined || child === undefined) return [];
    const numbers = child.pids
      .map((nr, level) => [`level ${level}`, this.paint("number", String(nr))])
      .reverse();
    return this.section("With CLONE_NEWPID: one level more", [
      ...this.called(call),
      ...table(numbers, { indent: 4, right: [1] }),
    ]);
  }

  /** A call and what came of it: one line when it fits and succeeded, else the outcome on a line of its own. */
  private called(call: CallEvent): string[] {
    const cut = call.line.lastIndexOf(") = ") + 1;
    const made = call.line.slice(0, cut);
    const outcome = call.line.slice(cut + 1);
    const { paint } = this;
    if (call.errno === undefined) {
      const line = `  ${this.strace(call.line)}`;
      const withRule = `${line}   ${paint("rule", call.rule ?? "")}`;
      const tight = widthOfText(withRule) > this.columns && widthOfText(line) <= this.columns;
      return this.wrap(tight ? line : withRule, 6);
    }
    const rung =
      call.rung === undefined ? "" : `${paint("rule", call.rule ?? "")} ${call.rung}: ${call.reason}`;
    return [
      ...this.wrap(`  ${this.strace(made)}`, 6),
      ...table([[pad(this.strace(outcome), 30), rung]], { indent: 4, width: this.columns }),
      ...(this.reasons ? this.wrap(`    ${paint("faint", this.why(call))}`, 6) : []),
    ];
  }

  private why({ about, place, fault }: CallEvent): string {
    const rung = place === undefined ? "" : `; rung ${place[0]} of ${place[1]}`;
    const access =
      fault === undefined
        ? ""
        : `; ${fault.access} of ${fault.address}: ${fault.reason.replaceAll("-", " ")}`;
    return about + rung + access;
  }

  /** A trace line, painted: the call's name and the errno stand out. Structs and the outcome are never broken. */
  private strace(line: string): string {
    return line
      .replace(/\{.*|\) = .*/, unbroken)
      .replace(/^\w+(?=\()/, (name) => this.paint("name", name))
      .replace(/= -1 (E\w+)/, (_, errno: string) => `= -1 ${this.paint("errno", errno)}`);
  }

  private wrap(line: string, hang: number): string[] {
    return wrap(line, this.columns, hang);
  }
}

/** Where a dump's row names the type. */
const TYPE_COLUMN = 3;

/** The numbers in the array the demonstration lays out first. */
function askedFor(events: readonly DemoEvent[]): readonly (number | string)[] {
  return events.find((e) => e.event === "memory")?.fields.map((field) => field.value) ?? [];
}

import { isRefusal } from "../../../restart/plan/step.ts";
import { summary } from "../plan-page.ts";
import { type Box, type Placed, type Places, placesOf, SIZE } from "./place.ts";
import type { Sketch } from "./sketch.ts";

/** A picture of a process tree and its schedule: SVG that stands alone. */
export function svgOf(sketch: Sketch, title: string): string {
  const places = placesOf(sketch.restarter);
  const footer = footerLines(sketch);
  const width = Math.max(places.width, 640);
  const height = places.height + footer.length * SIZE.line + SIZE.margin;
  const cards = [...places.cards.values()];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...places.boxes.map(boxSvg),
    ...cards.flatMap((placed) => linkSvg(placed, places)),
    ...cards.map(cardSvg),
    ...cards.flatMap(stepSvg),
    ...footer.map((line, i) => text(SIZE.margin, places.height + 14 + i * SIZE.line, line, "footer")),
    "</svg>",
    "",
  ].join("\n");
}

function boxSvg({ level, x, y, width, height }: Box): string {
  const name = `pid namespace, level ${level}`;
  return `<g class="box level${level % TINTS.length}">${rect(x, y, width, height, 12)}${text(x + 12, y + 17, name, "label")}</g>`;
}

function cardSvg({ card, x, y, width, height }: Placed): string {
  const classes = ["card", card.kind, ...(card.guilty ? ["guilty"] : [])].join(" ");
  const lines = card.lines.map((line, i) =>
    text(x + 12, y + SIZE.title + 11 + i * SIZE.line, line.text, line.tone),
  );
  return `<g class="${classes}">${rect(x, y, width, height, 7)}${text(x + 12, y + 19, card.title, "pid")}${lines.join("")}</g>`;
}

/** From the right edge of a parent to the left edge of its child. */
function linkSvg({ card, x, y }: Placed, { cards }: Places): string[] {
  const { link } = card;
  const from = link === null ? undefined : cards.get(link.from);
  if (link === null || from === undefined) return [];
  const beside = link.from.below.includes(card);
  const right = from.x + from.width;
  const bend = right + SIZE.gap / 2 + (beside ? -6 : 2);
  const path = `M${right} ${from.y + MIDDLE}H${bend}V${y + MIDDLE}H${x}`;
  return [`<path class="link${beside ? "" : " far"}${card.kind === "gone" ? " gone" : ""}" d="${path}"/>`];
}

/** The step on an edge. */
function stepSvg({ card: { link }, x, y }: Placed): string[] {
  if (link === null || link.step === null) return [];
  const at = x - SIZE.gap / 2 + 14;
  const circle = `<circle cx="${at}" cy="${y + MIDDLE}" r="11"/>`;
  return [`<g class="step">${circle}${text(at, y + MIDDLE + 4, String(link.step), "")}</g>`];
}

function footerLines({ plan }: Sketch): string[] {
  if (isRefusal(plan)) return wrap(`cannot come back (${plan.refused}): ${plan.reason}`);
  return [`${summary(plan)}; the number on an edge is the step in which its child is made`];
}

/** Letters on a line below the picture. */
const FOOTER_LETTERS = 96;

function wrap(line: string): string[] {
  const lines = [""];
  for (const word of line.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > FOOTER_LETTERS) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function rect(x: number, y: number, width: number, height: number, radius: number): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;
}

function text(x: number, y: number, words: string, style: string): string {
  return `<text x="${x}" y="${y}"${style === "" ? "" : ` class="${style}"`}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Where lines meet a card. */
const MIDDLE = 15;
/** Boxes by level, from the outermost in. */
const TINTS = ["#f3f5f8", "#e4eefb", "#e3f3ea", "#fbf1de", "#f3e8f7"] as const;
const RIMS = ["#c3cad4", "#9db9e0", "#98cdae", "#dfc284", "#cbaad6"] as const;

const STYLE = [
  "text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#25303b}",
  ".paper{fill:#fff}",
  ...TINTS.map((tint, i) => `.level${i} rect{fill:${tint};stroke:${RIMS[i]}}`),
  ".label{font-size:11px;fill:#66717e}",
  ".card rect{fill:#fff;stroke:#4a5a6b;stroke-width:1.4}",
  ".card .pid{font-size:14px;font-weight:700}",
  ".state{fill:#4b5763}",
  ".deed{fill:#1f5fb5}",
  ".restarter rect{fill:#25303b;stroke:#25303b}.restarter .pid{fill:#fff;font-weight:400}",
  ".zombie rect{fill:#eceff2;stroke:#7d8894}",
  ".card.gone rect{fill:none;stroke-dasharray:5 4;stroke:#7d8894}.card.gone .pid{fill:#66717e}",
  ".guilty rect{stroke:#c22f2f;stroke-width:2.5}",
  ".link{fill:none;stroke:#4a5a6b;stroke-width:1.4}",
  ".link.far{stroke:#8a5aa8;stroke-width:1.6}",
  ".link.gone{stroke-dasharray:5 4;stroke:#7d8894}",
  ".step circle{fill:#1f5fb5}.step text{fill:#fff;font-size:11px;font-weight:700;text-anchor:middle}",
  ".footer{fill:#4b5763}",
].join("");

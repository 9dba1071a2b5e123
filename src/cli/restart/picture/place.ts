import type { Card } from "./sketch.ts";

/** A card with its place, in pixels. */
export interface Placed {
  readonly card: Card;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The box of a pid namespace. */
export interface Box {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything lies: boxes, the outer before the inner, and cards. */
export interface Places {
  readonly boxes: readonly Box[];
  readonly cards: ReadonlyMap<Card, Placed>;
  readonly width: number;
  readonly height: number;
}

/** Pixels. */
export const SIZE = {
  card: 190,
  gap: 74,
  line: 16,
  title: 26,
  between: 16,
  pad: 14,
  label: 24,
  margin: 20,
} as const;

/**
 * Lays cards out from left to right: each has a band of its own for all that is drawn to the right of it, so that the box of a
 * namespace, which is the band of its init, holds nobody else.
 */
export function placesOf(restarter: Card): Places {
  const cards = new Map<Card, Placed>();
  const boxes: Box[] = [];
  const wide = widest(restarter);
  const { bottom, right } = place(restarter, SIZE.margin, SIZE.margin);
  return { boxes: boxes.reverse(), cards, width: right + SIZE.margin, height: bottom + SIZE.margin };

  function place(card: Card, x: number, top: number): { bottom: number; right: number } {
    const begins = beginsBox(card);
    const y = begins ? top + SIZE.label : top;
    const height = SIZE.title + card.lines.length * SIZE.line + (card.lines.length > 0 ? 8 : 2);
    cards.set(card, { card, x, y, width: wide, height });
    let next = y;
    let bottom = y + height;
    let right = x + wide;
    for (const child of card.below) {
      // A line from further out passes below the card.
      if (child.link?.from !== card) next = Math.max(next, y + height + SIZE.between);
      const band = place(child, x + wide + SIZE.gap, next);
      next = band.bottom + SIZE.between;
      bottom = Math.max(bottom, band.bottom);
      right = Math.max(right, band.right);
    }
    if (!begins) return { bottom, right };
    const box = { x: x - SIZE.pad, y: top, width: right - x + 2 * SIZE.pad, height: bottom - top + SIZE.pad };
    boxes.push({ level: card.member?.ns.level ?? 0, ...box });
    return { bottom: box.y + box.height, right: box.x + box.width };
  }
}

/** All cards are as wide as the widest has to be. */
function widest(card: Card): number {
  const letters = Math.max(card.title.length * 1.2, ...card.lines.map(({ text }) => text.length));
  return Math.max(SIZE.card, Math.ceil(letters * LETTER) + 24, ...card.below.map(widest));
}

/** Pixels of a letter at the size of a line. */
const LETTER = 7.3;

/** The init of a namespace, or whoever is first in the outermost. */
function beginsBox({ member, link }: Card): boolean {
  return member !== null && !member.gone && (member.ns.init === member || link?.from.member === null);
}

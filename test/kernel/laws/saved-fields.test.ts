import { afterEach, expect, test, vi } from "vitest";
import { SavedFields } from "../../../src/kernel/snapshot/saved-fields.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Instances of two classes with a field of a name no other test has, changed in every field and put back. */
function changesAreUndone(name: string): void {
  class Point {
    [key: string]: unknown;
    x = 1;
    n = Number.NaN;
    y: unknown = null;
    [name] = "own";
  }
  class Longer extends Point {
    z = "z";
  }
  const points = [new Point(), new Point(), new Longer()] as const;
  points[1].y = points[0];
  const before = points.map((point) => ({ ...point }));
  const saved = new SavedFields();
  for (const point of points) saved.add(point, Object.keys(point));
  for (let round = 0; round < 2; round++) {
    for (const point of points) for (const key of Object.keys(point)) point[key] = { round };
    saved.restore();
    expect(points.map((point) => ({ ...point }))).toEqual(before);
    expect(points[1].y).toBe(points[0]);
  }
}

test("every field of every instance goes back, any number of times", () => {
  changesAreUndone("ordinary");
});

test("so it does where no code may be made from text", () => {
  const refused = vi.fn(() => {
    throw new EvalError("refused by the page's content security policy");
  });
  vi.stubGlobal("Function", refused);
  changesAreUndone("strict");
  expect(refused).toHaveBeenCalled();
});

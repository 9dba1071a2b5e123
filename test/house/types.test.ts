import { expect, test } from "vitest";
import { compact } from "../../scripts/build/types.ts";

test("published types leave out sentences, and keep names, numbers, C types and unions", () => {
  const text = `/** A call: "some words here" stay. */
declare const call: {
    readonly name: "call";
    readonly numbers: {
        readonly x86_64: 600;
    };
    readonly args: {
        readonly size: "unsigned int";
    };
    readonly ladder: readonly [readonly ["too-big", "E2BIG", readonly [], "the size is above a page"]];
    readonly either: "one of" | "the two";
};
interface Row {
    readonly state: "left out";
}
`;
  expect(compact(text)).toBe(`/** A call: "some words here" stay. */
declare const call: {
 readonly name: "call";
 readonly numbers: {
  readonly x86_64: 600;
 };
 readonly args: {
  readonly size: "unsigned int";
 };
 readonly ladder: readonly [readonly ["too-big", "E2BIG", readonly [], string]];
 readonly either: "one of" | "the two";
};
interface Row {
 readonly state: "left out";
}
`);
});

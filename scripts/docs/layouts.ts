import { ABIS } from "../../src/atlas/abis.ts";
import { compareLayouts } from "../../src/atlas/compare-layouts.ts";
import { KNOWN_STRUCTS } from "../../src/atlas/known-structs.ts";
import { paintFor } from "../../src/cli/paint.ts";
import { layoutPage } from "../../src/cli/struct-layout/page.ts";
import { GENERATED, page } from "./markdown.ts";

/** What stands on the page, and why. */
const SHOWN: readonly (readonly [struct: string, why: string])[] = [
  [
    "target_pid_set",
    "clone_with_pids, 2009. The pointer moves and grows: a 32-bit program on a 64-bit kernel has to be translated for.",
  ],
  ["eclone_args", "eclone, 2010. Every field has a fixed width, and nothing moves."],
  ["clone_args", "clone3, 2019. As eclone's, and it grows: three sizes have been published."],
  ["epoll_event", "Packed on x86_64 and x32 alone, which has been got wrong many times."],
  ["rusage", "A struct of longs: twice as long on 64 bit, with nothing in between."],
  ["user_desc", "x86's own, the same for both widths."],
];

/** docs/layouts.md: the structs of the family and two that are often got wrong, on every ABI. */
export function layoutsPage(): string {
  const types = { struct: (name: string) => KNOWN_STRUCTS.find((decl) => decl.struct === name) };
  const blocks = SHOWN.flatMap(([struct, why]) => {
    const decl = types.struct(struct);
    if (decl === undefined) throw new Error(`no struct is called ${struct}`);
    const lines = layoutPage(compareLayouts(decl, ABIS, types), {}, { paint: paintFor(false), columns: 100 });
    return ["", `## ${struct}`, "", why, "", "```", ...lines.map((line) => line.trimEnd()), "```"];
  });
  return page([
    "# Layouts",
    "",
    GENERATED,
    "",
    "`trapgate layout STRUCT` prints this for every struct trapgate knows, and for a file of C declarations: offset and",
    "size of each field in bytes. ABIs that agree share a column. `npm run verify:layouts` holds the layouts against clang,",
    "gcc and the kernel's own headers.",
    ...blocks,
  ]);
}

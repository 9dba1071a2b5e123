import { knownRegistry } from "../../src/atlas/known-calls.ts";
import type { Finding } from "../../src/atlas/review/finding.ts";
import { reviewCall } from "../../src/atlas/review/review.ts";
import { REVIEW_RULES } from "../../src/atlas/review/rules.ts";
import { GENERATED, markdownTable, page } from "./markdown.ts";

/** The three generations of the family. */
const GENERATIONS = ["clone_with_pids", "eclone", "clone3"];

/** Calls whose ABI is well known, good and less good. */
const WELL_KNOWN =
  "openat2 clone3 epoll_ctl futex_waitv mount_setattr preadv fallocate sync_file_range io_uring_setup statx".split(
    " ",
  );

/** Why each finding on a well-known call is none to laugh at; by call and rule. */
const ARGUED: Readonly<Record<string, string>> = {
  "clone3 early-write":
    "True, and harmless only because a careful program looks at the result first: the descriptor is closed again, its number stays in the caller's memory.",
  "epoll_ctl packed-on-some":
    "The kernel's header says so itself. It was packed to share one layout between i386 and x86_64 programs, and every reimplementation has stumbled over the other architectures.",
  "epoll_ctl not-extensible":
    "epoll has grown since, and had to do it inside the 32 bits of events (EPOLLEXCLUSIVE, EPOLLWAKEUP); there is nowhere to put more.",
  "preadv split-by-hand":
    "It was done so that no architecture has to align a pair. 64-bit programs pay with an argument that is always 0, and C libraries with a wrapper.",
  "preadv no-flags": "preadv2 was added in 4.6 to have one.",
  "sync_file_range too-many-words":
    "sync_file_range2, with the flags moved forward, was added for exactly these architectures.",
};

/** docs/review.md: the rules of review, and what they say about calls everybody knows. */
export async function reviewPage(): Promise<string> {
  const registry = knownRegistry();
  const reviewed = async (name: string): Promise<Finding[]> => {
    const call = registry.get(name);
    if (call === undefined) throw new Error(`no call is called ${name}`);
    return reviewCall(call, registry.types);
  };
  const family = (await Promise.all(GENERATIONS.map(reviewed))).flatMap((findings, i) => [
    "",
    `### ${GENERATIONS[i]}`,
    "",
    ...markdownTable(["", "rule", "where", "what"], findings.map(rowOf)),
  ]);
  const others = await Promise.all(
    WELL_KNOWN.map(async (name) => (await reviewed(name)).map((finding) => arguedRow(name, finding))),
  );
  const clean = WELL_KNOWN.filter((_, i) => others[i]?.length === 0);
  return page([
    "# Review",
    "",
    GENERATED,
    "",
    "`trapgate review CALL` reads a declaration and says what a careful kernel reviewer would: the rule, where it is",
    "broken, on which ABIs it bites, a way out and a precedent. `trapgate review FILE` does the same for declarations of",
    "your own, in a TypeScript or JavaScript module that exports them, or in JSON (docs/HOWTO-add-a-syscall.md). Rungs are",
    "read by their ids: `unknown-flag`, `tail-not-zero`, `reserved-set`, `not-capable`, `…-unreadable`, `…-unwritable`. A",
    "*fault* cannot be mended once programs depend on it; a *remark* is to be weighed.",
    "",
    "## Rules",
    "",
    ...markdownTable(
      ["rule", "asks for", "precedent"],
      REVIEW_RULES.map(({ rule, asks, precedent }) => [`\`${rule}\``, asks, precedent]),
    ),
    "",
    "## The three generations",
    "",
    "What the history objected to (rules §5.1) is what the review finds: the pointer in the struct (mended in v6), the",
    "signed count (v6), a struct that cannot grow and arguments that had run out (v7 to v11), flags that had (v7), an order",
    "of arguments of each architecture's own (v10), numbers that went to others.",
    ...family,
    "",
    "## Ten well-known calls",
    "",
    `Nothing to object to: ${clean.join(", ")}. What is left:`,
    "",
    ...markdownTable(["call", "", "rule", "why it is no false alarm"], others.flat()),
  ]);
}

function rowOf({ weight, rule, where, what }: Finding): string[] {
  return [weight, `\`${rule}\``, where, what];
}

function arguedRow(name: string, { weight, rule }: Finding): string[] {
  const argued = ARGUED[`${name} ${rule}`];
  if (argued === undefined) throw new Error(`${name} ${rule}: nobody has said why this is no false alarm`);
  return [name, weight, `\`${rule}\``, argued];
}

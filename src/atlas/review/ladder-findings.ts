import type { CompiledSyscall } from "../../abi/compile.ts";
import type { Finding } from "./finding.ts";
import type { Subject } from "./subject.ts";

/** The rungs of a call as its youngest kernel has them. */
type Rungs = CompiledSyscall["ladder"];

/** What is wrong with the order of its checks. */
export function ladderFindings({ call }: Subject): Finding[] {
  const ladder = call.ladder.filter(({ until }) => until === undefined);
  return [...lateCapability(ladder), ...earlyWrites(ladder)];
}

/** A privilege the call always takes, asked for when memory has been touched; one that depends on it is not meant. */
function lateCapability(ladder: Rungs): Finding[] {
  const at = ladder.findIndex(({ id }) => /^not-capable/.test(id));
  const before = ladder.slice(0, Math.max(0, at)).filter(({ from }) => from === null);
  const allocation = before.find(({ id, errno }) => errno === "ENOMEM" && /array|buffer/.test(id));
  const read = before.find(({ id, errno }) => errno === "EFAULT" && /-unreadable$/.test(id));
  if (allocation === undefined && read === undefined) return [];
  return [
    {
      rule: "late-capability",
      weight: "remark",
      where: `rung ${ladder[at]?.id}`,
      what:
        allocation === undefined
          ? `a caller without the privilege gets as far as ${read?.id}: it learns about its memory, and not that it may not ask`
          : `a caller without the privilege gets as far as ${allocation.id}: it makes the kernel allocate and copy, and learns which of its faults came first`,
      abis: [],
      fix: "ask for the privilege as soon as it is known to be needed",
    },
  ];
}

function earlyWrites(ladder: Rungs): Finding[] {
  return ladder.flatMap(({ id }, i): Finding[] => {
    const later = ladder.slice(i + 1).find((rung) => !/-unwritable$/.test(rung.id));
    if (!/-unwritable$/.test(id) || later === undefined) return [];
    return [
      {
        rule: "early-write",
        weight: "remark",
        where: `rung ${id}`,
        what: `it is written before ${later.id} and what comes after can still fail: a failed call leaves a number behind`,
        abis: [],
        fix: "reserve early, write last",
      },
    ];
  });
}

/**
 * The same handler as a fuzz target of Jazzer.js and OSS-Fuzz: bytes from outside become a program of one call, and what a
 * detector says of it is an exception. docs/HOWTO-fuzz.md says how to run it there.
 */
import {
  DETECTORS,
  FUZZ_ARCHS,
  type FuzzProgram,
  type FuzzValue,
  fuzzTarget,
  Lab,
  PLACEMENTS,
  planFrom,
  type Suspicion,
} from "trapgate/fuzz";
import { note, postNote } from "./post-note.ts";

const lab = new Lab(fuzzTarget({ calls: [postNote], structs: [note] }));
const places = PLACEMENTS.filter(({ where }) => !("alias" in where || "self" in where));

/** What the engine calls: throws when the program in `data` shows a defect. */
export function fuzz(data: Uint8Array): void {
  const program = programIn(data);
  const plan = planFrom(program, lab.calls);
  for (const detector of DETECTORS) {
    const seen = lab.run(plan);
    const found: Suspicion[] = [];
    detector.passive?.({ lab, plan, seen }, found);
    for (const suspicion of found) {
      const sure = detector.confirm ? detector.confirm({ lab, plan, seen }, suspicion) : suspicion;
      if (sure) throw new Error(`${sure.detector}: ${sure.title}\n  ${JSON.stringify(program)}`);
    }
  }
}

/** Every axis of a call takes a byte: 0 leaves it at its default, anything else begins a value. */
function programIn(data: Uint8Array): FuzzProgram {
  let at = 0;
  const byte = (): number => data[at++] ?? 0;
  const word = (): number => byte() + byte() * 2 ** 8 + byte() * 2 ** 16 + byte() * 2 ** 24;
  const call = lab.calls[byte() % lab.calls.length] as (typeof lab.calls)[number];
  const arch = FUZZ_ARCHS[byte() % FUZZ_ARCHS.length] ?? "x86_64";
  const args: Record<string, FuzzValue> = {};
  for (const { path, kind } of call.axes) {
    const choice = byte();
    if (choice === 0) continue;
    if (kind === "pointer") args[path] = { at: places[choice % places.length]?.name ?? "plain" };
    else if (kind === "bytes") args[path] = { bytes: "text", length: choice };
    else args[path] = choice < 128 ? choice : word();
  }
  return { arch, steps: [{ call: call.name, args }] };
}

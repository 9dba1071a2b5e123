import type { ReadPtr } from "../../abi/pointer.ts";
import { user_desc } from "../../abi/structs/index.ts";
import type { Call } from "../call.ts";
import type { Result } from "../outcome.ts";
import { type TlsDescriptor, type TlsSlots, tlsDescOkay, withDescriptor } from "./tls.ts";

/** The call may fail while it reads a descriptor. */
type ReadsDescriptor = Call<"tls-unreadable" | "tls-descriptor">;

/** The first half of `do_set_thread_area`: a descriptor from user memory, judged (B-12, P-22). */
export function readDescriptor(k: ReadsDescriptor, from: ReadPtr): TlsDescriptor | Result {
  const layout = k.layout(user_desc);
  const at = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(at, from, layout.size) !== 0) return k.fail("tls-unreadable");
  const word = (name: string): number => layout.field(name).int(k.view, at);
  const [base, limit, flags] = [word("base_addr"), word("limit"), word("flags")];
  if (k.profile.tlsDescriptorChecked && !tlsDescOkay(base, limit, flags)) return k.fail("tls-descriptor");
  return [word("entry_number"), base, limit, flags];
}

/** The second half: the slots of a task with the descriptor in its place (B-13). */
export function placeDescriptor(
  k: Call<"tls-entry">,
  slots: TlsSlots | null,
  descriptor: TlsDescriptor,
): TlsSlots | Result {
  const index = slotOf(k, descriptor[0]);
  if (index < 0) return k.fail("tls-entry");
  return withDescriptor(slots, index, descriptor, k.profile.tlsDescriptorChecked);
}

/** The slot of an entry of the GDT; −1 for one that is none. */
export function slotOf(k: Call, entry: number): number {
  const [first, last] = entriesOf(k);
  return entry < first || entry > last ? -1 : entry - first;
}

/** The entry of the GDT that a slot is. */
export function entryOf(k: Call, slot: number): number {
  return entriesOf(k)[0] + slot;
}

/** The entries of the GDT that are slots: of the two kernels that have one. */
function entriesOf({ profile, path }: Call): readonly [number, number] {
  return profile.tlsEntries[path.kernel === "i386" ? "i386" : "x86_64"];
}

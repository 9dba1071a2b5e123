/**
 * A call of one's own with a mistake in its handler, for `trapgate fuzz --target examples/fuzz/post-note.ts`.
 * docs/HOWTO-fuzz.md goes through it.
 */
import { type Implementation, implement, type StructDecl, type SyscallDecl } from "trapgate";

export const note: StructDecl = {
  struct: "note",
  fields: { length: "u32", text: { array: "char", length: 60 } },
};

const decl = {
  name: "post_note",
  numbers: {
    x86_64: { nr: 1000, assigned: "an example; no kernel has this call" },
    i386: { nr: 1000, assigned: "an example; no kernel has this call" },
  },
  args: { note: { in: "note" } },
  returns: "int",
  ladder: [
    ["note-unreadable", "EFAULT", [], "the note cannot be read"],
    ["too-long", "EMSGSIZE", [], "a note has at most 60 characters"],
  ],
  support: "full",
  provenance: ["an example"],
} as const satisfies SyscallDecl;

/** Takes a note and answers how many characters it has. */
export const postNote: Implementation = implement(decl, (k, args) => {
  if (!k.uaccess.getUser(args.note, 4)) return k.fail("note-unreadable");
  if (k.uaccess.lo > 60) return k.fail("too-long");

  const layout = k.layout(note);
  const copy = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(copy, args.note, layout.size) !== 0) return k.fail("note-unreadable");
  return layout.field("length").int(k.view, copy);
});

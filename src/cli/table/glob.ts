/** A pattern of a shell: `*` any letters, `?` one, `[…]` one of a set. Null for a text that is no pattern. */
export function globOf(text: string): RegExp | null {
  if (!/[*?[]/.test(text)) return null;
  const parts = text.match(/\[!?[^\]]+\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 2) return part.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return part.replace(/[\\^$.|+(){}[\]]/, "\\$&");
  });
  try {
    return new RegExp(`^${source.join("")}$`);
  } catch {
    // A set such as [z-a].
    return null;
  }
}

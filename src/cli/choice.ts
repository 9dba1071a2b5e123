import { Option } from "commander";
import { unknown } from "./wrong-argument.ts";

/**
 * An option that takes one of a few words.
 * @param flags as commander writes them: `--arch <arch>`
 * @param fallback the value when the option is not given; none for undefined
 */
export function choice(flags: string, about: string, allowed: readonly string[], fallback?: string): Option {
  const option = new Option(flags, about).choices(allowed).argParser((given) => {
    if (allowed.includes(given)) return given;
    throw unknown(`${option.long} value`, given, allowed);
  });
  return fallback === undefined ? option : option.default(fallback);
}

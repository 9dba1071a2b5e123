import { Option } from "commander";
import { WrongArgument, word } from "./wrong-argument.ts";

/**
 * An option that takes a whole number.
 * @param flags as commander writes them: `--jobs <n>`
 * @param least the smallest that is allowed @param most the largest
 */
export function count(flags: string, about: string, least: number, most: number): Option {
  const option = new Option(flags, about).argParser((given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new WrongArgument(`${option.long} ${word(given)} is no whole number from ${least} to ${most}`);
  });
  return option;
}

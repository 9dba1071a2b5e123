import { Option } from "commander";
import { WrongArgument, word } from "./wrong-argument.ts";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
/** A month: timers of the host go no further. */
const MOST = 31 * 24 * 3600;

/** An option that takes a time, `90`, `90s`, `1.5m` or `8h`; its value is in seconds. @param flags as commander writes them */
export function duration(flags: string, about: string): Option {
  const option = new Option(flags, about).argParser((given) => {
    const [, figure = "", unit = "s"] = /^(\d{1,9}(?:\.\d{1,3})?)([smh]?)$/.exec(given) ?? [];
    const value = Number(figure) * (SECONDS[unit === "" ? "s" : unit] as number);
    if (value > 0 && value <= MOST) return value;
    throw new WrongArgument(`${option.long} ${word(given)} is no time such as 30s, 10m or 8h`);
  });
  return option;
}

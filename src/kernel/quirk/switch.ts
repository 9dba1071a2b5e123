import { ECLONE_V14 } from "../profile/eclone.ts";
import type { EcloneRules, Profile } from "../profile/profile.ts";
import { QUIRKS } from "./catalogue.ts";

/** A quirk that has a switch. */
export type SwitchedQuirkId = "Q-01" | "Q-02" | "Q-03" | "Q-04" | "Q-05" | "Q-10" | "Q-14";

/** A quirk switched on, or with a `!` in front switched off. */
export type QuirkSwitch = SwitchedQuirkId | `!${SwitchedQuirkId}`;

/** A profile with a quirk on or off: a quirk is nothing but other data in the profile. */
type Switch = (profile: Profile, on: boolean) => Profile;

const SWITCHES: Readonly<Record<SwitchedQuirkId, Switch>> = {
  "Q-01": (profile, on) => ecloneWith(profile, { hugeCount: on ? "undefined" : "refused" }),
  "Q-02": (profile, on) => ecloneWith(profile, { powerpcZeroStack: on ? "given" : "caller" }),
  "Q-03": (profile, on) => {
    const { fullMapYieldsZero: _, ...pids } = profile.pids;
    return { ...profile, pids: on ? { ...pids, fullMapYieldsZero: true } : pids };
  },
  "Q-04": (profile, on) => ecloneWith(profile, { tlsFrom: on ? "pids" : "fifth" }),
  "Q-05": (profile, on) => {
    const { takenBeyondPageUndefined: _, ...pids } = profile.pids;
    return { ...profile, pids: on ? { ...pids, takenBeyondPageUndefined: true } : pids };
  },
  "Q-10": (profile, on) => ecloneWith(profile, { highFlags: on ? "passed" : "refused" }),
  "Q-14": (profile, on) => {
    const others = profile.copyProcess.filter((step) => step !== "flags-known");
    return { ...profile, copyProcess: on ? others : ["flags-known", ...others] };
  },
};

function ecloneWith(profile: Profile, rules: Partial<EcloneRules>): Profile {
  return { ...profile, eclone: { ...(profile.eclone ?? ECLONE_V14), ...rules } };
}

/**
 * A profile with quirks of its era switched on, or off where `!` stands in front: `["Q-01", "!Q-04"]`. The last word
 * about a quirk counts; the others stay as the profile has them.
 * @throws RangeError for a quirk that is not there, has no switch, or belongs to another profile
 */
export function withQuirks(profile: Profile, switches: readonly QuirkSwitch[]): Profile {
  return switches.reduce((changed, text) => {
    const on = !text.startsWith("!");
    return switchOf(text.replace(/^!/, ""), profile)(changed, on);
  }, profile);
}

function switchOf(id: string, profile: Profile): Switch {
  const quirk = QUIRKS.find((each) => each.id === id);
  if (quirk === undefined)
    throw new RangeError(`no quirk is called ${id}: there are ${Object.keys(SWITCHES).join(", ")}`);
  if ("noSwitch" in quirk) throw new RangeError(`${id} has no switch: ${quirk.noSwitch}`);
  if (!quirk.profiles.includes(profile.name))
    throw new RangeError(`${id} belongs to ${quirk.profiles.join(", ")}, not to ${profile.name}`);
  return SWITCHES[id as SwitchedQuirkId];
}

import { clone3_7x, clone3_53, clone3_55, clone3_57, clone3_59, clone3_63, clone3_614 } from "./clone3.ts";
import { cwpV2, cwpV2Newpid, cwpV3 } from "./cwp.ts";
import { eclone } from "./eclone.ts";
import type { Profile } from "./profile.ts";

/** Every profile trapgate has, by name. */
export const PROFILES: Readonly<Record<string, Profile>> = Object.fromEntries(
  [
    cwpV2,
    cwpV2Newpid,
    cwpV3,
    eclone,
    clone3_53,
    clone3_55,
    clone3_57,
    clone3_59,
    clone3_63,
    clone3_614,
    clone3_7x,
  ].map((p) => [p.name, p]),
);

/**
 * The profile called `name`.
 * @throws RangeError naming the profiles there are.
 */
export function profileNamed(name: string): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile === undefined) {
    throw new RangeError(`no profile is called ${name}: there are ${Object.keys(PROFILES).join(", ")}`);
  }
  return profile;
}

export type { EcloneRules, Profile } from "./profile.ts";
export { cwpV2, cwpV2Newpid, cwpV3, eclone };

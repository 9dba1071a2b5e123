import { kernelVersion } from "../abi/version.ts";
import { PROFILES } from "../kernel/profile/index.ts";

/** The era of a kernel version: the name of the newest profile up to it. @throws RangeError before the first */
export function eraOf(kernel: string): string {
  const version = kernelVersion(kernel);
  return Object.values(PROFILES)
    .filter((profile) => kernelVersion(profile.kernel) <= version)
    .reduce((newest, profile) =>
      kernelVersion(profile.kernel) > kernelVersion(newest.kernel) ? profile : newest,
    ).name;
}

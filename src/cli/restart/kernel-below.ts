import { release } from "node:os";

/** "Linux 6.18.44", without what its builder has added. */
export function kernelBelow(): string {
  return `Linux ${/^[\d.]*\d/.exec(release())?.[0] ?? release()}`;
}

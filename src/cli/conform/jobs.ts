/** Cases that wait for their turn on each processor: enough that none is ever without. */
const AHEAD = 16;

/** How many cases are under way at a time on so many processors. */
export function underWay(processors = 1): number {
  return processors * AHEAD;
}

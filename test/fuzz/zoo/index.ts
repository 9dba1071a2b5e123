import { zooClone } from "./clone.ts";
import { zooCloneWithPids } from "./clone-with-pids.ts";
import { zooClone3 } from "./clone3.ts";
import { zooEclone } from "./eclone.ts";
import { zooGetname } from "./getname.ts";
import { zooOpen } from "./open.ts";
import type { ZooCall } from "./planted.ts";
import { zooRead } from "./read.ts";
import { zooReadv } from "./readv.ts";
import { zooSetname } from "./setname.ts";
import { zooStat } from "./stat.ts";

export type { DetectorName, ZooCall } from "./planted.ts";

/** Every call of the zoo with the bugs planted in its copies. */
export const ZOO: readonly ZooCall[] = [
  zooRead,
  zooGetname,
  zooSetname,
  zooReadv,
  zooStat,
  zooOpen,
  zooClone3,
  zooCloneWithPids,
  zooEclone,
  zooClone,
];

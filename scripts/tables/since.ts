import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Unpacked } from "./packages.ts";

/**
 * Calls the man page does not know, or has wrong, by the kernel they came with. Source: the syscall tables of those
 * releases.
 */
const BESIDE: Readonly<Record<string, string>> = {
  "4.3": "membarrier",
  "5.1": `clock_gettime64 clock_settime64 clock_adjtime64 clock_getres_time64 clock_nanosleep_time64 timer_gettime64
    timer_settime64 timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64
    io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64 semtimedop_time64
    rt_sigtimedwait_time64 futex_time64 sched_rr_get_interval_time64`,
  "5.12": "mount_setattr",
  "5.15": "process_mrelease",
  "5.16": "futex_waitv",
  "5.17": "set_mempolicy_home_node",
  "6.5": "cachestat",
  "6.6": "fchmodat2 map_shadow_stack",
  "6.7": "futex_wake futex_wait futex_requeue",
  "6.8": "statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules",
  "6.10": "mseal",
  "6.11": "uretprobe",
  "6.13": "setxattrat getxattrat listxattrat removexattrat",
  "6.15": "open_tree_attr",
  "6.17": "file_getattr file_setattr",
  "6.18": "uprobe",
};

/**
 * The first kernel of each call, as the table of syscalls(2) has it; the mainline one where a stable series is named
 * too. A few rows tell a story in place of a version: those calls have none here.
 */
export function firstKernels(manpages: Unpacked): Map<string, string> {
  const page = gunzipSync(readFileSync(join(manpages.root, "usr/share/man/man2/syscalls.2.gz"))).toString(
    "utf8",
  );
  const since = new Map<string, string>();
  for (const line of page.split("\n")) {
    const row = /^\\fB(\w+)\\fP\(2\)\t(\d[\d. ;]*)(?:\t|$)/.exec(line);
    if (row === null) continue;
    const [, name = "", versions = ""] = row;
    const version = (versions.split(";")[0] as string).trim();
    // Two rows name a fourth part, which no release has.
    if (/^\d+\.\d+(\.\d+)?$/.test(version)) since.set(name, version);
  }
  if (since.size < 300) throw new Error(`syscalls(2) gave ${since.size} versions: its form has changed`);
  for (const [version, names] of Object.entries(BESIDE))
    for (const name of names.split(/\s+/)) since.set(name, version);
  return since;
}

/** What setting a limit can fail with, for every caller. Source: kernel/sys.c do_prlimit. */
export const do_prlimit = {
  ladder: "do_prlimit",
  rungs: [
    ["resource-unknown", "EINVAL", [], "there is no such resource"],
    ["soft-above-hard", "EINVAL", [], "the soft limit is above the hard one"],
    ["above-nr-open", "EPERM", [], "RLIMIT_NOFILE is at most sysctl nr_open"],
    ["raises-hard", "EPERM", [], "raising a hard limit takes CAP_SYS_RESOURCE"],
  ],
  provenance: "kernel/sys.c do_prlimit",
} as const;

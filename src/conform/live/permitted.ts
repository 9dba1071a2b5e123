/**
 * Calls a case may make on a live kernel: what trapgate declares, and others that touch nothing outside the task, its
 * descendants and its namespaces. Whatever is not listed is refused. Names are mainline's.
 */
export const PERMITTED: ReadonlySet<string> = new Set(
  `
  fork vfork clone clone3 exit exit_group wait4 waitpid waitid unshare setns pidfd_open pidfd_send_signal
  getpid gettid getppid getpgid getpgrp getsid setsid setpgid set_tid_address
  kill tkill tgkill pause rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo
  rt_tgsigqueueinfo rt_sigsuspend sigaltstack sigaction sigprocmask sigpending sigsuspend signal sgetmask ssetmask
  getuid getgid geteuid getegid setuid setgid setreuid setregid setresuid setresgid getresuid getresgid setfsuid
  setfsgid getgroups setgroups getuid32 getgid32 geteuid32 getegid32 setuid32 setgid32 setreuid32 setregid32
  setresuid32 setresgid32 getresuid32 getresgid32 setfsuid32 setfsgid32 getgroups32 setgroups32
  capget capset prctl arch_prctl set_thread_area get_thread_area set_robust_list get_robust_list
  read write readv writev close dup dup2 dup3 pipe pipe2 lseek eventfd eventfd2 memfd_create close_range poll ppoll
  open openat access faccessat faccessat2 chdir getcwd readlink readlinkat umask
  fcntl fcntl64
  mmap mmap2 munmap mprotect mremap madvise mincore msync brk
  getrlimit ugetrlimit setrlimit prlimit64 personality getrusage times getpriority sched_yield getcpu sched_getaffinity
  uname sysinfo time gettimeofday clock_gettime clock_getres clock_gettime64 clock_getres_time64 nanosleep
  clock_nanosleep alarm getrandom recvmmsg futex restart_syscall uretprobe uprobe
  `
    .trim()
    .split(/\s+/),
);

/**
 * Calls that reach whoever is visible: on level 0 that is everybody, so there they are refused. In a namespace of its own
 * a case sees nobody but itself.
 */
export const NAMESPACED: ReadonlySet<string> = new Set(
  `
  kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal setns
  `
    .trim()
    .split(/\s+/),
);

/**
 * The commands of fcntl a case may give: about descriptors, flags and the length of a pipe. The others lock, lease and
 * send signals.
 */
export const FCNTL_COMMANDS: ReadonlySet<bigint> = new Set([0n, 1n, 2n, 3n, 4n, 1027n, 1028n, 1030n, 1032n]);

/** Calls that take a path, and which argument it is; for those that open, which are the flags. */
export const PATHS: Readonly<Record<string, { readonly path: number; readonly flags?: number }>> = {
  open: { path: 0, flags: 1 },
  openat: { path: 1, flags: 2 },
  access: { path: 0 },
  faccessat: { path: 1 },
  faccessat2: { path: 1 },
  chdir: { path: 0 },
  readlink: { path: 0 },
  readlinkat: { path: 1 },
};

/** Calls that change what is mapped: after one of them nothing is known of memory beforehand. */
export const REMAPPING: ReadonlySet<string> = new Set([
  "mmap",
  "mmap2",
  "mprotect",
  "mremap",
  "brk",
  "munmap",
]);

/** Files below /dev, /proc and /sys that a case may read and write. */
export const DEVICES: ReadonlySet<string> = new Set(["dev/null", "dev/zero", "dev/full"]);

/** Files that belong to the namespace of the task that opens them: a case may write them from level 1 on. */
export const OWN_SYSCTLS: ReadonlySet<string> = new Set([
  "proc/sys/kernel/ns_last_pid",
  "proc/sys/kernel/pid_max",
]);

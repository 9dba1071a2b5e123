import { kernelVersion } from "../abi/version.ts";
import type { VectorArch } from "./vector.ts";

/**
 * Today's mainline calls (6.18) by number: names in ascending order, a number where the sequence jumps. Numbers that
 * nothing answers to any more (create_module, getpmsg …) are left out: ENOSYS is what they say. They serve to tell a
 * call that is missing here from one that no kernel has, and to name calls in messages; nothing is dispatched by them.
 * Source: arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl.
 */
const X86_64 = `
  read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask
  rt_sigreturn ioctl pread64 pwrite64 readv writev access pipe select sched_yield mremap msync mincore
  madvise shmget shmat shmctl dup dup2 pause nanosleep getitimer alarm setitimer getpid sendfile socket
  connect accept sendto recvfrom sendmsg recvmsg shutdown bind listen getsockname getpeername socketpair
  setsockopt getsockopt clone fork vfork execve exit wait4 kill uname semget semop semctl shmdt msgget
  msgsnd msgrcv msgctl fcntl flock fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir
  rename mkdir rmdir creat link unlink symlink readlink chmod fchmod chown fchown lchown umask
  gettimeofday getrlimit getrusage sysinfo times ptrace getuid syslog getgid setuid setgid geteuid
  getegid setpgid getppid getpgrp setsid setreuid setregid getgroups setgroups setresuid getresuid
  setresgid getresgid getpgid setfsuid setfsgid getsid capget capset rt_sigpending rt_sigtimedwait
  rt_sigqueueinfo rt_sigsuspend sigaltstack utime mknod 135 personality ustat statfs fstatfs sysfs
  getpriority setpriority sched_setparam sched_getparam sched_setscheduler sched_getscheduler
  sched_get_priority_max sched_get_priority_min sched_rr_get_interval mlock munlock mlockall munlockall
  vhangup modify_ldt pivot_root 157 prctl arch_prctl adjtimex setrlimit chroot sync acct settimeofday
  mount umount2 swapon swapoff reboot sethostname setdomainname iopl ioperm 175 init_module
  delete_module 179 quotactl 186 gettid readahead setxattr lsetxattr fsetxattr getxattr lgetxattr
  fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr tkill time futex
  sched_setaffinity sched_getaffinity 206 io_setup io_destroy io_getevents io_submit io_cancel 213
  epoll_create 216 remap_file_pages getdents64 set_tid_address restart_syscall semtimedop fadvise64
  timer_create timer_settime timer_gettime timer_getoverrun timer_delete clock_settime clock_gettime
  clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl tgkill utimes 237 mbind set_mempolicy
  get_mempolicy mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr kexec_load waitid
  add_key request_key keyctl ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch
  migrate_pages openat mkdirat mknodat fchownat futimesat newfstatat unlinkat renameat linkat symlinkat
  readlinkat fchmodat faccessat pselect6 ppoll unshare set_robust_list get_robust_list splice tee
  sync_file_range vmsplice move_pages utimensat epoll_pwait signalfd timerfd_create eventfd fallocate
  timerfd_settime timerfd_gettime accept4 signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1
  preadv pwritev rt_tgsigqueueinfo perf_event_open recvmmsg fanotify_init fanotify_mark prlimit64
  name_to_handle_at open_by_handle_at clock_adjtime syncfs sendmmsg setns getcpu process_vm_readv
  process_vm_writev kcmp finit_module sched_setattr sched_getattr renameat2 seccomp getrandom
  memfd_create kexec_file_load bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2
  pwritev2 pkey_mprotect pkey_alloc pkey_free statx io_pgetevents rseq uretprobe uprobe 424
  pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig
  fsmount fspick pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2 process_madvise
  epoll_pwait2 mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule
  landlock_restrict_self memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat
  fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr
  lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat removexattrat
  open_tree_attr file_getattr file_setattr
`;

const I386 = `
  restart_syscall exit fork read write open close waitpid creat link unlink execve chdir time mknod
  chmod lchown 18 oldstat lseek getpid mount umount setuid getuid stime ptrace alarm oldfstat pause
  utime 33 access nice 36 sync kill rename mkdir rmdir dup pipe times 45 brk setgid getgid signal
  geteuid getegid acct umount2 54 ioctl fcntl 57 setpgid 59 oldolduname umask chroot ustat dup2 getppid
  getpgrp setsid sigaction sgetmask ssetmask setreuid setregid sigsuspend sigpending sethostname
  setrlimit getrlimit getrusage gettimeofday settimeofday getgroups setgroups select symlink oldlstat
  readlink 87 swapon reboot readdir mmap munmap truncate ftruncate fchmod fchown getpriority setpriority
  99 statfs fstatfs ioperm socketcall syslog setitimer getitimer stat lstat fstat olduname iopl vhangup
  114 wait4 swapoff sysinfo ipc fsync sigreturn clone setdomainname uname modify_ldt adjtimex mprotect
  sigprocmask 128 init_module delete_module 131 quotactl getpgid fchdir 135 sysfs personality 138
  setfsuid setfsgid _llseek getdents _newselect flock msync readv writev getsid fdatasync 150 mlock
  munlock mlockall munlockall sched_setparam sched_getparam sched_setscheduler sched_getscheduler
  sched_yield sched_get_priority_max sched_get_priority_min sched_rr_get_interval nanosleep mremap
  setresuid getresuid 168 poll 170 setresgid getresgid prctl rt_sigreturn rt_sigaction rt_sigprocmask
  rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend pread64 pwrite64 chown getcwd capget
  capset sigaltstack sendfile 190 vfork ugetrlimit mmap2 truncate64 ftruncate64 stat64 lstat64 fstat64
  lchown32 getuid32 getgid32 geteuid32 getegid32 setreuid32 setregid32 getgroups32 setgroups32 fchown32
  setresuid32 getresuid32 setresgid32 getresgid32 chown32 setuid32 setgid32 setfsuid32 setfsgid32
  pivot_root mincore madvise getdents64 fcntl64 224 gettid readahead setxattr lsetxattr fsetxattr
  getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr
  tkill sendfile64 futex sched_setaffinity sched_getaffinity set_thread_area get_thread_area io_setup
  io_destroy io_getevents io_submit io_cancel fadvise64 252 exit_group 254 epoll_create epoll_ctl
  epoll_wait remap_file_pages set_tid_address timer_create timer_settime timer_gettime timer_getoverrun
  timer_delete clock_settime clock_gettime clock_getres clock_nanosleep statfs64 fstatfs64 tgkill utimes
  fadvise64_64 274 mbind get_mempolicy set_mempolicy mq_open mq_unlink mq_timedsend mq_timedreceive
  mq_notify mq_getsetattr kexec_load waitid 286 add_key request_key keyctl ioprio_set ioprio_get
  inotify_init inotify_add_watch inotify_rm_watch migrate_pages openat mkdirat mknodat fchownat
  futimesat fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 ppoll
  unshare set_robust_list get_robust_list splice sync_file_range tee vmsplice move_pages getcpu
  epoll_pwait utimensat signalfd timerfd_create eventfd fallocate timerfd_settime timerfd_gettime
  signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev rt_tgsigqueueinfo
  perf_event_open recvmmsg fanotify_init fanotify_mark prlimit64 name_to_handle_at open_by_handle_at
  clock_adjtime syncfs sendmmsg setns process_vm_readv process_vm_writev kcmp finit_module sched_setattr
  sched_getattr renameat2 seccomp getrandom memfd_create bpf execveat socket socketpair bind connect
  listen accept4 getsockopt setsockopt getsockname getpeername sendto sendmsg recvfrom recvmsg shutdown
  userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free
  statx arch_prctl io_pgetevents rseq 393 semget semctl shmget shmctl shmat shmdt msgget msgsnd msgrcv
  msgctl clock_gettime64 clock_settime64 clock_adjtime64 clock_getres_time64 clock_nanosleep_time64
  timer_gettime64 timer_settime64 timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64
  ppoll_time64 416 io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64
  semtimedop_time64 rt_sigtimedwait_time64 futex_time64 sched_rr_get_interval_time64 pidfd_send_signal
  io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick
  pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2 process_madvise epoll_pwait2
  mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self
  memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2 map_shadow_stack
  futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr
  lsm_list_modules mseal setxattrat getxattrat listxattrat removexattrat open_tree_attr file_getattr
  file_setattr
`;

/** The highest number of each table by kernel version, where calls were added; ascending. */
const HIGHEST: readonly (readonly [since: string, x86_64: number, i386: number])[] = [
  ["2.6.30", 296, 334],
  ["2.6.31", 298, 336],
  ["2.6.33", 299, 337],
  ["2.6.36", 302, 340],
  ["2.6.39", 306, 344],
  ["3.0", 308, 346],
  ["3.1", 309, 346],
  ["3.2", 311, 348],
  ["3.5", 312, 349],
  ["3.8", 313, 350],
  ["3.14", 315, 352],
  ["3.15", 316, 353],
  ["3.17", 320, 356],
  ["3.18", 321, 357],
  ["3.19", 322, 358],
  ["4.3", 324, 375],
  ["4.4", 325, 376],
  ["4.5", 326, 377],
  ["4.6", 328, 379],
  ["4.9", 331, 382],
  ["4.11", 332, 383],
  ["4.12", 332, 384],
  ["4.18", 334, 386],
  ["5.1", 427, 427],
  ["5.2", 433, 433],
  ["5.3", 435, 435],
  ["5.6", 438, 438],
  ["5.8", 439, 439],
  ["5.10", 440, 440],
  ["5.11", 441, 441],
  ["5.12", 442, 442],
  ["5.13", 446, 446],
  ["5.14", 447, 447],
  ["5.15", 448, 448],
  ["5.16", 449, 449],
  ["5.17", 450, 450],
  ["6.5", 451, 451],
  ["6.6", 453, 453],
  ["6.7", 456, 456],
  ["6.8", 461, 461],
  ["6.10", 462, 462],
  ["6.13", 466, 466],
  ["6.15", 467, 467],
  ["6.17", 469, 469],
];

function namesOf(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  let nr = 0;
  for (const word of text.trim().split(/\s+/)) {
    if (/^\d+$/.test(word)) nr = Number(word);
    else names.set(nr++, word);
  }
  return names;
}

const NAMES = { x86_64: namesOf(X86_64), i386: namesOf(I386) } as const;

/** The name a number has today on the table an entry uses; undefined for a number that no call has. */
export function mainlineName(arch: VectorArch, nr: number): string | undefined {
  return NAMES[arch === "x86_64" ? "x86_64" : "i386"].get(nr);
}

/** Whether a number was already given away in a kernel version. */
export function numberExisted(arch: VectorArch, nr: number, kernel: string): boolean {
  const version = kernelVersion(kernel);
  const [, x86_64, i386] = HIGHEST.findLast(([since]) => kernelVersion(since) <= version) ?? ["", -1, -1];
  return nr <= (arch === "x86_64" ? x86_64 : i386);
}

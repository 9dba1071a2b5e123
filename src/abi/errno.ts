import { familyNumbers } from "./errno-family.ts";

/**
 * Every errno of Linux: its number on most architectures (asm-generic) and what it means, in our words.
 * Source: rules §0.2; uapi/asm-generic/errno-base.h and errno.h.
 */
const GENERIC = {
  EPERM: [1, "Operation not permitted"],
  ENOENT: [2, "No such file or directory"],
  ESRCH: [3, "No such process"],
  EINTR: [4, "Interrupted by a signal"],
  EIO: [5, "Input or output failed"],
  ENXIO: [6, "No such device or address"],
  E2BIG: [7, "Too big"],
  ENOEXEC: [8, "Not an executable format"],
  EBADF: [9, "Bad file descriptor"],
  ECHILD: [10, "No child processes"],
  EAGAIN: [11, "Not now, try again"],
  ENOMEM: [12, "Out of memory"],
  EACCES: [13, "Permission denied"],
  EFAULT: [14, "Bad address"],
  ENOTBLK: [15, "Not a block device"],
  EBUSY: [16, "Busy"],
  EEXIST: [17, "Exists already"],
  EXDEV: [18, "Across devices"],
  ENODEV: [19, "No such device"],
  ENOTDIR: [20, "Not a directory"],
  EISDIR: [21, "Is a directory"],
  EINVAL: [22, "Invalid argument"],
  ENFILE: [23, "Too many files open in the system"],
  EMFILE: [24, "Too many files open in the process"],
  ENOTTY: [25, "Not a terminal"],
  ETXTBSY: [26, "Program file is in use"],
  EFBIG: [27, "File too large"],
  ENOSPC: [28, "No space left"],
  ESPIPE: [29, "Cannot seek"],
  EROFS: [30, "Read-only file system"],
  EMLINK: [31, "Too many links"],
  EPIPE: [32, "Broken pipe"],
  EDOM: [33, "Outside the function's domain"],
  ERANGE: [34, "Result out of range"],
  EDEADLK: [35, "Deadlock avoided"],
  ENAMETOOLONG: [36, "Name too long"],
  ENOLCK: [37, "No locks left"],
  ENOSYS: [38, "Call not implemented"],
  ENOTEMPTY: [39, "Directory not empty"],
  ELOOP: [40, "Too many symbolic links"],
  ENOMSG: [42, "No message of that type"],
  EIDRM: [43, "Identifier removed"],
  ECHRNG: [44, "Channel number out of range"],
  EL2NSYNC: [45, "Level 2 not synchronized"],
  EL3HLT: [46, "Level 3 halted"],
  EL3RST: [47, "Level 3 reset"],
  ELNRNG: [48, "Link number out of range"],
  EUNATCH: [49, "Protocol driver not attached"],
  ENOCSI: [50, "No CSI structure"],
  EL2HLT: [51, "Level 2 halted"],
  EBADE: [52, "Invalid exchange"],
  EBADR: [53, "Invalid request descriptor"],
  EXFULL: [54, "Exchange full"],
  ENOANO: [55, "No anode"],
  EBADRQC: [56, "Invalid request code"],
  EBADSLT: [57, "Invalid slot"],
  EBFONT: [59, "Bad font file"],
  ENOSTR: [60, "Not a stream"],
  ENODATA: [61, "No data"],
  ETIME: [62, "Timer expired"],
  ENOSR: [63, "Out of stream resources"],
  ENONET: [64, "Not on a network"],
  ENOPKG: [65, "Package not installed"],
  EREMOTE: [66, "Object is remote"],
  ENOLINK: [67, "Link severed"],
  EADV: [68, "Advertise error"],
  ESRMNT: [69, "Srmount error"],
  ECOMM: [70, "Communication error on send"],
  EPROTO: [71, "Protocol error"],
  EMULTIHOP: [72, "Multihop attempted"],
  EDOTDOT: [73, "RFS error"],
  EBADMSG: [74, "Bad message"],
  EOVERFLOW: [75, "Value too large for its type"],
  ENOTUNIQ: [76, "Name not unique on the network"],
  EBADFD: [77, "File descriptor in a bad state"],
  EREMCHG: [78, "Remote address changed"],
  ELIBACC: [79, "Shared library not accessible"],
  ELIBBAD: [80, "Shared library corrupted"],
  ELIBSCN: [81, "Program's library section corrupted"],
  ELIBMAX: [82, "Too many shared libraries"],
  ELIBEXEC: [83, "A shared library cannot be executed"],
  EILSEQ: [84, "Illegal byte sequence"],
  ERESTART: [85, "Call should be restarted"],
  ESTRPIPE: [86, "Streams pipe error"],
  EUSERS: [87, "Too many users"],
  ENOTSOCK: [88, "Not a socket"],
  EDESTADDRREQ: [89, "Destination address needed"],
  EMSGSIZE: [90, "Message too long"],
  EPROTOTYPE: [91, "Wrong protocol type for the socket"],
  ENOPROTOOPT: [92, "Protocol option not available"],
  EPROTONOSUPPORT: [93, "Protocol not supported"],
  ESOCKTNOSUPPORT: [94, "Socket type not supported"],
  EOPNOTSUPP: [95, "Operation not supported"],
  EPFNOSUPPORT: [96, "Protocol family not supported"],
  EAFNOSUPPORT: [97, "Address family not supported"],
  EADDRINUSE: [98, "Address in use"],
  EADDRNOTAVAIL: [99, "Address not available"],
  ENETDOWN: [100, "Network is down"],
  ENETUNREACH: [101, "Network unreachable"],
  ENETRESET: [102, "Connection dropped by the network"],
  ECONNABORTED: [103, "Connection aborted"],
  ECONNRESET: [104, "Connection reset by the peer"],
  ENOBUFS: [105, "No buffer space"],
  EISCONN: [106, "Connected already"],
  ENOTCONN: [107, "Not connected"],
  ESHUTDOWN: [108, "Endpoint has been shut down"],
  ETOOMANYREFS: [109, "Too many references"],
  ETIMEDOUT: [110, "Timed out"],
  ECONNREFUSED: [111, "Connection refused"],
  EHOSTDOWN: [112, "Host is down"],
  EHOSTUNREACH: [113, "No route to the host"],
  EALREADY: [114, "Under way already"],
  EINPROGRESS: [115, "Under way now"],
  ESTALE: [116, "Stale file handle"],
  EUCLEAN: [117, "Structure needs cleaning"],
  ENOTNAM: [118, "Not a named type file"],
  ENAVAIL: [119, "No semaphores available"],
  EISNAM: [120, "Is a named type file"],
  EREMOTEIO: [121, "Remote input or output error"],
  EDQUOT: [122, "Quota exceeded"],
  ENOMEDIUM: [123, "No medium"],
  EMEDIUMTYPE: [124, "Wrong medium type"],
  ECANCELED: [125, "Cancelled"],
  ENOKEY: [126, "Key not available"],
  EKEYEXPIRED: [127, "Key has expired"],
  EKEYREVOKED: [128, "Key has been revoked"],
  EKEYREJECTED: [129, "Key was rejected"],
  EOWNERDEAD: [130, "Owner died"],
  ENOTRECOVERABLE: [131, "State not recoverable"],
  ERFKILL: [132, "Radio is switched off"],
  EHWPOISON: [133, "Memory page has a hardware error"],
} as const;

/** The name of an errno. */
export type ErrnoName = keyof typeof GENERIC;

/** Architectures with errno numbers of their own; everyone else is generic. */
export type ErrnoFamily = "generic" | "mips" | "sparc" | "alpha" | "parisc";

/** The largest errno: −4095 … −1 in a result register is an error (N-14). */
export const MAX_ERRNO = 4095;

const NAMES = Object.keys(GENERIC) as ErrnoName[];

interface Family {
  readonly byName: ReadonlyMap<string, number>;
  readonly byNumber: ReadonlyMap<number, ErrnoName>;
}

const FAMILIES: Map<ErrnoFamily, Family> = new Map();

/** Both directions of one family, built when it is first asked for. */
function familyOf(name: ErrnoFamily): Family {
  let family = FAMILIES.get(name);
  if (family === undefined) {
    const own = familyNumbers(name);
    const byName = new Map<ErrnoName, number>(NAMES.map((e) => [e, own.get(e) ?? GENERIC[e][0]]));
    family = { byName, byNumber: new Map([...byName].map(([e, nr]) => [nr, e])) };
    FAMILIES.set(name, family);
  }
  return family;
}

/**
 * The positive number of an errno.
 * @example
 * ```ts
 * import { errnoNumber } from "trapgate";
 * console.log(errnoNumber("ENOSYS"), errnoNumber("ENOSYS", "mips")); // 38 89
 * ```
 */
export function errnoNumber(name: ErrnoName, family: ErrnoFamily = "generic"): number {
  return family === "generic" ? GENERIC[name][0] : (familyOf(family).byName.get(name) as number);
}

/** The name of a positive errno number; undefined when it is none. */
export function errnoName(nr: number, family: ErrnoFamily = "generic"): ErrnoName | undefined {
  return familyOf(family).byNumber.get(nr);
}

/** What an errno means, as traces print it in parentheses. */
export function errnoMeaning(name: ErrnoName): string {
  return GENERIC[name][1];
}

/** Whether `name` is an errno. */
export function isErrnoName(name: string): name is ErrnoName {
  return Object.hasOwn(GENERIC, name);
}

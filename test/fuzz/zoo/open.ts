import { O } from "../../../src/abi/index.ts";
import { fdInstall, getUnusedFd, putUnusedFd } from "../../../src/kernel/file/descriptor.ts";
import { allocFile, fput, type OpenFile } from "../../../src/kernel/file/open-file.ts";
import { Pidfd } from "../../../src/kernel/file/pidfd.ts";
import type { Call, Result, Rungs } from "../../../src/kernel/index.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

/** A call that makes an object and tells its descriptor through memory: a pidfd. */
const decl = {
  name: "zoo_open",
  numbers: ZOO_NUMBERS,
  args: { pid: "pid_t", fd: { out: "fd" } },
  returns: "int",
  ladder: [
    ["no-task", "ESRCH", [], "the caller's namespace knows no such task"],
    ["too-many-fds", "EMFILE", [], "the caller has RLIMIT_NOFILE descriptors already"],
    ["no-memory", "ENOMEM", [], "no memory for the descriptor or its file"],
    ["fd-unwritable", "EFAULT", "U-03", "the descriptor cannot be written"],
  ],
  effects: ["a descriptor is open"],
  support: "full",
  provenance: ["the zoo"],
} as const;

type Open = Call<Rungs<typeof decl>>;

interface Reserved {
  readonly nr: number;
  readonly file: OpenFile;
}

/** A reserved descriptor and the file it will point at. */
function reserve(k: Open, pid: number): Reserved | Result {
  const found = pid === 0 ? k.task.pid : k.task.pidNs.find(pid);
  if (found === undefined || found.task("pid") === null) return k.fail("no-task");
  const nr = getUnusedFd(k.task, true);
  if (nr === "EMFILE") return k.fail("too-many-fds");
  if (nr === "ENOMEM") return k.fail("no-memory");
  const file = k.allocate("zoo_private") ? allocFile(k.machine, new Pidfd(found), O.RDWR) : null;
  if (file !== null) return { nr, file };
  putUnusedFd(k.task, nr);
  return k.fail("no-memory");
}

/** `zoo_open` and its copies. */
export const zooOpen: ZooCall = zooCall(
  decl,
  {
    handler: (k, { pid, fd }) => {
      const made = reserve(k, pid);
      if (typeof made === "number") return made;
      if (k.uaccess.putUser(fd, 4, made.nr)) {
        fdInstall(k.task, made.nr, made.file);
        return 0;
      }
      putUnusedFd(k.task, made.nr);
      fput(k.machine, made.file);
      return k.fail("fd-unwritable");
    },
  },
  {
    "installs-first": {
      about: "installs the descriptor before it has told its number, and leaves it open when it cannot",
      detector: "write-on-failure",
      handler: (k, { pid, fd }) => {
        const made = reserve(k, pid);
        if (typeof made === "number") return made;
        fdInstall(k.task, made.nr, made.file);
        return k.uaccess.putUser(fd, 4, made.nr) ? 0 : k.fail("fd-unwritable");
      },
    },
    "keeps-the-file": {
      about: "gives the descriptor back when it cannot tell it, and forgets the file",
      detector: "leak",
      handler: (k, { pid, fd }) => {
        const made = reserve(k, pid);
        if (typeof made === "number") return made;
        if (k.uaccess.putUser(fd, 4, made.nr)) {
          fdInstall(k.task, made.nr, made.file);
          return 0;
        }
        putUnusedFd(k.task, made.nr);
        return k.fail("fd-unwritable");
      },
    },
    "keeps-the-number": {
      about: "forgets the reserved descriptor when there is no memory for its file",
      detector: "fault-atomicity",
      handler: (k, { pid, fd }) => {
        const found = pid === 0 ? k.task.pid : k.task.pidNs.find(pid);
        if (found === undefined || found.task("pid") === null) return k.fail("no-task");
        const nr = getUnusedFd(k.task, true);
        if (nr === "EMFILE") return k.fail("too-many-fds");
        if (nr === "ENOMEM") return k.fail("no-memory");
        const file = k.allocate("zoo_private") ? allocFile(k.machine, new Pidfd(found), O.RDWR) : null;
        if (file === null) return k.fail("no-memory");
        if (k.uaccess.putUser(fd, 4, nr)) {
          fdInstall(k.task, nr, file);
          return 0;
        }
        putUnusedFd(k.task, nr);
        fput(k.machine, file);
        return k.fail("fd-unwritable");
      },
    },
  },
);

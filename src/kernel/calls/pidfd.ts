import { pidfd_open as pidfdOpenDecl } from "../../abi/calls/index.ts";
import { O, PIDFD } from "../../abi/structs/index.ts";
import { type Implementation, implement } from "../call.ts";
import { fdInstall, getUnusedFd, putUnusedFd } from "../file/descriptor.ts";
import { allocFile } from "../file/open-file.ts";
import { Pidfd } from "../file/pidfd.ts";
import type { Task } from "../task/task.ts";

/** `pidfd_open`. A zombie still is a process; an identity that only a group or session uses is none. */
export const pidfd_open: Implementation = implement(pidfdOpenDecl, (k, { pid, flags }) => {
  const { task, machine } = k;
  if ((flags & ~k.profile.pidfdOpenFlags) !== 0) return k.fail("unknown-flag");
  if (pid <= 0) return k.fail("pid-not-positive");
  const found = task.pidNs.find(pid);
  if (found === undefined) return k.fail("no-process");
  const target = found.task("pid") as Task | null;
  if (target === null) return k.fail("task-gone");
  if ((flags & PIDFD.THREAD) === 0 && !target.isGroupLeader) return k.fail("not-a-leader");
  const fd = getUnusedFd(task, true);
  if (fd === "EMFILE") return k.fail("too-many-fds");
  if (fd === "ENOMEM") return k.fail("no-memory");
  const file = allocFile(machine, new Pidfd(found), O.RDWR | flags);
  if (file === null) {
    putUnusedFd(task, fd);
    return k.fail("no-memory");
  }
  fdInstall(task, fd, file);
  return fd;
});

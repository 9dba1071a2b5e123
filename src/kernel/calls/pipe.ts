import { pipe2 as pipe2Decl, pipe as pipeDecl } from "../../abi/calls/index.ts";
import type { Ladders } from "../../abi/ladders/index.ts";
import type { UserPtr } from "../../abi/pointer.ts";
import { O, pipe_fds } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import { type Call, type Implementation, implement } from "../call.ts";
import { fdInstall, getUnusedFd, putUnusedFd } from "../file/descriptor.ts";
import { allocFile, fput, type OpenFile } from "../file/open-file.ts";
import { allocPipe } from "../file/pipe.ts";
import { PipeEnd } from "../file/pipe-end.ts";
import { isPrivilegedOverPipes } from "../file/pipe-size.ts";
import { openFlagsFrom } from "../native-flags.ts";
import type { Result } from "../outcome.ts";

type PipeCall = Call<RungsOf<{ readonly ladder: readonly [{ readonly include: "do_pipe" }] }, Ladders>>;

/** `pipe`. */
export const pipe: Implementation = implement(pipeDecl, (k, { fildes }) => doPipe(k, fildes, 0));

/** `pipe2`. */
export const pipe2: Implementation = implement(pipe2Decl, (k, { fildes, flags }) => {
  const asked = openFlagsFrom(k.path.kernel, flags);
  if ((asked & ~k.profile.files.pipe.flags) !== 0) return k.fail("unknown-flag");
  return doPipe(k, fildes, asked);
});

/** `do_pipe2`: the pipe, its two files, their two descriptors, and only then the look at user memory. */
function doPipe(k: PipeCall, fildes: UserPtr<"pipe_fds", "out">, flags: number): Result {
  const files = createPipeFiles(k, flags);
  if (typeof files === "number") return files;
  const fds = reserveTwo(k, (flags & O.CLOEXEC) !== 0);
  const result = typeof fds === "string" ? k.fail(fds) : store(k, fildes, fds);
  if (typeof fds !== "string" && result === 0) {
    for (const i of [0, 1] as const) fdInstall(k.task, fds[i], files[i]);
    return 0;
  }
  if (typeof fds !== "string") for (const fd of fds) putUnusedFd(k.task, fd);
  for (const file of files) fput(k.machine, file);
  return result;
}

type Two<T> = readonly [T, T];

function createPipeFiles(k: PipeCall, flags: number): Two<OpenFile> | Result {
  const { machine, task } = k;
  const { user, fsuid } = task.cred;
  const made = allocPipe(machine, user, isPrivilegedOverPipes(task));
  if (made === null) return k.fail("no-pipe");
  const [reader, writer] = [new PipeEnd(made, "readers", fsuid), new PipeEnd(made, "writers", fsuid)];
  const abandon = (): void => {
    reader.release(machine);
    writer.release(machine);
  };
  if ((flags & O.EXCL) !== 0) {
    abandon();
    return k.fail("no-watch-queue");
  }
  const writing = allocFile(machine, writer, O.WRONLY | (flags & (O.NONBLOCK | O.DIRECT)));
  const reading = writing === null ? null : allocFile(machine, reader, O.RDONLY | (flags & O.NONBLOCK));
  if (reading !== null && writing !== null) return [reading, writing];
  if (writing === null) abandon();
  else {
    reader.release(machine);
    fput(machine, writing);
  }
  return k.fail("no-file");
}

function reserveTwo(k: PipeCall, closeOnExec: boolean): Two<number> | "too-many-fds" | "no-memory" {
  const first = getUnusedFd(k.task, closeOnExec);
  if (typeof first === "string") return first === "EMFILE" ? "too-many-fds" : "no-memory";
  const second = getUnusedFd(k.task, closeOnExec);
  if (typeof second !== "string") return [first, second];
  putUnusedFd(k.task, first);
  return second === "EMFILE" ? "too-many-fds" : "no-memory";
}

function store(k: PipeCall, to: UserPtr<"pipe_fds", "out">, [read, write]: Two<number>): Result {
  const layout = k.layout(pipe_fds);
  const at = k.kstack(layout.size);
  layout.write(k.view, at, { read, write });
  return k.uaccess.copyToUser(to, at, layout.size) === 0 ? 0 : k.fail("fds-unwritable");
}

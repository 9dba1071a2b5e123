import { MAP } from "../../abi/structs/index.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { PROT_EXEC, PROT_WRITE } from "../../mm/vma.ts";
import type { OpenFile } from "../file/open-file.ts";
import type { Result } from "../outcome.ts";
import type { MmapCall, MmapRequest } from "./do-mmap.ts";

/** What do_mmap asks of a file. No file of trapgate's can be mapped, so it never answers 0. */
export function checkFile(k: MmapCall, file: OpenFile, request: MmapRequest, length: number): Result {
  const { prot, flags, pageOffset } = request;
  const { memory } = k.profile;
  const pages = (k.path.kernel === "i386" ? 2 ** 32 : 2 ** 64) / PAGE_SIZE;
  if (pageOffset >= pages - length / PAGE_SIZE) return k.fail("file-offset-overflow");
  const type = flags.lo & MAP.TYPE;
  const validate = type === MAP.SHARED_VALIDATE && memory.sharedValidate;
  if (validate && (flags.hi !== 0 || (flags.lo & ~MAP.LEGACY) !== 0)) return k.fail("unknown-flag");
  if (type === MAP.SHARED || validate) {
    if ((prot & PROT_WRITE) !== 0 && !file.writable) return k.fail("file-not-writable");
  } else if (type !== MAP.PRIVATE) return k.fail("map-type");
  if (!file.readable) return k.fail("file-not-readable");
  if (memory.noexecPseudo && file.op.pseudo === true && (prot & PROT_EXEC) !== 0)
    return k.fail("file-noexec");
  return k.fail("no-such-operation");
}

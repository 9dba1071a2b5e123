import { F, O } from "../../abi/structs/index.ts";
import { IOVEC_4_1, IOVEC_5_10, IOVEC_6_4, IOVEC_2009, type IovecRules } from "../../mm/iovec.ts";

const FCNTL_2009: readonly number[] = [F.DUPFD, F.DUPFD_CLOEXEC, F.GETFD, F.SETFD, F.GETFL, F.SETFL];
const FCNTL_2_6_35: readonly number[] = [...FCNTL_2009, F.SETPIPE_SZ, F.GETPIPE_SZ];
const FCNTL_6_12: readonly number[] = [...FCNTL_2_6_35, F.DUPFD_QUERY, F.CREATED_QUERY];

/** What of open files differs by era. */
export interface FilesEra {
  /** How a vector of segments is read and judged. */
  readonly iovec: IovecRules;
  /** The commands of fcntl there are. */
  readonly fcntl: readonly number[];
  /** close_range knows CLOSE_RANGE_CLOEXEC (since 5.11). */
  readonly closeRangeCloexec: boolean;
  readonly pipe: {
    /** The flags pipe2 knows. */
    readonly flags: number;
    /** sysctl pipe-user-pages-soft (since 4.5): a user without privilege who has more gets small pipes. */
    readonly userPagesSoft: number;
    /** Pages of a small pipe. */
    readonly leastBuffers: number;
  };
}

/** 2.6.30. */
export const FILES_2009: FilesEra = {
  iovec: IOVEC_2009,
  fcntl: FCNTL_2009,
  closeRangeCloexec: false,
  pipe: { flags: O.CLOEXEC | O.NONBLOCK, userPagesSoft: Number.POSITIVE_INFINITY, leastBuffers: 16 },
};

/** 5.3 to 5.7. */
export const FILES_5_3: FilesEra = {
  iovec: IOVEC_4_1,
  fcntl: FCNTL_2_6_35,
  closeRangeCloexec: false,
  pipe: { flags: O.CLOEXEC | O.NONBLOCK | O.DIRECT, userPagesSoft: 16_384, leastBuffers: 1 },
};

/** 5.8 and 5.9. */
export const FILES_5_8: FilesEra = {
  ...FILES_5_3,
  pipe: { ...FILES_5_3.pipe, flags: FILES_5_3.pipe.flags | O.EXCL },
};

/** 5.14 to 6.3. */
export const FILES_5_14: FilesEra = {
  ...FILES_5_8,
  iovec: IOVEC_5_10,
  closeRangeCloexec: true,
  pipe: { ...FILES_5_8.pipe, leastBuffers: 2 },
};

/** 6.12 and later: what 6.4 made of vectors, and two more commands of fcntl. */
export const FILES_6_12: FilesEra = { ...FILES_5_14, iovec: IOVEC_6_4, fcntl: FCNTL_6_12 };

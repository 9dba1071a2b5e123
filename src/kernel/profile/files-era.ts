import { O } from "../../abi/structs/index.ts";
import { IOVEC_4_1, IOVEC_5_10, IOVEC_6_4, IOVEC_2009, type IovecRules } from "../../mm/iovec.ts";

/** What of open files differs by era. */
export interface FilesEra {
  /** How a vector of segments is read and judged. */
  readonly iovec: IovecRules;
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
  pipe: { flags: O.CLOEXEC | O.NONBLOCK, userPagesSoft: Number.POSITIVE_INFINITY, leastBuffers: 16 },
};

/** 5.3 to 5.7. */
export const FILES_5_3: FilesEra = {
  iovec: IOVEC_4_1,
  pipe: { flags: O.CLOEXEC | O.NONBLOCK | O.DIRECT, userPagesSoft: 16_384, leastBuffers: 1 },
};

/** 5.8 and 5.9. */
export const FILES_5_8: FilesEra = {
  ...FILES_5_3,
  pipe: { ...FILES_5_3.pipe, flags: FILES_5_3.pipe.flags | O.EXCL },
};

/** 5.14 to 6.3. */
export const FILES_5_14: FilesEra = { iovec: IOVEC_5_10, pipe: { ...FILES_5_8.pipe, leastBuffers: 2 } };

/** Since 6.4. */
export const FILES_6_4: FilesEra = { ...FILES_5_14, iovec: IOVEC_6_4 };

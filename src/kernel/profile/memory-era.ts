/** What of mapping memory differs by era. */
export interface MemoryEra {
  /** mmap_min_addr is looked at after the kind of mapping (until 2.6.x security_file_mmap), not with the address. */
  readonly minAddrLate: boolean;
  /** Flags of mmap the era knows; the others are ignored. */
  readonly hugetlb: boolean;
  readonly sharedValidate: boolean;
  readonly fixedNoreplace: boolean;
  readonly above4g: boolean;
  readonly droppable: boolean;
  /** Nothing on the file system of pipes and other files without a name can be executed. */
  readonly noexecPseudo: boolean;
}

/** 2.6.30. */
export const MEMORY_2009: MemoryEra = {
  minAddrLate: true,
  hugetlb: false,
  sharedValidate: false,
  fixedNoreplace: false,
  above4g: false,
  droppable: false,
  noexecPseudo: false,
};

/** 4.17 to 6.6. */
export const MEMORY_4_17: MemoryEra = {
  ...MEMORY_2009,
  minAddrLate: false,
  hugetlb: true,
  sharedValidate: true,
  fixedNoreplace: true,
};

/** 6.11 and later. */
export const MEMORY_6_11: MemoryEra = { ...MEMORY_4_17, above4g: true, droppable: true, noexecPseudo: true };

/**
 * Argument lists of calls with 64-bit words that only some tables have, as the tracepoints' are written. Two of them
 * exist because the pair would not fit otherwise: their descriptors and offsets stand in another order.
 * Source: uapi and compat definitions of sync_file_range2, truncate64 and their kind; syscall(2).
 */
export const WIDE_CALLS = `
arm_fadvise64_64: int fd, int advice, loff_t offset, loff_t len
arm_sync_file_range: int fd, unsigned int flags, loff_t offset, loff_t nbytes
fadvise64_64: int fd, loff_t offset, loff_t len, int advice
ftruncate64: unsigned int fd, loff_t length
sync_file_range2: int fd, unsigned int flags, loff_t offset, loff_t nbytes
truncate64: const char *path, loff_t length
`;

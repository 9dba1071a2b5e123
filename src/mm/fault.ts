/** Why an access failed: what SIGSEGV would call MAPERR or ACCERR, and three reasons of the kernel's own. */
export type FaultReason = "no-mapping" | "protection" | "not-user-range" | "no-frame" | "injected";

/** One failed access to user memory. */
export interface Fault {
  /** The first byte that could not be accessed, in address form. */
  readonly address: number;
  readonly access: "read" | "write";
  readonly reason: FaultReason;
}

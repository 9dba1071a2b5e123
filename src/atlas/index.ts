/**
 * The atlas: complete syscall tables, conventions and argument lists of every architecture. Imported by itself, as
 * trapgate/atlas; the data of a table is loaded when it is first asked for.
 */

export { ABI_NAMES, ABIS, type Abi, abiNamed } from "./abis.ts";
export { TABLE_NAMES, tableNamed } from "./arch-names.ts";
export { type ArgumentPlace, argumentPlaces, argumentWords, isWide, passedBy } from "./argument-places.ts";
export { type ParsedStruct, parseStructs } from "./c-structs/parse.ts";
export { compareLayouts, type LayoutComparison, type LayoutGroup, type Moved } from "./compare-layouts.ts";
export { HISTORICAL, HISTORICAL_PROFILES, type HistoricalNumber, numbersUnder } from "./historical.ts";
export { KNOWN_CALLS, knownRegistry } from "./known-calls.ts";
export { KNOWN_STRUCTS } from "./known-structs.ts";
export { loadTable, loadTables } from "./load.ts";
export { NumberTable, type TableRow } from "./number-table.ts";
export type { Finding, ReviewRule } from "./review/finding.ts";
export { reviewCall } from "./review/review.ts";
export { REVIEW_RULES } from "./review/rules.ts";
export { loadSignatures, type Parameter, type Signature, type Signatures } from "./signature.ts";
export { loadSince } from "./since.ts";
export { UAPI_CALLS } from "./uapi/calls.ts";
export { UAPI_STRUCTS } from "./uapi/structs.ts";

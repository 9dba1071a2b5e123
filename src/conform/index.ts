export {
  type Answer,
  type ChangedWord,
  type Executor,
  isSkipped,
  type RawResult,
  type Skipped,
  type SpokenRung,
} from "./answer.ts";
export { compare, type Difference } from "./compare.ts";
export { expectationOf, type Recording } from "./expectation.ts";
export { changedWords } from "./memory-words.ts";
export { EmulatedKernel, RECORDING_PROFILE } from "./on-emulator.ts";
export { type PlacedVector, parseVector, parseVectors, VectorError } from "./parse.ts";
export { vectorSchema } from "./schema.ts";
export * from "./vector.ts";
export { protOf, regionImage, wordOf } from "./words.ts";

/**
 * Whether the kernel below is of the era that the recorded cases are answers of: `tsx scripts/same-era.ts`. Prints which
 * is which; exit code 1 when it is another.
 */
import { RECORDING_PROFILE } from "../src/conform/index.ts";
import { LiveKernel } from "../src/conform/live/live-kernel.ts";

const { name, era } = new LiveKernel();
console.log(`recorded in ${RECORDING_PROFILE}, ${name} is ${era}`);
process.exit(era === RECORDING_PROFILE ? 0 : 1);

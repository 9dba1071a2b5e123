import { expect, test } from "vitest";
import { kernelVersion } from "../../src/abi/version.ts";
import { EmulatedKernel, RECORDING_PROFILE } from "../../src/conform/index.ts";
import { judge } from "../../src/conform/verdict.ts";
import { profileNamed } from "../../src/kernel/index.ts";
import { recorded } from "./cases.ts";

test("the emulated kernel answers as Linux 6.18 did, wherever it has the calls", (context) => {
  // Eras before clone3 answer as those kernels did, which is another way.
  const modern = kernelVersion(profileNamed(RECORDING_PROFILE).kernel) >= kernelVersion("6.14");
  if (!modern) context.skip("trapgate has no era as new as the recordings");
  const kernel = new EmulatedKernel();
  const judged = recorded().map(({ vector }) => ({ id: vector.id, ...judge(vector, kernel.run(vector)) }));
  expect(judged.filter(({ status }) => status === "failed" || status === "skipped")).toEqual([]);
  expect(judged.filter(({ status }) => status === "passed").length).toBeGreaterThan(5000);
});

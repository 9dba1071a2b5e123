import type { Reporter, TestCase, TestModule, TestRunEndReason } from "vitest/node";
import { seedOfRun } from "./seed.ts";

/**
 * Prints the seed of the run, every skipped test with its reason, and as the very last line
 * `N passed, N failed, N skipped`. What keeps tests from running at all counts as a failure: a file that cannot be
 * collected, a hook that throws, an error nobody caught, a run without a test.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else skipped.push(`${module.relativeModuleId} > ${test.fullName}: ${reasonOf(test)}`);
      }
    }
    if (reason !== "passed" && failed === 0) failed = 1;
    // The default reporter ends its own summary in the same tick; ours comes after it.
    setImmediate(() => {
      process.stdout.write(`properties: seed ${seedOfRun()} (TRAPGATE_SEED)\n`);
      for (const line of skipped) process.stdout.write(`SKIPPED ${line}\n`);
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
    });
  }
}

/** Why a test did not run. */
function reasonOf(test: TestCase): string {
  for (let group = test.parent; ; group = group.parent) {
    if (group.errors().length > 0) return "a hook of its group failed";
    if (group.type === "module") break;
  }
  const result = test.result();
  return "note" in result && result.note ? result.note : "no reason given";
}

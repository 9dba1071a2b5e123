import type { Reporter, TestModule } from "vitest/node";

/**
 * Prints every skipped test with its reason, and as the very last line `N passed, N failed, N skipped`. A file that
 * cannot be collected counts as a failure.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") passed++;
        else if (result.state === "failed") failed++;
        else skipped.push(`${module.relativeModuleId} > ${test.fullName}${note(result)}`);
      }
    }
    // The default reporter ends its own summary in the same tick; ours comes after it.
    setImmediate(() => {
      for (const line of skipped) process.stdout.write(`SKIPPED ${line}\n`);
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
    });
  }
}

function note(result: object): string {
  return "note" in result && typeof result.note === "string" ? `: ${result.note}` : "";
}

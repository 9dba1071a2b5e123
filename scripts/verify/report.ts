/** What a verification found, printed as it goes; the exit code at the end. */
export class Report {
  private passed = 0;
  private failed = 0;
  private readonly skipped: string[] = [];

  /** One comparison: of what, with what, how much of it, and every difference. */
  compared(what: string, source: string, count: number, differences: readonly string[]): void {
    const verdict = differences.length === 0 ? "the same" : `${differences.length} different`;
    console.log(`${what}: ${count} against ${source}: ${verdict}`);
    for (const difference of differences) console.log(`  ${difference}`);
    if (differences.length === 0 && count > 0) this.passed++;
    else this.failed++;
  }

  /** Something this machine cannot do. */
  skip(what: string, reason: string): void {
    console.log(`SKIPPED ${what}: ${reason}`);
    this.skipped.push(what);
  }

  /** Runs a part; when it cannot even begin it is skipped. */
  part(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.skip(what, (error as Error).message.split("\n")[0] ?? "");
    }
  }

  /** The last line, and the exit code. */
  end(): void {
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped.length} skipped`);
    if (this.failed > 0) process.exitCode = 1;
  }
}

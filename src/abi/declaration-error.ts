/** A declaration that contradicts itself. The message names the place and what is wrong there. */
export class DeclarationError extends Error {
  /** Where: `clone_with_pids.args.pid_set`. */
  readonly where: string;

  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.name = "DeclarationError";
    this.where = where;
  }
}

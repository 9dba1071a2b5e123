import { Command, type ErrorOptions, Help } from "commander";
import { paintFor } from "./paint.ts";
import type { Terminal } from "./terminal.ts";
import { unknown, WrongArgument, word } from "./wrong-argument.ts";

/** A command whose mistakes become {@link WrongArgument}: one line, no usage dump. Verbs made by it are alike. */
export class Program extends Command {
  override createCommand(name?: string): Program {
    return new Program(name);
  }

  /** Commander reports every mistake of the caller's through here. */
  override error(message: string, options?: ErrorOptions): never {
    throw this.mistake(message, options?.code ?? "");
  }

  private mistake(message: string, code: string): WrongArgument {
    const given = /'([\s\S]*)'/.exec(message)?.[1] ?? "";
    switch (code) {
      case "commander.unknownOption":
        return unknown("option", given, this.optionNames());
      case "commander.unknownCommand":
        return unknown("command", given, this.verbNames());
      case "commander.excessArguments":
        return this.tooMany();
      case "commander.missingArgument":
        return this.missing(given);
      case "commander.optionMissingArgument":
        return this.valueMissing(given);
      default:
        return new WrongArgument(message.replace(/^error: /, ""));
    }
  }

  private missing(name: string): WrongArgument {
    const argument = this.registeredArguments.find((a) => a.name() === name);
    return new WrongArgument(`${this.name()} needs <${name}>: ${argument?.description ?? ""}`);
  }

  private tooMany(): WrongArgument {
    const extra = this.args[this.registeredArguments.length] ?? "";
    if (this.commands.length > 0) return unknown("command", extra, this.verbNames());
    const takes = this.registeredArguments.map((argument) => `<${argument.name()}>`).join(" ");
    return new WrongArgument(
      `unexpected argument ${word(extra)}: ${this.name()} takes ${takes === "" ? "options only" : `${takes} only`}`,
    );
  }

  private valueMissing(flags: string): WrongArgument {
    const option = this.options.find((o) => o.flags === flags);
    const allowed = option?.argChoices?.join(", ");
    const name = option?.long ?? flags;
    return new WrongArgument(
      allowed === undefined ? `${name} needs a value` : `${name} needs a value: ${allowed}`,
    );
  }

  private optionNames(): string[] {
    return this.createHelp()
      .visibleOptions(this)
      .map((option) => option.long ?? option.flags);
  }

  private verbNames(): string[] {
    return this.commands.map((command) => command.name()).filter((name) => name !== "help");
  }
}

/** The program without its verbs: name, version, help, and where its output goes. */
export function makeProgram(version: string, terminal: Terminal): Program {
  const paint = paintFor(terminal.color);
  const program = new Program("trapgate");
  program
    .description("The user/kernel boundary of Linux, in TypeScript: syscalls on raw guest memory.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this page")
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.color,
    })
    .configureHelp({
      styleTitle: (title) => paint("heading", title),
      subcommandTerm: (command) => Help.prototype.subcommandTerm(command).replace(/ ?\[options\]/, ""),
      optionDescription: ({ description, argChoices, defaultValue }) => {
        const choices = argChoices === undefined ? "" : `: ${argChoices.join(", ")}`;
        return description + choices + (typeof defaultValue === "string" ? ` (default ${defaultValue})` : "");
      },
    });
  return program;
}

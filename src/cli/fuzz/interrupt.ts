/** What a shell reports of a program that Ctrl-C has ended. */
const ENDED_BY_SIGINT = 130;

/** Whether somebody has asked to stop, and the end of listening. */
export interface Interrupt {
  readonly asked: boolean;
  end(): void;
}

/** Has the first Ctrl-C call `stop`; a second one ends the process at once. */
export function interrupted(stop: () => void): Interrupt {
  let asked = false;
  const hear = (): void => {
    if (asked) process.exit(ENDED_BY_SIGINT);
    asked = true;
    stop();
  };
  process.on("SIGINT", hear);
  return {
    get asked() {
      return asked;
    },
    end: () => void process.off("SIGINT", hear),
  };
}

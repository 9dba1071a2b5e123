import { describe, expect, test } from "vitest";
import { signalName, signalNumber } from "../../src/abi/index.ts";

describe("signals", () => {
  test("the classic ones", () => {
    const known: Readonly<Record<string, number>> = {
      SIGHUP: 1,
      SIGINT: 2,
      SIGABRT: 6,
      SIGBUS: 7,
      SIGKILL: 9,
      SIGUSR1: 10,
      SIGSEGV: 11,
      SIGUSR2: 12,
      SIGTERM: 15,
      SIGSTKFLT: 16,
      SIGCHLD: 17,
      SIGCONT: 18,
      SIGSTOP: 19,
      SIGURG: 23,
      SIGIO: 29,
      SIGSYS: 31,
    };
    for (const [name, nr] of Object.entries(known)) {
      expect(signalName(nr)).toBe(name);
      expect(signalNumber(name)).toBe(nr);
    }
  });

  test("names and numbers are each other's inverse, 1 to 64", () => {
    for (let nr = 1; nr <= 64; nr++) {
      const name = signalName(nr);
      expect(signalNumber(name)).toBe(nr);
      expect(signalNumber(name.slice(3).toLowerCase())).toBe(nr);
    }
  });

  test("real-time signals are counted from SIGRTMIN", () => {
    expect([32, 33, 34, 64].map(signalName)).toEqual(["SIGRTMIN", "SIGRT_1", "SIGRT_2", "SIGRT_32"]);
    expect(signalNumber("SIGRTMAX")).toBe(64);
  });

  test("second spellings", () => {
    expect(["SIGIOT", "SIGCLD", "SIGPOLL"].map(signalNumber)).toEqual([6, 17, 29]);
  });

  test("what is no signal has no name", () => {
    expect([0, 65, 255, -1].map(signalName)).toEqual(["0", "65", "255", "-1"]);
    for (const name of ["SIGNOT", "", "SIG", "constructor", "65"]) expect(signalNumber(name)).toBeUndefined();
  });
});

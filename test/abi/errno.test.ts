import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ERRNO_ALIASES,
  type ErrnoFamily,
  type ErrnoName,
  errnoMeaning,
  errnoName,
  errnoNumber,
  isErrnoName,
  LOCAL_ERRNOS,
  MAX_ERRNO,
  RESTART,
} from "../../src/abi/index.ts";

const FAMILIES: readonly ErrnoFamily[] = ["generic", "mips", "sparc", "alpha", "parisc"];

/** Rules §0.2: what everything in this repository leans on. */
const RULES: readonly (readonly [ErrnoName, number])[] = [
  ["EPERM", 1],
  ["ESRCH", 3],
  ["EINTR", 4],
  ["E2BIG", 7],
  ["EAGAIN", 11],
  ["ENOMEM", 12],
  ["EFAULT", 14],
  ["EBUSY", 16],
  ["EEXIST", 17],
  ["EINVAL", 22],
  ["ENOSPC", 28],
  ["ENOSYS", 38],
  ["EUSERS", 87],
  ["EOPNOTSUPP", 95],
];

const NAMES: readonly ErrnoName[] = Array.from({ length: 200 }, (_, nr) => errnoName(nr)).filter(
  (name) => name !== undefined,
);

describe("errno", () => {
  test.each(RULES)("§0.2 %s is %i", (name, nr) => {
    expect(errnoNumber(name)).toBe(nr);
    expect(errnoName(nr)).toBe(name);
  });

  test("§0.2 mips differs above 34", () => {
    expect(errnoNumber("ENOSYS", "mips")).toBe(89);
    expect(errnoNumber("EUSERS", "mips")).toBe(94);
    expect(errnoNumber("EOPNOTSUPP", "mips")).toBe(122);
    expect(errnoNumber("EDQUOT", "mips")).toBe(1133);
    for (const [name, nr] of RULES) if (nr <= 34) expect(errnoNumber(name, "mips")).toBe(nr);
  });

  test("§0.2 restart codes are no errnos", () => {
    expect(RESTART).toEqual({
      ERESTARTSYS: 512,
      ERESTARTNOINTR: 513,
      ERESTARTNOHAND: 514,
      ERESTART_RESTARTBLOCK: 516,
    });
    for (const [name, nr] of Object.entries(RESTART)) {
      expect(isErrnoName(name)).toBe(false);
      for (const family of FAMILIES) expect(errnoName(nr, family)).toBeUndefined();
    }
  });

  test("there are 131, each with a meaning of its own", () => {
    expect(NAMES).toHaveLength(131);
    expect(new Set(NAMES.map(errnoMeaning)).size).toBe(131);
  });

  test.each(FAMILIES)("%s: number and name are each other's inverse, and in range", (family) => {
    const numbers = new Set(Object.values(LOCAL_ERRNOS[family]));
    for (const name of NAMES) {
      const nr = errnoNumber(name, family);
      expect(errnoName(nr, family)).toBe(name);
      expect(numbers.has(nr)).toBe(false);
      expect(Number.isInteger(nr) && nr > 0 && nr <= MAX_ERRNO).toBe(true);
      numbers.add(nr);
    }
    for (const nr of [0, -1, MAX_ERRNO + 1, 1.5]) expect(errnoName(nr, family)).toBeUndefined();
  });

  test("the table agrees with the numbers read from Linux 6.1's headers", () => {
    const table = readFileSync(join(import.meta.dirname, "errno-families.txt"), "utf8");
    const [, ...rows] = table.trimEnd().split("\n");
    const ours = NAMES.map((name) => {
      const numbers = FAMILIES.map((family) => String(errnoNumber(name, family)).padStart(8));
      return name.padEnd(16) + numbers.join("");
    });
    expect(ours).toEqual(rows);
  });

  test("words every object has are no errnos", () => {
    for (const name of ["constructor", "toString", "__proto__", ""]) expect(isErrnoName(name)).toBe(false);
  });
});

/** The headers of Debian's linux-libc-dev, and of its packages for other architectures. */
const HEADERS: Readonly<Record<ErrnoFamily, readonly string[]>> = {
  generic: ["/usr/include"],
  mips: ["mips", "mipsel", "mips64", "mips64el"].map((a) => `/usr/${a}-linux-gnu/include`),
  sparc: ["/usr/sparc64-linux-gnu/include"],
  alpha: ["/usr/alpha-linux-gnu/include"],
  parisc: ["/usr/hppa-linux-gnu/include"],
};

/** `#define`s of the errno headers below a folder, the architecture's own file last. */
function defines(root: string, family: ErrnoFamily): Map<string, string> {
  const own = family === "generic" ? "asm-generic/errno.h" : "asm/errno.h";
  const text = ["asm-generic/errno-base.h", own].map((f) => readFileSync(`${root}/${f}`, "utf8")).join("\n");
  const found = new Map<string, string>();
  for (const [, word, name, value] of text.matchAll(/^#\s*(define|undef)\s+(E\w+)\s*(\w*)/gm)) {
    if (word === "undef") found.delete(name as string);
    else found.set(name as string, value as string);
  }
  return found;
}

function headerValue(name: string, header: ReadonlyMap<string, string>): number {
  const value = header.get(name);
  if (value === undefined) return Number.NaN;
  return /^\d+$/.test(value) ? Number(value) : headerValue(value, header);
}

describe("errno against the system's headers", () => {
  const extra = process.env.TRAPGATE_HEADERS;

  for (const family of FAMILIES) {
    test(`${family}: every name has the header's number, and the header has no other name`, (ctx) => {
      const roots = HEADERS[family].flatMap((root) =>
        extra === undefined ? [root] : [root, `${extra}${root}`],
      );
      const root = roots.find((r) => existsSync(`${r}/asm-generic/errno-base.h`));
      if (root === undefined) {
        const reason = `no errno headers of ${family}: looked in ${roots.join(", ")}`;
        console.warn(`SKIPPED: ${reason}`);
        ctx.skip(reason);
        return;
      }
      const header = defines(root, family);
      expect(NAMES.map((name) => [name, errnoNumber(name, family)])).toEqual(
        NAMES.map((name) => [name, headerValue(name, header)]),
      );
      const local = Object.keys(LOCAL_ERRNOS[family]);
      for (const name of local)
        expect([name, LOCAL_ERRNOS[family][name]]).toEqual([name, headerValue(name, header)]);
      const others = [...header.keys()].filter((name) => !isErrnoName(name) && !local.includes(name));
      for (const name of others) {
        const target = header.get(name) as string;
        // The rest are second spellings of names we have.
        expect(isErrnoName(target) || headerValue(name, header) === errnoNumber("ECANCELED", family)).toBe(
          true,
        );
        if (name in ERRNO_ALIASES) expect(target).toBe(ERRNO_ALIASES[name]);
      }
    });
  }
});

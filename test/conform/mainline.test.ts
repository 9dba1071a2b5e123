import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mainlineName, numberExisted } from "../../src/conform/mainline.ts";

const HEADERS = "/usr/include/x86_64-linux-gnu/asm";

/** Names in the C library's headers that today's kernel answers with ENOSYS: what is left of calls that are gone. */
const GONE = {
  x86_64: `_sysctl afs_syscall create_module epoll_ctl_old epoll_wait_old get_kernel_syms get_thread_area getpmsg
    lookup_dcookie nfsservctl putpmsg query_module security set_thread_area tuxcall uselib vserver`,
  i386: `_sysctl afs_syscall bdflush break create_module ftime get_kernel_syms getpmsg gtty idle lock lookup_dcookie mpx
    nfsservctl prof profil putpmsg query_module stty ulimit uselib vm86 vm86old vserver`,
} as const;

describe("today's numbers", () => {
  test.each(["x86_64", "i386"] as const)("of %s", (arch) => {
    expect(mainlineName(arch, 435)).toBe("clone3");
    expect(mainlineName(arch, -1)).toBeUndefined();
    expect(mainlineName(arch, 400)).toBe(arch === "i386" ? "msgsnd" : undefined);
    expect(mainlineName(arch, 469)).toBe("file_setattr");
    expect(mainlineName(arch, 470)).toBeUndefined();
    expect(mainlineName(arch === "i386" ? "int80" : arch, 1)).toBe(arch === "i386" ? "exit" : "write");
  });

  test.skipIf(!existsSync(`${HEADERS}/unistd_64.h`)).each([
    ["x86_64", "unistd_64.h"],
    ["i386", "unistd_32.h"],
  ] as const)("of %s are those of %s, but for calls that are gone", (arch, header) => {
    const text = readFileSync(`${HEADERS}/${header}`, "utf8");
    const numbers = [...text.matchAll(/#define __NR_(\w+) (\d+)/g)].map((m) => [m[1], Number(m[2])] as const);
    expect(numbers.length).toBeGreaterThan(300);
    const gone: readonly string[] = GONE[arch].split(/\s+/);
    const different = numbers.filter(([name, nr]) => mainlineName(arch, nr) !== name);
    expect(different.map(([name]) => name).sort()).toEqual([...gone].sort());
    for (const [name, nr] of different) expect(mainlineName(arch, nr), name).toBeUndefined();
  });

  test("came with a version", () => {
    expect(numberExisted("x86_64", 296, "2.6.30")).toBe(true);
    expect(numberExisted("x86_64", 297, "2.6.30")).toBe(false);
    expect(numberExisted("i386", 337, "2.6.32")).toBe(false);
    expect(numberExisted("int80", 337, "2.6.33")).toBe(true);
    expect(numberExisted("x86_64", 435, "5.2")).toBe(false);
    expect(numberExisted("x86_64", 435, "5.3")).toBe(true);
    expect(numberExisted("x86_64", 0, "2.4")).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { TABLES } from "../../src/abi/index.ts";
import { loadTable } from "../../src/atlas/index.ts";
import { here, linesOf } from "./cli.ts";

async function out(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await here(["table", ...args]);
  expect(`${stderr}${code}`).toBe("0");
  return stdout;
}

async function json(...args: string[]): Promise<Record<string, unknown>[]> {
  return JSON.parse(await out(...args, "--format", "json"));
}

async function wrong(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await here(["table", ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(linesOf(stderr)).toHaveLength(1);
  return stderr.trim();
}

describe("trapgate table", () => {
  test("lists every table, and every row of one", async () => {
    expect((await json()).map(({ arch }) => arch)).toEqual(TABLES);
    const rows = await json("--arch", "aarch64");
    const { rows: own } = await loadTable("arm64");
    expect(rows.map(({ nr, name }) => [nr, name])).toEqual(own.map(({ nr, name }) => [nr, name]));
    expect(rows.find(({ name }) => name === "openat2")).toEqual({
      ...{ arch: "arm64", nr: 437, name: "openat2", since: "5.6", source: "headers", state: null },
      ...{ displaces: null, emulated: null, remark: null },
      arguments: [
        { name: "dfd", type: "int" },
        { name: "filename", type: "const char *" },
        { name: "how", type: "struct open_how *" },
        { name: "usize", type: "size_t" },
      ],
    });
  });

  test("finds a number, counted from the base too, in any notation", async () => {
    const found = await json("--arch", "mips_o32,i386", "435");
    expect(found.map(({ nr, name }) => [nr, name])).toEqual([
      [4435, "clone3"],
      [435, "clone3"],
    ]);
    expect((await json("--arch", "x32", "0x400001b3"))[0]).toMatchObject({ name: "clone3" });
  });

  test("shows one call everywhere, with its registers", async () => {
    const rows = await json("fallocate");
    expect(rows).toHaveLength(TABLES.length);
    expect(rows.find(({ arch }) => arch === "arm")).toMatchObject({
      ...{ nr: 352, instruction: "svc 0", number: "r7" },
      arguments: [
        { name: "fd", registers: ["r0"] },
        { name: "mode", registers: ["r1"] },
        { name: "offset", registers: ["r2", "r3"] },
        { name: "len", registers: ["r4", "r5"] },
      ],
    });
    const text = await out("--arch", "i386,x86_64", "fallocate");
    expect(linesOf(text)).toEqual([
      "fallocate(int fd, int mode, loff_t offset, loff_t len)",
      "  since 2.6.23, signature known, not emulated",
      "  arch     nr  instruction  number  fd   mode  offset   len",
      "  i386    324  int $0x80    eax     ebx  ecx   edx:esi  edi:ebp",
      "  x86_64  285  syscall      rax     rdi  rsi   rdx      r10",
    ]);
  });

  test("takes patterns", async () => {
    const names = (await json("--arch", "i386", "clock_*64")).map(({ name }) => name);
    expect(names).toEqual([
      ...["clock_gettime64", "clock_settime64", "clock_adjtime64", "clock_getres_time64"],
      "clock_nanosleep_time64",
    ]);
    expect((await json("--arch", "x86_64", "[gs]etsid")).map(({ name }) => name)).toEqual([
      "setsid",
      "getsid",
    ]);
    expect((await json("--arch", "x86_64", "dup?")).map(({ name }) => name)).toEqual(["dup2", "dup3"]);
  });

  test("compares two tables, counted from their bases", async () => {
    const rows = await json("--diff", "x86_64,x32");
    expect(rows.find(({ name }) => name === "read")).toBeUndefined();
    expect(rows.find(({ name }) => name === "readv")).toEqual({ name: "readv", x86_64: 19, x32: 0x40000203 });
    expect(rows.find(({ name }) => name === "uselib")).toEqual({ name: "uselib", x86_64: 134, x32: null });
    const text = await out("--diff", "i386,x86_64", "clone*");
    expect(linesOf(text)).toEqual([
      "  name   i386  x86_64",
      "  clone   120      56",
      "  1 with another number, 0 on i386 alone, 0 on x86_64 alone",
    ]);
  });

  test("lays a historical tree over mainline", async () => {
    const [row] = await json("--arch", "i386", "--profile", "cwp-v3", "337");
    expect(row).toMatchObject({ name: "clone_with_pids", source: "profile", displaces: "recvmmsg" });
    expect(await out("--arch", "arm", "--profile", "eclone", "eclone")).toContain("displaces accept4");
    const [assigned] = await json("--arch", "x86_64", "--profile", "cwp-v2", "clone_with_pids");
    expect(assigned).toMatchObject({ nr: 297, displaces: "rt_tgsigqueueinfo" });
  });

  test("prints CSV and Markdown with a row a call", async () => {
    const csv = linesOf(await out("--arch", "s390x", "--format", "csv"));
    expect(csv).toHaveLength(369);
    expect(csv[0]).toBe("arch,nr,name,since,source,state,displaces,emulated,remark,arguments");
    expect(csv[1]).toMatch(/^s390x,1,exit,1\.0,headers,,,(full)?,,int \w+$/);
    expect(csv.find((line) => line.includes(",fallocate,"))).toContain(
      ',"int fd, int mode, loff_t offset, loff_t len"',
    );
    const md = linesOf(await out("--arch", "s390x", "--format", "md"));
    expect(md.slice(0, 2)).toEqual([
      "| nr | name | since | remark | arguments |",
      "| --: | --- | --: | --- | --- |",
    ]);
    expect(md).toHaveLength(370);
  });

  test("keeps within the screen, and leaves out what is least missed", async () => {
    const heads = async (columns: number, ...args: string[]): Promise<string[]> => {
      const lines = linesOf((await here(["table", ...args], { columns })).stdout);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
      return lines.find((line) => line.startsWith("  arch"))?.split(/\s+/) ?? [];
    };
    expect(await heads(150)).toEqual(
      ["", "arch", "calls", "base", "last"].concat(["instruction", "number", "errors", "arguments"]),
    );
    expect(await heads(80)).toEqual(["", "arch", "calls", "last", "number", "arguments"]);
    for (const call of ["clone", "mmap2", "sync_file_range", "statx"]) {
      expect(await heads(100, call)).toContain("instruction");
      expect(await heads(80, call)).not.toContain("instruction");
    }
    const listing = linesOf((await here(["table", "--arch", "i386", "clone"], { columns: 80 })).stdout);
    expect(listing.slice(0, 2)).toEqual([
      "clone(unsigned long flags, unsigned long newsp, pid_t *parent_tid,",
      "    pid_t *child_tid, unsigned long tls)",
    ]);
  });

  test("writes x32's numbers so that their bit is seen", async () => {
    expect(linesOf(await out("--arch", "x32", "clone3")).at(-1)).toMatch(/^ +x32 +0x400001b3 /);
    expect((await json("--arch", "x32", "clone3"))[0]).toMatchObject({ nr: 0x400001b3 });
  });

  test("says what is wrong in a line", async () => {
    expect(await wrong("clon3")).toBe("trapgate: unknown call clon3: did you mean clone or clone3?");
    expect(await wrong("--arch", "vax")).toMatch(/^trapgate: unknown --arch value vax \(allowed: x86_64, /);
    expect(await wrong("--arch", "aarch6")).toBe(
      "trapgate: unknown --arch value aarch6: did you mean aarch64?",
    );
    expect(await wrong("--diff", "arm")).toBe("trapgate: --diff needs two architectures, not 1: i386,x86_64");
    expect(await wrong("--diff", "arm,arm64", "--arch", "arm")).toContain("leave --arch out");
    expect(await wrong("clone_with_pids")).toBe(
      "trapgate: no clone_with_pids in mainline's tables: try --profile cwp-v3 or cwp-v2 or cwp-v2-newpid",
    );
    expect(await wrong("--arch", "arm64,riscv64", "mmap2")).toBe(
      "trapgate: no mmap2 on arm64, riscv64: it is on i386, ia32, arm, s390, powerpc, mips_o32, parisc",
    );
    expect(await wrong("--arch", "sparc64", "--profile", "eclone", "eclone")).toMatch(
      /^trapgate: no eclone on sparc64: it is on x86_64, i386, /,
    );
    expect(await wrong("--arch", "i386,arm", "9999")).toContain("on none of these architectures");
    expect(await wrong("z*")).toBe("trapgate: no call is called z*");
    expect(await wrong("--arch", "riscv64", "9999")).toContain("riscv64 ends at 450");
    expect(await wrong("99999")).toBe("trapgate: no call has the number 99999: on no architecture");
    expect(await wrong("--format", "xml")).toContain("allowed: text, json, csv, md");
  });

  test("colours on a terminal only", async () => {
    expect(await out("clone3")).not.toContain("\u001b");
    const { stdout } = await here(["table", "clone3"], { color: true });
    expect(stdout).toContain("\u001b[");
  });
});

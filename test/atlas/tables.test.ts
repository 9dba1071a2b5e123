import { describe, expect, test } from "vitest";
import { CALLS, resolveNumber, specOf, TABLES, type TableId } from "../../src/abi/index.ts";
import { calledIn } from "../../src/abi/numbers.ts";
import {
  HISTORICAL,
  loadSignatures,
  loadSince,
  loadTable,
  loadTables,
  type NumberTable,
  numbersUnder,
  TABLE_NAMES,
  tableNamed,
} from "../../src/atlas/index.ts";

const tables = await loadTables(TABLES);
const table = (id: TableId): NumberTable => tables[TABLES.indexOf(id)] as NumberTable;

describe("the tables", () => {
  test.each(tables.map((t) => [t.id, t] as const))("of %s answer both ways out of one list", (id, own) => {
    expect(own.id).toBe(id);
    expect(own.rows.length).toBeGreaterThan(290);
    expect(new Set(own.rows.map(({ name }) => name)).size).toBe(own.rows.length);
    for (const [i, { nr, name }] of own.rows.entries()) {
      expect(own.number(name), name).toBe(nr);
      const first = own.rows.find((other) => other.nr === nr);
      expect(own.row(nr)).toBe(first);
      expect(nr).toBeGreaterThanOrEqual(own.rows[i - 1]?.nr ?? own.base);
    }
    expect(own.row(own.base + 9999)).toBeUndefined();
    expect(own.number("clone_with_pids")).toBeUndefined();
  });

  test("have the calls their headers have", () => {
    const headers = tables.map(({ id, rows }) => [id, rows.filter((r) => r.source === "headers").length]);
    expect(Object.fromEntries(headers)).toEqual({
      x86_64: 362,
      x32: 351,
      i386: 440,
      ia32: 440,
      arm: 410,
      arm64: 306,
      riscv64: 306,
      s390: 420,
      s390x: 368,
      powerpc: 431,
      powerpc64: 403,
      mips_o32: 424,
      mips_n32: 378,
      mips_n64: 354,
      sparc64: 382,
      loongarch64: 300,
      parisc: 385,
    });
  });

  test("know the clone family where rules §8 has it", () => {
    const numbers = (name: string): object =>
      Object.fromEntries(
        tables.flatMap((t) => (t.number(name) === undefined ? [] : [[t.id, t.number(name)]])),
      );
    expect(numbers("clone")).toMatchObject({
      ...{ i386: 120, x86_64: 56, arm: 120, arm64: 220, riscv64: 220, powerpc64: 120, s390x: 120 },
      ...{ mips_o32: 4120, mips_n64: 5055 },
    });
    expect(numbers("clone3")).toEqual({
      ...{ x86_64: 435, i386: 435, ia32: 435, arm: 435, arm64: 435, riscv64: 435, s390: 435, s390x: 435 },
      ...{ powerpc: 435, powerpc64: 435, loongarch64: 435, parisc: 435, x32: 0x40000000 + 435 },
      ...{ mips_o32: 4435, mips_n32: 6435, mips_n64: 5435 },
    });
  });

  test("share their numbers from pidfd_send_signal on", () => {
    const common = table("arm64").rows.filter(({ nr, name }) => nr >= 424 && name !== "memfd_secret");
    expect(common.length).toBeGreaterThan(24);
    for (const { name, nr } of common)
      for (const own of tables)
        if (own.number(name) !== undefined) expect((own.number(name) as number) - own.base, name).toBe(nr);
  });

  test("say what the kernel that was asked makes of a number", () => {
    const x86_64 = table("x86_64");
    expect(x86_64.named("mseal")).toMatchObject({ nr: 462, source: "kernel", state: "there" });
    expect(x86_64.named("create_module")).toMatchObject({ source: "headers", state: "gone" });
    expect(x86_64.named("map_shadow_stack")).toMatchObject({ nr: 453, state: "left out" });
    expect(x86_64.named("read")).toMatchObject({ nr: 0, source: "headers", state: "there", displaces: null });
    expect(table("arm64").named("read")).toMatchObject({ nr: 63, state: null });
    expect(x86_64.rows.at(-1)).toMatchObject({ nr: 469, name: "file_setattr" });
  });

  test("have the numbers trapgate declares", () => {
    let compared = 0;
    for (const decl of CALLS)
      for (const id of ["x86_64", "i386"] as const) {
        const spec = specOf(decl.numbers, id);
        const nr = typeof spec === "object" && "called" in spec ? spec.nr : spec;
        if (typeof nr !== "number") continue;
        expect(table(id).number(calledIn(decl.numbers, id) ?? decl.name), `${decl.name} on ${id}`).toBe(nr);
        compared++;
      }
    expect(compared).toBeGreaterThan(30);
  });

  test("are loaded once", async () => {
    expect(await loadTable("arm")).toBe(table("arm"));
    expect(table("ia32").rows).toEqual(table("i386").rows);
  });
});

describe("historical trees", () => {
  test.each([
    ["cwp-v3", "i386", "clone_with_pids", 337, "recvmmsg"],
    ["cwp-v3", "s390", "clone_with_pids", 334, "prlimit64"],
    ["cwp-v3", "powerpc", "clone_with_pids", 325, "prlimit64"],
    ["eclone", "i386", "eclone", 338, "fanotify_init"],
    ["eclone", "x86_64", "eclone", 300, "fanotify_init"],
    ["eclone", "s390", "eclone", 332, "fanotify_init"],
    ["eclone", "powerpc", "eclone", 323, "fanotify_init"],
    ["eclone", "arm", "eclone", 366, "accept4"],
  ] as const)("%s on %s: %s is %i, and %s has it in mainline", (profile, id, call, nr, displaces) => {
    const laid = table(id).laidOver(numbersUnder(profile));
    expect(laid.row(nr)).toEqual({ nr, name: call, source: "profile", state: null, displaces });
    expect(laid.number(call)).toBe(nr);
    expect(laid.number(displaces)).toBeUndefined();
    expect(laid.rows.length).toBe(table(id).rows.length);
    expect(table(id).number(call)).toBeUndefined();
  });

  test("agree with what the declarations say of the same era", () => {
    for (const { profile, table: id, nr, call } of HISTORICAL) {
      const decl = CALLS.find(({ name }) => name === call);
      const declared = decl === undefined ? null : resolveNumber(decl.numbers, id, profile);
      if (declared !== null && !declared.assigned) expect(declared.nr, `${call} on ${id}`).toBe(nr);
    }
  });
});

describe("what is known of calls", () => {
  test("argument lists of the running kernel's tracepoints", async () => {
    const signatures = await loadSignatures();
    expect(signatures.size).toBeGreaterThan(355);
    expect(signatures.get("openat2")?.parameters).toEqual([
      { type: "int", name: "dfd" },
      { type: "const char *", name: "filename" },
      { type: "struct open_how *", name: "how" },
      { type: "size_t", name: "usize" },
    ]);
    expect(signatures.get("stat")?.entry).toBe("newstat");
    expect(signatures.get("fork")?.parameters).toEqual([]);
    expect(signatures.get("umount2")?.parameters.length).toBe(2);
    expect(signatures.has("umount")).toBe(false);
    expect(signatures.get("truncate64")?.parameters[1]?.type).toBe("loff_t");
    for (const { call, parameters } of signatures.values()) {
      expect(parameters.length, call).toBeLessThanOrEqual(6);
      for (const { name, type } of parameters) {
        expect(name, call).toMatch(/^[a-z_]\w*$/i);
        expect(type, call).toMatch(/^[a-z_][\w ]*\w( \*+(const( \*)?)?)?$/i);
      }
    }
  });

  test("every call trapgate declares on x86_64 has as many arguments as the kernel's own", async () => {
    const signatures = await loadSignatures();
    let compared = 0;
    for (const { name, args, numbers } of CALLS) {
      const own = signatures.get(name);
      if (own === undefined || typeof numbers.x86_64 !== "number") continue;
      expect(Object.keys(args).length, name).toBe(own.parameters.length);
      compared++;
    }
    expect(compared).toBeGreaterThan(10);
  });

  test("their first kernels", async () => {
    const since = await loadSince();
    expect([since.get("clone3"), since.get("openat2"), since.get("read"), since.get("mseal")]).toEqual([
      "5.3",
      "5.6",
      "1.0",
      "6.10",
    ]);
    for (const [name, version] of since) expect(version, name).toMatch(/^\d+\.\d+(\.\d+)?$/);
  });
});

test("architectures go by many names", () => {
  expect(["aarch64", "AMD64", "ppc64le", "mipsel64n32", "hppa", "x86"].map(tableNamed)).toEqual([
    "arm64",
    "x86_64",
    "powerpc64",
    "mips_n32",
    "parisc",
    "i386",
  ]);
  expect(tableNamed("vax")).toBeUndefined();
  for (const name of TABLE_NAMES) expect(tableNamed(name), name).toBeDefined();
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, type TestContext, test } from "vitest";
import {
  type DataModel,
  FLAG_SETS,
  I386,
  ILP32,
  ILP32BE,
  LP64,
  LP64BE,
  layoutOf,
  STRUCTS,
  type StructDecl,
  Types,
  X32,
  X86_64,
} from "../../src/abi/index.ts";
import { cSource, plantedLines } from "./c-source.ts";
import * as family from "./family-structs.ts";
import { structs } from "./random-structs.ts";

/** A compiler that lays structs out for a data model. TRAPGATE_CLANG names another clang than the one in PATH. */
interface Compiler {
  readonly command: string;
  readonly args: readonly string[];
  readonly model: DataModel;
}

const CLANG = process.env.TRAPGATE_CLANG ?? "clang";
const gcc = (model: DataModel, ...args: string[]): Compiler => ({ command: "gcc", args, model });
const clang = (model: DataModel, target: string): Compiler => ({
  command: CLANG,
  args: [`--target=${target}`, "-ffreestanding"],
  model,
});

const COMPILERS: readonly Compiler[] = [
  gcc(X86_64, "-m64"),
  gcc(I386, "-m32"),
  gcc(X32, "-mx32"),
  clang(X86_64, "x86_64-linux-gnu"),
  clang(LP64, "aarch64-linux-gnu"),
  clang(LP64, "riscv64-linux-gnu"),
  clang(LP64BE, "s390x-linux-gnu"),
  clang(LP64BE, "powerpc64-linux-gnu"),
  clang(LP64BE, "sparc64-linux-gnu"),
  clang(I386, "i386-linux-gnu"),
  clang(X32, "x86_64-linux-gnux32"),
  clang(ILP32, "arm-linux-gnueabi"),
  clang(ILP32, "mipsel-linux-gnu"),
  clang(ILP32BE, "mips-linux-gnu"),
  clang(ILP32BE, "powerpc-linux-gnu"),
];

const folder = mkdtempSync(join(tmpdir(), "trapgate-layout-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The assembly of a C file; a reason where this compiler cannot make it. */
function assemble({ command, args }: Compiler, source: string): { assembly: string } | { reason: string } {
  const file = join(folder, "where.c");
  writeFileSync(file, source);
  const run = spawnSync(command, [...args, "-std=gnu11", "-w", "-O1", "-S", "-o", "-", file], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.error !== undefined) return { reason: run.error.message };
  return run.status === 0
    ? { assembly: run.stdout }
    : { reason: run.stderr.trim().split("\n")[0] ?? "failed" };
}

/** What {@link plantedLines} should be, if our layouts are right. */
function ourLines(decls: readonly StructDecl[], model: DataModel): string[] {
  const types = new Types(decls, FLAG_SETS);
  return decls.flatMap((decl) => {
    const { fields, size, align } = layoutOf(decl, model, types);
    return [
      ...fields.map((f) => `${decl.struct} ${f.name} ${f.offset} ${f.size}`),
      `${decl.struct} ${size} ${align}`,
    ];
  });
}

function skipLoudly(ctx: TestContext, reason: string): void {
  console.warn(`SKIPPED: ${ctx.task.name}: ${reason}`);
  ctx.skip(reason);
}

/** 240 random structs, renamed so that they share one file. */
function randomStructs(): StructDecl[] {
  return fc.sample(structs({ min: 8, max: 8 }), { numRuns: 30, seed: 2009 }).flatMap((group, g) => {
    const text = JSON.stringify(group).replaceAll(/"struct":"(s\d)"/g, `"struct":"g${g}_$1"`);
    return JSON.parse(text) as StructDecl[];
  });
}

const decls: readonly StructDecl[] = [...STRUCTS, ...Object.values(family), ...randomStructs()];

describe("layouts against a C compiler", () => {
  test("there are at least 200 random structs beside the family's own", () => {
    expect(decls.length).toBeGreaterThanOrEqual(200 + STRUCTS.length + Object.keys(family).length);
  });

  for (const compiler of COMPILERS) {
    const { command, args, model } = compiler;
    const name = command === CLANG ? "clang" : command;
    test(`${model.name}: ${name} ${args[0]}`, (ctx) => {
      const probe = assemble(compiler, cSource([{ struct: "probe", fields: { a: "int" } }], model));
      if ("reason" in probe) {
        skipLoudly(ctx, `no compiler for ${model.name}: ${probe.reason}`);
        return;
      }
      // Past the probe the compiler is there: from here on a failure is a failure.
      const made = assemble(compiler, cSource(decls, model));
      expect(made).not.toHaveProperty("reason");
      expect(plantedLines("assembly" in made ? made.assembly : "")).toEqual(ourLines(decls, model));
    });
  }
});

import { callText, indented, settingText } from "../../conform/case-text.ts";
import type { PlacedVector } from "../../conform/parse.ts";
import type { Expect, ExpectedMemory } from "../../conform/vector.ts";
import { oneLine } from "../../kernel/trace/escape.ts";
import { wrap } from "../layout.ts";
import type { Paint } from "../paint.ts";

/** A case and what the kernel answered to it, as a program: each call with its result, then memory and numbers. */
export function answerLines(
  { vector, file, line }: PlacedVector,
  { results, memory, pids }: Expect,
  paint: Paint,
  columns: number,
): string[] {
  const program = [...indented(vector.program)].flatMap(({ operation, depth }) => {
    const indent = " ".repeat(4 + 2 * depth);
    if (operation.op === "nspid") {
      const numbers = pids?.[operation.of]?.join(", ") ?? "";
      return [`${indent}${paint("faint", `pids of ${operation.of}:`)} ${numbers}`];
    }
    const head = `${indent}${paint("name", operation.label)}: ${callText(operation, vector.arch)}`;
    return wrap(`${head} = ${resultOf(results[operation.label], paint)}`, columns, indent.length + 4);
  });
  const changed = Object.entries(memory).flatMap(([task, items]) =>
    items.flatMap((item) =>
      wrap(`    ${paint("faint", `memory of ${task}:`)} ${item.addr} ${bytesText(item)}`, columns, 6),
    ),
  );
  return [
    `${paint("number", "NEW")} ${paint("name", oneLine(vector.id))}  ${paint("faint", `${oneLine(file)}:${line}`)}`,
    `  ${paint("faint", settingText(vector))}`,
    ...program,
    ...changed,
  ];
}

function resultOf(result: Expect["results"][string] | undefined, paint: Paint): string {
  if (result === undefined || "notReached" in result) return paint("faint", "not reached");
  return result.errno === undefined ? String(result.ret) : paint("errno", `${result.ret} ${result.errno}`);
}

function bytesText(item: ExpectedMemory): string {
  if ("hex" in item) return item.hex;
  return "pid" in item ? String(item.pid) : `${item.fill} × ${item.len}`;
}

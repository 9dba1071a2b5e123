import { describe, expect, test } from "vitest";
import { sigsetText } from "../../../src/kernel/trace/sigset.ts";
import { PAGE, Scene, words } from "./world.ts";

describe("signal sets", () => {
  test("names without SIG, in order of their numbers", () => {
    expect(sigsetText(0)).toBe("[]");
    expect(sigsetText(1)).toBe("[HUP]");
    expect(sigsetText("0x8200010000")).toBe("[CHLD RT_2 RT_8]");
    expect(sigsetText(0x1_0001_0000)).toBe("[CHLD RT_1]");
  });

  test("from two thirds on, what is missing", () => {
    expect(sigsetText("0xffffffffffffffff")).toBe("~[]");
    expect(sigsetText("0xfffffffffffbfeff")).toBe("~[KILL STOP]");
    expect(sigsetText(0xffff_ffff)).toMatch(/^\[HUP INT .* SYS RTMIN\]$/);
    expect(sigsetText("0x1ffffffffff")).toMatch(/^\[HUP /);
    expect(sigsetText("0x3ffffffffff")).toMatch(/^~\[RT_11 .* RT_32\]$/);
  });

  test("a pointer to one has no brackets beside its own", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, 0x10000));
    scene.enter("mask", [PAGE]);
    scene.returns(0);
    expect(scene.text()).toBe("mask([CHLD]) = 0\n");
  });
});

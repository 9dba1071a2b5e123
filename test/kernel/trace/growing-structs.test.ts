import { describe, expect, test } from "vitest";
import type { EnterRecord } from "../../../src/kernel/trace/record.ts";
import { GUARD, PAGE, Scene, words } from "./world.ts";

describe("structs that grow", () => {
  const full = (): Scene => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, 0x100, 0, PAGE + 100, 2));
    scene.poke(PAGE + 100, words(4, 77, 99));
    return scene;
  };

  test("only the fields within the caller's size are shown", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 32]);
    scene.enter("grow", [PAGE, 31]);
    scene.enter("grow", [PAGE, 16]);
    const lines = scene.text().split("\n");
    expect(lines[0]).toContain("grow({flags=CLONE_VM, where=NULL, set_tid=[77, 99], set_tid_size=2}, 32");
    // Its count lies beyond the size the caller gave, so nothing says how many there are.
    expect(lines[1]).toContain("grow({flags=CLONE_VM, where=NULL, set_tid=0x8064}, 31");
    expect(lines[2]).toContain("grow({flags=CLONE_VM, where=NULL}, 16");
  });

  test("a size below the first published one is no struct", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 15]);
    expect(scene.text()).toContain("grow(0x8000, 15");
  });

  test("C-06 a tail of zeros is not shown", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 40]);
    expect(scene.text()).toContain("set_tid_size=2}, 40");
  });

  test("C-04 a tail with a byte in it is shown byte by byte", () => {
    const scene = full();
    scene.poke(PAGE + 39, Uint8Array.of(7));
    scene.enter("grow", [PAGE, 42]);
    expect(scene.text()).toContain(
      'set_tid_size=2, /* bytes 32..41 */ "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x07\\x00\\x00"}, 42',
    );
  });

  test("a long tail is cut when abbreviating", () => {
    const scene = full();
    scene.poke(PAGE + 32, Uint8Array.of(1));
    scene.enter("grow", [PAGE, 100]);
    expect(scene.text()).toContain(`/* bytes 32..99 */ "\\x01${"\\x00".repeat(31)}"...}`);
    expect(scene.text({ abbreviate: false })).toContain(`/* bytes 32..99 */ "\\x01${"\\x00".repeat(67)}"}`);
  });

  test("C-03 a tail that cannot be read is ???", () => {
    const scene = new Scene();
    scene.enter("grow", [GUARD - 32, 40]);
    expect(scene.text()).toContain("set_tid_size=0, ???}, 40");
  });

  test("C-01 the tail of a struct beyond a page is not looked at", () => {
    const scene = full();
    scene.enter("grow", [PAGE, 5000]);
    expect(scene.text()).toContain("set_tid_size=2, ???}, 5000");
    const [enter] = scene.records as [EnterRecord];
    expect(enter.args[0]?.value).toMatchObject({ to: { tail: { from: 32, to: 5000, bytes: null } } });
  });

  test("C-01 not even when it could be read", () => {
    const scene = new Scene();
    expect(scene.mm.map(0x4000, 0x2000, 3)).toBeNull();
    for (const [size, tail] of [
      [4096, ""],
      [4097, ", ???"],
    ]) {
      scene.enter("grow", [0x4000, size as number]);
      scene.returns(0);
      expect(scene.text()).toContain(`set_tid_size=0${tail}}, ${size})`);
    }
  });

  test("C-05 an unreadable head is an address", () => {
    const scene = new Scene();
    scene.enter("grow", [GUARD - 31, 32]);
    expect(scene.text()).toContain("grow(0x8fe1, 32");
  });
});

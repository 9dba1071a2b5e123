import { describe, expect, test } from "vitest";
import { GUARD, PAGE, Scene, words } from "./world.ts";

describe("strings and buffers", () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

  test("bytes that are not printable are escaped, octal digits only as far as they are needed", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes('abc\n"\\\u0001\u00ff\u00017'));
    scene.enter("write", [1, PAGE, 10]);
    scene.returns(10);
    expect(scene.text()).toBe('write(1, "abc\\n\\"\\\\\\1\\377\\0017", 10) = 10\n');
  });

  test("32 bytes are shown, more as dots", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes("x".repeat(40)));
    scene.enter("write", [1, PAGE, 32]);
    scene.returns(32);
    scene.enter("write", [1, PAGE, 33]);
    scene.returns(33);
    expect(scene.text()).toContain(`"${"x".repeat(32)}", 32)`);
    expect(scene.text()).toContain(`"${"x".repeat(32)}"..., 33)`);
    expect(scene.text({ abbreviate: false })).toContain(`"${"x".repeat(33)}", 33)`);
  });

  test("a buffer that is cut by a hole is its address, like strace's", () => {
    const scene = new Scene();
    scene.enter("write", [1, GUARD - 6, 10]);
    expect(scene.text()).toContain("write(1, 0x8ffa, 10");
  });

  test("a string ends at its NUL, before a hole too", () => {
    const scene = new Scene();
    scene.poke(GUARD - 3, bytes("hi\0"));
    scene.enter("open", [GUARD - 3, 0]);
    expect(scene.text()).toContain('open("hi", 0');
  });

  test("an out-string ends at its NUL or with its buffer", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes("/home"));
    for (const size of [3, 64]) {
      scene.enter("getcwd", [PAGE, size]);
      scene.returns(6);
    }
    scene.enter("getcwd", [PAGE, 64]);
    scene.fails("ERANGE");
    expect(scene.text()).toMatch(
      /^getcwd\("\/ho", 3\) = 6\ngetcwd\("\/home", 64\) = 6\ngetcwd\(0x8000, 64\) = -1/,
    );
  });

  test("a string without a NUL before a hole is its address", () => {
    const scene = new Scene();
    scene.poke(GUARD - 2, bytes("hi"));
    scene.enter("open", [GUARD - 2, 0]);
    expect(scene.text()).toContain("open(0x8ffe, 0");
  });

  test("a buffer holds as many bytes as the call returned", () => {
    const scene = new Scene();
    scene.poke(PAGE, bytes("hello and more"));
    scene.enter("read", [0, PAGE, 14]);
    scene.returns(5);
    expect(scene.text()).toBe('read(0, "hello", 14) = 5\n');
  });

  test("what a call returned is spread over the vectors in order", () => {
    const scene = new Scene();
    scene.poke(PAGE, words(8, PAGE + 100, 3, PAGE + 200, 8));
    scene.poke(PAGE + 100, bytes("abc"));
    scene.poke(PAGE + 200, bytes("defghijk"));
    scene.enter("readv", [0, PAGE, 2]);
    scene.returns(5);
    expect(scene.text()).toBe(
      'readv(0, [{base=0x8064, length=3}, {base=0x80c8, length=8}] => {0.base="abc", 1.base="de"}, 2) = 5\n',
    );
  });
});

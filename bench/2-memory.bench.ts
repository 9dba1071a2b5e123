import { userPtr } from "../src/abi/index.ts";
import {
  AddressSpace,
  FramePool,
  LIMITS,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
  Uaccess,
} from "../src/mm/index.ts";
import type { Variant } from "./harness.ts";

export const title = "User memory";

const BASE = 0x1000_0000;
const PAGES = 10_000;

export function variants(): Variant[] {
  const pool = new FramePool({ frames: 16_384, kernelBytes: 2 << 20 });
  const limit = LIMITS.x86_64_2009;
  const mm = new AddressSpace(pool, { taskSize: limit.taskSize });
  mm.map(BASE, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE);
  // Frames are handed out in another order than the pages lie in, so that a long copy walks scattered frames.
  for (let i = 0; i < PAGES; i++) mm.poke(BASE + ((i * 7919) % PAGES) * PAGE_SIZE, Uint8Array.of(1));
  const u = new Uaccess(pool, limit);
  u.begin(mm);
  const dst = pool.kalloc(1 << 20);
  const copy = (at: number, bytes: number): Variant["work"] => {
    const src = userPtr(at);
    return (n) => {
      let left = 0;
      for (let i = 0; i < n; i++) left += u.copyFromUser(dst, src, bytes);
      return left;
    };
  };
  const pages = new Float64Array(4096);
  let x = 88172645;
  for (let i = 0; i < pages.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    pages[i] = BASE + ((x >>> 0) % PAGES) * PAGE_SIZE + 8;
  }
  const translate =
    (spread: boolean): Variant["work"] =>
    (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += mm.translate(pages[spread ? i & 4095 : 0] as number, false);
      return sum;
    };
  const fork: Variant["work"] = (n) => {
    for (let i = 0; i < n; i++) mm.fork()?.release();
    return n;
  };
  return [
    { title: "copy_from_user 16 B", work: copy(BASE + 64, 16), goal: 25 },
    { title: "copy_from_user 16 B across a page", work: copy(BASE + PAGE_SIZE - 8, 16) },
    { title: "copy_from_user 88 B", work: copy(BASE + 64, 88), goal: 40 },
    { title: "copy_from_user 88 B across a page", work: copy(BASE + PAGE_SIZE - 40, 88) },
    { title: "copy_from_user 4 KiB", work: copy(BASE, 4096), goal: 150 },
    { title: "copy_from_user 4 KiB across a page", work: copy(BASE + 100, 4096) },
    { title: "copy_from_user 1 MiB, scattered frames", work: copy(BASE, 1 << 20), goal: 60_000 },
    { title: "copy_from_user 1 MiB, not page aligned", work: copy(BASE + 100, 1 << 20) },
    { title: "address to frame, same page", work: translate(false), goal: 6 },
    { title: "address to frame, random over 10 000 pages", work: translate(true), goal: 12 },
    { title: "fork of 10 000 pages and release", work: fork, goal: 5_000 },
  ];
}

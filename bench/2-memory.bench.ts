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
import type { BenchRow, Work } from "./harness.ts";
import { scattered } from "./support.ts";

export const title = "User memory";

const BASE = 0x1000_0000;
const PAGES = 10_000;

/** 10 000 pages, each with a frame, handed out in another order than they lie in: a long copy walks scattered frames. */
function world(): { mm: AddressSpace; u: Uaccess; pool: FramePool } {
  const pool = new FramePool({ frames: 16_384, kernelBytes: 2 << 20 });
  const limit = LIMITS.x86_64_2009;
  const mm = new AddressSpace(pool, { taskSize: limit.taskSize });
  mm.map(BASE, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE);
  for (let i = 0; i < PAGES; i++) mm.poke(BASE + ((i * 7919) % PAGES) * PAGE_SIZE, Uint8Array.of(1));
  const u = new Uaccess(pool, limit);
  u.begin(mm);
  return { mm, u, pool };
}

function copy(at: number, bytes: number): () => Work {
  return () => {
    const { u, pool } = world();
    const dst = pool.kalloc(bytes);
    const src = userPtr(at);
    return (n) => {
      let left = 0;
      for (let i = 0; i < n; i++) left += u.copyFromUser(dst, src, bytes);
      return left;
    };
  };
}

/** Address to frame, over so many pages. */
function translate(pages: number): () => Work {
  return () => {
    const { mm } = world();
    const at = Float64Array.from(scattered(4096, pages), (page) => BASE + page * PAGE_SIZE + 8);
    return (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += mm.translate(at[i & 4095] as number, false);
      return sum;
    };
  };
}

function fork(): Work {
  const { mm } = world();
  return (n) => {
    for (let i = 0; i < n; i++) mm.fork()?.release();
    return n;
  };
}

export const rows: BenchRow[] = [
  { title: "copy_from_user 16 B", setup: copy(BASE + 64, 16), goal: 25 },
  { title: "copy_from_user 16 B across a page", setup: copy(BASE + PAGE_SIZE - 8, 16) },
  { title: "copy_from_user 88 B", setup: copy(BASE + 64, 88), goal: 40 },
  { title: "copy_from_user 88 B across a page", setup: copy(BASE + PAGE_SIZE - 40, 88) },
  { title: "copy_from_user 4 KiB", setup: copy(BASE, 4096), goal: 150 },
  { title: "copy_from_user 4 KiB across a page", setup: copy(BASE + 100, 4096) },
  { title: "copy_from_user 1 MiB, scattered frames", setup: copy(BASE, 1 << 20), goal: 60_000 },
  { title: "copy_from_user 1 MiB, not page aligned", setup: copy(BASE + 100, 1 << 20) },
  { title: "address to frame, same page", setup: translate(1), goal: 6 },
  { title: "address to frame, random over 10 000 pages", setup: translate(PAGES), goal: 12 },
  { title: "fork of 10 000 pages and release", setup: fork, goal: 5_000 },
];

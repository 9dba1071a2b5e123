import { type FramePool, PAGE_SIZE } from "./frames.ts";
import type { SharedPages, Vma } from "./vma.ts";

/** Which page of the object behind a shared mapping lies at `address`. */
export function sharedIndex(vma: Vma, address: number): number {
  return vma.offset + Math.floor((address - vma.start) / PAGE_SIZE);
}

/** The frame of a page that mappings share, made where it is missing; 0 when there is none left. */
export function frameOfShared(pool: FramePool, { frames }: SharedPages, page: number): number {
  const old = frames.get(page);
  if (old !== undefined) return old;
  const frame = pool.alloc();
  if (frame !== 0) frames.set(page, frame);
  return frame;
}

/** A copy of everything that mappings share, each object once. */
export function copiesOfShared(
  pool: FramePool,
  vmas: readonly Vma[],
): [SharedPages, Map<number, Uint8Array>][] {
  const objects = new Set(vmas.map((vma) => vma.shared).filter((pages) => pages !== null));
  return [...objects].map((pages) => [pages, copyOf(pool, pages)]);
}

/** A copy of every page of a shared object, by page index. */
function copyOf(pool: FramePool, pages: SharedPages): Map<number, Uint8Array> {
  const bytes = new Map<number, Uint8Array>();
  for (const [page, frame] of pages.frames) {
    bytes.set(page, pool.u8.slice(frame * PAGE_SIZE, (frame + 1) * PAGE_SIZE));
  }
  return bytes;
}

/** Puts the bytes back where they were; pages that have come since are zero again, and gone when nobody maps them. */
export function restoreShared(
  pool: FramePool,
  pages: SharedPages,
  bytes: ReadonlyMap<number, Uint8Array>,
): void {
  for (const [page, frame] of pages.frames) {
    if (bytes.has(page)) continue;
    pool.fill(frame * PAGE_SIZE, 0, PAGE_SIZE);
    if (pool.refs(frame) > 1) continue;
    pool.release(frame);
    pages.frames.delete(page);
  }
  for (const [page, content] of bytes) {
    const frame = pages.frames.get(page);
    if (frame !== undefined) pool.u8.set(content, frame * PAGE_SIZE);
  }
}

/** Lets go of mappings; shared pages nobody maps any more are freed. */
export function letGo(pool: FramePool, vmas: readonly Vma[]): void {
  for (const { shared } of vmas) {
    if (shared === null || --shared.users > 0) continue;
    for (const frame of shared.frames.values()) pool.release(frame);
    shared.frames.clear();
  }
}

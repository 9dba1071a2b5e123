import { PAGE_SIZE } from "./frames.ts";
import { LEAF_PAGES } from "./leaf-table.ts";

/** Bytes one leaf of the page table covers: 2 MiB. */
export const REGION: number = PAGE_SIZE * LEAF_PAGES;
const WORD = 2 ** 32;

/** The number of the 2 MiB region an address lies in. */
export function regionOf(address: number): number {
  return ((address / WORD) | 0) * 2048 + (address >>> 21);
}

/** Whether a number is an address at all: a safe integer from 0 on. */
export function isAddress(address: number): boolean {
  return Number.isSafeInteger(address) && address >= 0;
}

/** Whether an address is the first of a page. */
export function isPageAddress(address: number): boolean {
  return isAddress(address) && address % PAGE_SIZE === 0;
}

/** A length rounded up to whole pages. */
export function roundToPages(length: number): number {
  return Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
}

/** mmap leaves room for the stack above. */
export const MMAP_GAP = 0x800_0000;

/** mmap_min_addr: where mappings lie at the lowest, unless somebody says where. */
export const LOWEST = 0x1_0000;

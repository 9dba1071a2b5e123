/**
 * Works on items, at most `jobs` at a time; the results come in the order of the items.
 * @param done is called after each item with how many are done
 */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  options: { readonly jobs?: number; readonly done?: (count: number) => void } = {},
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  let count = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      results[i] = await work(items[i] as T);
      options.done?.(++count);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.jobs ?? 1) }, worker));
  return results;
}

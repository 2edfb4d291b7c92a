/** Work under way, bounded: adding waits while as much is under way as may be. */
export interface Window {
  /** Starts work; resolves when there is room for more. @throws what any work added before threw */
  add(work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is under way. @throws what any work threw */
  empty(): Promise<void>;
}

export function window(most: number): Window {
  const under = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const check = (): void => {
    if (failure) throw failure.error;
  };
  return {
    async add(work) {
      while (under.size >= most) await Promise.race(under);
      check();
      const one: Promise<void> = work()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => under.delete(one));
      under.add(one);
    },
    async empty() {
      await Promise.all(under);
      check();
    },
  };
}

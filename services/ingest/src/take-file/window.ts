/** Work under way, bounded: adding waits while as much is under way as may be. */
export interface Window {
  /** Starts work on so many bytes; resolves when there was room for it. @throws what any work added before threw */
  add(work: () => Promise<void>, bytes: number): Promise<void>;
  /** Resolves when nothing is under way. @throws what any work threw */
  empty(): Promise<void>;
}

/** `most` pieces of work and `mostBytes` at once; what is larger than that goes alone. */
export function window(most: number, mostBytes: number): Window {
  const under = new Set<Promise<void>>();
  let bytesUnder = 0;
  let failure: { readonly error: unknown } | undefined;
  let tell: () => void = () => {};
  const check = (): void => {
    if (failure) throw failure.error;
  };
  const full = (bytes: number): boolean => under.size >= most || (under.size > 0 && bytesUnder + bytes > mostBytes);

  return {
    async add(work, bytes) {
      while (full(bytes)) await new Promise<void>((resolve) => (tell = resolve));
      check();
      bytesUnder += bytes;
      const one: Promise<void> = work()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          under.delete(one);
          bytesUnder -= bytes;
          tell();
        });
      under.add(one);
    },
    async empty() {
      await Promise.all(under);
      check();
    },
  };
}

/** For `until`: true once the call fails with that error. */
export const failsWith = (name: string, call: Promise<unknown>): Promise<true | undefined> =>
  call.then(() => undefined, (error: unknown) => (error as Error).name === name || undefined);

/** Asks again until there is an answer: an API without events has nothing else to wait for. */
export async function until<T>(ask: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`nothing within ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

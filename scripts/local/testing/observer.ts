import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where fixture functions report what they were given; a test waits for what it expects instead of sleeping. */
export interface Observer {
  readonly url: string;
  readonly seen: unknown[];
  /** The first report, old or new, that fits. */
  until<T>(fits: (report: T) => boolean): Promise<T>;
  /** Resolves once the reports so far fit together. */
  untilAll(fits: (reports: readonly unknown[]) => boolean): Promise<void>;
  close(): void;
}

export async function startObserver(): Promise<Observer> {
  const seen: unknown[] = [];
  const waiting = new Set<() => void>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      response.end('{}');
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const wait = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    until: <T>(fits: (report: T) => boolean) => wait(() => seen.find((report) => fits(report as T)) as T | undefined),
    async untilAll(fits) {
      await wait(() => (fits(seen) ? true : undefined));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDataServices } from './data-services.ts';
import type { DataServices } from './data-services.ts';

/** Data services on free ports over a folder of their own, and what an SDK client needs to reach them. */
export interface StartedForTest {
  readonly services: DataServices;
  readonly dataDir: string;
  /** Of a client that goes through the one port. */
  readonly client: { readonly endpoint: string; readonly region: string; readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } };
  close(): Promise<void>;
}

export async function startForTest(codeDir: string): Promise<StartedForTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-'));
  const services = await startDataServices({ dataDir, port: 0, mailPort: 0, codeDir });
  return {
    services,
    dataDir,
    client: { endpoint: `http://127.0.0.1:${services.ports.aws}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
    async close() {
      await services.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

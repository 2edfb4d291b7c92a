import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { silentLog } from '@orderflow/shared/lambda';
import { memoryStaging } from '../../../services/warehouse/src/landed/staging.ts';
import { dataApi, type Warehouse } from '../../../services/warehouse/src/load/data-api.ts';
import { memoryLease } from '../../../services/warehouse/src/load/lease.ts';
import { migrationsIn } from '../../../services/warehouse/src/migrate/deps.ts';
import { handle as migrate } from '../../../services/warehouse/src/migrate/handle.ts';
import { startRedshift } from '../redshift.ts';

/** The local warehouse with the product's schema, and a staging bucket in memory that COPY reads. */
export interface WarehouseForTest {
  readonly warehouse: Warehouse;
  readonly staging: ReturnType<typeof memoryStaging>;
  close(): Promise<void>;
}

export async function warehouseForTest(name: string): Promise<WarehouseForTest> {
  const dataDir = mkdtempSync(join(tmpdir(), `orderflow-${name}-`));
  const staging = memoryStaging();
  const redshift = await startRedshift({ dataDir, s3: { get: (_bucket, key) => staging.get(key).then((bytes) => Buffer.from(bytes)) } });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      void redshift.handle({ service: 'redshift-data', operation, method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.concat(chunks), accessKeyId: 'local' })
        .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new RedshiftDataClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const warehouse = dataApi(client, { workgroup: 'orderflow-local', database: 'orderflow' });
  await migrate({}, {
    migrations: () => migrationsIn('services/warehouse/schema'), warehouse, lease: memoryLease(), writerRoles: ['orderflow-local-load-facts'], settings: { reporting_currency: 'EUR' },
    pause: () => Promise.resolve(), reply: () => Promise.resolve(), log: silentLog, clock: Date.now,
  }, { requestId: 'first' });
  return {
    warehouse, staging,
    async close() {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await redshift.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

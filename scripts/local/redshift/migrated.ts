import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { warehouseReader, type WarehouseReader } from '@orderflow/shared/aws';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { landFacts } from '../../../services/warehouse/src/landed/land.ts';
import { memoryStaging } from '../../../services/warehouse/src/landed/staging.ts';
import { dataApi, type Warehouse } from '@orderflow/shared/aws';
import { memoryLease } from '../../../services/warehouse/src/load/lease.ts';
import { handle as loadFacts } from '../../../services/warehouse/src/load-facts/handle.ts';
import { migrationsIn } from '../../../services/warehouse/src/migrate/deps.ts';
import { handle as migrate, type Migrate } from '../../../services/warehouse/src/migrate/handle.ts';
import { startRedshift } from '../redshift.ts';

/** For tests: a warehouse of its own with the product's schema, over the Data API, and a staging bucket that COPY reads. */
export interface MigratedWarehouse {
  readonly warehouse: Warehouse;
  /** As other services read it. */
  readonly reader: WarehouseReader;
  readonly staging: ReturnType<typeof memoryStaging>;
  readonly migration: Migrate;
  /** Lands facts as of a moment (milliseconds since 1970; now), and loads all that waits. A row that is refused fails. */
  load(facts: readonly Fact[], landedAt?: number): Promise<void>;
  close(): Promise<void>;
}

export async function startMigrated(): Promise<MigratedWarehouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-warehouse-'));
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
  const place = { workgroup: 'orderflow-local', database: 'orderflow' };
  const warehouse = dataApi(client, place);
  const migration: Migrate = {
    migrations: () => migrationsIn('services/warehouse/schema'), warehouse, lease: memoryLease(), writerRoles: ['orderflow-local-load-facts'], settings: { reporting_currency: 'EUR' },
    pause: () => Promise.resolve(), reply: () => Promise.resolve(), log: silentLog, clock: Date.now,
  };
  let loads = 0;
  await migrate({}, migration, { requestId: 'first' });
  return {
    warehouse, staging, migration,
    reader: warehouseReader(client, place),
    async load(facts, landedAt = Date.now()) {
      const name = String(++loads).padStart(6, '0');
      if (facts.length > 0) await landFacts(staging, `shardId-000000000000-${name}`, facts, landedAt);
      await loadFacts({}, {
        staging, warehouse, copyRole: 'default', lease: memoryLease(), log: silentLog, meter: silentMeter, clock: Date.now, newId: () => 'id',
        store: { forget: () => Promise.resolve('forgotten'), get: () => Promise.resolve(undefined), release: () => Promise.resolve('released') },
        quarantine: { put: ({ message }) => Promise.reject(new Error(message)) }, quarantineBucket: 'quarantine', pause: () => Promise.resolve(),
        batchesPerLoad: 50, rowsPerLoad: 100_000, intervalMs: 0,
      }, { requestId: `load-${name}`, remainingMs: () => 300_000 });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await redshift.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

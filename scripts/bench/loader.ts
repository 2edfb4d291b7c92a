import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { landFacts } from '../../services/warehouse/src/landed/land.ts';
import { rowsToLand, type LandedPointer } from '../../services/warehouse/src/landed/landed.ts';
import { memoryStaging } from '../../services/warehouse/src/landed/staging.ts';
import { dataApi, type Warehouse } from '@orderflow/shared/aws';
import { memoryLease } from '../../services/warehouse/src/load/lease.ts';
import { handle as load, type LoadFacts } from '../../services/warehouse/src/load-facts/handle.ts';
import { migrationsIn } from '../../services/warehouse/src/migrate/deps.ts';
import { handle as migrate } from '../../services/warehouse/src/migrate/handle.ts';
import { orderFact } from '../../services/warehouse/src/rows/given.ts';
import type { Row, Value } from '../../services/warehouse/src/tables/fold.ts';
import { startRedshift } from '../local/redshift.ts';
import { removeFolder, temporaryFolder } from '../start/spawned.ts';

type Say = (line: string) => void;

/** One way after the other, again and again, so that a busy moment of the machine strikes all alike; the best of each counts. */
const ROUNDS = 3;
/** Orders in a Kinesis batch, and batches in a load. */
const [ORDERS, BATCHES] = [1_000, 4];
/** Of the slow ways only so many rows are written. */
const [MANY, SINGLE] = [10_000, 500];
/** A statement's text may have 100 KB. */
const ROWS_A_STATEMENT = 100;

interface Landed {
  readonly pointers: readonly LandedPointer[];
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly count: number;
}

const literal = (value: Value | undefined): string => (value === null || value === undefined ? 'NULL' : typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value));
const inserts = (table: string, rows: readonly Row[], most: number): string[] => {
  const columns = Object.keys(rows[0] ?? {}).filter((name) => name !== '_facts');
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, at) =>
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows.slice(at * most, (at + 1) * most).map((row) => `(${columns.map((name) => literal(row[name])).join(', ')})`).join(', ')}`);
};

async function within(warehouse: Warehouse, statements: readonly string[], token: string): Promise<void> {
  const result = await warehouse.transaction(statements, {}, token);
  if (result.outcome === 'failed') throw new Error(result.reason);
}

/**
 * The loader beside what it could be: rows a second from landed files to a manifest that was read back, of a bare COPY of
 * the same files, of INSERTs of many rows and of INSERTs of one, through the same Data API on the same engine.
 */
export async function loader(root: string, say: Say): Promise<Record<string, number>> {
  const folder = temporaryFolder();
  const staging = memoryStaging();
  const redshift = await startRedshift({ dataDir: folder, searchFrom: [root], s3: { get: (_bucket, key) => staging.get(key).then((bytes) => Buffer.from(bytes)) } });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      void redshift.handle({ service: 'redshift-data', operation, method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.concat(chunks), accessKeyId: 'local' })
        .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
    });
  });
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const warehouse = dataApi(new RedshiftDataClient({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }), { workgroup: 'orderflow-local', database: 'orderflow' });
    await migrate({}, {
      migrations: () => migrationsIn(`${root}/services/warehouse/schema`), warehouse, lease: memoryLease(), writerRoles: [], settings: {}, pause: () => Promise.resolve(),
      reply: () => Promise.resolve(), log: silentLog, clock: Date.now,
    }, { requestId: 'bench' });

    let landings = 0;
    const land = async (round: number): Promise<Landed> => {
      const facts: Fact[][] = Array.from({ length: BATCHES }, (_, batch) => Array.from({ length: ORDERS }, (__, at) => orderFact(round * 100_000 + batch * ORDERS + at)));
      const pointers = [];
      for (const some of facts) pointers.push(await landFacts(staging, `bench-${String(landings++).padStart(6, '0')}`, some, Date.now()));
      return { pointers, rows: rowsToLand(facts.flat()), count: pointers.reduce((sum, { rows }) => sum + rows, 0) };
    };
    const deps: LoadFacts = {
      staging, warehouse, copyRole: 'default', lease: memoryLease(), log: silentLog, meter: silentMeter, clock: Date.now, newId: () => 'id',
      store: { forget: () => Promise.resolve('forgotten'), get: () => Promise.resolve(undefined), release: () => Promise.resolve('released') },
      quarantine: { put: () => Promise.reject(new Error('a row of the bench was refused')) }, quarantineBucket: 'none', pause: () => Promise.resolve(),
      batchesPerLoad: BATCHES, rowsPerLoad: 1_000_000, intervalMs: 0,
    };

    const best: Record<string, number> = {};
    const timed = async (way: string, rows: number, act: () => Promise<unknown>): Promise<void> => {
      const began = performance.now();
      await act();
      const rate = rows / ((performance.now() - began) / 1000);
      best[way] = Math.max(best[way] ?? 0, rate);
    };
    for (let round = 1; round <= ROUNDS; round++) {
      const { pointers, rows, count } = await land(round);
      const tables = [...rows.keys()];
      await within(warehouse, tables.map((table) => `CREATE TABLE bench_${table} (LIKE ${table})`), `create-${round}`);
      const copies: string[] = [];
      for (const table of tables) {
        const entries = pointers.flatMap((pointer) => (pointer.tables[table] ? [{ url: `s3://staging/${pointer.tables[table].key}`, mandatory: true }] : []));
        await staging.put(`manifests/bench/${table}.json`, Buffer.from(JSON.stringify({ entries })));
        copies.push(`COPY bench_${table} FROM 's3://staging/manifests/bench/${table}.json' IAM_ROLE default FORMAT JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto'`);
      }
      await timed('copy', count, () => within(warehouse, copies, `copy-${round}`));
      await timed('whole', count, async () => {
        const { events } = await load({}, deps, { requestId: `round-${round}`, remainingMs: () => 600_000 });
        if (events !== ORDERS * BATCHES) throw new Error(`${events} events were loaded, not ${ORDERS * BATCHES}`);
      });
      const [orders, lines] = [rows.get('orders') ?? [], rows.get('order_product') ?? []];
      const many = [...inserts('bench_orders', orders.slice(0, MANY / 4), ROWS_A_STATEMENT), ...inserts('bench_order_product', lines.slice(0, (MANY * 3) / 4), ROWS_A_STATEMENT)];
      await timed('many', MANY, async () => {
        for (let at = 0; at < many.length; at += 40) await within(warehouse, many.slice(at, at + 40), `many-${round}-${at}`);
      });
      await timed('single', SINGLE, async () => {
        for (const sql of inserts('bench_order_product', lines.slice(0, SINGLE), 1)) await warehouse.query(sql);
      });
      await within(warehouse, tables.map((table) => `DROP TABLE bench_${table}`), `drop-${round}`);
      say(`round ${round} of ${ROUNDS}: ${count} rows`);
    }
    const rate = (way: string): number => best[way] ?? 0;
    const ratio = (of: number): number => Math.round(of * 100) / 100;
    return {
      'rows/s of the whole loader': Math.round(rate('whole')),
      'rows/s of bare COPY': Math.round(rate('copy')),
      'rows/s of INSERTs of many rows': Math.round(rate('many')),
      'rows/s of INSERTs of one row': Math.round(rate('single')),
      'loader : COPY': ratio(rate('whole') / rate('copy')),
      'loader : INSERTs of one row': ratio(rate('whole') / rate('single')),
    };
  } finally {
    server.closeAllConnections();
    server.close();
    await redshift.close();
    removeFolder(folder);
  }
}

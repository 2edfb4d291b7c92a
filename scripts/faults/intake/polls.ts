import { createHash } from 'node:crypto';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { orderText } from '../../../services/ingest/src/sources/squarespace/demo.ts';
import type { Sale } from '../../demo/sale.ts';
import { idOf } from '../../start/scan/event-id.ts';
import { names } from '../../start/stage.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { figure, item } from '../world/look.ts';
import { functionOf } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';

const account = { source: 'squarespace', account: 'default' } as const;
const pollSource = functionOf('ingest', 'poll-source');
const minute = 60_000;
/** Further back than the overlap of two polls reaches: what a mark that moved too early leaves out stays out. */
const before = 10 * minute;

async function vendor({ world: { stage: { vendors } } }: Scene, path: string, body: string): Promise<void> {
  const { ok, status } = await fetch(`${vendors ?? ''}/control/${path}`, { method: 'PUT', body });
  must(ok, `the stand-in of the vendors answers ${status}`);
}
const behave = (scene: Scene, how: object): Promise<void> => vendor(scene, `behaviour/${account.source}`, JSON.stringify(how));

/** An order that the vendor holds for a while and of which it tells nobody. @returns the id of the event that must come of it */
async function untold(scene: Scene, fault: string, sale: Sale, n: number): Promise<string> {
  const body = orderText(sale, { fulfilment: 'UNFULFILLED', at: Date.now() - before + n });
  const id = createHash('sha256').update(body).digest('hex');
  await vendor(scene, `items/${account.source}/${account.account}/${sale.id}?version=1`, body);
  scene.world.ledger.sent(fault, { ...account, id }, [{ type: 'order.created', key: scene.key(sale), currency: sale.currency, total: sale.total, lines: sale.lines.length }], true);
  return idOf(account.source, account.account, id, 0);
}
const sales = (scene: Scene, count: number): Sale[] =>
  Array.from({ length: count }, () => scene.sale({ channel: account, currency: 'USD' }));

/** Polls by a clock that is so many minutes ahead. @returns how it ended, or what it threw */
async function poll(scene: Scene, ahead: number, from?: string): Promise<string> {
  await scene.world.rules.clear();
  if (ahead > 0) await scene.world.rules.add({ id: 'ahead', function: pollSource, fault: { kind: 'skew', ms: ahead * minute } });
  return polled(scene, from);
}
async function polled(scene: Scene, from?: string): Promise<string> {
  const { Payload, FunctionError } = await scene.world.lambda.send(
    new InvokeCommand({ FunctionName: pollSource, Payload: Buffer.from(JSON.stringify({ poll: { ...account, ...(from === undefined ? {} : { from }) } })) }),
  );
  return FunctionError ?? (JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as string);
}

const cursor = async ({ world: { stage } }: Scene): Promise<Record<string, unknown>> =>
  (await stage.dynamodb.send(new GetCommand({ TableName: names.cursors, Key: { pk: `poll#${account.source}#${account.account}` }, ConsistentRead: true }))).Item ?? {};

async function loadedOnce(scene: Scene, ids: readonly string[]): Promise<void> {
  const list = ids.map((id) => `'${id}'`).join(',');
  mustBe([await figure(scene.world, `SELECT COUNT(*) FROM loaded_event WHERE event_id IN (${list})`)], [ids.length], 'rows of the events');
}

/** Vendors and pollers that break off half-way. */
export const polls: readonly Fault[] = [
  {
    number: '17b', title: 'a polled vendor fails on page 2, then wants a pause: the poll goes on there; orders nobody told of arrive once', guards: ['poll-mark'],
    async run(scene) {
      const since = new Date(Date.now() - before - minute).toISOString();
      const ids = await Promise.all(sales(scene, 52).map((sale, n) => untold(scene, '17b', sale, n)));
      await behave(scene, { status: 502, after: 1, times: 1 });
      mustBe(await poll(scene, 0, since), 'failed', 'the poll whose page 2 fails');
      const { highWater: mark } = await cursor(scene);
      mustBe(await poll(scene, 0), 'busy', 'a poll before its turn');
      await behave(scene, { status: 429, retryAfter: 300, times: 1 });
      mustBe(await poll(scene, 2), 'waiting', 'the poll that is asked to wait');
      mustBe(await poll(scene, 6), 'busy', 'a poll before the pause is over');
      mustBe((await cursor(scene))['highWater'], mark, 'the mark while not all pages are durable');
      await behave(scene, {});
      mustBe(await poll(scene, 9), 'polled', 'the poll afterwards');
      await scene.quiet();
      await loadedOnce(scene, ids);
      // all of it once more
      mustBe(await poll(scene, 10, since), 'polled', 'the poll from the beginning');
      await scene.quiet();
      await loadedOnce(scene, ids);
      await scene.world.rules.clear();
    },
  },
  {
    number: '17c', title: 'the poller dies between the put and its cursor: the page is read again by the next, nothing is there twice', guards: ['poll-identity'], quick: true,
    async run(scene) {
      const since = new Date(Date.now() - before - minute).toISOString();
      const [one, two] = sales(scene, 2);
      if (!one || !two) return;
      const ids = [await untold(scene, '17c', one, 0), await untold(scene, '17c', two, 1)];
      // the first UpdateItem claims the cursor, every other would move it or give it back
      await scene.world.rules.clear();
      await scene.world.rules.add({ id: 'cursor', service: 'dynamodb', operation: 'UpdateItem', caller: '*poll-source*', skip: 1, fault: { kind: 'error', code: 'InternalServerError', status: 500 } });
      mustBe(await polled(scene, since), 'Unhandled', 'the poller that dies');
      must((await scene.world.rules.hits('cursor')) > 0, 'nothing kept the poller from its cursor');
      mustBe(await poll(scene, 1), 'busy', 'a poll while the lease of the dead one lasts');
      await scene.until('the orders having come in', async () => (await item(scene.world, scene.key(two))) !== undefined);
      mustBe(await poll(scene, 4, since), 'polled', 'the poll after the lease');
      await scene.quiet();
      await loadedOnce(scene, ids);
      await scene.world.rules.clear();
    },
  },
];

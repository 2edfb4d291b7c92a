import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SetQueueAttributesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DemoMessage } from '../../services/ingest/src/sources/demo.ts';
import { demo as commercetools } from '../../services/ingest/src/sources/commercetools/demo.ts';
import { demo as squarespace, orderText } from '../../services/ingest/src/sources/squarespace/demo.ts';
import { backfill } from '../backfill/backfill.ts';
import { composedKey } from '../demo/key.ts';
import type { Sale } from '../demo/sale.ts';
import { executionsOf, figure, mails, quarantine, rows } from '../faults/world/look.ts';
import { startProcesses } from '../faults/world/processes.ts';
import { functionOf } from '../faults/world/quiet.ts';
import { Scene, type Told } from '../faults/world/scene.ts';
import { openWorld, type World } from '../faults/world/world.ts';
import { enqueueWith } from './enqueue.ts';
import { portsOf } from './options.ts';
import { packageServices, serverlessPackage } from './package.ts';
import { idOf } from './scan/event-id.ts';
import { noticeEnds } from './scan/notices.ts';
import { freeBase, removeFolder, temporaryFolder } from './spawned.ts';
import { names } from './stage.ts';

jest.setTimeout(600_000);
const root = join(__dirname, '../..');
const minute = 60_000;
const sold = { source: 'squarespace', account: 'default' };

describe('thin notices', () => {
  const dataDir = temporaryFolder();
  let world: World;
  let scene: Scene;

  beforeAll(async () => {
    const packages = join(root, '.orderflow/packages');
    await packageServices({ root, cache: packages, run: serverlessPackage(root, packages, AbortSignal.timeout(500_000)) });
    const { webhooks, aws, mail } = portsOf(await freeBase());
    const processes = await startProcesses({ root, dataDir, packages, ports: { webhooks, aws, mail }, onLost: (line) => { throw new Error(line); } });
    world = openWorld(processes, 7, AbortSignal.timeout(500_000));
    scene = new Scene(world, 'notices');
  });
  afterAll(async () => {
    await world.stop();
    removeFolder(dataDir);
  });

  const control = (path: string, body: string) => fetch(`${world.stage.vendors}/control/${path}`, { method: 'PUT', body });
  const behave = (how: object) => control('behaviour/squarespace', JSON.stringify(how));
  const ended = async (told: Told): Promise<string | undefined> =>
    (await noticeEnds(world.stage.dynamodb, names.cursors, world.stage.sqs, names.noticesQueues)).get(scene.eventId(told));
  const loaded = async (id: string): Promise<boolean> => Number(await world.stage.warehouse.figure(`SELECT CAST(COUNT(*) AS VARCHAR(20)) FROM loaded_event WHERE event_id = '${id}'`)) === 1;
  const load = () => world.stage.cloud.runSchedule(functionOf('warehouse', 'load-facts')).catch(() => undefined);

  /** Id of the event that an item of these bytes must make. */
  const eventOf = (body: string): string => idOf('squarespace', 'default', createHash('sha256').update(body).digest('hex'), 0);
  /** Polls what has changed in the last five minutes. @returns how it ended */
  const poll = async (): Promise<string> => {
    const asked = { poll: { source: 'squarespace', account: 'default', from: new Date(Date.now() - 5 * minute).toISOString() } };
    const { Payload, FunctionError } = await world.lambda.send(new InvokeCommand({ FunctionName: functionOf('ingest', 'poll-source'), Payload: Buffer.from(JSON.stringify(asked)) }));
    return FunctionError ?? (JSON.parse(Buffer.from(Payload ?? []).toString()) as string);
  };

  /** A sale that the vendor holds, and the notice of it; `id` is that of the event which its fetch must make. */
  async function noticed(format = (text: string): string => text): Promise<{ readonly told: Told; readonly id: string; readonly sale: Sale; readonly body: string }> {
    const sale = scene.sale({ channel: sold, currency: 'USD' });
    const body = format(orderText(sale, { fulfilment: 'UNFULFILLED', at: Date.now() - minute }));
    expect((await control(`items/squarespace/default/${sale.id}`, body)).status).toBe(200);
    const delivery = `n-${sale.id}`;
    const told = scene.letter(
      squarespace.ordered?.(sale, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 }, { delivery, account: 'default' }) as DemoMessage,
      { type: 'source.notified', key: composedKey('squarespace', 'default', 'notice', sale.id) }, { source: 'squarespace', account: 'default', id: `ntf_${delivery}` },
    );
    return { told, id: eventOf(body), sale, body };
  }

  it('wait for a vendor that is down and hold up nothing else; then their orders come in', async () => {
    await behave({ status: 500 });
    const { told, id } = await noticed();
    await scene.take(told);
    const other = scene.created(scene.sale());
    await scene.take(other);
    await scene.until('the other order being in the warehouse', async () => (await load(), loaded(scene.eventId(other))));
    expect(await ended(told)).toBeUndefined();
    await behave({ status: 429, retryAfter: 2, times: 1 });
    await scene.until('the notice having ended', async () => (await ended(told)) === 'events');
    await scene.until('its order being in the warehouse', async () => (await load(), loaded(id)));
  });

  it('go to quarantine when the vendor refuses for good, and from there back into their queue', async () => {
    await behave({ status: 403 });
    const { told, id } = await noticed();
    await scene.take(told);
    await scene.until('the notice being in quarantine', async () => (await ended(told)) === 'quarantined');
    expect((await quarantine(world)).filter(({ events }) => events.includes(scene.eventId(told))).map(({ code }) => code)).toEqual(['refused-credential']);
    await behave({});
    const reply = await world.lambda.send(new InvokeCommand({ FunctionName: functionOf('ingest', 'replay'), Payload: Buffer.from('{}') }));
    expect(Buffer.from(reply.Payload ?? []).toString()).toContain('"outcome":"taken"');
    await scene.until('its order being in the warehouse', async () => (await load(), loaded(id)));
    expect((await quarantine(world)).filter(({ events }) => events.includes(scene.eventId(told)))).toEqual([]);
  });

  it('that are dead letters come back when they are moved, and are fetched', async () => {
    const { sqs } = world.stage;
    const queueUrl = async (end: string): Promise<string> => (await sqs.send(new GetQueueUrlCommand({ QueueName: `${names.noticesQueues}squarespace${end}` }))).QueueUrl ?? '';
    const [queue, dead] = await Promise.all([queueUrl(''), queueUrl('-dead-letters')]);
    const attributes = async (QueueUrl: string) => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
    const deadLetters = async (): Promise<string | undefined> => (await attributes(dead))['ApproximateNumberOfMessages'];
    // 30 tries take hours
    const { RedrivePolicy = '' } = await attributes(queue);
    const redrivePolicy = (policy: string) => sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { RedrivePolicy: policy } }));
    await redrivePolicy(JSON.stringify({ ...(JSON.parse(RedrivePolicy) as object), maxReceiveCount: 1 }));
    await behave({ status: 500 });
    const { told, id } = await noticed();
    await scene.take(told);
    await scene.until('the notice being a dead letter', async () => (await deadLetters()) === '1');
    await redrivePolicy(RedrivePolicy);
    await behave({});
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: (await attributes(dead))['QueueArn'] }));
    await scene.until('the notice having ended', async () => (await ended(told)) === 'events');
    await scene.until('its order being in the warehouse', async () => (await load(), loaded(id)));
    expect(await deadLetters()).toBe('0');
  });

  it('fetched twice make one order', async () => {
    const { told, id } = await noticed();
    await scene.take(told, { ...told, letter: { ...told.letter } });
    await scene.until('the order being in the warehouse', async () => (await load(), loaded(id)));
    await scene.quiet();
    expect(await loaded(id)).toBe(true);
  });

  /** What is known of one order, from outside. */
  async function factsOf(sale: Sale) {
    const of = `order_key = '${scene.key(sale)}'`;
    const mine = (await mails(world)).filter(({ via, to }) => via === 'ses' && to.includes(sale.person?.email ?? ''));
    return {
      orders: await figure(world, `SELECT COUNT(*) FROM orders WHERE ${of}`),
      lines: await figure(world, `SELECT COUNT(*) FROM order_product WHERE ${of}`),
      steps: await rows(world, `SELECT status_group, status FROM order_status_history WHERE ${of} ORDER BY status_group, status`),
      settled: await figure(world, `SELECT COUNT(*) FROM loaded_event WHERE event_key = '${scene.key(sale)}' AND absorbed IS NULL`),
      mails: mine.map(({ subject }) => subject),
    };
  }

  // an API need not format an item in a page as it formats it alone: then its bytes, and the event's id, are others
  it.each([
    ['the same bytes, at the same time', undefined, 'together'],
    ['other bytes, the notice first', 2, 'notice'],
    ['other bytes, the poll first', 3, 'poll'],
  ] as const)('and polls of the same order make one order with one set of facts: %s', async (_, indent, first) => {
    const { told, id, sale, body } = await noticed((text) => JSON.stringify(JSON.parse(text), undefined, indent));
    const polledId = eventOf(JSON.stringify(JSON.parse(body)));
    expect(polledId === id).toBe(indent === undefined);
    if (first === 'poll') expect(await poll()).toBe('polled');
    if (first === 'notice') await scene.take(told).then(() => scene.quiet());
    if (first === 'together') expect(await Promise.all([poll(), scene.take(told)])).toEqual(['polled', undefined]);
    else if (first === 'poll') await scene.quiet().then(() => scene.take(told));
    else expect(await poll()).toBe('polled');
    await scene.quiet();
    expect(await ended(told)).toBe('events');
    for (const event of [id, polledId]) expect(await loaded(event)).toBe(true);
    const facts = await factsOf(sale);
    expect(facts).toMatchObject({ orders: 1, lines: sale.lines.length, settled: 1 });
    for (const many of [facts.steps.map(String), facts.mails]) expect(many).toEqual([...new Set(many)]);
    expect(facts.steps.length).toBeGreaterThan(0);
    expect(facts.mails).toHaveLength(1);
    expect([...(await executionsOf(world, 'process-order', id)), ...(polledId === id ? [] : await executionsOf(world, 'process-order', polledId))]).toHaveLength(1);
  });

  it('a backfill reads the past once, as history, and writes to nobody; what was known already is nothing new', async () => {
    await behave({});
    const day = 86_400_000;
    const sale = { ...scene.sale({ channel: sold, currency: 'USD' }), placedAt: Date.now() - 20 * day };
    const known = await noticed();
    await scene.take(known.told);
    await scene.quiet();
    await control(`items/squarespace/default/${sale.id}`, orderText(sale, { fulfilment: 'UNFULFILLED', at: sale.placedAt }));
    const held = (await quarantine(world)).length;
    const said: string[] = [];
    const run = () => backfill(
      { stage: 'local', source: 'squarespace', account: 'default', from: new Date(Date.now() - 21 * day).toISOString(), client: {} },
      { client: world.lambda, now: Date.now, show: (share) => void said.push(String(share)), note: (line) => void said.push(line) },
    );
    expect([await run(), await run(), said.at(-2)]).toEqual([0, 0, '1']);
    await scene.quiet();
    expect(await rows(world, `SELECT is_historical FROM orders WHERE order_key = '${scene.key(sale)}'`)).toEqual([[true]]);
    expect(await factsOf(sale)).toMatchObject({ orders: 1, settled: 1, mails: [] });
    // read again it is the same order, whatever it counts as by now
    expect(await factsOf(known.sale)).toMatchObject({ orders: 1, settled: 1, mails: [expect.any(String)] });
    expect(await quarantine(world)).toHaveLength(held);
  });

  it('messages that a vendor writes into its queue become orders, once however often they come', async () => {
    const { sqs } = world.stage;
    const sale = scene.sale({ channel: { source: 'commercetools', account: 'default' }, currency: 'EUR' });
    const message = commercetools.ordered?.(sale, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 }, { delivery: `${sale.serial}01`, account: 'default' }) as DemoMessage;
    const enqueue = enqueueWith(sqs);
    for (let times = 0; times < 2; times++) await enqueue('commercetools', message.body);
    await scene.until('the order being in the warehouse', async () => (await load(), (await factsOf(sale)).orders === 1));
    await scene.quiet();
    expect(await factsOf(sale)).toMatchObject({ orders: 1, settled: 1, lines: sale.lines.length });
  });
});

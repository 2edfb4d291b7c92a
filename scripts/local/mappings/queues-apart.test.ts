import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../clock.ts';
import { Documents } from '../documents.ts';
import { openRuntime, type RuntimeForTest } from '../lambda/testing.ts';
import { createMappings, type Mappings } from '../mappings.ts';
import { startForTest, type StartedForTest } from '../started-for-test.ts';
import type { MappingRow } from './managed.ts';
import { mappingFrom } from './settings.ts';

jest.setTimeout(60_000);

/** Calls that one vendor has been given. */
class Calls {
  /** Bodies in order of arrival. */
  readonly all: string[] = [];
  /** Most that were under way at once. */
  most = 0;
  underWay = 0;
}

/** Stands for the vendors' APIs: `slow` answers nobody until it is let go. */
async function startVendors() {
  const calls = { slow: new Calls(), quick: new Calls() };
  const held: (() => void)[] = [];
  const waiting = new Set<() => void>();
  let answers = false;
  const server = http.createServer((request, response) => {
    const [, vendor = '', body = ''] = (request.url ?? '').split('/');
    const its = calls[vendor as keyof typeof calls];
    its.all.push(body);
    its.most = Math.max(its.most, (its.underWay += 1));
    const answer = (): void => {
      its.underWay -= 1;
      response.end();
    };
    if (vendor === 'quick' || answers) answer();
    else held.push(answer);
    for (const look of waiting) look();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    ...calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    until: (holds: () => boolean): Promise<void> => new Promise((done) => {
      const look = (): void => {
        if (!holds()) return;
        waiting.delete(look);
        done();
      };
      waiting.add(look);
      look();
    }),
    letGo(): void {
      answers = true;
      for (const answer of held.splice(0)) answer();
    },
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** As fetch-order: asks the vendor that its queue is named for, message by message. */
const fetcher = `exports.handler = async ({ Records }) => {
  for (const { eventSourceARN, body } of Records) await (await fetch([process.env.VENDORS, eventSourceARN.split('-').pop(), body].join('/'))).text();
  return { batchItemFailures: [] };
};`;

describe('two queues of one function, one of whose vendors hangs', () => {
  const mostAtOnce = 2;
  let started: StartedForTest;
  let sqs: SQSClient;
  let functions: RuntimeForTest;
  let vendors: Awaited<ReturnType<typeof startVendors>>;
  let mappings: Mappings;
  let documents: Documents;
  const urls: Record<string, string> = {};

  beforeAll(async () => {
    [started, vendors] = await Promise.all([startForTest(join(__dirname, '..')), startVendors()]);
    sqs = new SQSClient({ ...started.client, useQueueUrlAsEndpoint: false });
    functions = openRuntime();
    functions.deploy('fetch', fetcher, { environment: { VENDORS: vendors.url }, timeoutSeconds: 50 });
    documents = new Documents(join(started.dataDir, 'documents.sqlite'));
    mappings = createMappings({
      clock: systemClock, region: 'eu-west-1', journal: functions.journal, rows: documents.collection<MappingRow>('event-source-mapping'),
      storage: started.services.storage, streams: started.services.kinesis, gatherMs: 1, backoffMs: 1, backoffMaxMs: 1,
      invoke: (name, payload) => functions.runtime.invoke(name, payload),
      saturated: () => functions.runtime.activity().waiting > 0,
      functionOf: (name) => ({ name, arn: name }), roleOf: () => '', metric: () => undefined, check: () => undefined, discard: () => Promise.resolve(),
    });
    for (const name of ['slow', 'quick']) {
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `notices-${name}`, Attributes: { VisibilityTimeout: '300' } }));
      urls[name] = QueueUrl ?? '';
      await mappings.deploy(mappingFrom(name, 'fetch', 'arn:fetch', {
        EventSourceArn: `arn:aws:sqs:eu-west-1:000000000000:notices-${name}`, BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: mostAtOnce },
      }));
    }
  });

  afterAll(async () => {
    vendors.letGo();
    await mappings.close();
    await functions.close();
    documents.close();
    sqs.destroy();
    vendors.close();
    await started.close();
  });

  const send = (name: string, bodies: readonly string[]) =>
    sqs.send(new SendMessageBatchCommand({ QueueUrl: urls[name], Entries: bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody })) }));
  const left = async (name: string): Promise<number> => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: urls[name], AttributeNames: ['All'] }));
    return Number(Attributes['ApproximateNumberOfMessages']) + Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
  };
  const bodies = Array.from({ length: 8 }, (_, at) => `m${at}`);

  it('holds up none of the other’s messages, and has as many calls as its maximum concurrency and no more; then all of its own have their turn', async () => {
    await send('slow', bodies);
    await vendors.until(() => vendors.slow.underWay === mostAtOnce);
    await send('quick', bodies);
    await vendors.until(() => vendors.quick.all.length === bodies.length);
    expect([...vendors.quick.all].sort()).toEqual(bodies);
    expect(vendors.quick.most).toBeLessThanOrEqual(mostAtOnce);
    expect([vendors.slow.underWay, vendors.slow.all.length, vendors.slow.most]).toEqual([mostAtOnce, mostAtOnce, mostAtOnce]);
    expect(await left('slow')).toBe(bodies.length);

    vendors.letGo();
    await vendors.until(() => vendors.slow.all.length === bodies.length);
    expect([...vendors.slow.all].sort()).toEqual(bodies);
    expect(vendors.slow.most).toBe(mostAtOnce);
    // a mapping ends when what it has under way has been deleted
    await mappings.close();
    expect([await left('slow'), await left('quick')]).toEqual([0, 0]);
  });
});

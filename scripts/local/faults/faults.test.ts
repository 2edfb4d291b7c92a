import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFaults } from '../gate/faults.ts';
import type { GatedCall } from '../gate/gate.ts';
import type { AwsError } from '../service.ts';
import { openFaultBook, type FaultBook } from './book.ts';
import { BadFaultRules, parseFaultRules, readFaultRules } from './rules.ts';

const call = (service: string, operation: string, input: Record<string, unknown> = {}, accessKeyId = 'local'): GatedCall =>
  ({ service, operation, accessKeyId, path: '/', headers: {}, input: () => input });
const put = call('dynamodb', 'PutItem', { TableName: 't', Item: { pk: { S: 'order-1' } } }, 'orders-consume');

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'faults-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A gate's checkpoint and the book that rules it, as one process has them. */
async function opened(): Promise<{ gate: ReturnType<typeof openFaults>; book: FaultBook }> {
  const heard: { book?: FaultBook } = {};
  const gate = openFaults((payload) => heard.book?.heard(payload as never));
  const book = await openFaultBook(join(folder, 'faults.json'), async (rules) => gate.set(rules));
  heard.book = book;
  return { gate, book };
}

describe('rules', () => {
  it.each([
    ['{', /not JSON/],
    ['{"fault":{"kind":"throttle"}}', /rules\[0\]: a rule names either a service or a function/],
    ['{"service":"S3","fault":{"kind":"throttle"}}', /rules\[0\]\.service: .*lower case/],
    ['{"service":"s3","fault":{"kind":"crash"}}', /rules\[0\]\.fault\.kind/],
    ['{"service":"s3","fault":{"kind":"throttle"},"tmies":1}', /tmies/],
    ['{"function":"f","fault":{"kind":"crash","when":"sometimes"}}', /rules\[0\]\.fault\.when/],
    ['{"service":"s3","operation":"PutObject","fault":{"kind":"partial"}}', /partial is for kinesis PutRecords/],
    ['[{"service":"s3","fault":{"kind":"throttle"}},{"service":"s3","fault":{"kind":"throttle"}}]', /stands there twice/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseFaultRules(text)).toThrow(message);
    expect(() => parseFaultRules(text)).toThrow(BadFaultRules);
  });
});

describe('calls', () => {
  it('lets everything pass without rules, and what no rule is about', async () => {
    const { gate, book } = await opened();
    expect([gate.before(put), gate.after?.(put), gate.failing?.(put, ['a'])]).toEqual([undefined, 'answered', undefined]);
    await book.add(readFaultRules([{ service: 'dynamodb', operation: 'Get*', fault: { kind: 'throttle' } }, { service: 'dynamodb', caller: 'returns-*', fault: { kind: 'throttle' } }, { service: 'dynamodb', containing: 'order-2', fault: { kind: 'throttle' } }]));
    expect(gate.before(put)).toBeUndefined();
  });

  it('strikes after `skip`, `times` times, and counts', async () => {
    const { gate, book } = await opened();
    await book.add(readFaultRules({ id: 'one', service: 'dynamodb', operation: 'PutItem', caller: 'orders-*', containing: 'order-1', skip: 1, times: 2, fault: { kind: 'throttle' } }));
    const codes = Array.from({ length: 5 }, () => (gate.before(put) as AwsError | undefined)?.code);
    expect(codes).toEqual([undefined, 'ProvisionedThroughputExceededException', 'ProvisionedThroughputExceededException', undefined, undefined]);
    expect(book.shown()).toMatchObject([{ id: 'one', seen: 3, hits: 2 }]);
  });

  it('keeps its count when another rule comes, and begins anew when it is given again', async () => {
    const { gate, book } = await opened();
    const rule = { id: 'one', service: 'dynamodb', skip: 1, times: 1, fault: { kind: 'error', code: 'InternalServerError' } };
    await book.add(readFaultRules(rule));
    expect(gate.before(put)).toBeUndefined();
    await book.add(readFaultRules({ service: 's3', fault: { kind: 'throttle' } }));
    expect(gate.before(put)).toMatchObject({ code: 'InternalServerError', status: 500 });
    await book.add(readFaultRules(rule));
    expect(gate.before(put)).toBeUndefined();
    await book.clear('one');
    expect(gate.before(put)).toBeUndefined();
  });

  it('draws the same chances from the same seed', async () => {
    const drawn = async (seed: number): Promise<boolean[]> => {
      const { gate, book } = await opened();
      await book.add(readFaultRules({ id: 'chance', service: 'dynamodb', probability: 0.5, seed, fault: { kind: 'reply-lost' } }));
      return Array.from({ length: 30 }, () => gate.after?.(put) === 'lost');
    };
    expect(await drawn(7)).toEqual(await drawn(7));
    expect(await drawn(8)).not.toEqual(await drawn(7));
    expect(new Set(await drawn(7)).size).toBe(2);
  });

  it('lets single entries of a batch fail, and delays without refusing', async () => {
    const { gate, book } = await opened();
    await book.add(readFaultRules([
      { service: 'kinesis', operation: 'PutRecords', containing: 'order-1', times: 1, fault: { kind: 'partial' } },
      { service: 'kinesis', operation: 'PutRecord', fault: { kind: 'delay', ms: 1 } },
    ]));
    const one = (key: string) => gate.failing?.(call('kinesis', 'PutRecords', { PartitionKey: key }), [key])?.get(key)?.code;
    expect([one('order-2'), one('order-1'), one('order-1')]).toEqual([undefined, 'ProvisionedThroughputExceededException', undefined]);
    expect(await gate.before(call('kinesis', 'PutRecord'))).toBeUndefined();
  });
});

it('rules and their strikes outlive the process', async () => {
  const first = await opened();
  await first.book.add(readFaultRules([
    { id: 'call', service: 'dynamodb', times: 1, fault: { kind: 'throttle' } },
    { id: 'crash', function: 'orders-*', times: 2, fault: { kind: 'crash', when: 'after' } },
  ]));
  expect(first.gate.before(put)).toBeDefined();
  expect(first.book.disturb('orders-consume', '{}')).toEqual({ kind: 'crash', when: 'after' });
  first.book.close();

  const { gate, book } = await opened();
  expect(gate.before(put)).toBeUndefined();
  await book.add(readFaultRules({ id: 'call', service: 'dynamodb', times: 1, fault: { kind: 'throttle' } }), 'keep');
  expect(gate.before(put)).toBeUndefined();
  expect([book.disturb('orders-consume', '{}'), book.disturb('orders-consume', '{}')]).toEqual([{ kind: 'crash', when: 'after' }, undefined]);
  book.close();
});

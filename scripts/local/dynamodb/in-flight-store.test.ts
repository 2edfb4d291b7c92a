import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoStore, OversizeLines } from '@orderflow/shared/store';
import { inFlightStoreContract } from '../../../shared/store/contract.ts';
import { givenNewItem } from '../../../shared/store/given.ts';
import { CallLedger } from '../calls.ts';
import { startDynamoDb, type DynamoDbFront } from './front.ts';

describe('DynamoStore on the local DynamoDB', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-store-'));
  const calls = new CallLedger(join(dataDir, 'calls.db'));
  let front: DynamoDbFront;
  let store: DynamoStore;
  /** Answers of requests of this operation are thrown away once, after they have taken effect. */
  let loseReplyOf: string | undefined;

  beforeAll(async () => {
    front = await startDynamoDb({ dataDir, codeDir: join(__dirname, '..'), host: '127.0.0.1', calls, onGateReport: () => undefined });
    const client = new DynamoDBClient({
      region: 'eu-west-1', endpoint: `http://127.0.0.1:${front.port}`, credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (context['commandName'] === `${loseReplyOf}Command`) {
          loseReplyOf = undefined;
          throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $retryable: { throttling: false } });
        }
        return answer;
      },
      { step: 'deserialize', priority: 'high' },
    );
    await front.call('CreateTable', {
      TableName: 'in-flight', BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'duePk', 'dueAt'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
      GlobalSecondaryIndexes: [{
        IndexName: 'due', Projection: { ProjectionType: 'KEYS_ONLY' },
        KeySchema: [{ AttributeName: 'duePk', KeyType: 'HASH' }, { AttributeName: 'dueAt', KeyType: 'RANGE' }],
      }],
    });
    const objects = new Map<string, Uint8Array>();
    store = new DynamoStore({
      client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
      table: 'in-flight',
      clock: () => Date.parse('2026-11-22T10:00:00Z'),
      newId: randomUUID,
      oversize: new OversizeLines({
        put: async (_, key, body) => void objects.set(key, body),
        get: async (_, key) => objects.get(key) ?? new Uint8Array(),
      }, 'staging'),
    });
  });
  afterAll(async () => {
    await front.close();
    calls.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  inFlightStoreContract(() => store);

  describe('a write that took effect but whose answer was lost is our own', () => {
    const lost = async (operation: string, work: () => Promise<unknown>): Promise<unknown> => {
      loseReplyOf = operation;
      const answer = await work();
      expect(loseReplyOf).toBeUndefined();
      return answer;
    };
    const later = '2026-11-22T11:00:00.000Z';

    it('receive, save, park, wake, claimSent', async () => {
      const item = givenNewItem(90_001);
      expect(await lost('TransactWriteItems', () => store.receive(item))).toMatchObject({ outcome: 'received' });
      const fence = { attempt: 1, revision: 1 };
      expect(await lost('UpdateItem', () => store.save(item, fence, {}))).toMatchObject({ outcome: 'written', item: { revision: 2 } });
      expect(await lost('UpdateItem', () => store.park(item, { attempt: 1, revision: 2 }, { reason: 'payment-pending', dueAt: later }))).toMatchObject({ outcome: 'written' });
      expect(await lost('UpdateItem', () => store.wake(item, { attempt: 1, dueAt: later }))).toMatchObject({ outcome: 'written', item: { attempt: 2 } });
      expect(await lost('PutItem', () => store.claimSent(item.pk, { transition: 'T', by: 'x' }))).toEqual({ outcome: 'claimed' });
    });

    it('saveAndClaim, done, forget', async () => {
      const item = givenNewItem(90_002);
      await store.receive(item);
      const claim = { transition: 'CONFIRMED', by: 'x' };
      expect(await lost('TransactWriteItems', () => store.saveAndClaim(item, { attempt: 1, revision: 1 }, {}, claim))).toMatchObject({ outcome: 'written' });
      expect(await lost('UpdateItem', () => store.done(item, { attempt: 1, version: 1, dueAt: later }))).toBe('done');
      expect(['forgotten', 'already']).toContain(await lost('UpdateItem', () => store.forget({ pk: item.pk, sk: item.sk, version: 1 })));
    });
  });
});

import { DeleteCommand, GetCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { bookRefund, limits } from '@orderflow/shared/domain';
import type { Clock } from '@orderflow/shared/lambda';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { transact, update, updateOf, type Change, type Refusal, type Values, type Write } from './dynamo-requests.ts';
import { claimKey, orderSk, paymentSk, sentSk, type InFlightItem, type InFlightService, type ItemKey, type Partition, type SentGuard } from './item.ts';
import type {
  AmendResult, ClaimResult, Content, DuePage, Fence, ForgetResult, InFlightStore, NewItem, OwnChange, ReceiveResult, RefundBooking, SentRecord,
  WriteResult,
} from './port.ts';
import { duePk, duePkOf, guardOf, itemOf, readRow, type OversizeLines } from './row.ts';

export interface DynamoStoreParts {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Where lines of items over 350 KB go. */
  readonly oversize: OversizeLines;
}

const serviceOf = ({ sk }: ItemKey): InFlightService => (sk === orderSk ? 'orders' : sk.startsWith('RETURN#') ? 'returns' : 'updates');
const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));

const owned = '#state = :received AND #attempt = :attempt';
const fenced = `${owned} AND #revision = :revision`;
const day = 24 * 60 * 60;

/** The in-flight table in DynamoDB. Every write carries an id of its own, so that one whose answer was lost is recognised. */
export class DynamoStore implements InFlightStore {
  readonly #parts: DynamoStoreParts;

  constructor(parts: DynamoStoreParts) {
    this.#parts = parts;
  }

  #now = (): string => new Date(this.#parts.clock()).toISOString();
  /** Seconds since 1970 at which DynamoDB may drop what is no longer needed. */
  #expiry = (): number => Math.floor(this.#parts.clock() / 1000) + limits.keepDays * day;
  #item = async (raw: Values): Promise<InFlightItem> => this.#parts.oversize.complete(itemOf(raw), readRow(raw).linesAt);

  async receive({ data, payments = [], event, ...one }: NewItem): Promise<ReceiveResult> {
    const { client, table, newId } = this.#parts;
    const lastWrite = newId();
    const key = { pk: one.pk, sk: one.sk };
    const row = {
      ...one, ...(await this.#parts.oversize.fit(data)), event: JSON.stringify(event), state: 'RECEIVED', version: 1, revision: 1,
      attempt: 1, receivedAt: this.#now(), duePk: duePkOf(one.service, 'RECEIVED', key), lastWrite,
    };
    const claim = { ...claimKey(event.id), hash: event.hash, itemPk: one.pk, itemSk: one.sk, expiresAt: this.#expiry() };
    const fresh = (item: Values): Write => ({
      Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    });
    const unawaited = 'attribute_not_exists(#waiting)';
    const pointers = payments.map((pk) => ({ Update: this.#pointer(pk, one.pk, unawaited) }));
    const refusal = await transact(client, [fresh(row), fresh(claim), ...pointers]);
    if (!refusal) return { outcome: 'received', item: itemOf(row) };
    if (refusal[0]?.failed || refusal[1]?.failed) return this.#refused(refusal, key, event.hash, lastWrite);
    // a payment has come before its order
    const awaited = payments.filter((_, at) => refusal[at + 2]?.failed);
    const awaitedRow = { ...row, progress: JSON.stringify({ awaited }) };
    const again = await transact(client, [fresh(awaitedRow), fresh(claim), ...payments.map((pk) => ({ Update: this.#pointer(pk, one.pk) }))]);
    return again ? this.#refused(again, key, event.hash, lastWrite) : { outcome: 'received', item: itemOf(awaitedRow) };
  }

  async #refused([item, claim]: Refusal, key: ItemKey, hash: string, lastWrite: string): Promise<ReceiveResult> {
    const there = item?.item;
    if (there?.['lastWrite'] === lastWrite) return { outcome: 'received', item: itemOf(there) };
    if (!claim?.item) {
      if (!there) throw new Error('receive: the transaction was refused without a reason');
      const found = itemOf(there);
      return { outcome: 'exists', item: found, sameContent: found.event.hash === hash };
    }
    const claimedHash = String(claim.item['hash']);
    if (claimedHash !== hash) return { outcome: 'conflict', claimedHash };
    const claimed = { pk: String(claim.item['itemPk']), sk: String(claim.item['itemSk']) };
    const own = there && claimed.pk === key.pk && claimed.sk === key.sk ? itemOf(there) : await this.get(claimed);
    return own ? { outcome: own.state === 'RECEIVED' ? 'redelivered' : 'duplicate', item: own } : { outcome: 'duplicate' };
  }

  async get({ pk, sk }: ItemKey): Promise<InFlightItem | undefined> {
    const { client, table } = this.#parts;
    const answer = await client.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }));
    return answer.Item && this.#item(answer.Item);
  }

  async look(pk: string): Promise<Partition> {
    const { client, table } = this.#parts;
    let order: InFlightItem | undefined;
    let paymentOf: string | undefined;
    const others: InFlightItem[] = [];
    const sent: SentGuard[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table, ConsistentRead: true, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk },
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      for (const raw of page.Items ?? []) {
        const sk = String(raw['sk']);
        if (sk === orderSk) order = await this.#item(raw);
        else if (sk === paymentSk) paymentOf = raw['orderKey'] === undefined ? undefined : String(raw['orderKey']);
        else if (sk.startsWith('SENT#')) sent.push(guardOf(raw));
        else others.push(await this.#item(raw));
      }
      from = page.LastEvaluatedKey;
    } while (from);
    return { ...(order ? { order } : {}), others, sent, ...(paymentOf ? { paymentOf } : {}) };
  }

  async #content({ data, progress, groups, refunds }: Content): Promise<Pick<Change, 'set' | 'remove'>> {
    const fit = data === undefined ? undefined : await this.#parts.oversize.fit(data);
    return {
      set: { ...fit, progress: json(progress), groups: json(groups), refunds: json(refunds) },
      ...(fit && fit.linesAt === undefined ? { remove: ['linesAt'] } : {}),
    };
  }

  async #fence({ attempt, revision }: Fence, content: Content, more: Values = {}): Promise<Change & { readonly lastWrite: string }> {
    const { set, remove } = await this.#content(content);
    const lastWrite = this.#parts.newId();
    return {
      set: { ...set, ...more, lastWrite },
      ...(remove ? { remove } : {}),
      add: { revision: 1 },
      condition: fenced,
      given: { received: 'RECEIVED', attempt, revision },
      lastWrite,
    };
  }

  /** What a refused write means to its execution. */
  #judge = async (met: Values | undefined, lastWrite: string, attempt: number): Promise<WriteResult> => {
    if (!met) return { outcome: 'lost' };
    const item = await this.#item(met);
    if (met['lastWrite'] === lastWrite) return { outcome: 'written', item };
    return { outcome: item.state === 'RECEIVED' && item.attempt === attempt ? 'changed' : 'lost', item };
  };

  async #write(key: ItemKey, change: Change & { readonly lastWrite: string }, attempt: number): Promise<WriteResult> {
    const answer = await update(this.#parts.client, this.#parts.table, key, change);
    return answer.ok ? { outcome: 'written', item: await this.#item(answer.item) } : this.#judge(answer.item, change.lastWrite, attempt);
  }

  async save(key: ItemKey, fence: Fence, content: Content): Promise<WriteResult> {
    return this.#write(key, await this.#fence(fence, content), fence.attempt);
  }

  #claimWrite = (pk: string, { transition, by }: { transition: string; by: string }, lastWrite: string) => ({
    TableName: this.#parts.table,
    Item: { pk, sk: sentSk(transition), at: this.#now(), by, lastWrite, expiresAt: this.#expiry() },
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  });

  async saveAndClaim(key: ItemKey, fence: Fence, content: Content, claim: { transition: string; by: string }) {
    const { client, table } = this.#parts;
    const change = await this.#fence(fence, content);
    const refusal = await transact(client, [
      { Update: updateOf(table, key, change) },
      { Put: this.#claimWrite(key.pk, claim, change.lastWrite) },
    ]);
    if (!refusal) return { outcome: 'written' as const };
    const [item, guard] = refusal;
    if (item?.failed || guard?.item?.['lastWrite'] === change.lastWrite) return this.#judge(item?.item, change.lastWrite, fence.attempt);
    return { outcome: 'taken' as const, guard: guardOf(guard?.item) };
  }

  async amendOrder(orderKey: string, revision: number, content: Content, own?: OwnChange): Promise<AmendResult> {
    const { client, table, newId } = this.#parts;
    const lastWrite = newId();
    const { set, remove } = await this.#content(content);
    const key = { pk: orderKey, sk: orderSk };
    const change: Change = {
      set: { ...set, lastWrite },
      ...(remove ? { remove } : {}),
      add: { revision: 1 },
      condition: `attribute_exists(pk) AND #revision = :revision${content.data === undefined ? '' : ' AND #state <> :forgotten'}`,
      given: { revision, ...(content.data === undefined ? {} : { forgotten: 'FORGOTTEN' }) },
    };
    if (!own) {
      const answer = await update(client, table, key, change);
      return { outcome: answer.ok || answer.item?.['lastWrite'] === lastWrite ? 'written' : 'changed' };
    }
    const mine = await this.#fence(own.fence, own.content);
    const refusal = await transact(client, [{ Update: updateOf(table, key, change) }, { Update: updateOf(table, own.key, mine) }]);
    if (!refusal || refusal[0]?.item?.['lastWrite'] === lastWrite) return { outcome: 'written' };
    return { outcome: refusal[1]?.failed ? 'lost' : 'changed' };
  }

  async park(key: ItemKey, fence: Fence, { reason, dueAt, content = {} }: Parameters<InFlightStore['park']>[2]): Promise<WriteResult> {
    const more = { state: 'PARKED', parkedReason: reason, dueAt, duePk: duePkOf(serviceOf(key), 'PARKED', key) };
    const change = { ...(await this.#fence(fence, content, more)), first: { parkedSince: this.#now() } };
    if (reason !== 'payment-unknown') return this.#write(key, change, fence.attempt);
    const { client, table } = this.#parts;
    const waiting = updateOf(table, { pk: key.pk, sk: paymentSk }, { set: { waiting: true, expiresAt: this.#expiry() } });
    const refusal = await transact(client, [{ Update: updateOf(table, key, change) }, { Update: waiting }]);
    if (refusal) return this.#judge(refusal[0]?.item, change.lastWrite, fence.attempt);
    const item = await this.get(key);
    return item ? { outcome: 'written', item } : { outcome: 'lost' };
  }

  async wake(key: ItemKey, { attempt, dueAt }: { attempt: number; dueAt: string }): Promise<WriteResult> {
    const lastWrite = this.#parts.newId();
    const answer = await update(this.#parts.client, this.#parts.table, key, {
      set: { state: 'RECEIVED', dueAt, duePk: duePkOf(serviceOf(key), 'RECEIVED', key), lastWrite },
      add: { attempt: 1, version: 1, revision: 1 },
      condition: '#state = :parked AND #attempt = :attempt',
      given: { parked: 'PARKED', attempt },
    });
    if (!answer.item) return { outcome: 'lost' };
    const item = await this.#item(answer.item);
    return { outcome: answer.ok || answer.item['lastWrite'] === lastWrite ? 'written' : 'lost', item };
  }

  async claimSent(pk: string, claim: { transition: string; by: string }): Promise<ClaimResult> {
    const lastWrite = this.#parts.newId();
    try {
      await this.#parts.client.send(new PutCommand(this.#claimWrite(pk, claim, lastWrite)));
      return { outcome: 'claimed' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const met = error.Item ? unmarshall(error.Item) : {};
      return met['lastWrite'] === lastWrite ? { outcome: 'claimed' } : { outcome: 'taken', guard: guardOf(met) };
    }
  }

  async releaseSent(pk: string, { transition, by }: { transition: string; by: string }): Promise<void> {
    try {
      await this.#parts.client.send(
        new DeleteCommand({
          TableName: this.#parts.table, Key: { pk, sk: sentSk(transition) }, ConditionExpression: '#by = :by AND attribute_not_exists(outcome)',
          ExpressionAttributeNames: { '#by': 'by' }, ExpressionAttributeValues: { ':by': by },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  #records = (pk: string, service: InFlightService, records: readonly SentRecord[]) =>
    records.map(({ transition, outcome, messageId }) => {
      const key = { pk, sk: sentSk(transition) };
      const unsure = outcome === 'unknown';
      return updateOf(this.#parts.table, key, {
        set: { outcome, messageId: messageId || undefined, ...(unsure ? { duePk: duePkOf(service, 'UNSURE', key), dueAt: this.#now() } : {}) },
        ...(unsure ? {} : { remove: ['duePk', 'dueAt'] }),
      });
    });

  async recordSent(pk: string, service: InFlightService, records: readonly SentRecord[]): Promise<void> {
    if (records.length > 0) await transact(this.#parts.client, this.#records(pk, service, records).map((one) => ({ Update: one })));
  }

  #tombstone = (): Pick<Change, 'set' | 'remove' | 'add'> => ({
    set: { state: 'FORGOTTEN', expiresAt: this.#expiry(), lastWrite: this.#parts.newId() },
    remove: ['data', 'linesAt', 'progress', 'duePk', 'dueAt', 'parkedReason', 'parkedSince'],
    add: { revision: 1 },
  });

  async done(key: ItemKey, { attempt, version, dueAt, sent = [] }: Parameters<InFlightStore['done']>[1]) {
    const { client, table } = this.#parts;
    const records = this.#records(key.pk, serviceOf(key), sent);
    const finish = async (change: Change): Promise<Values | true | undefined> => {
      if (records.length === 0) {
        const answer = await update(client, table, key, change);
        return answer.ok ? true : answer.item;
      }
      const refusal = await transact(client, [{ Update: updateOf(table, key, change) }, ...records.map((one) => ({ Update: one }))]);
      return refusal ? refusal[0]?.item : true;
    };
    const given = { received: 'RECEIVED', attempt, version };
    const met = await finish({
      set: { state: 'DONE', dueAt, duePk: duePkOf(serviceOf(key), 'DONE', key) },
      add: { revision: 1 }, given,
      condition: `${owned} AND (attribute_not_exists(#loadedVersion) OR #loadedVersion <> :version)`,
    });
    if (met === true) return 'done' as const;
    if (met?.['attempt'] !== attempt || met['state'] === 'PARKED') return 'lost' as const;
    // an earlier try of this very step, its answer lost
    if (met['state'] !== 'RECEIVED') return met['state'] === 'DONE' ? ('done' as const) : ('forgotten' as const);
    const last = await finish({ ...this.#tombstone(), given, condition: `${owned} AND #loadedVersion = :version` });
    return last === true || last?.['state'] === 'FORGOTTEN' ? ('forgotten' as const) : ('lost' as const);
  }

  async forget({ version, ...key }: ItemKey & { version: number }): Promise<ForgetResult> {
    const { client, table } = this.#parts;
    for (;;) {
      const answer = await update(client, table, key, {
        ...this.#tombstone(), condition: '#state = :done AND #version = :version', given: { done: 'DONE', version },
      });
      if (answer.ok) return 'forgotten';
      if (!answer.item) return 'unknown';
      const { state, version: there } = readRow(answer.item);
      if (state === 'FORGOTTEN') return 'already';
      if (there !== version) return 'superseded';
      const noted = await update(client, table, key, {
        set: { loadedVersion: version }, condition: '#version = :version AND #state <> :done AND #state <> :forgotten',
        given: { version, done: 'DONE', forgotten: 'FORGOTTEN' },
      });
      if (noted.ok) return 'noted';
      // Done came between the two: it is our turn to forget
    }
  }

  async release(item: InFlightItem): Promise<'released' | 'changed'> {
    const { client, table } = this.#parts;
    const refusal = await transact(client, [
      {
        Delete: {
          TableName: table, Key: { pk: item.pk, sk: item.sk }, ConditionExpression: '#revision = :revision',
          ExpressionAttributeNames: { '#revision': 'revision' }, ExpressionAttributeValues: { ':revision': item.revision },
        },
      },
      { Delete: { TableName: table, Key: claimKey(item.event.id) } },
    ]);
    return refusal ? 'changed' : 'released';
  }

  async bookRefund(key: ItemKey, fence: Fence, content: Content, { orderKey, ...refund }: RefundBooking) {
    const { client, table } = this.#parts;
    for (;;) {
      const order = await this.get({ pk: orderKey, sk: orderSk });
      const refunds = order?.refunds && bookRefund(order.refunds, refund);
      if (!order || !refunds) return { outcome: 'refused' as const, ...(order ? { order } : {}) };
      const change = await this.#fence(fence, content);
      const booking: Change = {
        set: { refunds: JSON.stringify(refunds), lastWrite: change.lastWrite }, add: { revision: 1 },
        condition: 'attribute_exists(pk) AND #revision = :revision', given: { revision: order.revision },
      };
      const refusal = await transact(client, [
        { Update: updateOf(table, key, change) }, { Update: updateOf(table, { pk: orderKey, sk: orderSk }, booking) },
      ]);
      if (!refusal) return { outcome: 'written' as const };
      if (refusal[0]?.failed) return this.#judge(refusal[0].item, change.lastWrite, fence.attempt);
      // the order moved in between: its account is judged afresh
    }
  }

  #pointer = (pk: string, orderKey: string, condition?: string) =>
    updateOf(this.#parts.table, { pk, sk: paymentSk }, { first: { orderKey }, set: { expiresAt: this.#expiry() }, ...(condition ? { condition } : {}) });

  async pointPayment(paymentPk: string, orderKey: string): Promise<void> {
    await transact(this.#parts.client, [{ Update: this.#pointer(paymentPk, orderKey) }]);
  }

  async due({ service, state, shard, until, limit, from }: Parameters<InFlightStore['due']>[0]): Promise<DuePage> {
    const { client, table } = this.#parts;
    const page = await client.send(
      new QueryCommand({
        TableName: table, IndexName: 'due', KeyConditionExpression: 'duePk = :duePk AND dueAt <= :until', Limit: limit,
        ExpressionAttributeValues: { ':duePk': duePk(service, state, shard), ':until': until },
        ...(from ? { ExclusiveStartKey: JSON.parse(from) as Record<string, unknown> } : {}),
      }),
    );
    const items = (page.Items ?? []).map(({ pk, sk, dueAt }) => ({ pk: String(pk), sk: String(sk), service, state: state, dueAt: String(dueAt) }));
    return { items, ...(page.LastEvaluatedKey ? { next: JSON.stringify(page.LastEvaluatedKey) } : {}) };
  }
}

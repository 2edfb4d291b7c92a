import { transact, update, updateOf, type Change, type Values } from './dynamo-requests.ts';
import { recordsOf } from './dynamo-sent.ts';
import { expiry, owned, serviceOf, type DynamoTable } from './dynamo-table.ts';
import { claimKey, type InFlightItem, type ItemKey } from './item.ts';
import type { ForgetResult, InFlightStore } from './port.ts';
import { duePkOf, readRow } from './row.ts';

/** What makes an item a tombstone: everything personal goes, what later events must know stays. */
const tombstone = (t: DynamoTable): Pick<Change, 'set' | 'remove' | 'add'> => ({
  set: { state: 'FORGOTTEN', expiresAt: expiry(t), lastWrite: t.newId() },
  remove: ['data', 'linesAt', 'progress', 'duePk', 'dueAt', 'parkedReason', 'parkedSince'],
  add: { revision: 1 },
});

export async function done(t: DynamoTable, key: ItemKey, { attempt, version, dueAt, sent = [] }: Parameters<InFlightStore['done']>[1]) {
  const { client, table } = t;
  const records = recordsOf(t, key.pk, serviceOf(key), sent);
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
  const last = await finish({ ...tombstone(t), given, condition: `${owned} AND #loadedVersion = :version` });
  return last === true || last?.['state'] === 'FORGOTTEN' ? ('forgotten' as const) : ('lost' as const);
}

export async function forget(t: DynamoTable, { version, ...key }: ItemKey & { version: number }): Promise<ForgetResult> {
  const { client, table } = t;
  for (;;) {
    const answer = await update(client, table, key, {
      ...tombstone(t), condition: '#state = :done AND #version = :version', given: { done: 'DONE', version },
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

export async function release(t: DynamoTable, item: InFlightItem): Promise<'released' | 'changed'> {
  const { client, table } = t;
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

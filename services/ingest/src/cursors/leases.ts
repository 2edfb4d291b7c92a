import { UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '@orderflow/shared/lambda';

/** Somebody else has taken the entry over: its former owner must stop without a trace. */
export class LeaseLost extends Error {
  constructor() {
    super('another invocation has taken this work over');
    this.name = 'LeaseLost';
  }
}

/** Attributes of an entry; undefined takes one away. */
export type Values = Readonly<Record<string, unknown>>;

/** A condition of DynamoDB's, with what it names. */
export interface Condition {
  readonly text: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Values;
}

/** Entries of the cursors' table of which one invocation at a time is the owner, for as long as its lease lasts. */
export interface Leases {
  /**
   * Makes `owner` the owner if `condition`, in which {@link free} stands, holds; sets `set`, and `first` where nothing
   * stands yet. @returns the entry; undefined when the condition does not hold
   */
  take(pk: string, owner: string, leaseMs: number, change: { readonly condition: Condition; readonly set?: Values; readonly first?: Values }): Promise<Values | undefined>;
  /** Changes an entry of which `owner` is still the owner, and prolongs the lease; 0 gives it back. @throws LeaseLost */
  change(pk: string, owner: string, leaseMs: number, values: Values, only?: Condition): Promise<void>;
}

/** Holds while nobody has the entry: the last owner gave it back or is dead. Its value is `:now`. */
export const free = 'leaseUntil < :now';

const refused = (error: unknown): boolean => error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** An update expression over named attributes. */
function updateOf(set: Values, first: Values = {}) {
  const names = [...Object.keys(set), ...Object.keys(first)];
  const kept = Object.entries(set).filter(([, value]) => value !== undefined);
  const gone = Object.entries(set).filter(([, value]) => value === undefined);
  const sets = [
    ...kept.map(([name]) => `#${name} = :${name}`),
    ...Object.keys(first).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
  ];
  return {
    text: `SET ${sets.join(', ')}${gone.length === 0 ? '' : ` REMOVE ${gone.map(([name]) => `#${name}`).join(', ')}`}`,
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries([...kept, ...Object.entries(first)].map(([name, value]) => [`:${name}`, value])),
  };
}

export function dynamoLeases(client: Pick<DynamoDBDocumentClient, 'send'>, TableName: string, clock: Clock): Leases {
  const update = async (pk: string, { text, names, values }: ReturnType<typeof updateOf>, condition: Condition) => {
    try {
      const { Attributes } = await client.send(new UpdateCommand({
        TableName, Key: { pk }, UpdateExpression: text, ConditionExpression: condition.text, ReturnValues: 'ALL_NEW',
        ExpressionAttributeNames: { ...names, ...condition.names },
        ExpressionAttributeValues: { ...values, ...condition.values },
      }));
      return Attributes ?? {};
    } catch (error) {
      if (!refused(error)) throw error;
      return undefined;
    }
  };
  return {
    take: (pk, owner, leaseMs, { condition, set = {}, first }) =>
      update(pk, updateOf({ ...set, owner, leaseUntil: clock() + leaseMs }, first), {
        ...condition, values: { ...condition.values, ':now': clock() },
      }),
    async change(pk, owner, leaseMs, values, only) {
      const changed = await update(pk, updateOf({ ...values, leaseUntil: leaseMs === 0 ? 0 : clock() + leaseMs }), {
        text: only ? `#_owner = :_owner AND (${only.text})` : '#_owner = :_owner',
        names: { ...only?.names, '#_owner': 'owner' },
        values: { ...only?.values, ':_owner': owner },
      });
      if (!changed) throw new LeaseLost();
    },
  };
}

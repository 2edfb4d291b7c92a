import { UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '@orderflow/shared/lambda';

/** Somebody else has taken the work over: its former owner must stop without a trace. */
export class LeaseLost extends Error {
  constructor() {
    super('another invocation has taken this work over');
    this.name = 'LeaseLost';
  }
}

/** Attributes of an entry by name; where they are set, undefined takes one away. */
export type Values = Readonly<Record<string, unknown>>;

/** A condition of DynamoDB's; `#name` stands for the attribute of that name. */
export interface Condition {
  readonly text: string;
  readonly values?: Values;
}

export interface Taking {
  /** Under which an entry may be taken, besides that of {@link free}, which it may hold. */
  readonly condition: Condition;
  readonly set?: Values;
  /** Set where nothing stands yet. */
  readonly first?: Values;
  /** An attribute that is raised by one. */
  readonly count?: string;
}

/** Entries of the cursors' table. One invocation at a time owns one, for as long as its lease lasts. */
export interface Leases {
  /** Makes `owner` the owner. @returns what stood there before, nothing if nothing; undefined when the condition does not hold */
  take(pk: string, owner: string, leaseMs: number, taking: Taking): Promise<Values | undefined>;
  /** Changes an entry of which `owner` is still the owner, and prolongs its lease; 0 gives it back. @throws LeaseLost */
  change(pk: string, owner: string, leaseMs: number, set: Values, only?: Condition): Promise<void>;
}

/** Holds while nobody has the entry: its last owner gave it back or is dead. */
export const free = '#leaseUntil < :now';

const refused = (error: unknown): boolean => error instanceof Error && error.name === 'ConditionalCheckFailedException';
const prefixed = (sign: string, values: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${sign}${name}`, value]));

export function dynamoLeases(client: Pick<DynamoDBDocumentClient, 'send'>, TableName: string, clock: Clock): Leases {
  const update = async (pk: string, { condition, set = {}, first = {}, count }: Taking): Promise<Values | undefined> => {
    const kept = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
    const gone = Object.keys(set).filter((name) => !(name in kept));
    const sets = [
      ...Object.keys(kept).map((name) => `#${name} = :${name}`),
      ...Object.keys(first).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
      ...(count === undefined ? [] : [`#${count} = #${count} + :one_`]),
    ];
    const UpdateExpression = `SET ${sets.join(', ')}${gone.length === 0 ? '' : ` REMOVE ${gone.map((name) => `#${name}`).join(', ')}`}`;
    const named = [...`${UpdateExpression} ${condition.text}`.matchAll(/#(\w+)/g)].map(([, name = '']) => name);
    try {
      const { Attributes = {} } = await client.send(new UpdateCommand({
        TableName, Key: { pk }, UpdateExpression, ConditionExpression: condition.text, ReturnValues: 'ALL_OLD',
        ExpressionAttributeNames: Object.fromEntries(named.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ...prefixed(':', { ...kept, ...first }), ...condition.values, ...(count === undefined ? {} : { ':one_': 1 }),
          ...(condition.text.includes(':now') ? { ':now': clock() } : {}),
        },
      }));
      return Attributes;
    } catch (error) {
      if (refused(error)) return undefined;
      throw error;
    }
  };
  return {
    take: (pk, owner, leaseMs, taking) =>
      update(pk, { ...taking, set: { ...taking.set, owner, leaseUntil: clock() + leaseMs } }),
    async change(pk, owner, leaseMs, set, only) {
      const changed = await update(pk, {
        set: { ...set, leaseUntil: leaseMs === 0 ? 0 : clock() + leaseMs },
        condition: { text: `#owner = :owner_${only ? ` AND (${only.text})` : ''}`, values: { ...only?.values, ':owner_': owner } },
      });
      if (!changed) throw new LeaseLost();
    },
  };
}

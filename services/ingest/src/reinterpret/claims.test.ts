import type { BatchGetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoClaims } from './claims.ts';

const client = (answer: (command: BatchGetCommand | UpdateCommand) => object) => ({ send: (async (command: BatchGetCommand) => answer(command)) as never });

describe('the register of claims', () => {
  it('is asked by the hundred, and again for what was left unread', async () => {
    const asked: number[] = [];
    const register = dynamoClaims(client(({ input }) => {
      const keys = ((input as { RequestItems: Record<string, { Keys: { pk: string }[] }> }).RequestItems['t'] as { Keys: { pk: string }[] }).Keys;
      asked.push(keys.length);
      const [left, read] = asked.length === 1 ? [keys.slice(0, 30), keys.slice(30)] : [[], keys];
      return { Responses: { t: read.filter(({ pk }) => Number(pk.slice(6)) % 2 === 0).map(({ pk }) => ({ pk })) }, UnprocessedKeys: left.length > 0 ? { t: { Keys: left } } : {} };
    }), 't', 0);
    const taken = await register.taken(Array.from({ length: 150 }, (_, n) => String(n)));
    expect(asked).toEqual([100, 30, 50]);
    expect([...taken].map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 75 }, (_, n) => n * 2));
  });

  it('learns a new content of what it has, and of nothing else', async () => {
    const said: unknown[] = [];
    const absent = dynamoClaims(client(({ input }) => {
      said.push(input);
      throw Object.assign(new Error(), { name: 'ConditionalCheckFailedException' });
    }), 't');
    await absent.reads('e', 'hash');
    expect(said).toMatchObject([{ Key: { pk: 'CLAIM#e', sk: 'CLAIM' }, ConditionExpression: 'attribute_exists(pk)', ExpressionAttributeValues: { ':hash': 'hash' } }]);
    const down = dynamoClaims(client(() => {
      throw new Error('down');
    }), 't');
    await expect(down.reads('e', 'hash')).rejects.toThrow('down');
  });
});

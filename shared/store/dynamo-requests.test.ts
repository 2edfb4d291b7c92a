import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { unlessBusy, updateOf } from './dynamo-requests.ts';

describe('unlessBusy', () => {
  const busy = () => new TransactionConflictException({ message: 'busy', $metadata: {} });

  it('waits a transaction out', async () => {
    const answers = [busy(), busy()];
    const send = async () => {
      const error = answers.shift();
      if (error) throw error;
      return 'written';
    };
    expect(await unlessBusy(send)).toBe('written');
  });

  it('does not wait for ever, nor for anything else', async () => {
    let calls = 0;
    const always = async () => { calls++; throw busy(); };
    await expect(unlessBusy(always)).rejects.toThrow('busy');
    expect(calls).toBe(5);
    await expect(unlessBusy(async () => { throw new Error('else'); })).rejects.toThrow('else');
  });
});

it('updateOf names every attribute and gives every value once', () => {
  expect(updateOf('t', { pk: 'p', sk: 's' }, { set: { a: 1, gone: undefined }, first: { b: 2 }, add: { n: 1 }, remove: ['c'], condition: '#a = :old', given: { old: 0 } })).toEqual({
    TableName: 't', Key: { pk: 'p', sk: 's' },
    UpdateExpression: 'SET #a = :a, #b = if_not_exists(#b, :b), #n = #n + :add_n REMOVE #c',
    ConditionExpression: '#a = :old',
    ExpressionAttributeNames: { '#a': 'a', '#b': 'b', '#n': 'n', '#c': 'c' },
    ExpressionAttributeValues: { ':a': 1, ':b': 2, ':old': 0, ':add_n': 1 },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
});

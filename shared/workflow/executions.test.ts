import type { SFNClient } from '@aws-sdk/client-sfn';
import { executionName, sfnExecutions } from './executions.ts';
import { placeOf } from './table-arn.ts';

const input = { pk: 'canonical:default:1', sk: 'ORDER', eventId: 'a'.repeat(32), attempt: 2 };
const place = { stage: 'test', ...placeOf('arn:aws:dynamodb:eu-west-1:000000000000:table/orderflow-test-in-flight') };
/** A client that answers with what it is given, or throws an error of that name. */
const client = (error?: string) => {
  const sent: unknown[] = [];
  const send = async (command: { input: unknown }) => {
    sent.push(command.input);
    if (error) throw Object.assign(new Error(error), { name: error });
    return {};
  };
  return { sent, client: { send } as unknown as SFNClient };
};

describe('sfnExecutions', () => {
  it('starts by the conventional name, named for event and attempt', async () => {
    const { sent, client: sfn } = client();
    expect(await sfnExecutions(sfn, place).start('updates', input)).toBe('started');
    expect(sent).toEqual([{
      stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:orderflow-test-process-update',
      name: `${'a'.repeat(32)}-2`, input: JSON.stringify(input),
    }]);
    expect(executionName(input)).toMatch(/^[0-9A-Za-z-]{1,80}$/);
  });

  it.each([['ExecutionAlreadyExists', 'exists'], ['StateMachineDoesNotExist', 'missing']])('%s is %s', async (name, result) => {
    expect(await sfnExecutions(client(name).client, place).start('orders', input)).toBe(result);
  });

  it('anything else is trouble', async () => {
    await expect(sfnExecutions(client('ThrottlingException').client, place).start('orders', input)).rejects.toThrow('ThrottlingException');
  });
});

it('placeOf reads the ARN of a table and nothing else', () => {
  expect(placeOf('arn:aws:dynamodb:eu-west-1:000000000000:table/t')).toEqual({ region: 'eu-west-1', account: '000000000000', table: 't' });
  expect(() => placeOf('orderflow-local-in-flight')).toThrow('TABLE_ARN');
});

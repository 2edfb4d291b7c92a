import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { WarehouseFailed, warehouseReader, WarehouseSlow } from './warehouse.ts';

const where = { workgroup: 'orderflow-test', database: 'orderflow' };
/** A client that answers each command from `answers`, one list a command. */
const clientWith = (answers: Record<string, object[]>) => {
  const sent: { name: string; input: Record<string, unknown> }[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const { name } = command.constructor;
    sent.push({ name, input: command.input });
    return answers[name]?.shift();
  };
  return { client: { send } as unknown as RedshiftDataClient, sent };
};

it('binds parameters and reads every page', async () => {
  const { client, sent } = clientWith({
    ExecuteStatementCommand: [{ Id: 's1' }],
    DescribeStatementCommand: [{ Status: 'STARTED' }, { Status: 'FINISHED', HasResultSet: true }],
    GetStatementResultCommand: [
      { ColumnMetadata: [{ name: 'n' }, { name: 'x' }], Records: [[{ longValue: 0 }, { isNull: true }]], NextToken: 'more' },
      { ColumnMetadata: [{ name: 'n' }, { name: 'x' }], Records: [[{ longValue: 2 }, { stringValue: 'a' }]] },
    ],
  });
  expect(await warehouseReader(client, where).rows('SELECT :day', { day: '2026-11-22' })).toEqual([{ n: 0, x: null }, { n: 2, x: 'a' }]);
  expect(sent[0]?.input).toMatchObject({ Sql: 'SELECT :day', Parameters: [{ name: 'day', value: '2026-11-22' }], WorkgroupName: 'orderflow-test' });
});

it('tells why a statement failed', async () => {
  const { client } = clientWith({ ExecuteStatementCommand: [{ Id: 's' }], DescribeStatementCommand: [{ Status: 'FAILED', Error: 'relation does not exist' }] });
  await expect(warehouseReader(client, where).rows('SELECT 1')).rejects.toThrow(new WarehouseFailed('relation does not exist'));
});

it('does not wait for ever, and leaves nothing running', async () => {
  const { client, sent } = clientWith({ ExecuteStatementCommand: [{ Id: 's' }] });
  await expect(warehouseReader(client, where, -1).rows('SELECT 1')).rejects.toThrow(new WarehouseSlow(-1));
  expect(sent.map(({ name, input }) => [name, input['Id']]).at(-1)).toEqual(['CancelStatementCommand', 's']);
});

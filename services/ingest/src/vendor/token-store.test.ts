import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { parseAccounts } from '@orderflow/shared/accounts';
import { conformanceTarget, type ConformanceTarget } from '../../../../scripts/local/conformance/target.ts';
import { dynamoLeases } from '../cursors/leases.ts';
import { tokenStoreContract } from '../testing/token-store-contract.ts';
import { tokenStoreOnAws } from './token-store.ts';

let target: ConformanceTarget;
let secrets: SecretsManagerClient;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  target = await conformanceTarget();
  secrets = new SecretsManagerClient(target.client);
  dynamodb = new DynamoDBClient(target.client);
});
afterAll(async () => {
  secrets.destroy();
  dynamodb.destroy();
  await target.close();
});

/** A store that nobody has written into: a stage, and a table, of its own. */
async function fresh(clock: () => number) {
  const TableName = target.unique('cursors');
  await dynamodb.send(new CreateTableCommand({
    TableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  }));
  return tokenStoreOnAws(secrets, dynamoLeases(DynamoDBDocumentClient.from(dynamodb), TableName, clock), target.unique('stage'));
}

tokenStoreContract('tokens on AWS', fresh);

it('says so when the service fails, and takes what it cannot read for nothing', async () => {
  const [account] = parseAccounts([{ source: 'orders', account: 'default', role: 'sells' }]);
  if (!account) throw new Error('no account');
  const answers = (answer: () => Promise<unknown>) => tokenStoreOnAws({ send: answer } as never, undefined as never, 'test');
  await expect(answers(() => Promise.reject(new Error('throttled'))).read(account)).rejects.toThrow('throttled');
  await expect(answers(() => Promise.reject(new Error('throttled'))).write(account, { access: 'a', expiresAt: 1, of: 'h', clientId: 'c' })).rejects.toThrow('throttled');
  for (const SecretString of ['', 'no json', '{"access":7}']) expect(await answers(async () => ({ SecretString })).read(account)).toBeUndefined();
});

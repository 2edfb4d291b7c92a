import { CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetSecretValueCommand, ListSecretsCommand, PutSecretValueCommand, SecretsManagerClient, UpdateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startForTest } from './started-for-test.ts';
import type { StartedForTest } from './started-for-test.ts';

let started: StartedForTest;
const clients: { destroy(): void }[] = [];
const open = <T extends { destroy(): void }>(make: new (options: object) => T): T => {
  const client = new make({ ...started.client, maxAttempts: 1 });
  clients.push(client);
  return client;
};

beforeAll(async () => void (started = await startForTest(__dirname)));
afterAll(async () => {
  for (const client of clients) client.destroy();
  await started.close();
});

test('secrets keep their versions by stage', async () => {
  const client = open(SecretsManagerClient);
  const SecretId = 'orderflow/local/sources/shopify/default';
  const { ARN, VersionId: first } = await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
  await expect(client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }))).rejects.toMatchObject({ name: 'ResourceExistsException' });
  const value = async (VersionStage?: string) => (await client.send(new GetSecretValueCommand({ SecretId: ARN!, ...(VersionStage !== undefined && { VersionStage }) }))).SecretString;
  expect(await value()).toBe('one');
  const { VersionId: second } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
  expect([await value(), await value('AWSPREVIOUS')]).toEqual(['two', 'one']);
  const { VersionId: third } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'three', VersionStages: ['AWSPENDING'] }));
  expect([await value(), await value('AWSPENDING')]).toEqual(['two', 'three']);
  await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: third!, RemoveFromVersionId: second! }));
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
  expect(VersionIdsToStages).toEqual({ [second!]: ['AWSPREVIOUS'], [third!]: ['AWSPENDING', 'AWSCURRENT'] });
  expect(VersionIdsToStages).not.toHaveProperty(first!);
  await client.send(new UpdateSecretCommand({ SecretId, SecretString: 'four' }));
  expect(started.services.secrets.value(SecretId)).toBe('four');
  expect((await client.send(new ListSecretsCommand({}))).SecretList!.map((one) => one.Name)).toEqual([SecretId]);
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(value()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  started.services.secrets.ensure('in process', 'x');
  started.services.secrets.ensure('in process', 'y');
  expect((await client.send(new GetSecretValueCommand({ SecretId: 'in process' }))).SecretString).toBe('x');
});

test('parameters by name and by path', async () => {
  const client = open(SSMClient);
  const put = (Name: string, Value: string, Overwrite = false) => client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite }));
  await put('/orderflow/local/a', '1');
  await put('/orderflow/local/deep/b', '2');
  await expect(put('/orderflow/local/a', '3')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put('/orderflow/local/a', '3', true)).Version).toBe(2);
  expect((await client.send(new GetParameterCommand({ Name: '/orderflow/local/a' }))).Parameter).toMatchObject({ Value: '3', Version: 2 });
  expect(await client.send(new GetParametersCommand({ Names: ['/orderflow/local/a', 'none'] }))).toMatchObject({ Parameters: [{ Value: '3' }], InvalidParameters: ['none'] });
  const path = async (Recursive: boolean) => (await client.send(new GetParametersByPathCommand({ Path: '/orderflow/local', Recursive }))).Parameters!.map((one) => one.Value);
  expect([await path(false), await path(true)]).toEqual([['3'], ['3', '2']]);
  await expect(client.send(new GetParameterCommand({ Name: 'none' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('STS tells the account and gives keys', async () => {
  const client = open(STSClient);
  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000', Arn: 'arn:aws:iam::000000000000:user/local' });
  const { Credentials, AssumedRoleUser } = await client.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/deployer', RoleSessionName: 'me' }));
  expect(Credentials!.AccessKeyId).toMatch(/^assumed:deployer:me:\d+$/);
  expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::000000000000:assumed-role/deployer/me');
});

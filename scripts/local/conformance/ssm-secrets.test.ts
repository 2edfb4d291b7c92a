import { CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetSecretValueCommand, ListSecretsCommand, PutSecretValueCommand, RestoreSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AddTagsToResourceCommand, DeleteParametersCommand, GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, ListTagsForResourceCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

describe('SSM Parameter Store and Secrets Manager', () => {
  let target: ConformanceTarget;
  let ssm: SSMClient;
  let secrets: SecretsManagerClient;
  beforeAll(async () => {
    target = await conformanceTarget();
    [ssm, secrets] = [new SSMClient(target.client), new SecretsManagerClient(target.client)];
  });
  afterAll(async () => {
    ssm.destroy();
    secrets.destroy();
    await target.close();
  });

  it('parameters are versioned, found by path in pages, and tagged', async () => {
    const path = `/${target.unique('path')}`;
    const names = Array.from({ length: 12 }, (_, at) => `${path}/${String(at).padStart(2, '0')}`);
    for (const Name of names) await ssm.send(new PutParameterCommand({ Name, Value: 'one', Type: 'String' }));
    await expect(ssm.send(new PutParameterCommand({ Name: names[0], Value: 'two', Type: 'String' }))).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect((await ssm.send(new PutParameterCommand({ Name: names[0], Value: 'two', Overwrite: true }))).Version).toBe(2);
    expect((await ssm.send(new GetParameterCommand({ Name: names[0] }))).Parameter).toMatchObject({ Value: 'two', Version: 2, Type: 'String' });
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ssm.send(new GetParametersByPathCommand({ Path: path, NextToken }));
      expect(page.Parameters?.length).toBeLessThanOrEqual(10);
      found.push(...(page.Parameters ?? []).map((one) => one.Name ?? ''));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(found.sort()).toEqual(names);
    await ssm.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: names[0], Tags: [{ Key: 'stage', Value: 'test' }] }));
    expect((await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: names[0] }))).TagList).toEqual([{ Key: 'stage', Value: 'test' }]);
    await ssm.send(new DeleteParametersCommand({ Names: names.slice(0, 10) }));
    const { InvalidParameters } = await ssm.send(new DeleteParametersCommand({ Names: names.slice(9) }));
    expect(InvalidParameters).toEqual([names[9]]);
    expect((await ssm.send(new GetParametersCommand({ Names: names.slice(0, 2) }))).InvalidParameters).toHaveLength(2);
    await expect(ssm.send(new GetParameterCommand({ Name: names[0] }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('a secret keeps its last two values by stage, and can be restored until its recovery window ends', async () => {
    const SecretId = target.unique('secret');
    await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
    const value = async (VersionStage: string): Promise<string | undefined> => (await secrets.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;
    expect([await value('AWSCURRENT'), await value('AWSPREVIOUS')]).toEqual(['two', 'one']);
    await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    await expect(value('AWSCURRENT')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    expect((await secrets.send(new DescribeSecretCommand({ SecretId }))).DeletedDate).toBeInstanceOf(Date);
    await secrets.send(new RestoreSecretCommand({ SecretId }));
    expect(await value('AWSCURRENT')).toBe('two');
    expect((await secrets.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [SecretId] }] }))).SecretList?.map((one) => one.Name)).toEqual([SecretId]);
    await expect(secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 6 }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await expect(value('AWSCURRENT')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

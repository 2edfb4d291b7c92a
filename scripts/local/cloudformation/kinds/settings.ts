import { plainText } from '../../plain-text.ts';
import { gone, present, text, type Existing, type ResourceKind } from '../kind.ts';

/** A password that stays the same for the same secret: what was given out before a restart is still right. */
function valueOf({ properties, generatedName }: Existing): string {
  const generated = properties['GenerateSecretString'] as { SecretStringTemplate?: string; GenerateStringKey?: string } | undefined;
  const password = `local-${text(properties, 'Name', generatedName)}`;
  const made = generated?.GenerateStringKey ? JSON.stringify({ ...(JSON.parse(generated.SecretStringTemplate ?? '{}') as object), [generated.GenerateStringKey]: password }) : password;
  return text(properties, 'SecretString', made);
}

const secret: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'Name', generatedName),
  attributes: ({ physicalId }) => ({ Id: physicalId }),
  exists: ({ physicalId }, cloud) => present(cloud.aws.call('secretsmanager', 'DescribeSecret', { SecretId: physicalId })),
  async create(input, cloud) {
    const { physicalId, properties } = input;
    const description = properties['Description'] === undefined ? {} : { Description: text(properties, 'Description', '') };
    const known = input.adopt ? await cloud.aws.call('secretsmanager', 'DescribeSecret', { SecretId: physicalId }).catch(() => undefined) : undefined;
    const answer = known ?? (await cloud.aws.call('secretsmanager', 'CreateSecret', { Name: physicalId, SecretString: valueOf(input), ...description }));
    return { physicalId: plainText(answer['ARN']) };
  },
  async update(input, cloud) {
    await cloud.aws.call('secretsmanager', 'UpdateSecret', {
      SecretId: input.physicalId, Description: text(input.properties, 'Description', ''), ...(input.properties['SecretString'] === undefined ? {} : { SecretString: text(input.properties, 'SecretString', '') }),
    });
  },
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('secretsmanager', 'DeleteSecret', { SecretId: physicalId, ForceDeleteWithoutRecovery: true })),
};

const parameter: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'Name', generatedName),
  attributes: ({ properties }) => ({ Type: text(properties, 'Type', 'String'), Value: text(properties, 'Value', '') }),
  exists: ({ physicalId }, cloud) => present(cloud.aws.call('ssm', 'GetParameter', { Name: physicalId })),
  async create({ physicalId, properties }, cloud) {
    await cloud.aws.call('ssm', 'PutParameter', { Name: physicalId, Value: text(properties, 'Value', ''), Type: text(properties, 'Type', 'String'), Overwrite: true });
  },
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('ssm', 'DeleteParameter', { Name: physicalId })),
};

export const settingKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::SecretsManager::Secret': secret,
  'AWS::SSM::Parameter': parameter,
};

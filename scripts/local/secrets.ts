import { randomBytes, randomUUID } from 'node:crypto';
import type { Documents } from './documents.ts';
import { optionalText, text } from './fields.ts';
import { pageOf } from './paging.ts';
import { AwsError, jsonProtocol } from './service.ts';
import type { LocalService } from './service.ts';

type Input = Record<string, unknown>;

interface Tag { readonly Key: string; readonly Value: string }

interface Version {
  readonly id: string;
  readonly string?: string;
  /** Base64. */
  readonly binary?: string;
  readonly createdAt: number;
  stages: string[];
}

interface Secret {
  readonly arn: string;
  description?: string;
  readonly createdAt: number;
  deletedAt?: number;
  tags: readonly Tag[];
  versions: Version[];
}

/** Secrets, for the deployer in this process. */
export interface SecretStore {
  /** Creates the secret unless it exists. */
  ensure(name: string, value: string): void;
  value(name: string): string | undefined;
  /** With its suffix. @param nameOrArn as a caller names the secret */
  arn(nameOrArn: string): string | undefined;
  remove(name: string): void;
}

/** Secrets Manager. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html */
export function secretsService(documents: Documents): LocalService & { readonly store: SecretStore } {
  const kept = documents.collection<Secret>('secret');
  const find = (id: unknown, deleted = false): [string, Secret] => {
    const name = String(id).startsWith('arn:') ? kept.all().find((one) => one.content.arn === id)?.name : String(id);
    const secret = name === undefined ? undefined : kept.get(name);
    if (name === undefined || !secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (secret.deletedAt !== undefined && !deleted) throw new AwsError('InvalidRequestException', 'The secret is marked for deletion.');
    return [name, secret];
  };
  const version = (input: Input): Version => ({
    id: (input['ClientRequestToken'] as string | undefined) ?? randomUUID(), createdAt: Date.now() / 1000, stages: [],
    ...(input['SecretString'] !== undefined && { string: text(input, 'SecretString') }), ...(input['SecretBinary'] !== undefined && { binary: text(input, 'SecretBinary') }),
  });
  /** Moves the stages to a version; what loses AWSCURRENT becomes AWSPREVIOUS. */
  const label = (secret: Secret, to: Version | undefined, stages: readonly string[]): void => {
    for (const stage of stages) {
      const holder = secret.versions.find((one) => one.stages.includes(stage));
      if (holder === to) continue;
      if (holder) holder.stages = holder.stages.filter((one) => one !== stage);
      to?.stages.push(stage);
      if (stage === 'AWSCURRENT' && holder) label(secret, holder, ['AWSPREVIOUS']);
    }
    secret.versions = secret.versions.filter((one) => one.stages.length > 0);
  };
  const add = (secret: Secret, made: Version, stages: readonly string[]): void => {
    if (!secret.versions.some((one) => one.id === made.id)) secret.versions.push(made);
    label(secret, secret.versions.find((one) => one.id === made.id), stages);
  };
  const create = (name: string, input: Input): Secret => {
    const secret: Secret = { arn: `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${name}-${randomBytes(3).toString('hex')}`, createdAt: Date.now() / 1000, tags: (input['Tags'] ?? []) as Tag[], versions: [], ...(input['Description'] !== undefined && { description: text(input, 'Description') }) };
    if (input['SecretString'] !== undefined || input['SecretBinary'] !== undefined) add(secret, version(input), ['AWSCURRENT']);
    kept.put(name, secret);
    return secret;
  };
  const stagesOf = (secret: Secret): Input => Object.fromEntries(secret.versions.map((one) => [one.id, one.stages]));
  const put = (input: Input, stages: readonly string[]): Input => {
    const [name, secret] = find(input['SecretId']);
    const made = version(input);
    const known = secret.versions.find((one) => one.id === made.id);
    if (known && (known.string !== made.string || known.binary !== made.binary)) throw new AwsError('ResourceExistsException', 'A version with this ClientRequestToken has another value.');
    add(secret, made, stages);
    kept.put(name, secret);
    return { ARN: secret.arn, Name: name, VersionId: made.id, VersionStages: stages };
  };
  const describe = (name: string, secret: Secret): Input => ({ ARN: secret.arn, Name: name, Description: secret.description, CreatedDate: secret.createdAt, DeletedDate: secret.deletedAt, Tags: secret.tags });
  const value = (input: Input): Input => {
    const [name, secret] = find(input['SecretId']);
    const stage = text(input, 'VersionStage', 'AWSCURRENT');
    const found = secret.versions.find((one) => (input['VersionId'] === undefined ? one.stages.includes(stage) : one.id === input['VersionId']));
    if (!found) throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for staging label: ${stage}`);
    return { ARN: secret.arn, Name: name, VersionId: found.id, VersionStages: found.stages, CreatedDate: found.createdAt, SecretString: found.string, SecretBinary: found.binary };
  };

  return {
    ...jsonProtocol(['secretsmanager'], {
      CreateSecret: (input) => {
        const name = String(input['Name']);
        if (kept.get(name)) throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
        const secret = create(name, input);
        return { ARN: secret.arn, Name: name, VersionId: secret.versions[0]?.id };
      },
      GetSecretValue: value,
      BatchGetSecretValue: (input) => ({ SecretValues: ((input['SecretIdList'] ?? []) as string[]).map((id) => value({ SecretId: id })), Errors: [] }),
      PutSecretValue: (input) => put(input, (input['VersionStages'] as string[] | undefined) ?? ['AWSCURRENT']),
      UpdateSecret: (input) => {
        const [name, secret] = find(input['SecretId']);
        const description = optionalText(input, 'Description');
        if (description !== undefined) kept.put(name, { ...secret, description });
        return input['SecretString'] === undefined && input['SecretBinary'] === undefined ? { ARN: secret.arn, Name: name } : put(input, ['AWSCURRENT']);
      },
      UpdateSecretVersionStage: (input) => {
        const [name, secret] = find(input['SecretId']);
        label(secret, secret.versions.find((one) => one.id === input['MoveToVersionId']), [String(input['VersionStage'])]);
        kept.put(name, secret);
        return { ARN: secret.arn, Name: name };
      },
      DescribeSecret: (input) => {
        const [name, secret] = find(input['SecretId'], true);
        return { ...describe(name, secret), VersionIdsToStages: stagesOf(secret) };
      },
      ListSecretVersionIds: (input) => {
        const [name, secret] = find(input['SecretId']);
        return { ARN: secret.arn, Name: name, Versions: secret.versions.map((one) => ({ VersionId: one.id, VersionStages: one.stages, CreatedDate: one.createdAt })) };
      },
      ListSecrets: (input) => {
        const names = ((input['Filters'] ?? []) as { Key: string; Values: string[] }[]).filter((one) => one.Key === 'name').flatMap((one) => one.Values);
        const found = kept.all().filter((one) => (input['IncludePlannedDeletion'] === true || one.content.deletedAt === undefined) && (names.length === 0 || names.some((prefix) => one.name.startsWith(prefix))));
        const { page, token } = pageOf(found, (one) => one.name, input, 100);
        return { SecretList: page.map((one) => ({ ...describe(one.name, one.content), SecretVersionsToStages: stagesOf(one.content) })), NextToken: token };
      },
      DeleteSecret: (input) => {
        const [name, secret] = find(input['SecretId']);
        const days = Number(input['RecoveryWindowInDays'] ?? 30);
        if (days < 7 || days > 30) throw new AwsError('InvalidParameterException', 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
        const at = Date.now() / 1000 + (input['ForceDeleteWithoutRecovery'] === true ? 0 : days * 86_400);
        if (input['ForceDeleteWithoutRecovery'] === true) kept.remove(name);
        else kept.put(name, { ...secret, deletedAt: at });
        return { ARN: secret.arn, Name: name, DeletionDate: at };
      },
      RestoreSecret: (input) => {
        const [name, { deletedAt: _deletedAt, ...secret }] = find(input['SecretId'], true);
        kept.put(name, secret);
        return { ARN: secret.arn, Name: name };
      },
      TagResource: (input) => {
        const [name, secret] = find(input['SecretId']);
        const added = (input['Tags'] ?? []) as Tag[];
        kept.put(name, { ...secret, tags: [...secret.tags.filter((old) => !added.some((tag) => tag.Key === old.Key)), ...added] });
      },
      UntagResource: (input) => {
        const [name, secret] = find(input['SecretId']);
        const keys = input['TagKeys'] as string[];
        kept.put(name, { ...secret, tags: secret.tags.filter((tag) => !keys.includes(tag.Key)) });
      },
    }),
    close: () => Promise.resolve(),
    store: {
      ensure(name, value) {
        if (!kept.get(name)) create(name, { SecretString: value });
      },
      value: (name) => kept.get(name)?.versions.find((one) => one.stages.includes('AWSCURRENT'))?.string,
      arn: (nameOrArn) => (nameOrArn.startsWith('arn:') ? nameOrArn : kept.get(nameOrArn)?.arn),
      remove: (name) => void kept.remove(name),
    },
  };
}

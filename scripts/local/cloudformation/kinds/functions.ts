import { createHash } from 'node:crypto';
import { zipSync, strToU8 } from 'fflate';
import { unpack, type UnpackedCode } from '../../lambda/code.ts';
import { asyncConfigFrom } from '../../lambda/api/settings.ts';
import { checkDefinition, refuseUnsupported } from '../../lambda/definition-rules.ts';
import type { FunctionDefinition } from '../../lambda/function.ts';
import { functionNameOf } from '../../lambda/runtime.ts';
import { mappingFrom } from '../../mappings/settings.ts';
import { gone, text, type Cloud, type Existing, type ResourceInput, type ResourceKind } from '../kind.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Name under which an unpacked package is remembered: what only changes its memory needs no zip, nor does going back. */
const UNPACKED = 'local.code';

async function codeOf(input: ResourceInput, cloud: Cloud): Promise<UnpackedCode> {
  const code = input.properties['Code'] as { S3Bucket?: string; S3Key?: string; ZipFile?: string };
  const remembered = input.made[UNPACKED] === undefined ? undefined : (JSON.parse(input.made[UNPACKED]) as UnpackedCode & { of: string });
  if (remembered?.of === JSON.stringify(code)) return remembered;
  const zip = code.ZipFile === undefined ? await input.artifact(code) : Buffer.from(zipSync({ 'index.js': [strToU8(code.ZipFile), { mtime: '1980-01-01' }] }));
  return unpack(zip, cloud.codeCache);
}

const functionArn = (cloud: Cloud, name: string): string => `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${name}`;

function definitionOf({ properties, physicalId: name }: Existing, code: UnpackedCode, cloud: Cloud): FunctionDefinition {
  const environment = (properties['Environment'] as { Variables?: Properties } | undefined)?.Variables ?? {};
  const dead = (properties['DeadLetterConfig'] as { TargetArn?: string } | undefined)?.TargetArn;
  const tracing = (properties['TracingConfig'] as { Mode?: string } | undefined)?.Mode;
  const [architecture] = (properties['Architectures'] ?? []) as string[];
  const reserved = properties['ReservedConcurrentExecutions'];
  return {
    name, arn: functionArn(cloud, name), role: text(properties, 'Role', ''), accessKeyId: name,
    handler: text(properties, 'Handler', 'index.handler'), runtime: text(properties, 'Runtime', 'nodejs24.x'),
    folder: code.folder, codeSha256: code.sha256, codeSize: code.size,
    memoryMb: Number(properties['MemorySize'] ?? 128), timeoutSeconds: Number(properties['Timeout'] ?? 3),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
    logGroup: (properties['LoggingConfig'] as { LogGroup?: string } | undefined)?.LogGroup ?? `/aws/lambda/${name}`,
    tags: Object.fromEntries(((properties['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])),
    ...(properties['Description'] === undefined ? {} : { description: text(properties, 'Description', '') }),
    ...(architecture === 'arm64' || architecture === 'x86_64' ? { architecture } : {}),
    ...(tracing === 'Active' || tracing === 'PassThrough' ? { tracing } : {}),
    ...(reserved === undefined ? {} : { reservedConcurrency: Number(reserved) }),
    ...(dead ? { deadLetterArn: dead } : {}),
  };
}

const lambdaFunction: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'FunctionName', generatedName),
  attributes: ({ physicalId }, cloud) => ({ Arn: functionArn(cloud, physicalId) }),
  exists: ({ physicalId }, cloud) => cloud.lambda.list().some((each) => each.name === physicalId),
  async create(input, cloud) {
    refuseUnsupported(input.physicalId, input.properties);
    const code = await codeOf(input, cloud);
    // what AddPermission or AWS::Lambda::Permission have granted belongs to the function, not to its template
    const policy = cloud.lambda.list().find((each) => each.name === input.physicalId)?.policy;
    const definition = { ...definitionOf(input, code, cloud), ...(policy ? { policy } : {}) };
    checkDefinition(definition);
    cloud.lambda.deploy(definition);
    return { attributes: { [UNPACKED]: JSON.stringify({ of: JSON.stringify(input.properties['Code']), ...code }) } };
  },
  remove: ({ physicalId }, cloud) => cloud.lambda.remove(physicalId),
};

/** A number of its own; whatever it is, the function's present code answers: versions are not kept here. */
const numberOf = (generatedName: string): number => 1 + (Number.parseInt(createHash('sha256').update(generatedName).digest('hex').slice(0, 8), 16) % 99_999);

const version: ResourceKind = {
  id: ({ properties, generatedName }, cloud) => `${functionArn(cloud, functionNameOf(text(properties, 'FunctionName', '')))}:${numberOf(generatedName)}`,
  attributes: ({ physicalId }) => ({ Version: physicalId.split(':').at(-1) ?? '', FunctionArn: physicalId }),
  create: () => undefined,
  remove: () => undefined,
};

const alias: ResourceKind = {
  id: ({ properties }, cloud) => `${functionArn(cloud, functionNameOf(text(properties, 'FunctionName', '')))}:${text(properties, 'Name', '')}`,
  attributes: ({ physicalId }) => ({ AliasArn: physicalId }),
  create: () => undefined,
  remove: () => undefined,
};

const invokeConfig: ResourceKind = {
  id: ({ properties }) => `${functionNameOf(text(properties, 'FunctionName', ''))}|${text(properties, 'Qualifier', '$LATEST')}`,
  create: ({ properties }, cloud) => void cloud.lambda.update(text(properties, 'FunctionName', ''), { asyncConfig: asyncConfigFrom(properties) }),
  remove({ physicalId }, cloud) {
    const name = physicalId.split('|')[0] ?? '';
    if (cloud.lambda.list().some((each) => each.name === name)) cloud.lambda.update(name, { asyncConfig: undefined });
  },
};

/** The same for the same mapping, so that its checkpoints are found again after a kill in the middle of its creation. */
const uuidOf = (seed: string): string => createHash('sha256').update(seed).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const define = ({ physicalId, properties }: Existing, cloud: Cloud): Promise<void> => {
  const name = functionNameOf(text(properties, 'FunctionName', ''));
  return Promise.resolve(cloud.mappings.deploy(mappingFrom(physicalId, name, functionArn(cloud, name), properties)));
};

const mapping: ResourceKind = {
  id: ({ generatedName }) => uuidOf(generatedName),
  attributes: ({ physicalId }, cloud) => ({ Id: physicalId, EventSourceMappingArn: `arn:aws:lambda:${cloud.region}:${cloud.accountId}:event-source-mapping:${physicalId}` }),
  create: define,
  remove: ({ physicalId }, cloud) => gone(Promise.resolve(cloud.mappings.remove(physicalId))),
  // kept on disk with what was changed since; it goes on once somebody says that it still stands in a template
  restore: define,
};

export const functionKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Version': version,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': invokeConfig,
  'AWS::Lambda::EventSourceMapping': mapping,
};

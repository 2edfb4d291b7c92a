import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { zipSync, strToU8 } from 'fflate';
import { unpack, unpackFile, type UnpackedCode } from '../../lambda/code.ts';
import type { FunctionDefinition } from '../../lambda/function.ts';
import { asyncConfigFrom } from '../../lambda/api/settings.ts';
import { checkDefinition } from '../../lambda/definition-rules.ts';
import { functionNameOf } from '../../lambda/runtime.ts';
import { mappingFrom } from '../../mappings/mapping.ts';
import { text, type Cloud, type ResourceInput, type ResourceKind } from '../resource.ts';
import { plainText } from '../../plain-text.ts';

function codeOf(input: ResourceInput, cloud: Cloud): UnpackedCode {
  const code = input.properties['Code'] as { S3Key?: string; ZipFile?: string };
  if (code.ZipFile !== undefined) return unpack(Buffer.from(zipSync({ 'index.js': [strToU8(code.ZipFile), { mtime: '1980-01-01' }] })), cloud.codeCache);
  const zip = join(input.packageDir, basename(code.S3Key ?? ''));
  if (!existsSync(zip)) throw new Error(`function ${input.logicalId}: its package ${basename(zip)} is not in ${input.packageDir}; package the service again`);
  return unpackFile(zip, cloud.codeCache);
}

const lambdaFunction: ResourceKind = (input, cloud) => {
  const { properties } = input;
  const name = text(properties, 'FunctionName', input.generatedName);
  const arn = `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${name}`;
  const role = text(properties, 'Role', '');
  const code = codeOf(input, cloud);
  const environment = ((properties['Environment'] as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {});
  const dead = (properties['DeadLetterConfig'] as { TargetArn?: string } | undefined)?.TargetArn;
  const definition: FunctionDefinition = {
    name, arn, role,
    accessKeyId: name,
    handler: text(properties, 'Handler', 'index.handler'),
    runtime: text(properties, 'Runtime', 'nodejs24.x'),
    folder: code.folder,
    codeSha256: code.sha256,
    codeSize: code.size,
    memoryMb: Number(properties['MemorySize'] ?? 128),
    timeoutSeconds: Number(properties['Timeout'] ?? 3),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
    logGroup: (properties['LoggingConfig'] as { LogGroup?: string } | undefined)?.LogGroup ?? `/aws/lambda/${name}`,
    ...(properties['ReservedConcurrentExecutions'] === undefined ? {} : { reservedConcurrency: Number(properties['ReservedConcurrentExecutions']) }),
    ...(dead ? { deadLetterArn: dead } : {}),
    ...(typeof properties['Description'] === 'string' ? { description: properties['Description'] } : {}),
    ...((properties['Architectures'] as string[] | undefined)?.[0] === 'arm64' ? { architecture: 'arm64' } : {}),
    ...((properties['TracingConfig'] as { Mode?: string } | undefined)?.Mode === 'Active' ? { tracing: 'Active' } : {}),
    ...(Array.isArray(properties['Tags']) ? { tags: Object.fromEntries((properties['Tags'] as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, plainText(Value)])) } : {}),
  };
  checkDefinition(definition);
  cloud.lambda.deploy(definition);
  return { ref: name, attributes: { Arn: arn } };
};

const version: ResourceKind = (input) => {
  const arn = `${text(input.properties, 'FunctionName', '')}:$LATEST`;
  return { ref: arn, attributes: { Version: '$LATEST', FunctionArn: arn } };
};

const alias: ResourceKind = (input, cloud) => {
  const arn = `${cloud.lambda.find(text(input.properties, 'FunctionName', '')).arn}:${text(input.properties, 'Name', '')}`;
  return { ref: arn, attributes: { AliasArn: arn } };
};

const invokeConfig: ResourceKind = (input, cloud) => {
  const definition = cloud.lambda.find(text(input.properties, 'FunctionName', ''));
  cloud.lambda.update(definition.name, { asyncConfig: asyncConfigFrom(input.properties) });
  return { ref: `${definition.name}|${text(input.properties, 'Qualifier', '$LATEST')}` };
};

/** The same on every start, so that checkpoints are found again. */
const stableUuid = (seed: string): string => createHash('sha256').update(seed).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const mapping: ResourceKind = (input, cloud) => {
  const name = functionNameOf(text(input.properties, 'FunctionName', ''));
  const uuid = stableUuid(`${input.stackName}/${input.logicalId}`);
  const arn = `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${name}`;
  const definition = mappingFrom(uuid, name, arn, input.properties);
  return { ref: uuid, attributes: { Id: uuid, EventSourceMappingArn: `arn:aws:lambda:${cloud.region}:${cloud.accountId}:event-source-mapping:${uuid}` }, activate: () => cloud.mappings.deploy(definition) };
};

/** A resource made by a function: it answers on ResponseURL, or simply by what it returns. */
export const customResource: ResourceKind = async (input, cloud) => {
  const { url, answer } = cloud.customResource();
  const { ServiceToken, ...properties } = input.properties;
  const event = {
    RequestType: 'Create', ServiceToken, ResponseURL: url, StackId: `arn:aws:cloudformation:${cloud.region}:${cloud.accountId}:stack/${input.stackName}/local`,
    RequestId: stableUuid(`${input.stackName}/${input.logicalId}/request`), ResourceType: input.type, LogicalResourceId: input.logicalId, ResourceProperties: properties,
  };
  const result = await cloud.lambda.invoke(String(ServiceToken), JSON.stringify(event));
  if (result.functionError) throw new Error(`custom resource ${input.logicalId}: its function failed: ${result.payload.slice(0, 500)}`);
  const returned = JSON.parse(result.payload) as Record<string, unknown> | null;
  const late = new Promise<Record<string, unknown>>((resolve) => setTimeout(() => resolve(returned ?? {}), 250));
  const reply = await Promise.race([answer, late]);
  if (reply['Status'] === 'FAILED') throw new Error(`custom resource ${input.logicalId} failed: ${String(reply['Reason'])}`);
  const data = (reply['Data'] ?? {}) as Record<string, unknown>;
  return { ref: plainText(reply['PhysicalResourceId'] ?? input.generatedName), attributes: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, plainText(value)])) };
};

export const functionKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Version': version,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': invokeConfig,
  'AWS::Lambda::EventSourceMapping': mapping,
  'AWS::CloudFormation::CustomResource': customResource,
};

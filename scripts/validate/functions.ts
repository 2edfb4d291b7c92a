import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { intrinsic, isObject, textOf, type Finding, type Json, type PackagedService, type Resource } from './template.ts';

const ofType = (template: PackagedService['template'], type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** The folder of a function's own code, `src/<function>`, from its handler. */
const folderOf = (root: string, service: string, handler: Json | undefined): string =>
  join(root, 'services', service, textOf(handler).split('/').slice(0, -1).join('/'));

const sourceOf = (folder: string): string =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8'))
        .join('\n')
    : '';

const reportsPartialFailures = (source: string): boolean => /\bbatchItemFailures\b|\bconsume\s*[(<]/.test(source);

/**
 * A handler that reports partial failures and a mapping that does not ask for them lose data silently, and the other way
 * round retries what was done. Stream mappings must start at the beginning, bound retries and age, split a failing batch,
 * and keep what they give up in S3 (SQS and SNS would get metadata only).
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-errors.html
 */
export function checkMappings(services: readonly PackagedService[], root: string): Finding[] {
  const findings: Finding[] = [];
  for (const { name, template } of services) {
    for (const [id, mapping] of ofType(template, 'AWS::Lambda::EventSourceMapping')) {
      const say = (message: string) => findings.push({ where: `${name}/${id}`, message });
      const properties = mapping.Properties ?? {};
      const target = intrinsic(properties['FunctionName']);
      const functionId = Array.isArray(target?.arg) ? textOf(target.arg[0]) : textOf(target?.arg ?? '');
      const served = template.Resources[functionId];
      if (!served) {
        say('maps to a function that this template does not have');
        continue;
      }
      const asks = JSON.stringify(properties['FunctionResponseTypes'] ?? []).includes('ReportBatchItemFailures');
      const reports = reportsPartialFailures(sourceOf(folderOf(root, name, served.Properties?.['Handler'])));
      if (reports && !asks) say('the handler reports partial failures, but the mapping does not ask for ReportBatchItemFailures');
      if (!reports && asks) say('the mapping asks for ReportBatchItemFailures, but the handler reports none');
      if ('StartingPosition' in properties) {
        if (properties['StartingPosition'] !== 'TRIM_HORIZON') say('must start at TRIM_HORIZON: LATEST loses what came before');
        if (properties['BisectBatchOnFunctionError'] !== true) say('must set bisectBatchOnFunctionError');
        for (const bound of ['MaximumRetryAttempts', 'MaximumRecordAgeInSeconds'] as const) {
          const value = Number(properties[bound] ?? -1);
          if (value < 0) say(`must bound ${bound}: the default is endless`);
        }
        const destination = properties['DestinationConfig'];
        if (!isObject(destination) || !JSON.stringify(destination).includes('s3')) say('must send what it gives up to S3 (onFailure)');
      }
    }
  }
  return findings;
}

/** Environments that `serverless invoke local` can resolve: text, Ref, ImportValue. */
export function checkEnvironments(services: readonly PackagedService[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, template } of services) {
    for (const [id, served] of ofType(template, 'AWS::Lambda::Function')) {
      const environment = served.Properties?.['Environment'];
      const variables = isObject(environment) && isObject(environment['Variables']) ? environment['Variables'] : {};
      for (const [key, value] of Object.entries(variables)) {
        const call = intrinsic(value);
        if (call && call.fn !== 'Ref' && call.fn !== 'Fn::ImportValue') {
          findings.push({ where: `${name}/${id}.${key}`, message: `${call.fn} in an environment: invoke local cannot resolve it` });
        }
      }
    }
  }
  return findings;
}

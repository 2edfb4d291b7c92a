import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';

/** Functions by name, each the source of an `index.js`. */
export type Sources = Readonly<Record<string, string>>;

/** A packaged service as the framework writes it, from resources and function sources. */
export function writePackage(packages: string, service: string, sources: Sources, resources: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): void {
  const folder = join(packages, service);
  mkdirSync(folder, { recursive: true });
  const functions: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(sources)) {
    writeFileSync(join(folder, `${name}.zip`), zipSync({ 'src/index.js': strToU8(source) }));
    const logical = name.charAt(0).toUpperCase() + name.slice(1);
    functions[`${logical}Role`] = { Type: 'AWS::IAM::Role', Properties: { RoleName: `${service}-${name}`, AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com', 'scheduler.amazonaws.com', 'events.amazonaws.com'] }, Action: 'sts:AssumeRole' }] }, Policies: [{ PolicyName: 'all', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }] } };
    functions[`${logical}LambdaFunction`] = {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: `${service}-local-${name}`, Handler: 'src/index.handler', Runtime: 'nodejs24.x', MemorySize: 128, Timeout: 3, Code: { S3Key: `serverless/x/${name}.zip` }, Role: { 'Fn::GetAtt': [`${logical}Role`, 'Arn'] }, Environment: { Variables: { OBSERVER: '{{observer}}' } } },
    };
  }
  const template = JSON.stringify({ Resources: { ...functions, ...resources }, Outputs: {}, ...more });
  writeFileSync(join(folder, 'cloudformation-template-update-stack.json'), template);
  writeFileSync(join(folder, 'serverless-state.json'), JSON.stringify({ service: { service, provider: {} } }));
}

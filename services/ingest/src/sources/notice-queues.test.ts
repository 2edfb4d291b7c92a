import { join } from 'node:path';
import { sources } from './registry.ts';

interface Resource { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }
interface Made {
  readonly timeout: number;
  readonly arns: readonly unknown[];
  readonly intakeEvents: readonly unknown[];
  readonly events: readonly { readonly sqs: { readonly arn: unknown; readonly maximumConcurrency: number } }[];
  readonly resources: { readonly Resources: Readonly<Record<string, Resource>> };
}
const made = jest.requireActual<Made>(join(__dirname, '../../notice-queues.cjs'));
const named = Object.entries(made.resources.Resources);
const noticing = sources.flatMap(({ name, api, routes }) =>
  api?.notice && Object.values(routes).some((table) => Object.values(table).includes('source.notified')) ? [{ name, mostAtOnce: api.notice.mostAtOnce }] : []);
const written = sources.flatMap(({ name, queue }) => (queue ? [{ name, ...queue }] : []));

describe('the notice queues of serverless.yml', () => {
  it('are one for each source, with a mapping and a maximum concurrency of its own', () => {
    expect(made.events.map(({ sqs }) => sqs.maximumConcurrency)).toEqual(noticing.map(({ mostAtOnce }) => mostAtOnce));
    expect(new Set(made.events.map(({ sqs }) => JSON.stringify(sqs.arn))).size).toBe(noticing.length);
    const names = named.filter(([, { Type }]) => Type === 'AWS::SQS::Queue').map(([, { Properties }]) => Properties['QueueName']);
    expect(names).toEqual([...noticing.map(({ name }) => `notices-${name}`), ...written.map(({ name }) => `intake-${name}`)].flatMap((name) => [`orderflow-\${sls:stage}-${name}`, `orderflow-\${sls:stage}-${name}-dead-letters`]));
  });

  it('hide a message six times as long as the function may take, and keep dead letters longer than the queue kept them', () => {
    for (const [id, { Type, Properties }] of named) {
      if (Type !== 'AWS::SQS::Queue') continue;
      expect(Properties['SqsManagedSseEnabled']).toBe(true);
      if (id.endsWith('Queue')) {
        expect(Properties['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * made.timeout);
        expect(Properties['RedrivePolicy']).toMatchObject({ deadLetterTargetArn: { 'Fn::GetAtt': [id.replace(/Queue$/, 'DeadLetters'), 'Arn'] } });
        const dead = made.resources.Resources[id.replace(/Queue$/, 'DeadLetters')];
        expect(dead?.Properties['MessageRetentionPeriod']).toBeGreaterThan(Number(Properties['MessageRetentionPeriod']));
      }
    }
  });

  it('of vendors that write themselves let only those write whom their source names', () => {
    expect(made.intakeEvents).toHaveLength(written.length);
    const policies = named.flatMap(([, { Type, Properties }]) => (Type === 'AWS::SQS::QueuePolicy' ? [Properties['PolicyDocument'] as { readonly Statement: readonly { readonly Principal: object; readonly Condition?: object }[] }] : []));
    expect(policies.map(({ Statement }) => Statement.flatMap(({ Principal }) => Object.values(Principal)))).toEqual(written.map(({ writers }) => writers));
    // a service without the account that it writes for could be anybody's
    for (const { Statement } of policies) for (const { Principal, Condition } of Statement) expect('Service' in Principal).toBe(Condition !== undefined);
  });

  it('may be written to, dead letters not; each dead-letter queue has an alarm', () => {
    expect(JSON.stringify(made.arns)).not.toContain('DeadLetters');
    for (const [id, { Type }] of named) if (Type === 'AWS::SQS::Queue' && id.endsWith('DeadLetters')) expect(made.resources.Resources[`${id}Alarm`]).toBeDefined();
  });
});

import { join } from 'node:path';
import { sources } from './registry.ts';

interface Resource { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }
interface Made {
  readonly timeout: number;
  readonly arns: readonly unknown[];
  readonly events: readonly { readonly sqs: { readonly arn: unknown; readonly maximumConcurrency: number } }[];
  readonly resources: { readonly Resources: Readonly<Record<string, Resource>> };
}
const made = jest.requireActual<Made>(join(__dirname, '../../notice-queues.cjs'));
const named = Object.entries(made.resources.Resources);
const noticing = sources.flatMap(({ name, api }) => (api?.notice ? [{ name, mostAtOnce: api.notice.mostAtOnce }] : []));

describe('the notice queues of serverless.yml', () => {
  it('are one for each source, with a mapping and a maximum concurrency of its own', () => {
    expect(made.events.map(({ sqs }) => sqs.maximumConcurrency)).toEqual(noticing.map(({ mostAtOnce }) => mostAtOnce));
    expect(new Set(made.events.map(({ sqs }) => JSON.stringify(sqs.arn))).size).toBe(noticing.length);
    const names = named.filter(([, { Type }]) => Type === 'AWS::SQS::Queue').map(([, { Properties }]) => Properties['QueueName']);
    expect(names).toEqual(noticing.flatMap(({ name }) => [`orderflow-\${sls:stage}-notices-${name}`, `orderflow-\${sls:stage}-notices-${name}-dead-letters`]));
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

  it('may be written to, dead letters not; each dead-letter queue has an alarm', () => {
    expect(JSON.stringify(made.arns)).not.toContain('DeadLetters');
    for (const [id, { Type }] of named) if (Type === 'AWS::SQS::Queue' && id.endsWith('DeadLetters')) expect(made.resources.Resources[`${id}Alarm`]).toBeDefined();
  });
});

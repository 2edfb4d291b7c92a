import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { messagesFrom } from './messages.ts';

it('adds up what the workflows have measured, page by page', async () => {
  const sent: Record<string, unknown>[] = [];
  const answers = [
    { MetricDataResults: [{ Id: 'sent0', Values: [3, 4] }, { Id: 'sent1', Values: [] }, { Id: 'skipped2', Values: [1] }], NextToken: 'more' },
    { MetricDataResults: [{ Id: 'sent2', Values: [5] }, { Id: 'unknown0', Values: [2] }, { Id: 'other', Values: [9] }] },
  ];
  const client = { send: async ({ input }: { input: Record<string, unknown> }) => (sent.push(input), answers[sent.length - 1]) } as unknown as CloudWatchClient;
  expect(await messagesFrom(client, 'orderflow-test')({ from: '2026-11-01', to: '2026-11-03' })).toEqual({ sent: 12, skipped: 1, unknown: 2 });
  expect(sent).toMatchObject([{ StartTime: new Date('2026-11-01T00:00:00Z'), EndTime: new Date('2026-11-03T00:00:00Z') }, { NextToken: 'more' }]);
  expect((sent[0]?.['MetricDataQueries'] as object[]).length).toBe(9);
});

import { GetMetricDataCommand, type CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Period } from '../sums/periods.ts';

/** Mails and notices of the workflows by what became of them. */
export interface Messages {
  readonly sent: number;
  /** Refused by SES or SNS, or sending is off for the stage. */
  readonly skipped: number;
  /** The answer was lost: they may have gone out, and are not sent again. */
  readonly unknown: number;
}
export type MessagesOf = (span: Period) => Promise<Messages>;

const services = ['orderflow-orders', 'orderflow-returns', 'orderflow-updates'];
const names = { sent: 'messagesSent', skipped: 'messagesSkipped', unknown: 'messagesUnknown' } as const;
type Outcome = keyof typeof names;
const outcomes = Object.keys(names) as Outcome[];

/** From what the workflows measure (CloudWatch, by day, kept 455 days). */
export const messagesFrom = (client: Pick<CloudWatchClient, 'send'>, namespace: string): MessagesOf => async ({ from, to }) => {
  const queries = outcomes.flatMap((outcome) => services.map((service, at): MetricDataQuery => ({
    Id: `${outcome}${at}`,
    MetricStat: { Metric: { Namespace: namespace, MetricName: names[outcome], Dimensions: [{ Name: 'service', Value: service }] }, Period: 86_400, Stat: 'Sum' },
  })));
  const sums = { sent: 0, skipped: 0, unknown: 0 };
  let page: string | undefined;
  do {
    const answer = await client.send(new GetMetricDataCommand({ MetricDataQueries: queries, StartTime: new Date(`${from}T00:00:00Z`), EndTime: new Date(`${to}T00:00:00Z`), ...(page !== undefined && { NextToken: page }) }));
    for (const { Id: id = '', Values: values } of answer.MetricDataResults ?? []) {
      const outcome = outcomes.find((one) => id.startsWith(one));
      if (outcome !== undefined) sums[outcome] += (values ?? []).reduce((sum, value) => sum + value, 0);
    }
    page = answer.NextToken;
  } while (page !== undefined);
  return sums;
};

import { randomUUID } from 'node:crypto';
import { text as textIn } from '../fields.ts';
import { AwsError } from '../service.ts';
import { contentOf } from './content.ts';
import { accountOptions } from './options.ts';
import { outcomesFor } from './simulator.ts';
import type { MailEvent, MailStore } from './store.ts';

type Input = Record<string, unknown>;

/** A message has at most 50 recipients. https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const RECIPIENTS = 50;

export const address = (text: string): string => (/<([^>]+)>/.exec(text)?.[1] ?? text).trim().toLowerCase();

interface ConfigurationSet {
  readonly SendingOptions?: { readonly SendingEnabled?: boolean };
  readonly SuppressionOptions?: { readonly SuppressedReasons?: readonly string[] };
}

/**
 * Takes one message: into the outbox for who may get it, together with the events that its configuration set asks for.
 * Answers the message's id. @throws AwsError as SendEmail documents:
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function sendMessage(store: MailStore, input: Input, destination: Input, content: Input): string {
  const from = textIn(input, 'FromEmailAddress');
  const sender = address(from);
  const identity = store.setting('identity', sender) ?? store.setting('identity', sender.slice(sender.indexOf('@') + 1));
  if (!identity) throw new AwsError('MessageRejected', 'Email address is not verified. The sender matches no identity in region EU-WEST-1.');
  if (!accountOptions(store).sending) throw new AwsError('SendingPausedException', 'Sending is paused for this account.');
  const set = (input['ConfigurationSetName'] ?? (identity['ConfigurationSet'] as Input | undefined)?.['ConfigurationSetName']) as string | undefined;
  const options = set === undefined ? undefined : (store.setting('set', set) as ConfigurationSet | undefined);
  if (set !== undefined && !options) throw new AwsError('NotFoundException', `Configuration set <${set}> does not exist.`, 404);
  if (options?.SendingOptions?.SendingEnabled === false) throw new AwsError('SendingPausedException', `Sending is paused for configuration set <${set}>.`);
  const [to, cc, bcc] = ['ToAddresses', 'CcAddresses', 'BccAddresses'].map((name) => (destination[name] ?? []) as string[]) as [string[], string[], string[]];
  const recipients = [...to, ...cc, ...bcc];
  if (recipients.length === 0) throw new AwsError('BadRequestException', 'A message needs a recipient');
  if (recipients.length > RECIPIENTS) throw new AwsError('BadRequestException', `Recipient count exceeds ${RECIPIENTS}.`);
  const illegal = recipients.find((one) => !/^[^\s@<>]+@[^\s@<>]+$/.test(address(one)) || /[\r\n]/.test(one));
  if (illegal !== undefined) throw new AwsError('BadRequestException', 'Illegal address');
  const { subject, text, html } = contentOf(content, (name) => store.setting('template', name));

  const reasons = options?.SuppressionOptions?.SuppressedReasons ?? accountOptions(store).suppressed;
  const suppressed = (one: string): boolean => {
    const entry = store.setting('suppressed', address(one));
    return entry !== undefined && reasons.includes(String(entry['Reason']));
  };
  const open = (all: string[]): string[] => all.filter((one) => !suppressed(one));
  const messageId = randomUUID();
  const tags = ((input['EmailTags'] ?? []) as { Name: string; Value: string }[]).map((tag) => [tag.Name, tag.Value] as const);
  const message = {
    from, to: open(to), cc: open(cc), bcc: open(bcc), replyTo: (input['ReplyToAddresses'] ?? []) as string[], subject, via: 'ses' as const, headers: Object.fromEntries(tags),
    ...(text !== undefined && { text }), ...(html !== undefined && { html }),
  };
  const events = set === undefined ? [] : recipients.flatMap((one) => eventsOf(store, set, messageId, from, address(one), suppressed(one), tags));
  // a suppressed address gets nothing, yet SES answers as if it had been sent
  if (open(recipients).length > 0) store.deliver(message, messageId, events);
  else store.addEvents(events);
  return messageId;
}

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
function eventsOf(store: MailStore, set: string, messageId: string, from: string, to: string, suppressed: boolean, tags: readonly (readonly [string, string])[]): MailEvent[] {
  const at = new Date().toISOString();
  const mail = { timestamp: at, source: from, sendingAccountId: '000000000000', messageId, destination: [to], tags: { 'ses:configuration-set': [set], ...Object.fromEntries(tags.map(([name, value]) => [name, [value]])) } };
  return outcomesFor(to, suppressed).flatMap(({ type, detail }) =>
    store.settings(`destination/${set}`).flatMap(({ content }) => {
      const { Enabled: enabled, MatchingEventTypes: types, SnsDestination: sns } = content as { Enabled?: boolean; MatchingEventTypes?: string[]; SnsDestination?: { TopicArn: string } };
      if (enabled !== true || !sns || !types?.includes(type.toUpperCase())) return [];
      const body = type === 'Send' ? {} : { timestamp: at, ...(type === 'Delivery' ? {} : { feedbackId: randomUUID() }), ...detail };
      return [{ topicArn: sns.TopicArn, message: JSON.stringify({ eventType: type, mail, [type.toLowerCase()]: body }) }];
    }));
}
